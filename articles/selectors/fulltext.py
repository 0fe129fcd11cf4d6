"""Full-text search in what the desk keeps itself: SQLite FTS5 or Postgres, one answer shape.

The indexes are kept by the database (`factcheck.core.textindex`), so they are in step with every commit.

What machines look for shares some words with a text, the best first (`search_passages` and others). What people look
for has every word of theirs (`Asked`, `Matches`, `marked`), in the order the caller chooses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import BooleanField, F, Func

from factcheck.core.textindex import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

    from articles.models import CheckedClaim
    from factcheck.core.textindex import TextIndex

_WORD: Final = re.compile(r"\w{2,}")
_MOST_WORDS: Final = 24


@dataclass(frozen=True, slots=True)
class TextHit:
    """A row that matched; a higher `score` is a better match, comparable within one answer only."""

    pk: int
    score: float


def _of(column: str) -> str:
    """What Postgres searches of a row, spelled as the index has it."""
    return f"to_tsvector('english', t.{column})"


_EVIDENCE: Final = f"t.{KEPT}"


def search_passages(text: str, *, source_id: int | None, limit: int) -> list[TextHit]:
    """Passages of the documents (of one source, or of all) that share words with `text`, best first."""
    join = "JOIN articles_document d ON d.id = t.document_id"
    condition = "d.source_id = %s" if source_id is not None else ""
    return _search(
        "articles_passage", _of("text"), text, limit, join, condition, [] if source_id is None else [source_id]
    )


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
    return _search("articles_checkedclaim", _of("claim"), text, limit, "", condition, list(values), every=every)


def search_evidence(text: str, *, desk_id: int, claim_id: int | None, limit: int) -> list[TextHit]:
    """Evidence that a desk kept for other claims than this one; nothing that is hidden, and no copy of a copy."""
    join = "JOIN articles_claim c ON c.id = t.claim_id JOIN articles_article a ON a.id = c.article_id"
    condition = (
        "t.state = 'kept' AND t.visibility = 'public' AND a.desk_id = %s AND t.claim_id <> %s "
        "AND t.external_id NOT LIKE %s"
    )
    values = [desk_id, claim_id or 0, "previous:%"]
    return _search("articles_evidence", _EVIDENCE, text, limit, join, condition, values)


def search_pending_claims(text: str, *, limit: int) -> list[TextHit]:
    """The same of those claims only that the matcher has no signature of yet."""
    return _search("articles_checkedclaim", _of("claim"), text, limit, "", "NOT t.withdrawn AND t.pending", [])


def _search(
    table: str, vector: str, text: str, limit: int, join: str, condition: str, values: list[Any],
    *, every: bool = False,
) -> list[TextHit]:  # fmt: skip
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(text)))[:_MOST_WORDS]
    if not words:
        return []
    more = f"AND {condition}" if condition else ""
    if connection.vendor == "postgresql":
        sql = (
            f"SELECT t.id, ts_rank_cd({vector}, q) AS score FROM {table} t {join}, "  # noqa: S608  (names are ours)
            f"to_tsquery('english', %s) q WHERE {vector} @@ q {more} "
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


# --- what people look for --------------------------------------------------------------------------------
_PART: Final = re.compile(r'"([^"]*)"|(\S+)')
_CURLED: Final = re.compile("[“”„«»]")
_LETTERS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """Something that must be there: words, `together` in this order, or the `beginning` of a word."""

    text: str
    together: bool = False
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Words as somebody typed them: all must be there; "these together"; or a beginning, such as gener*."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def postgres(self, joined: str = "&&") -> tuple[str, list[str]]:
        """An expression of the type tsquery, and its parameters."""
        made = [_postgres_term(term) for term in self.terms]
        return "(" + f" {joined} ".join(sql for sql, _ in made) + ")", [value for _, value in made]

    def sqlite(self) -> str:
        """A query of FTS5."""
        return " AND ".join(f'"{term.text}"{" *" if term.beginning else ""}' for term in self.terms)


def asked_for(text: str) -> Asked:
    """What somebody types as a search; false where it holds no word. Never fails."""
    terms: dict[Term, None] = {}
    for quoted, word in _PART.findall(_CURLED.sub('"', text)):
        term = Term(quoted, together=True) if quoted else Term(word.rstrip("*"), beginning=word.endswith("*"))
        clean = " ".join(term.text.replace('"', " ").split())
        if any(letter.isalnum() for letter in clean):
            terms[Term(clean, term.together, term.beginning)] = None
    return Asked(tuple(terms)[:_MOST_WORDS])


def _postgres_term(term: Term) -> tuple[str, str]:
    if not term.beginning:
        make = "phraseto_tsquery" if term.together else "plainto_tsquery"
        return f"{make}('english', %s)", term.text
    words = [f"'{word}'" for word in _LETTERS.findall(term.text)]
    return "to_tsquery('english', %s)", " <-> ".join(words) + ":*"


class Matches(Func):
    """The condition on rows of a searched table that they hold what was asked for."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, index: TextIndex, asked: Asked) -> None:
        super().__init__(F("pk"))
        self.index, self.asked = index, asked

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        table = compiler.compile(self.source_expressions[0])[0].rpartition(".")[0]
        query, values = self.asked.postgres()
        return f"{table}.{KEPT} @@ {query}", list(values)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        key, name = compiler.compile(self.source_expressions[0])[0], self.index.name
        return f"{key} IN (SELECT rowid FROM {name} WHERE {name} MATCH %s)", (self.asked.sqlite(),)  # noqa: S608


