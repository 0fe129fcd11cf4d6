"""Citations in a rationale: [2] or [1, 3] name evidence by its number. Pure Python.

While a verdict is written, a piece of evidence has the number of its place in the order in which the claim's evidence
came; keeping and dropping changes none. A proposed verdict counts what it rests on from 1, as readers see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Years and longer numbers in brackets are not citations.
_CITED: Final = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text; `number` is what it cites, None for plain words."""

    text: str
    number: int | None = None


def cited(text: str) -> list[int]:
    """Every number the text cites, once, in the order of the text."""
    return list(dict.fromkeys(part.number for part in parts(text) if part.number is not None))


def parts(text: str) -> Iterator[Part]:
    """The text in pieces that give the text again when joined."""
    at = 0
    for bracket in _CITED.finditer(text):
        for number in _NUMBER.finditer(text, bracket.start(1), bracket.end(1)):
            if number.start() > at:
                yield Part(text[at : number.start()])
            yield Part(number.group(), int(number.group()))
            at = number.end()
    if at < len(text):
        yield Part(text[at:])


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text with other numbers; raises KeyError for one that has no other."""
    return "".join(part.text if part.number is None else str(numbers[part.number]) for part in parts(text))


def numbered(keys: Iterable[int]) -> dict[int, int]:
    """Key of each piece of evidence to its number on the desk: they are counted as they came."""
    return {key: number for number, key in enumerate(sorted(keys), 1)}
