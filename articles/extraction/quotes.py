"""Where words stand between quotation marks, in the conventions of several languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from articles.extraction.base import Span

CLOSERS: Final = {
    '"': '"',
    "“": '”“"',
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’",
    "'": "'",
}
"""What may close each opening mark; Swedish and Finnish open with the closing one."""

_ONE_WAY: Final = frozenset("“„«「『")
_SINGLE: Final = frozenset("'‘")
_TWO: Final = "''"
_DOUBLED: Final = frozenset([_TWO, "``"])
"""Double quotation marks as some archives write them: two apostrophes, or two back-ticks to open."""

_MARK: Final = re.compile(r"''|``|[\"“”„«»‹›「」『』‘’']")


class Quotation(NamedTuple):
    """`start`/`end` with the marks, `inner` without; `closed` is False where the paragraph ends first."""

    start: int
    end: int
    inner: Span
    closed: bool


def find_quotations(text: str, stretches: Iterable[Span]) -> tuple[Quotation, ...]:
    """Outermost quotations of each stretch (paragraph), in order. Linear: one pass a stretch.

    A mark that is never closed counts where it can only open, or at the beginning of the stretch: that is how
    a speech that goes on in the next paragraph is set; elsewhere it is inches, an apostrophe or a misprint.
    """
    return tuple(quote for start, end in stretches for quote in _in_stretch(text, start, end))


def _in_stretch(text: str, start: int, end: int) -> Iterator[Quotation]:
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text, start, end):
        if opened is not None and mark.group() in _closers(opened) and _may_close(text, opened, mark, end):
            yield Quotation(opened.start(), mark.end(), (opened.end(), mark.start()), True)
            opened = None
        elif opened is None and _may_open(text, start, mark, end):
            opened = mark
    if opened is not None and _is_left_open(text, start, opened):
        yield Quotation(opened.start(), end, (opened.end(), end), False)


def _closers(opened: re.Match[str]) -> tuple[str, ...]:
    return (_TWO,) if opened.group() in _DOUBLED else tuple(CLOSERS[opened.group()])


def _is_left_open(text: str, start: int, opened: re.Match[str]) -> bool:
    mark = opened.group()
    return mark not in _SINGLE and (mark in _ONE_WAY or not text[start : opened.start()].strip())


def _may_open(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    if mark.group() in "“„«「『‹":
        return True
    if mark.group() not in CLOSERS and mark.group() not in _DOUBLED:
        return False
    i, after = mark.start(), mark.end()
    return (i == start or not text[i - 1].isalnum()) and after < end and not text[after].isspace()


def _may_close(text: str, opened: re.Match[str], mark: re.Match[str], end: int) -> bool:
    i, after = mark.start(), mark.end()
    free = after >= end or not text[after].isalnum()
    if opened.group() in _SINGLE:
        return free and i > opened.start() + 2 and not text[i - 1].isspace()
    return opened.group() not in {'"', *_DOUBLED} or free or text[i - 1] in ".,!?"


def covers(quotations: Iterable[Quotation], place: int) -> bool:
    return any(quote.start <= place < quote.end for quote in quotations)