def first_matches(
    rows: QuerySet[Any, Any], condition: Matches, *, order: Sequence[str], size: int
) -> list[Any]:  # fmt: skip
    """The first of these rows that hold what was asked for, by `order`: descending fields. One query, or two.

    Postgres cannot walk its index of words in an order. It is asked for the first rows in order, whatever they hold:
    a page of a common word is among them. Of other words the index gives few rows, and those are sorted.
    """
    found = rows.filter(condition)
    if connection.vendor != "postgresql":
        return list(found.order_by(*order)[:size])
    near = rows.order_by(*order).values("pk")[:LOOKED_AT]
    first = list(found.filter(pk__in=near).order_by(*order)[:size])
    if len(first) == size:
        return first
    unordered = [(F(name.removeprefix("-")) + 0).desc() for name in order]  # no index has this order
    return list(found.order_by(*unordered)[:size])


# A word that fills no page of 50 from so many rows is in fewer than one row in fifty.
LOOKED_AT: Final = 2_500


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text; `found` is whether it was asked for."""

    text: str
    found: bool


# Characters that no text has, around what was found.
_OPEN, _SHUT = "\ue0f0", "\ue0f1"
_EXCERPT_WORDS: Final = 30


def marked(index: TextIndex, asked: Asked, keys: Iterable[int]) -> dict[int, dict[str, list[Piece]]]:
    """Where in these rows the words stand: by key, each column that holds one, cut at them. One query."""
    wanted = list(keys)
    if not (wanted and asked):
        return {}
    sql, values = (_marked_postgres if connection.vendor == "postgresql" else _marked_sqlite)(index, asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ({', '.join(['%s'] * len(wanted))})", [*values, *wanted])
        rows = cursor.fetchall()
    return {
        key: {name: pieces(text) for name, text in zip(index.columns, texts, strict=True) if _OPEN in text}
        for key, *texts in rows
    }


def _marked_postgres(index: TextIndex, asked: Asked) -> tuple[str, list[Any]]:
    query, values = asked.postgres("||")  # a column may hold some of the words only
    excerpt = f"MaxFragments=1, ShortWord=0, MinWords=8, MaxWords={_EXCERPT_WORDS}"
    shown = ", ".join(
        f"ts_headline('english', left({name}, 200000), q, 'StartSel={_OPEN}, StopSel={_SHUT}, "
        f"{excerpt if name in index.long else 'HighlightAll=true'}')"
        for name in index.columns
    )
    return f"SELECT id, {shown} FROM {index.table} CROSS JOIN (SELECT {query} AS q) a WHERE id IN", values  # noqa: S608


def _marked_sqlite(index: TextIndex, asked: Asked) -> tuple[str, list[Any]]:
    shown = ", ".join(
        f"snippet({index.name}, {place}, '{_OPEN}', '{_SHUT}', '…', {_EXCERPT_WORDS})"
        if name in index.long
        else f"highlight({index.name}, {place}, '{_OPEN}', '{_SHUT}')"
        for place, name in enumerate(index.columns)
    )
    name = index.name
    return f"SELECT rowid, {shown} FROM {name} WHERE {name} MATCH %s AND rowid IN", [asked.sqlite()]  # noqa: S608


def pieces(text: str) -> list[Piece]:
    """A text with marks around what was found, cut at them."""
    cuts = [0, *(place for place, letter in enumerate(text) if letter in (_OPEN, _SHUT)), len(text)]
    cut = [
        Piece(text[start:end].lstrip(_OPEN + _SHUT), found=text[start : start + 1] == _OPEN)
        for start, end in pairwise(cuts)
    ]
    return [piece for piece in cut if piece.text]
