"""Ranking passages against a claim, with a suggested stance each. Pure Python; the same input, the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.ranking.covering import reading_order
from articles.ranking.relevance import collected, relevance
from articles.ranking.signals import covered, read
from articles.ranking.stance import Stance, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ranking", "Stance", "rank", "share", "suggest"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`order` holds passage indexes, best first; the other lists are by passage index.

    `scores` run from 0 (nothing shared) to 1 and follow the order; the best one is the share of the claim's
    words that its passage has, so that answers of different sources can stand in one list. `reasons` say why
    a stance is suggested, `sentences` are the verbatim sentences of the passages it was read from.
    """

    order: tuple[int, ...]
    scores: tuple[float, ...]
    stances: tuple[Stance, ...]
    reasons: tuple[str, ...]
    sentences: tuple[str, ...]


def rank(claim: str, passages: Sequence[str]) -> Ranking:
    """Order passages by how much they have to say on the claim that was not said before them.

    Ties keep the order they came in.
    """
    relative = relevance(claim, passages)
    known = collected(tuple(passages))
    order = reading_order(claim, relative, known.counts, known.rarity)
    best = share(claim, passages[order[0]]) if order else 0.0
    # The places are given out anew, the scores that go with them are not: they follow the order.
    by_place = dict(zip(order, sorted(relative, reverse=True), strict=True))
    scores = tuple(round(by_place[index] * best, 4) for index in range(len(passages)))
    suggestions = [suggest(claim, passage) for passage in passages]
    return Ranking(
        order=tuple(order),
        scores=scores,
        stances=tuple(found.stance for found in suggestions),
        reasons=tuple(found.reason for found in suggestions),
        sentences=tuple(found.sentence for found in suggestions),
    )


def share(claim: str, passage: str) -> float:
    """The share of the claim's words, by weight, that the passage has: 0 to 1."""
    return covered(read(claim), read(passage).words)
