"""What is asked on every request costs no more than it must.

Django asks a kept connection `SELECT 1` before the first statement of each request, and psycopg takes several times
as long over a statement as libpq itself does, planning it anew each time. Public pages are one such statement.
"""

from __future__ import annotations

import hashlib
import select
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db.backends.postgresql import base
from psycopg import errors, pq

if TYPE_CHECKING:
    from collections.abc import Sequence

# A connection that answered so lately is asked again only when something has come in unasked, as its end would.
TRUSTED_SECONDS: Final = 5.0
# What another connection of a pooler, or a changed table, makes of a statement that was prepared here.
_UNKNOWN: Final = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. `fetch_prepared` is for `factcheck.core.reading`, the rest for Django."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered_at = 0.0
        self._prepared: set[str] = set()

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        made: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        self._answered_at, self._prepared = time.monotonic(), set()
        return made

    def is_usable(self) -> bool:
        """Whether the server still answers. A restart, a failover and a cut connection all end the stream, which is
        seen without asking; what goes without a word (a firewall that forgets) is found by asking after a while.
        """
        lately = time.monotonic() - self._answered_at < TRUSTED_SECONDS
        if lately and not self.errors_occurred and self.connection is not None and _silent(self.connection):
            return True
        usable = bool(super().is_usable())
        if usable:
            self._answered_at = time.monotonic()
        return usable

    def fetch_prepared(self, sql: str, values: Sequence[str | int]) -> list[tuple[str | None, ...]]:
        """All rows of one statement that changes nothing, every value as text; prepared once a connection.

        Outside of transactions only: it would not begin one, and a statement that is not known any more ends one.
        """
        with self.wrap_database_errors:
            self.close_if_health_check_failed()
            self.ensure_connection()
            connection = self.connection.pgconn
            given = [str(value).encode() for value in values]
            try:
                return _rows(connection.exec_prepared(self._name(connection, sql), given), connection)
            except _UNKNOWN:
                self._prepared.discard(sql)
                return _rows(connection.exec_params(_numbered(sql), given), connection)

    def _name(self, connection: Any, sql: str) -> bytes:
        """The name the statement is prepared under. It says the statement: behind a pooler another client's may be
        there under the same name, and must be the same one.
        """
        name = _named(sql)
        if sql not in self._prepared:
            with suppress(errors.DuplicatePreparedStatement):  # another client of the pooler was here before
                _checked(connection.prepare(name, _numbered(sql)), connection)
            self._prepared.add(sql)
        return name


def _silent(connection: psycopg.Connection[Any]) -> bool:
    """Whether nothing has come in: not the end of the stream, nor a notice."""
    if connection.closed:
        return False
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLHUP)
    return not waiting.poll(0)


@lru_cache(maxsize=64)
def _named(sql: str) -> bytes:
    return f"factcheck_{hashlib.blake2s(sql.encode(), digest_size=12).hexdigest()}".encode()


@lru_cache(maxsize=64)
def _numbered(sql: str) -> bytes:
    """Django's placeholders as PostgreSQL's own: `%s` becomes `$1`, `$2` and so on."""
    first, *rest = sql.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).encode()


def _checked(result: Any, connection: Any) -> Any:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return result
    if connection.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(connection.get_error_message())
    raise errors.error_from_result(result)


def _rows(result: Any, connection: Any) -> list[tuple[str | None, ...]]:
    value, columns = _checked(result, connection).get_value, range(result.nfields)
    return [tuple(_text(value(row, column)) for column in columns) for row in range(result.ntuples)]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
