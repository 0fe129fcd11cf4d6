"""Full-text search in what the desk keeps itself: SQLite FTS5 or Postgres, one answer shape.

The indexes are kept by the database (see migration 0002), so they are in step with every commit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from articles.models import CheckedClaim

_WORD: Final = re.compile(r"\w{2,}")
_MOST_WORDS: Final = 24


@dataclass(frozen=True, slots=True)
class TextHit:
    """A row that matched; a higher `score` is a better match, comparable within one answer only."""

    pk: int
    score: float


def search_passages(text: str, *, source_id: int | None, limit: int) -> list[TextHit]:
    """Passages of the documents (of one source, or of all) that share words with `text`, best first."""
    join = "JOIN articles_document d ON d.id = t.document_id"
    condition = "d.source_id = %s" if source_id is not None else ""
    return _search("articles_passage", "text", text, limit, join, condition, [] if source_id is None else [source_id])


def search_checked_claims(
    text: str, *, limit: int, among: QuerySet[CheckedClaim] | None = None, every: bool = False
) -> list[TextHit]:
    """Checked claims, ours and imported, that share words with `text`, best first; withdrawn ones left out.

    `among` limits the search to these rows, before the best are taken; with `every` all words must be there.
    """
    condition = "NOT t.withdrawn"
    values: tuple[Any, ...] = ()
    if among is not None:
        inner, values = among.order_by().values("pk").query.sql_with_params()
        condition += f" AND t.id IN ({inner})"
    return _search("articles_checkedclaim", "claim", text, limit, "", condition, list(values), every=every)


def search_pending_claims(text: str, *, limit: int) -> list[TextHit]:
    """The same of those claims only that the matcher has no signature of yet."""
    return _search("articles_checkedclaim", "claim", text, limit, "", "NOT t.withdrawn AND t.pending", [])


def _search(
    table: str, column: str, text: str, limit: int, join: str, condition: str, values: list[Any],
    *, every: bool = False,
) -> list[TextHit]:  # fmt: skip
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))[:_MOST_WORDS]
    if not words:
        return []
    more = f"AND {condition}" if condition else ""
    if connection.vendor == "postgresql":
        sql = (
            f"SELECT t.id, ts_rank_cd(to_tsvector('english', t.{column}), q) AS score FROM {table} t {join}, "  # noqa: S608  (names are ours)
            f"to_tsquery('english', %s) q WHERE to_tsvector('english', t.{column}) @@ q {more} "
            "ORDER BY score DESC, t.id LIMIT %s"
        )
        asked = (" & " if every else " | ").join(f"'{word}'" for word in words)
    else:
        sql = (
            f"SELECT t.id, -bm25({table}_fts) AS score FROM {table}_fts JOIN {table} t ON t.id = {table}_fts.rowid "  # noqa: S608
            f"{join} WHERE {table}_fts MATCH %s {more} ORDER BY score DESC, t.id LIMIT %s"
        )
        asked = (" AND " if every else " OR ").join(f'"{word}"' for word in words)
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, *values, limit])
        return [TextHit(pk, float(score)) for pk, score in cursor.fetchall()]
