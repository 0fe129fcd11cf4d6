"""Reading a few rows by the shortest way the database has, for what the public asks for on every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factcheck.core.postgres.base import DatabaseWrapper


def rows(sql: str, values: Sequence[str | int] = ()) -> list[tuple[str | None, ...]]:
    """All rows of one SELECT with `%s` for values, every value as text and NULL as None, on every database.

    On PostgreSQL the statement is prepared, once a connection: write it out, never put it together from what was
    asked for. Within a transaction, and where somebody listens to statements, it goes Django's way.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "postgresql" and not (
        database.in_atomic_block or database.queries_logged or database.execute_wrappers
    ):
        return cast("DatabaseWrapper", database).fetch_prepared(sql, values)
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        return [tuple(None if value is None else str(value) for value in row) for row in cursor.fetchall()]
