"""Where words stand between quotation marks, in the conventions of several languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from articles.extraction.base import Span

CLOSERS: Final = {
    '"': '"',
    "“": "”“",
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
    opened = -1
    for i in range(start, end):
        char = text[i]
        if opened >= 0 and char in CLOSERS[text[opened]] and _may_close(text, opened, i, end):
            yield Quotation(opened, i + 1, (opened + 1, i), True)
            opened = -1
        elif opened < 0 and char in CLOSERS and _may_open(text, start, i, end):
            opened = i
    if opened >= 0 and (text[opened] in _ONE_WAY or not text[start:opened].strip()) and text[opened] not in _SINGLE:
        yield Quotation(opened, end, (opened + 1, end), False)


def _may_open(text: str, start: int, i: int, end: int) -> bool:
    if text[i] == "“" or text[i] in "„«「『‹":
        return True
    return (i == start or not text[i - 1].isalnum()) and i + 1 < end and not text[i + 1].isspace()


def _may_close(text: str, opened: int, i: int, end: int) -> bool:
    if text[opened] in _SINGLE:
        return (i + 1 >= end or not text[i + 1].isalnum()) and i > opened + 2 and not text[i - 1].isspace()
    return text[opened] != '"' or i + 1 >= end or not text[i + 1].isalnum() or text[i - 1] in ".,!?"


def covers(quotations: Iterable[Quotation], place: int) -> bool:
    return any(quote.start <= place < quote.end for quote in quotations)
