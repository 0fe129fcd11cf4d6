"""Full-text indexes that the database itself keeps in step with every commit: FTS5 on SQLite, GIN on Postgres.

`INDEXES` says which words are searched. On SQLite an index is a table of its own, kept by triggers; a migration that
builds the searched table anew drops them, so `text_indexes_mend` runs after every `migrate` and in the sweeper.
"""

# ruff: noqa: S608  (names of tables and columns are ours)
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Postgres refuses a document whose words take a megabyte; so many characters never do.
MOST_CHARACTERS: Final = 200_000
_TRIGGERS: Final = ("add", "gone", "new")


@dataclass(frozen=True, slots=True)
class TextIndex:
    """The searched columns of a table; `long` ones are shown as an excerpt around what was found."""

    table: str
    columns: tuple[str, ...]
    long: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.table}_fts"


CLAIM_WORDS: Final = TextIndex("articles_claim", ("statement", "quote", "speaker"))
ARTICLE_WORDS: Final = TextIndex("articles_article", ("title", "publisher"))
TEXT_WORDS: Final = TextIndex("articles_revision", ("text",), frozenset({"text"}))
EVIDENCE_WORDS: Final = TextIndex(
    "articles_evidence", ("title", "passage", "publisher", "source_name"), frozenset({"passage"})
)
VERDICT_WORDS: Final = TextIndex(
    "reviews_verdict", ("summary", "rationale", "gaps"), frozenset({"rationale", "gaps"})
)
PASSAGE_WORDS: Final = TextIndex("articles_passage", ("text",))
CHECKED_WORDS: Final = TextIndex("articles_checkedclaim", ("claim",))
INDEXES: Final = (
    CLAIM_WORDS, ARTICLE_WORDS, TEXT_WORDS, EVIDENCE_WORDS, VERDICT_WORDS, PASSAGE_WORDS, CHECKED_WORDS,
)  # fmt: skip


def document(columns: Sequence[str]) -> str:
    """What Postgres searches of a row, as an expression of these columns."""
    words = " || ' ' || ".join(columns)
    return f"to_tsvector('english', left({words}, {MOST_CHARACTERS}))"


# --- for migrations: what they made stays as it is, so they name table and columns themselves -----------------
def index_create(editor: BaseDatabaseSchemaEditor, table: str, columns: Sequence[str]) -> None:
    """Index these columns, and all rows there are."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX {table}_fts ON {table} USING gin ({document(columns)})", params=None)
    else:
        for statement in _sqlite_create(table, columns):
            editor.execute(statement, params=None)


# What Postgres searches of a row is kept in a column of this name that no model knows: made by the database itself,
# so that a search neither makes it again nor misjudges what that would cost.
KEPT: Final = "words_kept"


def words_keep(editor: BaseDatabaseSchemaEditor, table: str, columns: Sequence[str]) -> None:
    """On Postgres, keep the words of these columns beside the row, and index that in place of `index_create`'s."""
    if editor.connection.vendor == "postgresql":
        kept = f"ALTER TABLE {table} ADD COLUMN {KEPT} tsvector GENERATED ALWAYS AS ({document(columns)}) STORED"
        editor.execute(kept, params=None)
        editor.execute(f"DROP INDEX {table}_fts", params=None)
        editor.execute(f"CREATE INDEX {table}_fts ON {table} USING gin ({KEPT})", params=None)


def words_let_go(editor: BaseDatabaseSchemaEditor, table: str, columns: Sequence[str]) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {table} DROP COLUMN {KEPT}", params=None)  # its index goes with it
        index_create(editor, table, columns)


def index_drop(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX IF EXISTS {table}_fts", params=None)
    else:
        for statement in _sqlite_drop(table):
            editor.execute(statement, params=None)


def _sqlite_create(table: str, columns: Sequence[str]) -> Iterator[str]:
    fts, names = f"{table}_fts", ", ".join(columns)
    old, new = (", ".join(f"{row}.{name}" for name in ("id", *columns)) for row in ("old", "new"))
    forget = f"INSERT INTO {fts}({fts}, rowid, {names}) VALUES ('delete', {old});"
    learn = f"INSERT INTO {fts}(rowid, {names}) VALUES ({new});"
    yield (
        f"CREATE VIRTUAL TABLE {fts} USING fts5({names}, content='{table}', content_rowid='id', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    yield f"CREATE TRIGGER {fts}_add AFTER INSERT ON {table} BEGIN {learn} END"
    yield f"CREATE TRIGGER {fts}_gone AFTER DELETE ON {table} BEGIN {forget} END"
    yield f"CREATE TRIGGER {fts}_new AFTER UPDATE OF {names} ON {table} BEGIN {forget} {learn} END"
    yield f"INSERT INTO {fts}({fts}) VALUES ('rebuild')"


def _sqlite_drop(table: str) -> Iterator[str]:
    for suffix in _TRIGGERS:
        yield f"DROP TRIGGER IF EXISTS {table}_fts_{suffix}"
    yield f"DROP TABLE IF EXISTS {table}_fts"


# --- for whoever looks after them -----------------------------------------------------------------------------
def text_indexes_mend(*, using: str = "default", **_signal: Any) -> list[str]:
    """Make the indexes anew whose triggers are gone; returns their names. Only SQLite can lose them."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE '%_fts%'")
        known = {name for (name,) in cursor.fetchall()}
    broken = [
        index
        for index in INDEXES
        if index.name in known and not {f"{index.name}_{suffix}" for suffix in _TRIGGERS} <= known
    ]
    for index in broken:
        _make_anew(connection, index)
    return [index.name for index in broken]


def text_indexes_rebuild(*, using: str = "default") -> list[str]:
    """Make every index anew from the rows; returns their names. Searches wait meanwhile."""
    for index in INDEXES:
        _make_anew(connections[using], index)
    return [index.name for index in INDEXES]


def _make_anew(connection: BaseDatabaseWrapper, index: TextIndex) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"REINDEX INDEX {index.name}")
            return
        for statement in (*_sqlite_drop(index.table), *_sqlite_create(index.table, index.columns)):
            cursor.execute(statement)
