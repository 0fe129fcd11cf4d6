"""The claims of the archive in memory: an inverted file of words and a table of vectors. numpy only.

An `Index` is made of segments that never change. What is added later makes a small new segment, and small
segments are joined, so that a new review costs milliseconds and a question looks through few segments. Both
databases give the same rows, so both give the same answers.

Words are scored with BM25 (Robertson and Zaragoza 2009, section 3.2). Vectors are first compared by the signs
of their values (Charikar 2002: the share of equal signs follows the angle), the nearest then exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from articles.matching.words import hashed, unpacked_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float32]

SATURATION: Final = 1.2
LENGTH: Final = 0.75
# So many of each channel are compared exactly in the other.
NEAREST_BY_SIGN: Final = 768
BEST_BY_WORDS: Final = 256
# Segments smaller than this are joined with what is added next.
SMALL_SEGMENT: Final = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of one claim: its key, `packed_words`, and the packed vector or nothing."""

    key: int
    words: bytes
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim both channels have looked at: BM25 as a share of the question's weight, and the cosine."""

    key: int
    words: float
    meaning: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Some claims, row by row, and where each word occurs in them. `entries` is kept of small ones only."""

    entries: tuple[Entry, ...]
    keys: Ints
    vocabulary: NDArray[np.uint32]
    starts: Ints
    rows: NDArray[np.int32]
    weights: Floats
    signs: NDArray[np.uint64]
    vectors: NDArray[np.int8]
    scales: Floats
    alive: NDArray[np.bool_]

    def postings(self, word: int) -> tuple[NDArray[np.int32], Floats]:
        """Rows that hold the word, with its saturated frequency in each."""
        at = int(np.searchsorted(self.vocabulary, np.uint32(word)))
        if at == len(self.vocabulary) or int(self.vocabulary[at]) != word:
            return self.rows[:0], self.weights[:0]
        part = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return self.rows[part], self.weights[part]

    def without(self, keys: Ints) -> Segment:
        """The same with the claims of these keys out of date."""
        hidden = np.isin(self.keys, keys)
        return replace(self, alive=self.alive & ~hidden) if hidden.any() else self

    def nearest(self, weights: Mapping[str, float], vector: Floats | None) -> list[Hit]:
        """The best by words and the nearest in meaning, each with both figures, in no order."""
        by_words = self._by_words(weights)
        rows = _best(by_words, BEST_BY_WORDS)
        rows = rows[by_words[rows] > 0]
        if vector is not None:
            rows = np.union1d(rows, self._nearest_by_sign(vector))
        cosines = self._cosines(rows, vector)
        keys = self.keys[rows].tolist()
        return [Hit(*values) for values in zip(keys, by_words[rows].tolist(), cosines.tolist(), strict=True)]

    def _by_words(self, weights: Mapping[str, float]) -> Floats:
        total = sum(weights.values()) or 1.0
        scores = np.zeros(len(self.keys), np.float32)
        for word, weight in weights.items():
            rows, frequencies = self.postings(hashed(word))
            scores[rows] += np.float32(weight / total) * frequencies
        scores[~self.alive] = 0.0
        return scores

    def _nearest_by_sign(self, vector: Floats) -> Ints:
        differing = np.bitwise_count(self.signs ^ signs_of(vector)).sum(axis=1, dtype=np.int16)
        rows = _best(-differing, NEAREST_BY_SIGN)
        return rows[self.alive[rows] & (self.scales[rows] > 0)]

    def _cosines(self, rows: Ints, vector: Floats | None) -> Floats:
        if vector is None:
            return np.zeros(len(rows), np.float32)
        return (self.vectors[rows].astype(np.float32) @ vector) * self.scales[rows]


def _best(scores: NDArray[np.generic], count: int) -> Ints:
    """The rows of the `count` highest scores, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(scores, len(scores) - count)[len(scores) - count :]


