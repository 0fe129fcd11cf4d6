"""Words in front of a colon that say who speaks: "Q: ...", "ROE: ...", "Poll: bridge is popular"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from articles.extraction import cues
from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import Span
    from articles.extraction.names import NameBook

_LABEL: Final = re.compile(r"(?P<who>[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,5})(?P<colon>:)\s+(?=\S)")
_ALWAYS: Final = frozenset({"Q", "A"})
_FINDERS: Final = cues.UNNAMED | word_list("poll polls study survey court judge lawyer lawyers company union")
_NEVER: Final = word_list(
    "note update updated photo video more read watch related here source correction exclusive breaking analysis"
    " opinion live story time date location contact email phone place credit image caption topic comment question"
    " latest news daily"
)


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """`who` and `colon` are spans of the text; `speaks_on`: the rest of the paragraph is theirs too."""

    who: Span
    colon: Span
    speaks_on: bool


def find_labels(text: str, blocks: Sequence[Span], book: NameBook) -> dict[int, SpeakerLabel]:
    """Labels by the place where their paragraph begins. One look at each paragraph's first words."""
    matches = [match for start, end in blocks if (match := _LABEL.match(text, start, end))]
    often = Counter(match["who"] for match in matches)
    found = {}
    for match in matches:
        again = often[match["who"]] > 1
        if _is_speaker(match["who"], book, again=again):
            speaks_on = match["who"] in _ALWAYS or (again and match["who"].split()[-1].isupper())
            found[match.start()] = SpeakerLabel(match.span("who"), match.span("colon"), speaks_on)
    return found


def _is_speaker(who: str, book: NameBook, *, again: bool) -> bool:
    words = who.split()
    last = words[-1]
    if who in _ALWAYS or (last.lower() in _FINDERS and len(words) <= 4):
        return True
    if last.lower() in _NEVER or not last[0].isupper():
        return False
    known = last in book.people or last.title() in book.people
    return len(words) <= 4 and (known or (again and last.isupper()))
