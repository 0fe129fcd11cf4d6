"""The one writer of `Review.state`, and of verdicts. Pages, admin, API and commands all come through here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import EvidenceState, Visibility
from articles.services.claim import claim_confirm
from articles.services.origin import url_check
from articles.workflow import ClaimState
from factcheck.audit.services import one_act, record
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.choices import MediaCheck, QuoteCheck, SecondReview, WaitKind
from reviews.citations import numbered, renumbered
from reviews.gates import VerdictDraft, propose_gates
from reviews.models import Review, Verdict, VerdictEvidence, VerdictReply
from reviews.policies import conflict_of, desk_of, may, may_review
from reviews.selectors.desks import label_of, policy_of
from reviews.selectors.replies import reply_words
from reviews.services.asking import require_answered
from reviews.services.draft import drafts_discard
from reviews.services.opinion import require_agreed
from reviews.services.publication import publication_draft, publication_withdraw
from reviews.services.transition import article_reopens, require, require_not_held, review_move
from reviews.services.triage import due_for, rank_soon
from reviews.workflow import REVIEW, ReviewAction, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim, Evidence
    from reviews.models import DeskPolicy, VerdictLabel


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict as somebody wants to propose it. `label` is the key of a label of the active scale."""

    label: str
    rationale: str
    quote_check: str = ""
    summary: str = ""
    gaps: str = ""
    media_check: str = ""
    media_context: str = ""
    media_original: str = ""


def review_for(*, claim: Claim, actor: User | None, implied: bool = True) -> Review:
    """The active review of a confirmed claim; made, and queued, if there is none."""
    known = Review.objects.filter(claim=claim, active=True).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            due = due_for(claim, policy_of(claim), now=timezone.now())
            review = Review.objects.create(claim=claim, due_at=due, held_seconds=claim.article.held_seconds)
            rank_soon(Q(pk=claim.pk))
            article_reopens(claim.article_id)
            record("review.queued", review, actor=actor, after={"claim": claim.pk}, implied=implied)
    except IntegrityError:  # another person confirmed it at the same moment
        return Review.objects.get(claim=claim, active=True)
    return review


def claim_accept(*, claim: Claim, actor: User) -> Review:
    """Confirm a proposed claim and queue it for review; raises NotAllowed, WrongState."""
    require(actor, "edit_claims", _("confirm claims"), claim)
    with transaction.atomic(), one_act():
        if claim.state == ClaimState.PROPOSED:
            claim_confirm(claim=claim, actor=actor)
        elif claim.state != ClaimState.CONFIRMED:
            raise WrongState("workflow.wrong_state", action="confirm", state=claim.state)
        return review_for(claim=claim, actor=actor)


def claim_take(*, claim: Claim, actor: User) -> Review:
    """Take a claim and begin: a draft is confirmed on the way. One act, several traces.

    Raises NotAllowed, WrongState (somebody else has it).
    """
    require(actor, "propose_verdict", _("take claims"), claim)
    with transaction.atomic(), one_act():
        if claim.state == ClaimState.PROPOSED:
            claim_confirm(claim=claim, actor=actor, implied=True)
        elif claim.state != ClaimState.CONFIRMED:
            raise WrongState("workflow.wrong_state", action="take", state=claim.state)
        review = review_for(claim=claim, actor=actor)
        if review.assignee_id != actor.pk or review.state == ReviewState.QUEUED:
            review_perform(review=review, action=ReviewAction.TAKE, actor=actor)
        if review.state == ReviewState.ASSIGNED:
            review_perform(review=review, action=ReviewAction.START, actor=actor, implied=True)
    return review


_NEEDS_NOTE = frozenset(
    {ReviewAction.BLOCK, ReviewAction.HAND_OVER, ReviewAction.REQUEST_CHANGES, ReviewAction.REOPEN}
)
_OWN_FUNCTION = frozenset(
    {
        ReviewAction.PROPOSE, ReviewAction.APPROVE, ReviewAction.SECOND_REVIEW, ReviewAction.CLOSE,
        ReviewAction.TAKE_OVER,
    }
)  # fmt: skip


def review_perform(
    *, review: Review, action: ReviewAction, actor: User, note: str = "", seen_version: int | None = None,
    implied: bool = False, assignee: User | None = None, wait_kind: str = "",
) -> Review:  # fmt: skip
    """Do one act that carries no verdict: take, assign, start, block, unblock, resume, withdraw, give back,
    hand over, request changes, reopen.

    1. Policy: raises NotAllowed with the reason.
    2. Table: raises WrongState if the act does not fit the state.
    3. Compare-and-set on state and version; raises WrongState (workflow.changed) if somebody was first.
    4. One audit event in the same transaction.
    """
    if action in _OWN_FUNCTION:
        raise ValueError(f"{action} has a function of its own")
    _allow(review, action, actor)
    if action in _NEEDS_NOTE and not note.strip():
        raise Invalid("review.reason_needed")
    changes = _changes(review, action, actor, note=note, assignee=assignee, wait_kind=wait_kind)
    with transaction.atomic(), one_act():
        review_move(
            review, action, actor=actor, changes=changes, note=note, seen_version=seen_version, implied=implied
        )
        if action is ReviewAction.REOPEN:
            publication_withdraw(claim=review.claim, actor=actor)
    return review


