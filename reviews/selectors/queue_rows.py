"""A row of the queue as people read it: how far the sources are, who has it, why it stands where it does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from articles.choices import RunState
from reviews import shown
from reviews.policies import granted
from reviews.selectors.twins import Twin, twins_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.contrib.auth.models import User

# What a run's state is to somebody who waits for it.
STEP_OF: Final[dict[str, str]] = {
    RunState.OK: "ok",
    RunState.EMPTY: "ok",
    RunState.RUNNING: "running",
    RunState.QUEUED: "waiting",
    RunState.THROTTLED: "failed",
    RunState.FAILED: "failed",
}
STEPS: Final = ("ok", "running", "waiting", "failed")


@dataclass(frozen=True, slots=True)
class Prefill:
    """How far the sources are: one letter a question, in the order ok, running, waiting, failed."""

    ok: int = 0
    running: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.ok + self.running + self.waiting + self.failed

    @property
    def steps(self) -> list[str]:
        return [""] * self.ok + ["run"] * self.running + ["wait"] * self.waiting + ["fail"] * self.failed

    @property
    def is_open(self) -> bool:
        return bool(self.running or self.waiting)

    @property
    def words(self) -> str:
        said = _("%(ok)s of %(total)s sources answered") % {"ok": self.ok, "total": self.total}
        return (
            (_("%(said)s, %(failed)s not consulted") % {"said": said, "failed": self.failed}) if self.failed else said
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Who has it, as the desk shows people."""

    name: str
    initials: str
    is_you: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    pk: int
    number: int
    priority: int
    why: str
    statement: str
    quote: str
    speaker: str
    article: int
    article_title: str
    state: shown.Shown
    prefill: Prefill
    assignee: Person | None
    due_at: datetime | None
    created_at: datetime
    needs_me: bool
    asked_by: str = ""
    twin: Twin | None = None

    @property
    def place(self) -> str:
        return f"{self.priority}-{self.pk}"


def rows_of(values: list[Any], person: User) -> list[QueueRow]:
    twins = twins_shown([value["pk"] for value in values if value.get("has_twin")])
    return [_row(value, person, next(iter(twins.get(value["pk"], [])), None)) for value in values]


def prefill_of(states: Iterable[str]) -> Prefill:
    """The same for the questions of one claim that were read already."""
    return Prefill(**Counter(STEP_OF[state] for state in states if state in STEP_OF))


def _row(value: dict[str, Any], person: User, twin: Twin | None) -> QueueRow:
    state = shown.shown(value["state"], value["work__state"], stale=value["stale_anchor"])
    return QueueRow(
        pk=value["pk"],
        number=value["number"],
        priority=value["priority"],
        why=", ".join(_(one) for one in why_of(value["priority_parts"], value["reasons"])[:2]),
        statement=value["statement"],
        quote=value["quote"],
        speaker=value["speaker"]
        or _("%(name)s, own voice") % {"name": value["article__publisher"] or _("The article")},
        article=value["article_id"],
        article_title=value["article__title"],
        state=state,
        prefill=Prefill(**{step: value[step] for step in STEPS}),
        assignee=_assignee(value, person),
        due_at=value["work__due_at"] or value["article__due_at"],
        created_at=value["created_at"],
        needs_me=needs(
            person, state, value["work__assignee"], value["work__verdict__proposed_by"], value["article__desk"]
        ),
        asked_by=value.get("asked_by") or "",
        twin=twin,
    )


def _assignee(value: dict[str, Any], person: User) -> Person | None:
    if value["work__assignee"] is None:
        return None
    name = f"{value['work__assignee__first_name']} {value['work__assignee__last_name']}".strip()
    return person_shown(name or value["work__assignee__username"], is_you=value["work__assignee"] == person.pk)


def person_shown(name: str, *, is_you: bool = False) -> Person:
    """A person with at most two initials."""
    letters = [part[0] for part in name.split() if part]
    return Person(name, "".join([*letters[:1], *letters[1:][-1:]]).upper(), is_you)


def why_words(reasons: Iterable[dict[str, Any]]) -> list[str]:
    """The named reasons that speak for checking it, strongest first."""
    ranked = sorted((one for one in reasons if one.get("weight", 0) > 0), key=lambda one: -one["weight"])
    names = [one["name"] for one in ranked]
    return [name for name in names if name != "wording" and "sentence" not in name]


def why_of(parts: Sequence[dict[str, Any]], reasons: Iterable[dict[str, Any]]) -> list[str]:
    """What moved the claim in the queue beside its words, the strongest first; then what speaks for its words."""
    moved = sorted(parts[1:], key=lambda part: -abs(part["points"])) if parts else []
    first = [part["name"] for part in parts[:1] if part["name"] == "set by hand"]
    return [
        *first,
        *(part["words"] if part["name"] == "deadline" else part["name"] for part in moved),
        *why_words(reasons),
    ]


def needs(person: User, state: shown.Shown, assignee: int | None, proposer: int | None, desk: int) -> bool:
    """Whether this person could do the next thing on that desk."""
    rights = granted(person, desk)
    if state is shown.REVIEW:
        return "second_review" in rights and proposer != person.pk
    if state in (shown.WAITING, shown.APPROVED, shown.CLOSED, shown.NO_FACT):
        return False
    return "propose_verdict" in rights and assignee in (None, person.pk)
