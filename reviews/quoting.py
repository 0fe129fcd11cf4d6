"""Whether words stand in a text, word for word. Asks nothing; white space does not count, everything else does."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from sys import maxsize
from typing import TYPE_CHECKING, Final

from articles.sources.passages import cut_passages

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN: Final = 60
_WORD: Final = re.compile(r"\S+")
LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words stand, in code points, end exclusive; the first place where there are several."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NotThere:
    """Why not, in words for whoever quoted: how far the quotation goes along, and how the text goes on."""

    words: str


def place_of(passage: str, text: str) -> Place | NotThere:
    """Where `passage` stands in `text`."""
    words = passage.split()
    if len("".join(words)) < LEAST:
        return NotThere("Copy the words themselves.")
    flat = _Flat.of(text)
    wanted = " ".join(words)
    at = flat.text.find(wanted)
    if at >= 0:
        return flat.place(at, at + len(wanted))
    return NotThere(_how_far(words, flat.text))


@dataclass(frozen=True, slots=True)
class _Flat:
    """A text with single spaces; `starts` are the places of its words here and in the text as it was."""

    text: str
    starts: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> _Flat:
        parts, starts, at = [], [], 0
        for word in _WORD.finditer(text):
            starts.append((at, word.start()))
            parts.append(word.group())
            at += len(word.group()) + 1
        return cls(" ".join(parts), starts)

    def place(self, start: int, end: int) -> Place:
        return Place(self._before(start), self._before(end - 1) + 1)

    def _before(self, at: int) -> int:
        here, there = self.starts[bisect_right(self.starts, (at, maxsize)) - 1]
        return there + at - here


def _how_far(words: Sequence[str], text: str) -> str:
    """The longest beginning of the quotation that stands in the text, found by halving."""
    least, most = 0, len(words)
    while least < most - 1:
        middle = (least + most) // 2
        least, most = (middle, most) if " ".join(words[:middle]) in text else (least, middle)
    if least == 0:
        return f"It has no “{words[0][:_SHOWN]}” that the quotation could begin with."
    begun = " ".join(words[:least])
    follows = text[text.index(begun) + len(begun) :][:_SHOWN].strip()
    goes_on = f"goes on “{follows}”" if follows else "ends there"
    return f"After “{begun[-_SHOWN:]}” the text {goes_on}, and the quotation “{words[least][:_SHOWN]}”."


def place_words(text: str, start: int) -> str:
    """The place of a code point in words of a reader: “page 2, paragraph 4”."""
    locators = [one.locator for one in cut_passages(text, longest=max(1, len(text))) if one.start <= start]
    return locators[-1] if locators else "paragraph 1"