def _allow(review: Review, action: ReviewAction, actor: User) -> None:
    require_not_held(review.claim)
    decision = may_review(actor, action, review)
    if not decision.allowed:
        raise NotAllowed(decision.code, action=action.value.replace("_", " "), needs=decision.needs)


def _changes(
    review: Review, action: ReviewAction, actor: User, *, note: str, assignee: User | None, wait_kind: str
) -> dict[str, Any]:
    if action is ReviewAction.TAKE:
        return {"assignee": actor}
    if action in (ReviewAction.ASSIGN, ReviewAction.HAND_OVER):
        return {"assignee": _assignable(assignee, review)}
    if action is ReviewAction.GIVE_BACK:
        return {"assignee": None}
    if action is ReviewAction.BLOCK:
        if wait_kind not in WaitKind.values:
            raise Invalid(
                "review.gate",
                detail=_("say what is waited for: %(names)s.")
                % {"names": ", ".join(str(label).lower() for label in WaitKind.labels)},
            )
        return {"wait_kind": wait_kind, "wait_note": note}
    if action is ReviewAction.UNBLOCK:
        return {"wait_kind": "", "wait_note": ""}
    if action in (ReviewAction.REQUEST_CHANGES, ReviewAction.REOPEN):
        _not_own(review, actor, action)
    return {}


def _assignable(person: User | None, review: Review) -> User:
    if person is None or not may(person, "propose_verdict", desk_of(review)).allowed:
        raise Invalid("review.gate", detail=_("choose somebody who may check claims."))
    if not conflict_of(person, review.claim).allowed:
        raise Invalid("review.gate", detail=_("choose somebody without a conflict in it."))
    return person


def _not_own(review: Review, actor: User, action: ReviewAction) -> None:
    if action is not ReviewAction.REQUEST_CHANGES:
        return
    if review.verdict and review.verdict.proposed_by_id == actor.pk:
        raise NotAllowed("review.own_proposal")
    if review.sealed:
        raise Invalid("review.judge_first")


def verdict_propose(*, review: Review, actor: User, proposal: Proposal, seen_version: int | None = None) -> Verdict:
    """Propose a verdict: gates, an immutable verdict with what it rests on, and on to second review.

    Raises Invalid (review.unknown_label; review.gate for the first open gate), NotAllowed, WrongState.
    """
    claim = review.claim
    policy = policy_of(claim)
    _allow(review, ReviewAction.PROPOSE, actor)
    REVIEW.next_state(ReviewState(review.state), ReviewAction.PROPOSE)
    label = label_of(claim, proposal.label)
    _check_quote(proposal.quote_check)
    _check_media(proposal)
    with transaction.atomic(), one_act():
        _lock(review, seen_version)
        _check_gates(claim, proposal, label, policy)
        assert label is not None  # the gate "label" has refused a missing one
        verdict = _verdict_create(review, actor, proposal, label)
        review_move(
            review, ReviewAction.PROPOSE, actor=actor, changes={"verdict": verdict}, seen_version=seen_version
        )
        drafts_discard(claim=claim, person=actor, form="verdict")
        if policy.second_review != SecondReview.NEVER:
            blind = {"sealed": policy.second_review == SecondReview.BLIND}
            review_move(review, ReviewAction.SECOND_REVIEW, actor=actor, changes=blind, implied=True)
    return verdict


def _lock(review: Review, seen_version: int | None) -> None:
    """Hold the review until the transaction ends and read it anew; raises WrongState if it has moved on.

    What is counted or decided from it inside the transaction is then true when it is written.
    """
    seen = review.version if seen_version is None else seen_version
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    review.refresh_from_db()
    if review.version != seen or not review.active:
        raise WrongState("workflow.changed")


def _check_quote(value: str) -> None:
    if value and value not in QuoteCheck.values:
        raise Invalid(
            "review.gate",
            detail=_("the quote check must be one of %(names)s.") % {"names": ", ".join(QuoteCheck.values)},
        )


def _check_media(proposal: Proposal) -> None:
    if proposal.media_check and proposal.media_check not in MediaCheck.values:
        raise Invalid(
            "review.gate",
            detail=_("the picture check must be one of %(names)s.") % {"names": ", ".join(MediaCheck.values)},
        )
    if proposal.media_original:
        url_check(proposal.media_original)


