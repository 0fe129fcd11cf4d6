"""How well passages answer to a claim: BM25 over words and synonyms, shared letters, and the neighbourhood.

BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), section 3.2; the constants
were chosen on sentence-to-page and claim-to-pool data, see `benchmarks/`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from articles.ranking.words import SYNONYMS, letter_runs, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SATURATION: Final = 1.2
LENGTH: Final = 0.9
RARITY: Final = 1.5
SYNONYM: Final = 0.5
PAIR: Final = 0.3
COVERAGE: Final = 1.0
LETTERS: Final = 1.0
LETTER_LENGTH: Final = 0.4
NEIGHBOUR: Final = 0.15


@dataclass(frozen=True, slots=True)
class Collection:
    """What is known about a set of passages before any claim is asked."""

    counts: tuple[Mapping[str, int], ...]
    pairs: tuple[frozenset[tuple[str, str]], ...]
    runs: tuple[frozenset[str], ...]
    lengths: tuple[int, ...]
    in_passages: Mapping[str, int]
    runs_in_passages: Mapping[str, int]

    def rarity(self, word: str) -> float:
        return _rarity(self.in_passages.get(word, 0), len(self.counts))

    def run_rarity(self, run: str) -> float:
        return _rarity(self.runs_in_passages.get(run, 0), len(self.counts))


def _rarity(holding: int, total: int) -> float:
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


@lru_cache(maxsize=4)
def collected(passages: tuple[str, ...]) -> Collection:
    """Counts over the passages; kept, because a desk asks many claims of the same page."""
    words = [words_of(passage) for passage in passages]
    counts = [Counter(_with_synonyms(found)) for found in words]
    runs = [letter_runs(passage) for passage in passages]
    return Collection(
        counts=tuple(counts),
        pairs=tuple(frozenset(pairwise(found)) for found in words),
        runs=tuple(runs),
        lengths=tuple(len(found) for found in words),
        in_passages=Counter(word for count in counts for word in count),
        runs_in_passages=Counter(run for found in runs for run in found),
    )


def _with_synonyms(words: Sequence[str]) -> list[str]:
    return [*words, *(SYNONYMS[word] for word in words if word in SYNONYMS)]


def relevance(claim: str, passages: Sequence[str]) -> list[float]:
    """One number a passage, 0 (nothing shared) to 1; comparable between passages of one call."""
    known = collected(tuple(passages))
    by_words = _to_one(_word_scores(claim, known))
    by_letters = _to_one(_letter_scores(claim, known))
    both = [word + LETTERS * letter for word, letter in zip(by_words, by_letters, strict=True)]
    return _to_one(_with_neighbours(both))


@dataclass(frozen=True, slots=True)
class _Question:
    """The weight of each word, group of synonyms, and pair of words that the claim asks for."""

    words: Mapping[str, float]
    groups: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]

    def score(self, counts: Mapping[str, int], pairs: frozenset[tuple[str, str]], damp: float) -> float:
        score = sum(_saturated(weight, counts.get(word, 0), damp) for word, weight in self.words.items())
        score += sum(_saturated(weight, counts.get(group, 0), damp) for group, weight in self.groups.items())
        return score + sum(weight for pair, weight in self.pairs.items() if pair in pairs)

    def covered(self, counts: Mapping[str, int]) -> float:
        total = sum(self.words.values()) or 1.0
        return sum(weight for word, weight in self.words.items() if word in counts) / total


def _question(claim: str, known: Collection) -> _Question:
    asked = words_of(claim)
    words = {word: known.rarity(word) ** RARITY for word in asked}
    groups = {SYNONYMS[word] for word in asked if word in SYNONYMS}
    return _Question(
        words=words,
        groups={group: SYNONYM * known.rarity(group) ** RARITY for group in groups},
        pairs={pair: PAIR * min(words[pair[0]], words[pair[1]]) for pair in pairwise(asked)},
    )


def _word_scores(claim: str, known: Collection) -> list[float]:
    question = _question(claim, known)
    average = sum(known.lengths) / max(1, len(known.lengths)) or 1.0
    scores: list[float] = []
    for counts, pairs, length in zip(known.counts, known.pairs, known.lengths, strict=True):
        damp = SATURATION * (1 - LENGTH + LENGTH * length / average)
        scores.append(question.score(counts, pairs, damp) * (1 + COVERAGE * question.covered(counts)))
    return scores


def _saturated(weight: float, count: int, damp: float) -> float:
    return weight * count * (SATURATION + 1) / (count + damp) if count else 0.0


def _letter_scores(claim: str, known: Collection) -> list[float]:
    asked = {run: known.run_rarity(run) for run in letter_runs(claim)}
    total = sum(asked.values()) or 1.0
    average = sum(map(len, known.runs)) / max(1, len(known.runs)) or 1.0
    return [
        sum(asked[run] for run in asked.keys() & runs)
        / total
        / math.sqrt(1 - LETTER_LENGTH + LETTER_LENGTH * len(runs) / average)
        for runs in known.runs
    ]


def _with_neighbours(scores: Sequence[float]) -> list[float]:
    """A sentence beside a good one gains a little: what "it" or "the company" is stands next door."""
    edged = [0.0, *scores, 0.0]
    return [
        score + NEIGHBOUR * (before + after) for before, score, after in zip(edged, scores, edged[2:], strict=False)
    ]


def _to_one(scores: Sequence[float]) -> list[float]:
    best = max(scores, default=0.0)
    return [score / best for score in scores] if best > 0 else list(scores)
