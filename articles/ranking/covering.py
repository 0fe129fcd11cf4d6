"""The order in which passages are read: the best first, then each next one for what it adds to those before it.

A claim is often settled by two sentences that say half of it each, and the second-best passage by words alone tends
to say the first half again. So words of the claim that nothing before has said count extra (greedy covering, as for
budgeted maximum coverage: Khuller, Moss and Naor 1999).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.ranking.signals import read, weight
from articles.ranking.words import SYNONYMS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

# What all of the claim newly said would add to a relevance of 0 to 1, and what standing beside a chosen one adds.
NEWLY_SAID: Final = 2.0
BESIDE: Final = 0.05
# So many of the best are looked at, and so many places are given out one by one.
LOOKED_AT: Final = 25
PLACES: Final = 10


def reading_order(
    claim: str, relevance: Sequence[float], held: Sequence[Collection[str]], rarity: Callable[[str], float]
) -> list[int]:
    """Passage indexes. `held` are the words and synonyms of each passage, `rarity` is how much a word tells.

    What is not among the best keeps the order of its relevance; ties keep the order they came in.
    """
    by_relevance = sorted(range(len(relevance)), key=lambda index: -relevance[index])
    left = [index for index in by_relevance[:LOOKED_AT] if relevance[index] > 0]
    wanted = _wanted(claim, rarity)
    says = {index: _said(held[index], wanted) for index in left}
    order: list[int] = []
    said: set[str] = set()

    def gain(index: int) -> float:
        if not order:
            return relevance[index]
        beside = index - 1 in order or index + 1 in order
        return relevance[index] + NEWLY_SAID * sum(wanted[word] for word in says[index] - said) + BESIDE * beside

    while left and len(order) < PLACES:
        best = max(left, key=gain)
        left.remove(best)
        order.append(best)
        said |= says[best]
    taken = set(order)
    return order + [index for index in by_relevance if index not in taken]


def _wanted(claim: str, rarity: Callable[[str], float]) -> dict[str, float]:
    """The claim's words with their shares of it: names, numbers and rare words have more."""
    asked = read(claim)
    weights = {word: weight(word, asked.names) * rarity(word) for word in asked.words if word[0] != "="}
    total = sum(weights.values()) or 1.0
    return {word: value / total for word, value in weights.items()}


def _said(held: Collection[str], wanted: Mapping[str, float]) -> set[str]:
    return {word for word in wanted if word in held or SYNONYMS.get(word) in held}
