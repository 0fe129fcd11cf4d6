"""How a claim of one article stands to a claim of another: the same, the contrary, a denial, another number.

Two statements speak of one thing when they share a name and most of their other words; what makes the difference
then is who denies, what is negated and which numbers stand in them. Nothing is guessed from meaning alone: vectors
cannot tell a claim from its denial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from articles.extraction.relations import content_words, figures, is_limited

if TYPE_CHECKING:
    from articles.extraction.base import RelationKind

ALIKE: Final = 0.6
"""Share of the words of the shorter statement, names left out, that both must have."""

FEWEST_WORDS: Final = 3
_NAME: Final = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]\w+ [A-Z]\w+")


@dataclass(frozen=True, slots=True)
class Stated:
    """What is compared of a claim."""

    statement: str
    speaker: str = ""
    stance: str = "asserts"

    @property
    def names(self) -> frozenset[str]:
        """Single words of the names, small; the first word of a sentence only where a second one follows."""
        return frozenset(word.lower() for name in _NAME.findall(self.statement) for word in name.split())

    @property
    def numbers(self) -> frozenset[str]:
        return figures(self.statement)


def relation_across(a: Stated, b: Stated) -> RelationKind | None:
    """How `a` stands to `b`, claims of two articles; None where they do not speak of one thing."""
    names = a.names | b.names
    in_a, in_b = content_words(a.statement) - names, content_words(b.statement) - names
    in_a, in_b = _without_numbers(in_a), _without_numbers(in_b)
    shorter = min(len(in_a), len(in_b))
    if not a.names & b.names or shorter < FEWEST_WORDS or len(in_a & in_b) < ALIKE * shorter:
        return None
    if {a.stance, b.stance} == {"asserts", "denies"}:
        return "denies" if a.stance == "denies" else "contradicts"
    if is_limited(a.statement) != is_limited(b.statement):
        return "contradicts"
    return "repeats" if other_number(a, b) or a.speaker == b.speaker != "" else "same"


def other_number(a: Stated, b: Stated) -> bool:
    """Whether both give figures and neither gives all those of the other."""
    return bool(a.numbers and b.numbers) and not (a.numbers <= b.numbers or b.numbers <= a.numbers)


def _without_numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if not word[0].isdigit())
