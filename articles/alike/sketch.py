"""Bottom-k sketches of texts (Broder, "On the resemblance and containment of documents", 1997).

A text is the set of its runs of `RUN` words. A hash gives every run a place in one random order; the `SKETCH` runs
that come first are a random sample of the set, and the same runs come first in every text that has them. So texts
that share a part share members of their sketches, which an index finds; how much they share is then counted exactly.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RUN: Final = 3
SKETCH: Final = 32
FEWEST_RUNS: Final = 12
"""Shorter texts are like too much: a notice of one line, an empty page."""

SAME_WORDS: Final = 0.3
"""Least share of the runs of the shorter text that the other one must have.

An agency story that was cut and reworded keeps more than that; two reports of one event, written apart, share no more
than their quotations and stock phrases. Measured in docs/duplicates.md.
"""
SAME_FACTS: Final = 0.5
"""Least share of the figures, or of the names where there are hardly any, of the text with fewer of them.

Reports that a desk writes by one pattern every week are alike in their words, but not in these.
"""
FEWEST_FIGURES: Final = 3

_WORD: Final = re.compile(r"\w+(?:[.,]\d+)*")
_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NAME: Final = re.compile(r"(?<=[\w,;:] )[A-Z][\w’'-]+")  # within a sentence
_ODD: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SHIFT: Final = np.uint64(32)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_SIGN: Final = np.uint64(1)


def runs(text: str) -> NDArray[np.int64]:
    """The hashes of the runs of words of a text, each once and in order: 0 to 2**63 - 1, alike on every machine."""
    words = np.array([_hash(word) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    if len(words) < RUN:
        return np.empty(0, dtype=np.int64)
    with np.errstate(over="ignore"):
        mixed = sum((words[at : len(words) - RUN + 1 + at] * _ODD[at] for at in range(RUN)), np.uint64(0))
        for _ in range(2):
            mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
        mixed = mixed ^ (mixed >> _SHIFT)
    return np.unique((mixed >> _SIGN).astype(np.int64))


def sketch(found: NDArray[np.int64]) -> list[int]:
    """The first runs in the order of the hash; none of a text that is too short to compare."""
    return [int(value) for value in found[:SKETCH]] if len(found) >= FEWEST_RUNS else []


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of a text."""

    runs: NDArray[np.int64]
    figures: frozenset[str]
    names: frozenset[str]


def told(text: str) -> Told:
    return Told(runs(text), frozenset(_FIGURE.findall(text)), frozenset(_NAME.findall(text)))


def same_story(first: Told, second: Told) -> float:
    """How much of the shorter text is in the other, above 0 to 1; 0 where they are not versions of one story."""
    shorter = min(len(first.runs), len(second.runs))
    if shorter < FEWEST_RUNS:
        return 0.0
    share = len(np.intersect1d(first.runs, second.runs, assume_unique=True)) / shorter
    return share if share >= SAME_WORDS and _facts(first, second) >= SAME_FACTS else 0.0


def _facts(first: Told, second: Told) -> float:
    """The share of the facts of the text with fewer of them; 1 where neither has enough to tell."""
    pairs = ((first.figures, second.figures), (first.names, second.names))
    enough = (pair for pair in pairs if min(map(len, pair)) >= FEWEST_FIGURES)
    return next((len(a & b) / min(len(a), len(b)) for a, b in enough), 1.0)


@lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
