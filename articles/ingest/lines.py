"""From raw characters to clean lines: one line a paragraph, single spaces, nothing invisible."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

LINE_BREAK: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Joiners (U+200C, U+200D) and variation selectors stay: Persian words and emoji are built with them.
# Direction marks go: they are set for a screen, and a quote with them would not match one without.
INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]"  # JSON can spell half a character
)
SPACES: Final = re.compile(r"[\s\u3164\u2800]+")
BLANKS: Final = frozenset("\u3164\u2800")  # letters and symbols by name, nothing to the eye
SENTENCE_END: Final = ".!?…:;。！？؟।"
CLOSERS: Final = "\"'”’»)]›“"

# A hard-wrapped file breaks its lines at a fixed width; anything longer means one paragraph a line.
MAX_WRAP_WIDTH: Final = 100
MIN_WRAPPED_LINE: Final = 50
MIN_WRAPPED_LINES: Final = 4
CREDIT_MARKS: Final = ("©", "(c)", "(C)")


def clean_lines(text: str) -> list[str]:
    """The lines that hold anything, cleaned; paragraphs wrapped at a fixed width are joined again."""
    lines = [clean_line(line) for line in LINE_BREAK.split(text)]
    if _is_hard_wrapped(lines):
        lines = _unwrapped(lines)
    return [line for line in lines if line]


def clean_line(line: str) -> str:
    """Single ordinary spaces, no invisible or control characters, nothing at the ends."""
    line = " ".join(line.split())
    if line.isprintable() and BLANKS.isdisjoint(line):
        return line  # nearly every line, and far quicker than to look for what is not there
    return SPACES.sub(" ", INVISIBLE.sub("", line)).strip()


def ends_sentence(text: str) -> bool:
    """Whether the last character, closing quotes and brackets aside, is final punctuation."""
    bare = text[-8:].rstrip(CLOSERS + " ")
    return bool(bare) and bare[-1] in SENTENCE_END


def _is_hard_wrapped(lines: list[str]) -> bool:
    """Short lines throughout, blank lines between paragraphs, and most full lines stop in mid-sentence.

    A sentence that goes on shows in the small letter of the next line; captions and credits one below the
    other begin with capitals.
    """
    if "" not in lines or max(map(len, lines)) > MAX_WRAP_WIDTH:
        return False
    full = [following for line, following in pairwise(lines) if _may_go_on(line, following)]
    in_sentence = sum(following[0].islower() for following in full)
    return in_sentence >= max(MIN_WRAPPED_LINES, len(full) / 2)


def _may_go_on(line: str, following: str) -> bool:
    return len(line) >= MIN_WRAPPED_LINE and bool(following) and not _stands_alone(line, following)


def _stands_alone(*lines: str) -> bool:
    return any(line.startswith(CREDIT_MARKS) for line in lines)


def _unwrapped(lines: list[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        paragraphs[-1].append(line)
        # A full line goes on even where a sentence happens to end at its edge; a short one is an end.
        if not _may_go_on(line, following):
            paragraphs.append([])
    return [" ".join(filter(None, parts)) for parts in paragraphs]
