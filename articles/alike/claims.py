"""Which claims of two versions of a story are one claim."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from rapidfuzz import fuzz

from articles.extraction.relations import is_limited

ALIKE: Final = 88.0
"""Least rapidfuzz ratio of the words of two quotations, or of two statements."""

_WORD: Final = re.compile(r"\w+(?:[.,]\d+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared of a claim: its words in the text, its wording, and whether its speaker denies it."""

    quote: str
    statement: str
    stance: str = "asserts"


def twins(ours: Sequence[tuple[Key, Said]], theirs: Sequence[tuple[Key, Said]]) -> list[tuple[Key, Key]]:
    """For each of our claims the one of theirs that says the same in nearly the same words, if there is one.

    The figures must be the same, and what is denied or limited in one must be so in the other: a changed number is
    another claim, however alike the words.
    """
    known = [(key, _Form(said)) for key, said in theirs]
    found = []
    for key, said in ours:
        form = _Form(said)
        best = max(((form.like(other), pk) for pk, other in known), key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= ALIKE:
            found.append((key, best[1]))
    return found


class _Form:
    """A claim with its words small and its figures apart."""

    def __init__(self, said: Said) -> None:
        self.quote, self.statement = _plain(said.quote), _plain(said.statement)
        figures = frozenset(figure.replace(",", "") for figure in _NUMBER.findall(said.quote))
        self.means = (figures, is_limited(said.quote), said.stance == "denies")

    def like(self, other: _Form) -> float:
        if self.means != other.means:
            return 0.0
        quotes = fuzz.ratio(self.quote, other.quote, score_cutoff=ALIKE)
        return quotes or fuzz.ratio(self.statement, other.statement, score_cutoff=ALIKE)


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.casefold()))