def _check_gates(claim: Claim, proposal: Proposal, label: VerdictLabel | None, policy: DeskPolicy) -> None:
    draft = VerdictDraft(
        label, proposal.rationale, proposal.summary, proposal.gaps, proposal.quote_check, proposal.media_check,
        proposal.media_context,
    )  # fmt: skip
    for gate in propose_gates(claim, draft, policy):
        if gate.blocking and not gate.ok:
            raise Invalid("review.gate", detail=f"{gate.text}.")


def _judged(claim: Claim) -> dict[str, Any]:
    """The words and the source the verdict is about, as they are now: whatever changes later is not judged."""
    article = claim.article
    return {
        "statement": claim.statement, "speaker": claim.speaker, "speech": claim.speech, "quote": claim.quote,
        "claimants": claim.claimants, "appearances": claim.appearances,
        "revision_id": claim.revision_id, "language": article.language, "carried_mode": article.mode,
        "carried_by": article.publisher, "carried_agency": article.dateline_agency, "carried_url": article.url,
        "carried_title": article.title, "carried_on": article.published_at,
    }  # fmt: skip


def _rests_on(claim: Claim) -> tuple[list[Evidence], dict[int, int]]:
    """What a verdict cites, in the order of its numbers, and those numbers by the ones the desk has.

    What readers never learn of comes last, so that the others are counted without gaps.
    """
    evidence = list(claim.evidence.order_by("-relevance", "pk"))
    kept = sorted(
        (one for one in evidence if one.state == EvidenceState.KEPT),
        key=lambda one: one.visibility == Visibility.CONFIDENTIAL,
    )
    desk = numbered(one.pk for one in evidence)
    return kept, {desk[one.pk]: position for position, one in enumerate(kept, 1)}


def _cites(text: str, numbers: dict[int, int]) -> str:
    try:
        return renumbered(text.strip(), numbers)
    except KeyError as missing:  # it was dropped a moment ago
        raise Invalid(
            "review.gate", detail=_("[%(missing)s] names no evidence that was kept.") % {"missing": missing}
        ) from None


def _verdict_create(review: Review, actor: User, proposal: Proposal, label: VerdictLabel) -> Verdict:
    kept, numbers = _rests_on(review.claim)
    verdict = Verdict.objects.create(
        review=review,
        number=review.verdicts.count() + 1,
        label=label,
        quote_check=proposal.quote_check,
        summary=_cites(proposal.summary, numbers),
        rationale=_cites(proposal.rationale, numbers),
        gaps=_cites(proposal.gaps, numbers),
        media_check=proposal.media_check,
        media_context=proposal.media_context.strip() if proposal.media_check else "",
        media_original=proposal.media_original if proposal.media_check else "",
        **_judged(review.claim),
        proposed_by=actor,
        proposed_at=timezone.now(),
    )
    VerdictEvidence.objects.bulk_create(
        [
            VerdictEvidence(verdict=verdict, evidence=one, stance=one.stance, locator=one.locator, position=position)
            for position, one in enumerate(kept, 1)
        ]
    )
    told = [(query, reply_words(query)) for query in review.claim.queries.all()]
    VerdictReply.objects.bulk_create(
        [VerdictReply(verdict=verdict, query=query, words=words) for query, words in told if words]
    )
    return verdict


def verdict_approve(
    *, review: Review, actor: User, note: str = "", override_reason: str = "", seen_version: int | None = None
) -> Verdict:
    """Approve the proposed verdict; its publication is drafted in the same transaction.

    Raises NotAllowed (review.own_proposal) for the proposer unless they hold `override_two_person` and give
    a reason, which the trail and the verdict keep. The database holds the same rule.
    """
    _allow(review, ReviewAction.APPROVE, actor)
    with transaction.atomic(), one_act():
        _lock(review, seen_version)
        require_answered(review.claim, policy_of(review.claim))
        verdict = review.verdict
        if verdict is None:
            raise WrongState("workflow.wrong_state", action="approve", state=review.state)
        own = verdict.proposed_by_id == actor.pk
        reason = _override(actor, override_reason, review) if own else ""
        if not own:
            require_agreed(review=review, verdict=verdict, note=note)
        _single_review(review, actor)
        code = "review.override" if own else ""
        review_move(
            review, ReviewAction.APPROVE, actor=actor, note=reason or note, seen_version=seen_version, code=code
        )
        Verdict.objects.filter(pk=verdict.pk).update(
            approved_by=actor, approved_at=timezone.now(), override_reason=reason
        )
        verdict.refresh_from_db()
        publication_draft(claim=review.claim, verdict=verdict)
    return verdict


def _override(actor: User, reason: str, review: Review) -> str:
    if not may(actor, "override_two_person", desk_of(review)).allowed:
        raise NotAllowed("review.own_proposal")
    if not reason.strip():
        raise Invalid("review.reason_needed")
    return reason.strip()


def _single_review(review: Review, actor: User) -> None:
    """Where the policy asks for no second review, it is still a desk editor who approves (TR10)."""
    if review.state == ReviewState.PROPOSED:
        require(actor, "assign_reviews", _("approve without a second review"), review)
