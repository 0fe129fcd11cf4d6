"""Has this been checked before? The archive's reviews most like a statement, scored and explained.

Each process keeps the signatures of all reviews in memory (see `articles.matching.index`) and, before each
question, reads those that were written since. A review too new to have a signature is found by the database's
full-text index, so nothing that is in the archive is ever out of reach.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone

from articles.choices import ArchiveOrigin
from articles.matching import Candidate, Entry, Index, Query, asked, embedder, packed_words, rank, text_to_index
from articles.matching.weighing import CANDIDATES, FIRST_MEANING
from articles.models import CheckedClaim, ClaimSignature, MatchIndex
from articles.ranking.embed import DIMENSIONS
from articles.selectors.fulltext import search_pending_claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from articles.matching import Asked, Hit, Match

__all__ = ["FoundMatch", "Query", "current_index", "matching_claims"]

_RAREST: Final = 8
_READ_AT_ONCE: Final = 5000
_SHOWN: Final = (
    "identity", "claim", "claimant", "rating", "title", "summary", "body", "url", "publisher", "reviewed_on",
    "claimed_on", "language", "origin", "of_claim",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A checked claim (without `raw`) and how it matches."""

    claim: CheckedClaim
    match: Match


@dataclass(frozen=True, slots=True)
class _Held:
    database: str
    version: int
    index: Index


_lock: Final = threading.Lock()
_held: dict[str, _Held] = {}


def matching_claims(query: Query, *, top: int = 20) -> list[FoundMatch]:
    """The `top` reviews, ours and imported, most like the statement; withdrawn ones never.

    Scores run from 0 to 1. The same archive gives the same answer on every database.
    """
    question = asked(query, today=timezone.now().date())
    index, encoder = current_index(), embedder()
    weights = index.rarity(set(question.words))
    vector = encoder.encode([question.text])[0] if encoder else None
    hits = index.nearest(weights, vector, count=max(top, CANDIDATES), meaning=FIRST_MEANING)
    hits += _not_yet_indexed(question, weights)
    rows = _rows(hit.key for hit in hits)
    candidates = [_candidate(rows[hit.key], hit) for hit in _once(hits, rows)]
    matches = rank(question, candidates, index.rarity, top=top, by_meaning=vector is not None)
    return [FoundMatch(rows[match.key], match) for match in matches]


def current_index() -> Index:
    """The index of this process, brought up to date with the database."""
    database = f"{connection.vendor}:{connection.settings_dict['NAME']}:{connection.settings_dict['HOST']}"
    version = MatchIndex.objects.values_list("version", flat=True).first() or 0
    held = _held.get(database)
    if held and held.version == version:
        return held.index
    with _lock:  # others that ask meanwhile wait for this one's answer instead of reading it all too
        held = _held.get(database)
        if held is None or held.version != version:
            held = _held[database] = _read(database, version, held)
        return held.index


def _read(database: str, version: int, held: _Held | None) -> _Held:
    """What was written since; all of it at first, after a restore, and when a third is out of date."""
    if held and held.version < version:
        index = held.index.extended(_entries(held.version, version))
        if not index.worn:
            return _Held(database, version, index)
    return _Held(database, version, Index(DIMENSIONS).extended(_entries(-1, version)))


def _entries(after: int, up_to: int) -> Iterator[Entry]:
    rows = ClaimSignature.objects.filter(version__gt=after, version__lte=up_to).order_by("claim_id")
    for key, words, vector in rows.values_list("claim_id", "words", "vector").iterator(_READ_AT_ONCE):
        yield Entry(key, bytes(words), bytes(vector))


def _rows(keys: Iterable[int]) -> dict[int, CheckedClaim]:
    return CheckedClaim.objects.filter(withdrawn=False).only(*_SHOWN).in_bulk(list(keys))


def _once(hits: Iterable[Hit], rows: Mapping[int, CheckedClaim]) -> Iterator[Hit]:
    """Without what another outlet has at two addresses: the same claim with the same rating is one review."""
    seen: set[tuple[str, str, str]] = set()
    for hit in hits:
        row = rows.get(hit.key)
        if row is None:
            continue
        known = (" ".join(row.claim.casefold().split()), row.publisher, row.rating)
        if known not in seen or row.origin == ArchiveOrigin.OWN:
            seen.add(known)
            yield hit


def _candidate(row: CheckedClaim, hit: Hit) -> Candidate:
    return Candidate(
        key=row.pk, claim=row.claim, title=row.title, body=row.body or row.summary, claimant=row.claimant,
        reviewed_on=row.reviewed_on, claimed_on=row.claimed_on, words=hit.words, meaning=hit.meaning,
    )  # fmt: skip


def _not_yet_indexed(question: Asked, weights: Mapping[str, float]) -> list[Hit]:
    """Reviews that wait for their signature, found by their words alone."""
    if not CheckedClaim.objects.filter(pending=True).exists():
        return []
    rarest = sorted(weights, key=lambda word: (-weights[word], word))[:_RAREST]
    hits = search_pending_claims(" ".join(rarest), limit=CANDIDATES)
    rows = _rows(hit.pk for hit in hits)
    entries = [Entry(row.pk, packed_words(indexed_words(row))) for row in rows.values()]
    return Index(DIMENSIONS).extended(entries).nearest(weights, None, count=CANDIDATES, meaning=0.0)


def indexed_words(row: CheckedClaim) -> list[str]:
    """The words a review is found by; none of a withdrawn one."""
    return [] if row.withdrawn else text_to_index(row.claim, row.title, row.body or row.summary, row.claimant)
