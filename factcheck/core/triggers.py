"""Rows the database itself refuses to change. Used in migrations; works on SQLite and Postgres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Act = Literal["UPDATE", "DELETE"]


def trigger_name(table: str, act: Act) -> str:
    return f"{table}_no_{act.lower()}"


def forbid(editor: BaseDatabaseSchemaEditor, table: str, act: Act, message: str, columns: Sequence[str] = ()) -> None:
    """Make `act` on `table` (for UPDATE: of `columns`, or of any) fail with `message`."""
    name = trigger_name(table, act)
    of = f" OF {', '.join(columns)}" if columns else ""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE {act}{of} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            params=None,
        )
    else:
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE {act}{of} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
            params=None,
        )


def allow(editor: BaseDatabaseSchemaEditor, table: str, act: Act) -> None:
    """Take the trigger of `forbid` away again."""
    name = trigger_name(table, act)
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
        editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)
    else:
        editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)


Step = Callable[[Any, "BaseDatabaseSchemaEditor"], None]


def forbidding(table: str, act: Act, message: str, columns: Sequence[str] = ()) -> tuple[Step, Step]:
    """The forward and backward functions of a `RunPython`."""

    def forward(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        forbid(editor, table, act, message, columns)

    def backward(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        allow(editor, table, act)

    return forward, backward
