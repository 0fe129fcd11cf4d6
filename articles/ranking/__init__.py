"""Ranking passages against a claim, with a suggested stance each. Pure Python; the same input, the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.ranking.relevance import relevance
from articles.ranking.stance import Stance, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ranking", "Stance", "rank", "suggest"]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`order` holds passage indexes, best first; the other lists are by passage index.

    `scores` run from 0 (nothing shared) to 1 (the best of these passages); `reasons` say why a stance is
    suggested, `sentences` are the verbatim sentences of the passages it was read from.
    """

    order: tuple[int, ...]
    scores: tuple[float, ...]
    stances: tuple[Stance, ...]
    reasons: tuple[str, ...]
    sentences: tuple[str, ...]


def rank(claim: str, passages: Sequence[str]) -> Ranking:
    """Order passages by how much they have to say on the claim; ties keep the order they came in."""
    scores = tuple(round(score, 4) for score in relevance(claim, passages))
    suggestions = [suggest(claim, passage) for passage in passages]
    return Ranking(
        order=tuple(sorted(range(len(scores)), key=lambda index: -scores[index])),
        scores=scores,
        stances=tuple(found.stance for found in suggestions),
        reasons=tuple(found.reason for found in suggestions),
        sentences=tuple(found.sentence for found in suggestions),
    )
