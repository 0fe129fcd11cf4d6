"""A text cut at the borders of its claims, sentences and notes. Pure: no database, no HTML.

All offsets count code points in the text; `end` is exclusive. A claim keeps one lane from its first to
its last word; shorter claims lie nearer to the words; a fourth claim on the same words has no lane.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal

from reviews.shown import NO_FACT, Shown, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LANES: Final = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim as the text shows it."""

    pk: int
    number: int
    start: int
    end: int
    state: Shown
    current: bool = False


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A thread of notes on words: its number button stands behind the last word."""

    pk: int
    start: int
    end: int
    count: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to draw: a sentence's tick, a claim's or a note's button, or words."""

    kind: Literal["tick", "ref", "note", "words"]
    at: int = 0
    text: str = ""
    number: int = 0
    state: Shown | None = None
    claim: Marked | None = None
    note: NoteMark | None = None
    claims: tuple[Marked, ...] = ()
    lanes: tuple[str, str, str] = ("", "", "")
    no_fact: bool = False
    span: tuple[int, int] = (0, 0)  # of the sentence of a tick
    unmarked: bool = False  # a sentence nobody has looked at, where each must be

    @property
    def numbers(self) -> str:
        """Shortest claim first: that is the one a click on the words selects."""
        return " ".join(str(claim.number) for claim in self.claims)

    @property
    def current(self) -> bool:
        return any(claim.current for claim in self.claims)

    @property
    def stale(self) -> bool:
        return any(claim.state.line == "stale" for claim in self.claims)


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """What lies over a text. `looked_at` is False before the extractor has read it.

    `unmarked` are the sentences that still must be looked at, where the text is gone through line by line.
    """

    claims: Sequence[Marked] = ()
    sentences: Sequence[tuple[int, int]] = ()
    notes: Sequence[NoteMark] = ()
    looked_at: bool = True
    unmarked: frozenset[tuple[int, int]] = frozenset()


def lanes_of(claims: Iterable[Marked]) -> dict[int, int]:
    """Lane 0 (nearest the words) to 2 by primary key; what finds no free lane is left out."""
    taken: list[list[tuple[int, int]]] = [[] for _ in range(LANES)]
    lanes: dict[int, int] = {}
    for claim in sorted(claims, key=lambda one: (one.end - one.start, one.start, one.pk)):
        for lane, held in enumerate(taken):
            place = bisect_left(held, (claim.start, claim.end))
            before_ok = place == 0 or held[place - 1][1] <= claim.start
            if before_ok and (place == len(held) or held[place][0] >= claim.end):
                held.insert(place, (claim.start, claim.end))
                lanes[claim.pk] = lane
                break
    return lanes


def draw(text: str, blocks: Sequence[tuple[str, int, int]], layers: Layers) -> list[DrawnBlock]:
    """Every block as pieces in reading order; the words of the pieces joined are the words of the block."""
    drawing = _Drawing(text, layers)
    return [DrawnBlock(kind, tuple(drawing.block(start, end))) for kind, start, end in blocks]


class _Drawing:
    """The layers sorted once, so that a block costs what lies in it and not what lies in the text."""

    def __init__(self, text: str, layers: Layers) -> None:
        self.text, self.layers = text, layers
        self.lanes = lanes_of(layers.claims)
        self.claims = sorted(layers.claims, key=attrgetter("start"))
        self.starts = [claim.start for claim in self.claims]
        self.longest = max((claim.end - claim.start for claim in self.claims), default=0)
        self.sentences = sorted(layers.sentences)
        self.notes = sorted(layers.notes, key=attrgetter("end"))

    def block(self, start: int, end: int) -> list[Piece]:
        claims = self._claims_in(start, end)
        sentences = {at: number for number, (at, stop) in self._sentences_in(start, end)}
        notes = self._notes_in(start, end)
        pieces: list[Piece] = []
        for left, right in self._cuts(start, end, claims, [note.end for note in notes]):
            if left in sentences:
                pieces.append(self._tick(sentences[left], claims))
            pieces += [Piece("ref", claim=claim) for claim in _begin(claims, left, start)]
            pieces.append(self._words(left, right, claims))
            pieces += [Piece("note", note=note) for note in notes if note.end == right]
        return pieces

    def _claims_in(self, start: int, end: int) -> list[Marked]:
        first = bisect_left(self.starts, start - self.longest)
        near = self.claims[first : bisect_left(self.starts, end)]
        return [claim for claim in near if claim.end > start]

    def _sentences_in(self, start: int, end: int) -> list[tuple[int, tuple[int, int]]]:
        first = bisect_left(self.sentences, (start, 0))
        last = bisect_left(self.sentences, (end, 0))
        return list(enumerate(self.sentences[first:last], start=first + 1))

    def _notes_in(self, start: int, end: int) -> list[NoteMark]:
        ends = [note.end for note in self.notes]
        return self.notes[bisect_right(ends, start) : bisect_right(ends, end)]

    def _cuts(self, start: int, end: int, claims: list[Marked], more: list[int]) -> list[tuple[int, int]]:
        borders = {start, end, *more}
        borders |= {at for claim in claims for at in (claim.start, claim.end)}
        borders |= {at for _, span in self._sentences_in(start, end) for at in span}
        inside = sorted(at for at in borders if start <= at <= end)
        return list(itertools.pairwise(inside))

    def _tick(self, number: int, claims: list[Marked]) -> Piece:
        start, end = self.sentences[number - 1]
        here = [claim for claim in claims if claim.start < end and claim.end > start]
        state = worst(claim.state for claim in here)
        first = next((claim for claim in here if claim.state == state), None)
        return Piece(
            "tick", number=number, state=state or NO_FACT, claim=first, span=(start, end),
            unmarked=(start, end) in self.layers.unmarked,
        )  # fmt: skip

    def _words(self, left: int, right: int, claims: list[Marked]) -> Piece:
        over = [claim for claim in claims if claim.start <= left and claim.end >= right]
        over.sort(key=lambda claim: (claim.end - claim.start, claim.start))
        lanes = ["", "", ""]
        for claim in over:
            if claim.pk in self.lanes:
                lanes[self.lanes[claim.pk]] = claim.state.line
        quiet = not over and self.layers.looked_at and self._without_fact(left, right)
        return Piece(
            "words", at=left, text=self.text[left:right], claims=tuple(over),
            lanes=(lanes[0], lanes[1], lanes[2]), no_fact=quiet,
        )  # fmt: skip

    def _without_fact(self, left: int, right: int) -> bool:
        """Whether the words lie in a sentence that no claim touches."""
        place = bisect_right(self.sentences, (left, len(self.text) + 1)) - 1
        if place < 0 or self.sentences[place][1] < right:
            return False
        return not self._claims_in(*self.sentences[place])


def _begin(claims: list[Marked], at: int, block_start: int) -> list[Marked]:
    """Claims whose button stands here: they begin here, or began in an earlier block."""
    here = [claim for claim in claims if claim.start == at or (at == block_start and claim.start < at)]
    return sorted(here, key=lambda claim: (claim.start - claim.end, claim.number))
