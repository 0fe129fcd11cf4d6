"""Blind second verdicts, and the third one where two are far apart (TR6 to TR9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.choices import NoticeEvent, OpinionKind, QuoteCheck, SecondReview
from reviews.models import Opinion, Review, VerdictLabel
from reviews.opinions import FAR, steps_between
from reviews.policies import ALLOWED, Decision, conflict_of, desk_of, granted
from reviews.selectors.desks import label_of, people_who, policy_of
from reviews.services.draft import drafts_discard
from reviews.services.notice import notify
from reviews.services.told import named
from reviews.services.transition import require, require_not_held
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from reviews.models import Verdict


def may_judge_second(person: User, review: Review) -> Decision:
    """Whether this person may give the second verdict: a reviewer without a conflict who did not give the first."""
    if "second_review" not in granted(person, desk_of(review)):
        return Decision(allowed=False, needs=_("This is for: Reviewer, Desk editor, Publisher."))
    if review.verdict is not None and review.verdict.proposed_by_id == person.pk:
        return Decision(allowed=False, code="review.own_proposal")
    return conflict_of(person, review.claim)


def may_judge_third(person: User, review: Review, second: Opinion) -> Decision:
    """Whether this person may decide between the two: a desk editor who gave neither."""
    if "assign_reviews" not in granted(person, desk_of(review)) or second.person_id == person.pk:
        return Decision(allowed=False, code="review.third_needed")
    return may_judge_second(person, review)


def opinion_give(
    *, review: Review, actor: User, label: str, rationale: str, quote_check: str = ""
) -> Opinion:  # fmt: skip
    """Judge without having seen the first verdict; the seal is broken then, and this one can never change.

    Raises NotAllowed (review.own_proposal, review.author, review.recused), Invalid, WrongState (review.judged).
    """
    require(actor, "second_review", _("give second verdicts"), review)
    require_not_held(review.claim)
    verdict = _verdict_at_second(review)
    _refuse(may_judge_second(actor, review))
    chosen = _label(review, label, rationale, quote_check)
    with transaction.atomic(), one_act():
        held = Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review.pk)
        if held.state != ReviewState.SECOND_REVIEW or held.verdict_id != verdict.pk or not held.sealed:
            raise WrongState("review.judged")
        opinion = _store(OpinionKind.SECOND, verdict, actor, chosen, rationale, quote_check)
        Review.objects.filter(pk=review.pk).update(sealed=False)
        record("review.opinion", review, actor=actor, after={"verdict": verdict.pk, "opinion": opinion.pk})
        drafts_discard(claim=review.claim, person=actor, form="opinion")
        if opinion.steps >= FAR:
            _third_wanted(review, opinion)
    review.refresh_from_db()
    return opinion


def opinion_decide(*, review: Review, actor: User, label: str, rationale: str, quote_check: str = "") -> Opinion:
    """The third verdict, where the first two are `FAR` steps apart. It decides whether the first can be approved.

    Raises NotAllowed (review.third_needed), Invalid, WrongState (review.no_third, review.judged).
    """
    require(actor, "assign_reviews", _("decide between two verdicts"), review)
    require_not_held(review.claim)
    verdict = _verdict_at_second(review)
    second = verdict.opinions.filter(kind=OpinionKind.SECOND).first()
    if second is None or second.steps < FAR:
        raise WrongState("review.no_third")
    _refuse(may_judge_third(actor, review, second))
    chosen = _label(review, label, rationale, quote_check)
    with transaction.atomic(), one_act():
        opinion = _store(OpinionKind.THIRD, verdict, actor, chosen, rationale, quote_check)
        record(
            "review.third", review, actor=actor, after={"verdict": verdict.pk, "label": chosen.key}, note=rationale
        )
        drafts_discard(claim=review.claim, person=actor, form="opinion")
    return opinion


def _third_wanted(review: Review, second: Opinion) -> None:
    first = review.verdict.proposed_by if review.verdict else None
    editors = [one for one in people_who("assign_reviews", desk_of(review)) if one not in (first, second.person)]
    words = format_lazy(gettext_lazy("Two verdicts are far apart: decide on {claim}"), claim=named(review.claim))
    notify(
        event=NoticeEvent.SECOND_REVIEW, people=editors, key=f"opinion:{second.pk}:third", about=review.claim,
        words=words, actor=second.person,
    )  # fmt: skip


def _verdict_at_second(review: Review) -> Verdict:
    if review.state != ReviewState.SECOND_REVIEW or review.verdict is None:
        raise WrongState("workflow.wrong_state", action="judge", state=review.state.replace("_", " "))
    return review.verdict


def _refuse(decision: Decision) -> None:
    if decision is not ALLOWED and not decision.allowed:
        values = {"action": _("judge this"), "needs": decision.needs} if decision.needs else {}
        raise NotAllowed(decision.code, **values)


def _label(review: Review, key: str, rationale: str, quote_check: str) -> VerdictLabel:
    label = label_of(review.claim, key)
    if label is None:
        raise Invalid("review.gate", detail=_("choose a verdict."))
    if not rationale.strip():
        raise Invalid("review.reason_needed")
    if quote_check and quote_check not in QuoteCheck.values:
        raise Invalid(
            "review.gate",
            detail=_("the quote check must be one of %(names)s.") % {"names": ", ".join(QuoteCheck.values)},
        )
    return label


def _store(
    kind: OpinionKind, verdict: Verdict, actor: User, label: VerdictLabel, rationale: str, quote_check: str
) -> Opinion:
    axis = list(VerdictLabel.objects.filter(scale=verdict.label.scale_id, value__isnull=False).order_by("value"))
    places = {one.pk: place for place, one in enumerate(axis)}
    try:
        with transaction.atomic():
            return Opinion.objects.create(
                verdict=verdict, kind=kind, label=label, quote_check=quote_check, rationale=rationale.strip(),
                steps=steps_between(verdict.label_id, label.pk, places), person=actor,
                person_name=person_name(actor), at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise WrongState("review.judged") from None


def require_agreed(*, review: Review, verdict: Verdict, note: str) -> None:
    """What must hold before a verdict that was judged blind is approved.

    1. A second verdict is there: Invalid (review.judge_first).
    2. One step apart, whoever adopts the first says why: Invalid (review.reason_needed).
    3. `FAR` apart, a third one says the same as the first: Invalid (review.third_needed, review.third_other).
    """
    if policy_of(review.claim).second_review != SecondReview.BLIND and not review.sealed:
        return
    opinions = {one.kind: one for one in verdict.opinions.all()}
    second = opinions.get(OpinionKind.SECOND)
    if second is None:
        raise Invalid("review.judge_first")
    if 0 < second.steps < FAR and not note.strip():
        raise Invalid("review.reason_needed")
    if second.steps < FAR:
        return
    third = opinions.get(OpinionKind.THIRD)
    if third is None:
        raise Invalid("review.third_needed")
    if third.label_id != verdict.label_id:
        raise Invalid("review.third_other")
