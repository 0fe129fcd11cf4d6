"""How urgent a claim is: one number from 0 to 100, and the parts it is made of. Pure: no database, no clock.

It starts from how check-worthy the words are. Every further part moves it a share of the way that is left: up towards
100, or down towards 0. So parts never add up to more than there is, and two strong ones still differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Question:
    """One question of harm, answered from 0 (not at all) to 3 (very much)."""

    key: str
    words: StrOrPromise


# The FABLE questions (Sehat et al., arXiv 2312.11678), and how many the claim reaches.
HARM: Final = (
    Question("fragmentation", gettext_lazy("Does it set groups of people against each other?")),
    Question("actionability", gettext_lazy("Could somebody act on it soon, and be hurt or hurt others?")),
    Question("believability", gettext_lazy("Would people take it for true?")),
    Question("spread", gettext_lazy("How likely is it to spread?")),
    Question("exploitation", gettext_lazy("Does it use people who can hardly defend themselves?")),
)
REACH: Final = Question("reach", gettext_lazy("How many people does it reach?"))
REACH_WORDS: Final = (
    gettext_lazy("A few"),
    gettext_lazy("A town, thousands"),
    gettext_lazy("A country, millions"),
    gettext_lazy("Many countries"),
)
DEGREES: Final = (
    gettext_lazy("Not at all"),
    gettext_lazy("A little"),
    gettext_lazy("Clearly"),
    gettext_lazy("Very much"),
)
MOST_ANSWER: Final = 3

# Shares of the way that is left.
_HARM_SHARE: Final = 0.5  # all five answered 3
_REACH_SHARES: Final = (0.0, 0.1, 0.2, 0.3)
# The nearer the deadline, the larger the share; the first one that holds counts.
_DEADLINES: Final = (
    (timedelta(hours=1), 0.5, gettext_noop("due within the hour, or late")),
    (timedelta(hours=4), 0.3, gettext_noop("due within 4 hours")),
    (timedelta(hours=24), 0.15, gettext_noop("due within a day")),
)
PERSON_LEAST: Final = 50  # somebody marked the words: they come before what only a machine found


@dataclass(frozen=True, slots=True)
class Part:
    """What one reason adds or takes away, in points."""

    name: str
    points: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """The number, its parts (they add up to it), and when time alone will change it."""

    value: int
    parts: tuple[Part, ...]
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """A rule's weight: so many percent of the way up to 100, or down to 0 where it is negative."""

    name: str
    percent: int


def priority_of(
    *, score: float, by_person: bool, answers: Mapping[str, int | None], due_at: datetime | None, now: datetime,
    pushes: Sequence[Push] = (), pinned: int | None = None,
) -> Priority:  # fmt: skip
    """The priority of a claim. `pinned` is what a person set; nothing else counts then."""
    if pinned is not None:
        return Priority(pinned, (Part(gettext_noop("set by hand"), pinned),))
    worth = round(100 * score)
    base = max(PERSON_LEAST, worth) if by_person else worth
    shares = [
        (gettext_noop("harm"), _harm(answers), ""),
        (gettext_noop("reach"), _REACH_SHARES[answers.get("reach") or 0], ""),
        (gettext_noop("deadline"), *_deadline(due_at, now)),
        *((push.name, max(-100, min(100, push.percent)) / 100, gettext_noop("rule")) for push in pushes),
    ]
    value, shown, parts = (
        float(base),
        base,
        [Part(gettext_noop("check-worthy"), base, gettext_noop("marked by a person") if by_person else "")],
    )
    for name, share, words in shares:
        value += (100 - value) * share if share > 0 else value * share
        if round(value) != shown:
            parts.append(Part(name, round(value) - shown, words))
            shown = round(value)
    return Priority(shown, tuple(parts), _again_at(due_at, now))


def _harm(answers: Mapping[str, int | None]) -> float:
    return _HARM_SHARE * sum(answers.get(one.key) or 0 for one in HARM) / (MOST_ANSWER * len(HARM))


def _deadline(due_at: datetime | None, now: datetime) -> tuple[float, str]:
    if due_at is None:
        return 0.0, ""
    left = due_at - now
    return next(((share, words) for within, share, words in _DEADLINES if left <= within), (0.0, ""))


def _again_at(due_at: datetime | None, now: datetime) -> datetime | None:
    """The next moment at which the deadline counts for more."""
    steps = [due_at - within for within, _share, _words in _DEADLINES] if due_at is not None else []
    return min((step for step in steps if step > now), default=None)
