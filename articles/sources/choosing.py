"""Choosing what is worth an editor's look: passages that share enough with the claim, best first."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from articles.ranking import rank, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.sources.base import EvidenceItem, EvidenceQuery
    from articles.sources.passages import Passage


def wanted(query: EvidenceQuery) -> str:
    """What passages are compared with: the claim as a sentence, else the words asked for."""
    return query.claim or query.text


def best_passages(query: EvidenceQuery, passages: Sequence[Passage], *, most: int, least: float) -> list[Passage]:
    """At most `most` passages, best first, that hold at least the share `least` of the claim's words."""
    claim = wanted(query)
    ranking = rank(claim, [passage.text for passage in passages])
    kept = [passages[index] for index in ranking.order if share(claim, passages[index].text) >= least]
    return kept[:most]


def best_items(query: EvidenceQuery, items: Sequence[EvidenceItem], *, least: float) -> tuple[EvidenceItem, ...]:
    """The items of a loose search that really touch the claim (their title counts), best first, ranks from 1."""
    claim = wanted(query)
    texts = [f"{item.title}. {item.text}" for item in items]
    kept = [items[index] for index in rank(claim, texts).order if share(claim, texts[index]) >= least]
    return tuple(replace(item, rank=place) for place, item in enumerate(kept[: query.limit], start=1))


def fingerprint(text: str) -> str:
    """A short name for a text, the same as long as its words are: tells passages of one page apart."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
