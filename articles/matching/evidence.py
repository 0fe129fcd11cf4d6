"""What two wordings agree and differ in: numbers, names, years, direction, negation. Pure Python.

Sentence vectors put "14 drones" beside "41 drones" and "fell" beside "doubled". These signs tell them apart, and
they are what an editor is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from articles.ranking import signals
from articles.ranking.words import STOP_WORDS, stem

_RISING: Final = """
rise rises rose risen rising raise raised raises grow grows grew grown growing increase increases increased
increasing double doubles doubled doubling triple tripled quadrupled soar soared soaring jump jumped jumps climb
climbed climbs surge surged surges gain gained gains higher more expanded strengthened improved
"""
_FALLING: Final = """
fall falls fell fallen falling drop drops dropped dropping decline declines declined declining decrease
decreases decreased decreasing halve halved halves shrink shrank shrunk plunge plunged plunges sink sank sunk
lower lowered less fewer lost slump slumped tumbled weakened worsened reduced reduces reduce
"""
_UP: Final = frozenset(_RISING.split())
_DOWN: Final = frozenset(_FALLING.split())
_TOKEN: Final = re.compile(r"[^\W\d_]+")
# A headline that begins so gives the verdict; its "no" and "not" deny the claim and are no part of it.
_VERDICT_FIRST: Final = re.compile(
    r"(?i)^(?:no\b|did\b|does\b|is\b|are\b|was\b|were\b|has\b|have\b|can\b|will\b|why\b)"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Each field is empty where there is nothing to say. `differs` is set when the two cannot both be meant."""

    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    other_numbers: tuple[str, str] | tuple[()] = ()
    other_years: tuple[str, str] | tuple[()] = ()
    directions: tuple[str, str] | tuple[()] = ()
    negation: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.other_numbers or self.directions or self.negation)


NOTHING: Final = Evidence()


def compare(asked: str, claim: str) -> Evidence:
    """Signs for and against that `asked` and `claim` state the same."""
    mine, theirs = signals.read(asked), signals.read(claim)
    clashes = signals.clashing_numbers(mine, theirs)
    return Evidence(
        numbers=tuple(sorted((mine.numbers.keys() & theirs.numbers.keys()) | (mine.years & theirs.years))),
        names=_names(asked, claim),
        other_numbers=clashes[0] if clashes else (),
        other_years=_other_years(mine.years, theirs.years),
        directions=_directions(asked, claim),
        negation=_negation_differs(asked, claim),
    )


def _names(asked: str, claim: str) -> tuple[str, ...]:
    """Words with a capital in both, as the claim writes them."""
    mine = {_root(token.lower()) for token in _capitals(asked)}
    return tuple(dict.fromkeys(token for token in _capitals(claim) if _root(token.lower()) in mine))


# The words of one question are looked up again for each of its candidates.
_root = lru_cache(maxsize=50_000)(stem)


def _capitals(text: str) -> list[str]:
    found = [token for token in _TOKEN.findall(text) if token[0].isupper() and len(token) > 1]
    return [token for token in found if token.lower() not in STOP_WORDS]


def _other_years(mine: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | tuple[()]:
    if mine and theirs and not mine & theirs:
        return min(mine), min(theirs)
    return ()


def _directions(asked: str, claim: str) -> tuple[str, str] | tuple[()]:
    """A word of rising in the one against a word of falling in the other."""
    mine, theirs = (_TOKEN.findall(text.lower()) for text in (asked, claim))
    for up, down in ((_UP, _DOWN), (_DOWN, _UP)):
        mine_up, theirs_down = _only(mine, up, down), _only(theirs, down, up)
        if mine_up and theirs_down:
            return mine_up, theirs_down
    return ()


def _only(tokens: list[str], wanted: frozenset[str], other: frozenset[str]) -> str:
    if any(token in other for token in tokens):
        return ""
    return next((token for token in tokens if token in wanted), "")


def _negation_differs(asked: str, claim: str) -> bool:
    if _VERDICT_FIRST.match(claim) or signals.DENIALS.search(signals.NEGATIONS.sub(" ", claim)):
        return False
    return signals.negated(asked) != signals.negated(claim)
