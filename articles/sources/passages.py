"""Cutting a long text into passages an editor can read at once, each with the place a reader finds it at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 900
_PARAGRAPH: Final = re.compile(r"[^\n](?:.|\n(?!\s*\n))*")
_LINE: Final = re.compile(r"[^\n]+")
_HEADING: Final = re.compile(r"^=+\s*(.*?)\s*=+$")
_SENTENCE: Final = re.compile(r".+?(?:[.!?][\"'”’)]*(?=\s)|\Z)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text: `text` is `whole[start:end]`, `locator` says where in the words of a reader."""

    text: str
    locator: str
    start: int
    end: int


def cut_passages(whole: str, *, longest: int = LONGEST, by_line: bool = False) -> list[Passage]:
    """Passages in reading order, each at most `longest` code points.

    Paragraphs end at an empty line (with `by_line`, at every line end); longer ones are cut after sentences.
    A form feed starts a new page, counted from 1. A line like `== History ==` names the section of what
    follows and is no passage itself; paragraphs count within their section and page.
    """
    found: list[Passage] = []
    pages = whole.split("\f")
    start = 0
    for number, page in enumerate(pages, start=1):
        place = f"page {number}" if len(pages) > 1 else ""
        found.extend(_of_page(page, start, place, longest, _LINE if by_line else _PARAGRAPH))
        start += len(page) + 1
    return found


def _of_page(page: str, base: int, place: str, longest: int, unit: re.Pattern[str]) -> Iterator[Passage]:
    section, number = "", 0
    for match in unit.finditer(page):
        text = match.group().strip()
        heading = _HEADING.match(text)
        if heading:
            section, number = heading.group(1), 0
        elif text:
            number += 1
            where = [place, f'section "{section}"' if section else "", f"paragraph {number}"]
            locator = ", ".join(part for part in where if part)
            yield from _pieces(text, base + match.start() + match.group().index(text), locator, longest)


def _pieces(text: str, start: int, locator: str, longest: int) -> Iterator[Passage]:
    at = 0
    for piece in _bounded(text, longest):
        lead = len(piece) - len(piece.lstrip())
        words = piece.strip()
        if words:
            yield Passage(words, locator, start + at + lead, start + at + lead + len(words))
        at += len(piece)


def _bounded(text: str, longest: int) -> Iterator[str]:
    """The text in order, in pieces of whole sentences where they fit."""
    kept = ""
    for match in _SENTENCE.finditer(text):
        for part in _sliced(match.group(), longest):
            if kept and len(kept) + len(part) > longest:
                yield kept
                kept = ""
            kept += part
    if kept:
        yield kept


def _sliced(sentence: str, longest: int) -> Iterator[str]:
    while len(sentence) > longest:
        space = sentence.rfind(" ", 1, longest) + 1
        end = space or longest
        yield sentence[:end]
        sentence = sentence[end:]
    yield sentence
