"""Captions of a page: the words about the picture apart from whoever took it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from articles.ingest.credits import copies_of, split_credit, split_trailing, starts_with_credit
from articles.ingest.names import is_name_like, is_pure_name
from articles.ingest.pieces import Piece, drop

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_WORDS: Final = 4  # fewer under a picture name its owner
WINDOW: Final = 200  # a credit stands at the end
MAX_OWNER_WORDS: Final = 8
# "Photograph: Jane Roe", "(Image credit: Tessel)", "Illustration by Jane Roe", wherever it begins.
LABEL: Final = re.compile(
    r"[\s(\[|]*\b(?:photo(?:graph|graphy|grapher|s)?|image|picture|illustration|graphic|video|source|credits?|courtesy)"
    r"(?:\s(?:credit|source|courtesy))?(?:\s?[:©]|\s(?:by|of|courtesy)\s(?=(?-i:[A-Z])))\s?\S.{0,120}$",
    re.IGNORECASE,
)
IN_BRACKETS: Final = re.compile(r"\s*[(\[](?P<name>[^()\[\]]{2,70})[)\]]?[.\s]*$")
BEHIND_STOP: Final = re.compile(r"(?<=[.!?…”\"])\s+(?P<name>[^.!?]{2,60})$")
AGENCY: Final = re.compile(
    r"\b(?:Getty(?:\sImages)?|Reuters|Shutterstock|i?Stock(?:photo)?|Alamy|Unsplash|Associated Press|Bloomberg)\b"
    r"|\b(?:AP|AFP|EPA|PA|DPA|TASS|SWNS)\s*(?:Images|Photo)?\W*$",
    re.IGNORECASE,
)


def caption_pieces(text: str) -> Iterator[Piece]:
    """The caption, if there is one, and the credit, if there is one, in the order in which they stand."""
    if starts_with_credit(text):
        split = split_credit(text, copies_of([]))
        yield drop(split.credit, "credit")
        yield from [Piece(split.caption, "caption")] if split.caption else []
        return
    end = _credit_start(text)
    caption, credit = text[:end].rstrip(" (["), text[end:].strip()
    if len(caption.split()) < MIN_WORDS or _is_owner(caption):
        caption, credit = "", text
    yield from [Piece(caption, "caption")] if caption else []
    yield from [drop(credit, "credit")] if credit else []


def _credit_start(text: str) -> int:
    """Where the credit behind the caption begins; the length of the text when there is none."""
    label = LABEL.search(text, max(0, len(text) - WINDOW))
    if label:
        return label.start()
    trailing = split_trailing(text)
    if trailing:
        return len(trailing.caption)
    for pattern in (IN_BRACKETS, BEHIND_STOP):
        match = pattern.search(text, max(0, len(text) - WINDOW))
        if match and _may_own(match["name"]):
            return match.start()
    return len(text)


def _may_own(name: str) -> bool:
    return len(name.split()) <= MAX_OWNER_WORDS and (is_pure_name(name) or bool(AGENCY.search(name)))


def _is_owner(caption: str) -> bool:
    """ "Jane Roe/Getty Images" with no caption before it."""
    return len(caption.split()) <= MAX_OWNER_WORDS and bool(AGENCY.search(caption)) and is_name_like(caption)
