"""Where two wordings differ, word by word: what an editor's eye should fall on first. Pure Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from articles.matching.words import words_of
from articles.ranking.signals import NEGATIONS
from articles.ranking.words import NUMBER_WORDS

Kind = Literal["same", "word", "number", "date", "negation"]

_TOKEN: Final = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)?|\s+|.", re.DOTALL)
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_CALENDAR: Final = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tomorrow",
    ]
)
# Below this share of common words nearly all would be marked, which tells nothing.
_MUCH_IN_COMMON: Final = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring words of one kind, verbatim; the pieces of a text joined are the text."""

    text: str
    kind: Kind

    @property
    def differs(self) -> bool:
        return self.kind != "same"


def differences(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces. Numbers, dates and negations only one of them has are marked always, other words only
    where the two have at least half of their words in common.
    """
    ours, others = set(words_of(mine)), set(words_of(theirs))
    fewest = min(len(ours), len(others))
    words_too = bool(fewest) and len(ours & others) / fewest >= _MUCH_IN_COMMON
    negated = len(NEGATIONS.findall(mine)), len(NEGATIONS.findall(theirs))
    return (
        _pieces(mine, others, words_too=words_too, negations_too=negated[0] > negated[1]),
        _pieces(theirs, ours, words_too=words_too, negations_too=negated[1] > negated[0]),
    )


def _pieces(text: str, others: set[str], *, words_too: bool, negations_too: bool) -> list[Piece]:
    pieces: list[Piece] = []
    for token in _TOKEN.findall(text):
        kind = _kind(token, others, negations_too=negations_too)
        if kind == "word" and not words_too:
            kind = "same"
        if pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(pieces[-1].text + token, kind)
        else:
            pieces.append(Piece(token, kind))
    return _without_gaps(pieces)


def _kind(token: str, others: set[str], *, negations_too: bool) -> Kind:
    if NEGATIONS.fullmatch(token) or token.lower().replace("’", "'").endswith("n't"):
        return "negation" if negations_too else "same"
    words = _words(token)
    if not words or words[0] in others:
        return "same"
    if _YEAR.fullmatch(token) or token.lower() in _CALENDAR:
        return "date"
    return "number" if token[0].isdigit() or token.lower() in NUMBER_WORDS else "word"


_words = lru_cache(maxsize=10_000)(words_of)


def _without_gaps(pieces: list[Piece]) -> list[Piece]:
    """White space between two marks of one kind belongs to the mark."""
    joined: list[Piece] = []
    for piece in pieces:
        if len(joined) > 1 and joined[-1].text.isspace() and joined[-2].kind == piece.kind != "same":
            gap = joined.pop()
            joined[-1] = Piece(joined[-1].text + gap.text + piece.text, piece.kind)
        else:
            joined.append(piece)
    return joined
