"""Two versions of a text laid side by side: which stretches are the same, moved ones too.

Stretches are grown from runs of words that occur exactly once in either version, so that what repeats is never
matched by chance. Time and memory grow with the texts, not with their product. Offsets count code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEED: Final = 5
"""Words (and marks) in a row that must be unique in both versions for a stretch to be grown from them."""

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")

Span = tuple[int, int]


class Stretch(NamedTuple):
    """`length` words from the `old`-th of the old text are those from the `new`-th of the new text."""

    old: int
    new: int
    length: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words and marks."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covering(self, start: int, end: int) -> Span:
        """The first word that `text[start:end]` touches and the one after the last; empty where it touches none."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def cut(text: str) -> Words:
    found = [(match.group(), *match.span()) for match in _TOKEN.finditer(text)]
    words, starts, ends = zip(*found, strict=True) if found else ((), (), ())
    return Words(words, starts, ends)


@dataclass(frozen=True, slots=True)
class _Index:
    """Stretches in the order of one of the texts, to be found by the words they go over."""

    stretches: tuple[Stretch, ...]
    starts: tuple[int, ...]
    reach: tuple[int, ...]  # the farthest end of a stretch and of all before it

    def over(self, first: int, last: int) -> Iterator[Stretch]:
        """The stretches that go over all words from `first` to `last`."""
        at = bisect_right(self.starts, first) - 1
        while at >= 0 and self.reach[at] >= last:
            one = self.stretches[at]
            if self.starts[at] + one.length >= last:
                yield one
            at -= 1


def _index(stretches: Sequence[Stretch], start: Callable[[Stretch], int]) -> _Index:
    ordered = sorted(stretches, key=start)
    reach = accumulate((start(one) + one.length for one in ordered), max)
    return _Index(tuple(ordered), tuple(map(start, ordered)), tuple(reach))


@dataclass(frozen=True, slots=True)
class Alignment:
    """`stretches` in the order of the old text; they may overlap where words repeat."""

    old: Words
    new: Words
    stretches: tuple[Stretch, ...]
    _by_old: _Index = field(init=False)
    _by_new: _Index = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_old", _index(self.stretches, attrgetter("old")))
        object.__setattr__(self, "_by_new", _index(self.stretches, attrgetter("new")))

    def images(self, start: int, end: int) -> set[Span]:
        """Every place in the new text that a stretch over all of `old[start:end]` and what is around it leads to.

        Around it are at least `SEED` words on one side, or the beginning or the end of both texts.
        """
        first, last = self.old.covering(start, end)
        if first == last:
            return set()
        over = self._by_old.over(first, last)
        return {
            (self._moved(start, first, one), self._moved_end(end, last, one))
            for one in over
            if first - one.old >= SEED or one.old + one.length - last >= SEED or self._is_edge(one)
        }

    def _is_edge(self, one: Stretch) -> bool:
        ends = (one.old + one.length, one.new + one.length)
        return one.old == one.new == 0 or ends == (len(self.old.words), len(self.new.words))

    def neighbourhood(self, start: int, end: int) -> tuple[int | None, int | None]:
        """Where the new text should hold these words by what stands before them, and by what stands after.

        Each is None where nothing on that side is the same.
        """
        first, last = self.old.covering(start, end)
        at = bisect_right(self._by_old.starts, first)
        before = max(
            self.stretches[:at], key=lambda one: (min(one.old + one.length, first), one.length), default=None
        )
        behind = [one for one in self.stretches if one.old + one.length >= last]
        after = min(behind, key=lambda one: (max(one.old, last), -one.length), default=None)
        return self._behind(before, first), self._ahead(after, last)

    def is_elsewhere(self, start: int, end: int, old: Span) -> bool:
        """Whether `new[start:end]` is the same as old words other than those of the span `old`."""
        first, last = self.new.covering(start, end)
        mine = self.old.covering(*old)
        return any(
            last + one.old - one.new <= mine[0] or first + one.old - one.new >= mine[1]
            for one in self._by_new.over(first, last)
        )

    def _moved(self, place: int, word: int, one: Stretch) -> int:
        return self.new.starts[word - one.old + one.new] + place - self.old.starts[word]

    def _moved_end(self, place: int, last: int, one: Stretch) -> int:
        return self.new.ends[last - 1 - one.old + one.new] + place - self.old.ends[last - 1]

    def _behind(self, one: Stretch | None, first: int) -> int | None:
        if one is None:
            return None
        word = min(first, one.old + one.length - 1)
        image = word - one.old + one.new
        return self.new.starts[image] if word == first else self.new.ends[image]

    def _ahead(self, one: Stretch | None, last: int) -> int | None:
        if one is None:
            return None
        word = max(last - 1, one.old)
        image = word - one.old + one.new
        return self.new.ends[image] if word == last - 1 else self.new.starts[image]


def align(old_text: str, new_text: str) -> Alignment:
    """Lay two texts side by side."""
    old, new = cut(old_text), cut(new_text)
    head = _common(old.words, new.words)
    tail = _common(old.words[::-1], new.words[::-1])
    found = [Stretch(0, 0, head), Stretch(len(old.words) - tail, len(new.words) - tail, tail)]
    found += _grown(old.words, new.words, head, tail)
    kept = {one for one in found if one.length}
    return Alignment(old, new, tuple(sorted(kept)))


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length


def _grown(old: Sequence[str], new: Sequence[str], head: int, tail: int) -> Iterator[Stretch]:
    """Stretches from unique seeds; of what is the same from either end of the texts, only the edge is looked at."""
    seeds = _unique(new, head, tail)
    done, shift = -1, 0
    for at, words in sorted((at, words) for words, at in _unique(old, head, tail).items()):
        there = seeds.get(words)
        if there is None or (at < done and there - at == shift):
            continue
        one = _grow(old, new, at, there)
        done, shift = one.old + one.length, one.new - one.old
        yield one


def _unique(words: Sequence[str], head: int, tail: int) -> dict[tuple[str, ...], int]:
    first, last = max(0, head - SEED), min(len(words), len(words) - tail + SEED) - SEED
    found: dict[tuple[str, ...], int] = {}
    for at in range(first, last + 1):
        seed = tuple(words[at : at + SEED])
        found[seed] = -1 if seed in found else at
    return {seed: at for seed, at in found.items() if at >= 0}


def _grow(old: Sequence[str], new: Sequence[str], at: int, there: int) -> Stretch:
    left = 0
    while at > left and there > left and old[at - left - 1] == new[there - left - 1]:
        left += 1
    right = SEED
    while at + right < len(old) and there + right < len(new) and old[at + right] == new[there + right]:
        right += 1
    return Stretch(at - left, there - left, left + right)
