"""How progress is shown: one word, one icon and one line pattern for every state. Pure tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from articles.workflow import CLAIM_OPEN, ClaimState
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Shown:
    """`line` is the name of the pattern below the words; `key` is what addresses use in `?state=`."""

    key: str
    word: StrOrPromise
    icon: str
    line: str


DRAFT: Final = Shown("draft", _("Draft"), "dash", "draft")
OPEN: Final = Shown("open", _("Open"), "circle", "open")
IN_PROGRESS: Final = Shown("in-progress", _("In progress"), "half", "open")
CHANGES: Final = Shown("changes", _("Changes asked"), "undo", "open")
WAITING: Final = Shown("waiting", _("Waiting for reply"), "pause", "waiting")
REVIEW: Final = Shown("review", _("Second review"), "eye", "review")
APPROVED: Final = Shown("approved", _("Approved"), "check", "closed")
CLOSED: Final = Shown("closed", _("Closed"), "check", "closed")
STALE: Final = Shown("stale", _("Stale"), "alert", "stale")
NO_FACT: Final = Shown("no-fact", _("No fact"), "minus", "draft")

_REVIEWS: Final[dict[str, Shown]] = {
    ReviewState.QUEUED: OPEN,
    ReviewState.ASSIGNED: OPEN,
    ReviewState.IN_PROGRESS: IN_PROGRESS,
    ReviewState.CHANGES_REQUESTED: CHANGES,
    ReviewState.BLOCKED: WAITING,
    ReviewState.PROPOSED: REVIEW,
    ReviewState.SECOND_REVIEW: REVIEW,
    ReviewState.APPROVED: APPROVED,
    ReviewState.CLOSED: CLOSED,
}
# A sentence shows the worst of its claims.
_WORST_FIRST: Final = ("stale", "waiting", "open", "review", "draft", "closed")


def shown(claim_state: str, review_state: str | None, *, stale: bool) -> Shown:
    """How a claim is shown; stale wins over everything but a claim that was put aside."""
    if claim_state not in CLAIM_OPEN:
        return NO_FACT
    if stale:
        return STALE
    if claim_state == ClaimState.PROPOSED:
        return DRAFT
    return _REVIEWS.get(review_state or ReviewState.QUEUED, OPEN)


def worst(states: Iterable[Shown]) -> Shown | None:
    """The state that most needs a person; None of none."""
    return min(states, key=lambda state: _WORST_FIRST.index(state.line), default=None)
