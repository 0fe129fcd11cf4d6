"""Figures over labelled data. Pure; shares lie in 0..1, and nothing to divide by gives 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from articles.extraction.base import Span

    Spans = Sequence[Span]


@dataclass(slots=True)
class Counts:
    """Hits, false alarms, misses and right refusals, added up."""

    hit: int = 0
    false: int = 0
    miss: int = 0
    right_no: int = 0

    def add(self, *, wanted: bool, said: bool) -> None:
        self.hit += wanted and said
        self.false += said and not wanted
        self.miss += wanted and not said
        self.right_no += not wanted and not said

    @property
    def precision(self) -> float:
        return _share(self.hit, self.hit + self.false)

    @property
    def recall(self) -> float:
        return _share(self.hit, self.hit + self.miss)

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)

    @property
    def accuracy(self) -> float:
        return _share(self.hit + self.right_no, self.hit + self.false + self.miss + self.right_no)


@dataclass(frozen=True, slots=True)
class Told:
    """One attribution as far as it is measured: where the source and where the content stands."""

    source: Spans
    content: Spans


def harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def count_labels(pairs: Iterable[tuple[bool, bool]]) -> Counts:
    """Counts over (wanted, said)."""
    counts = Counts()
    for wanted, said in pairs:
        counts.add(wanted=wanted, said=said)
    return counts


def average_precision(pairs: Iterable[tuple[bool, float]]) -> float:
    """Mean of the precision at each wanted row, rows ordered by falling score; ties keep their order."""
    hits, total = 0, 0.0
    for rank, (wanted, _) in enumerate(sorted(pairs, key=lambda pair: -pair[1]), start=1):
        if wanted:
            hits += 1
            total += hits / rank
    return _share(total, hits)


def count_borders(wanted: Sequence[str], said: Sequence[str], counts: Counts) -> None:
    """Adds the sentence ends of one document, told by the number of characters before them without white space."""
    gold, found = _ends(wanted), _ends(said)
    counts.hit += len(gold & found)
    counts.false += len(found - gold)
    counts.miss += len(gold - found)


def count_told(sentences: Spans, wanted: Sequence[Told], said: Sequence[Told], counts: Counts) -> None:
    """Adds the sentences of one document: does a content lie in them, and was one found there."""
    for sentence in sentences:
        counts.add(
            wanted=any(overlap([sentence], one.content) for one in wanted),
            said=any(overlap([sentence], one.content) for one in said),
        )


@dataclass(slots=True)
class Speakers:
    """How often a named source is the right one: overlap of both source and content with a gold attribution."""

    right: int = 0
    said: int = 0
    wanted: int = 0

    def add(self, wanted: Sequence[Told], said: Sequence[Told]) -> None:
        known = [one for one in wanted if one.source and one.content]
        named = [one for one in said if one.source]
        self.said += len(named)
        self.wanted += len(known)
        self.right += sum(_is_known(one, known) for one in named)

    @property
    def f1(self) -> float:
        return harmonic(_share(self.right, self.said), min(1.0, _share(self.right, self.wanted)))


def overlap(a: Spans, b: Spans) -> bool:
    return any(start < y and x < end for start, end in a for x, y in b)


def _is_known(one: Told, known: Sequence[Told]) -> bool:
    return any(overlap(one.content, k.content) and overlap(one.source, k.source) for k in known)


def _ends(parts: Sequence[str]) -> set[int]:
    place, found = 0, set()
    for part in parts:
        place += len("".join(part.split()))
        found.add(place)
    return found


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
