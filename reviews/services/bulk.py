"""The same act on many claims: each on its own, told what went wrong where, and undone as one step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.core.errors import FactcheckError, Invalid, WrongState
from reviews import access, shown
from reviews.models import Review
from reviews.selectors.queue import Filters, queue_page
from reviews.services.claim import claim_assign, claim_prioritise, claim_set_aside
from reviews.services.review import claim_take
from reviews.services.undo import step_add

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.auth.models import User
    from django_stubs_ext import StrOrPromise

    from articles.models import Claim

    Act = Callable[[Claim, User, "Bulk"], dict[str, Any]]

MOST: Final = 100
Opposite = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What the chosen act needs to know beside the claims."""

    act: str
    assignee: User | None = None
    reason: str = ""
    note: str = ""
    priority: int | None = None


@dataclass(slots=True)
class Outcome:
    """How it went: which claims worked, and for the others why not, as words with a count."""

    done: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    words: str = ""


def bulk_perform(*, claims: Sequence[int], actor: User, bulk: Bulk) -> Outcome:
    """Do one act to these claims, each in a transaction of its own; what worked becomes one step to undo.

    Raises Invalid (bulk.act, bulk.none, bulk.many); what a rule says no to is in the outcome.
    """
    act, done_word = _checked(claims, bulk)
    outcome, opposites = Outcome(), []
    for pk in dict.fromkeys(claims):
        claim = access.claims(actor).select_related("article", "revision").filter(pk=pk).first()
        if claim is None:
            outcome.refused[_("can’t be found")] += 1
            continue
        try:
            with transaction.atomic():
                opposites.append(act(claim, actor, bulk))
        except FactcheckError as error:
            outcome.refused[_why(claim, actor, error)] += 1
        else:
            outcome.done.append(pk)
    parts = [f"{len(outcome.done)} {done_word}", *(f"{count} {words}" for words, count in outcome.refused.items())]
    outcome.words = f"{', '.join(parts).rstrip('.')}."
    if opposites:
        with transaction.atomic():
            step_add(actor=actor, words=f"{len(opposites)} {done_word}", acts=opposites)
    return outcome


def _checked(claims: Sequence[int], bulk: Bulk) -> tuple[Act, StrOrPromise]:
    if bulk.act not in _ACTS:
        raise Invalid("bulk.act", known=", ".join(_ACTS))
    if not claims:
        raise Invalid("bulk.none")
    if len(claims) > MOST:
        raise Invalid("bulk.many", most=MOST)
    return _ACTS[bulk.act]


def _why(claim: Claim, actor: User, error: FactcheckError) -> str:
    """Who was first, if somebody was; else what the rule says."""
    review = Review.objects.filter(claim=claim, active=True).select_related("assignee").first()
    holder = review.assignee if review else None
    if isinstance(error, WrongState) and holder is not None and holder != actor:
        return _("was taken by %(person)s a moment ago") % {"person": holder.first_name or holder.get_username()}
    return _("not: %(detail)s") % {"detail": error.detail}


def _holder(claim: Claim) -> int | None:
    return Review.objects.filter(claim=claim, active=True).values_list("assignee", flat=True).first()


def _take(claim: Claim, actor: User, _bulk: Bulk) -> Opposite:
    if _holder(claim) == actor.pk:
        raise WrongState("bulk.yours")
    review = claim_take(claim=claim, actor=actor)
    return {"do": "give_back", "claim": claim.pk, "version": review.version}


def _assign(claim: Claim, actor: User, bulk: Bulk) -> Opposite:
    before = _holder(claim)
    review = claim_assign(claim=claim, actor=actor, assignee=bulk.assignee, note=bulk.note)
    opposite: Opposite = {"claim": claim.pk, "version": review.version}
    return opposite | ({"do": "give_back"} if before is None else {"do": "assign", "person": before})


def _dismiss(claim: Claim, actor: User, bulk: Bulk) -> Opposite:
    before = _holder(claim)
    claim_set_aside(claim=claim, actor=actor, reason=bulk.reason, note=bulk.note)
    return {"do": "restore", "claim": claim.pk, "version": claim.version, "person": before}


def _prioritise(claim: Claim, actor: User, bulk: Bulk) -> Opposite:
    before, pinned = claim.priority, claim.pinned is not None
    claim_prioritise(claim=claim, actor=actor, priority=bulk.priority, note=bulk.note)
    return {"do": "prioritise", "claim": claim.pk, "version": claim.version, "priority": before, "pinned": pinned}


_ACTS: Final[dict[str, tuple[Act, StrOrPromise]]] = {
    "take": (_take, gettext_lazy("taken")),
    "assign": (_assign, gettext_lazy("assigned")),
    "dismiss": (_dismiss, gettext_lazy("dismissed")),
    "prioritise": (_prioritise, gettext_lazy("given another priority")),
}


def claim_next(*, actor: User) -> tuple[int, int] | None:
    """Take the most urgent claim that needs this person; returns (article, claim), None where there is nothing.

    Two people who ask at once get two claims: taking is a compare-and-set, and who comes second goes on to the
    next row. A second review is opened, not taken.
    """
    for row in queue_page(actor, Filters()).rows:
        if not row.needs_me:
            continue
        if row.state is shown.REVIEW:
            return row.article, row.pk
        try:
            claim_take(claim=access.claim(actor, row.pk), actor=actor)
        except WrongState:
            continue
        return row.article, row.pk
    return None