def segment_of(entries: Sequence[Entry], dimensions: int) -> Segment:
    """The claims in the order given."""
    counts = [unpacked_words(entry.words) for entry in entries]
    rows = np.repeat(np.arange(len(entries), dtype=np.int32), [len(found) for found in counts])
    together = np.concatenate([unpacked_words(b""), *counts])
    times = together["times"].astype(np.float32)
    lengths = np.bincount(rows, weights=times, minlength=len(entries)).astype(np.float32)
    damp = SATURATION * (1 - LENGTH + LENGTH * lengths / (float(lengths.mean()) or 1.0))
    weights = times * (SATURATION + 1) / (times + damp[rows])
    order = np.argsort(together["word"], kind="stable")
    vocabulary, starts = np.unique(together["word"][order], return_index=True)
    vectors, scales = _vectors(entries, dimensions)
    return Segment(
        entries=tuple(entries) if len(entries) < SMALL_SEGMENT else (),
        keys=np.array([entry.key for entry in entries], np.int64),
        vocabulary=vocabulary,
        starts=np.append(starts, len(together)).astype(np.int64),
        rows=rows[order],
        weights=weights[order].astype(np.float32),
        signs=signs_of(vectors),
        vectors=vectors,
        scales=scales,
        alive=np.ones(len(entries), np.bool_),
    )


def _vectors(entries: Sequence[Entry], dimensions: int) -> tuple[NDArray[np.int8], Floats]:
    """The table of vectors, and what makes each row's length 1 (of one without a vector: zero)."""
    blank = bytes(dimensions)
    content = b"".join(entry.vector if len(entry.vector) == dimensions else blank for entry in entries)
    table = np.frombuffer(content, np.int8).reshape(len(entries), dimensions)
    lengths = np.array([np.linalg.norm(row) for row in table.astype(np.float32)], np.float32)
    return table, np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)


def signs_of(vectors: NDArray[np.int8] | Floats) -> NDArray[np.uint64]:
    """One bit a value, 64 to a number; the dimensions must divide by 64."""
    return np.packbits(vectors > 0, axis=-1).view(np.uint64)


@dataclass(frozen=True, slots=True)
class Index:
    """All segments. It never changes: `extended` gives the next one, and questions under way keep theirs."""

    dimensions: int
    segments: tuple[Segment, ...] = ()

    def __len__(self) -> int:
        return sum(int(part.alive.sum()) for part in self.segments)

    @property
    def worn(self) -> bool:
        """Whether a third of it is out of date, so that reading it anew pays."""
        held = sum(len(part.keys) for part in self.segments)
        return held > SMALL_SEGMENT and len(self) * 3 < held * 2

    def extended(self, entries: Iterable[Entry]) -> Index:
        """An index that has these claims too, each in the place of an older one with its key."""
        fresh = list({entry.key: entry for entry in entries}.values())
        if not fresh:
            return self
        keys = np.array([entry.key for entry in fresh], np.int64)
        kept = [part.without(keys) for part in self.segments]
        while kept and kept[-1].entries:
            last = kept.pop()
            fresh = [*(one for one, alive in zip(last.entries, last.alive, strict=True) if alive), *fresh]
        return Index(self.dimensions, (*kept, segment_of(fresh, self.dimensions)))

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """How much each word tells: ln(1 + (N - n + 0.5) / (n + 0.5)), n of N claims holding it."""
        total = sum(len(part.keys) for part in self.segments)
        holding = {word: sum(len(part.postings(hashed(word))[0]) for part in self.segments) for word in words}
        return {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in holding.items()}

    def nearest(
        self, weights: Mapping[str, float], vector: Floats | None, *, count: int, meaning: float
    ) -> list[Hit]:
        """The `count` claims with the highest words + `meaning` * cosine, best first."""
        hits = [hit for part in self.segments for hit in part.nearest(weights, vector)]
        return sorted(hits, key=lambda hit: (-(hit.words + meaning * hit.meaning), hit.key))[:count]
