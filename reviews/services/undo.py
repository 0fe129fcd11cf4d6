"""Undo: each step keeps its opposite acts, which run through the same services and rights as any other act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.workflow import ClaimState
from factcheck.audit.services import one_act
from factcheck.core.errors import NotFound, WrongState
from reviews import access
from reviews.models import Review, UndoStep
from reviews.services.annotation import annotation_reopen, annotation_resolve
from reviews.services.claim import claim_bring_back, claim_prioritise
from reviews.services.evidence import suggestion_put_back
from reviews.services.joining import claim_part, claim_undivide
from reviews.services.match import match_put_back
from reviews.services.review import claim_take, review_perform
from reviews.services.stale import claim_unfollow
from reviews.services.ticks import tick_put_back
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from collections.abc import Callable

    from articles.models import Claim

STEPS: Final = 20
_UNDONE: Final = "Undone."


def step_add(*, actor: User, words: str, acts: list[dict[str, Any]]) -> UndoStep:
    """Keep a step; the oldest beyond `STEPS` are forgotten. Call it in the transaction of the act itself.

    Each of `acts` is {"do": a name in `_OPPOSITES`, "claim": key, "version": of the review or claim after the
    act, ...}; a changed sentence ("tick") is on no claim. `version` is how one sees that somebody has gone on since.
    """
    step = UndoStep.objects.create(person=actor, words=words[:300], acts=acts)
    kept = list(UndoStep.objects.filter(person=actor).order_by("-pk").values_list("pk", flat=True)[:STEPS])
    UndoStep.objects.filter(person=actor, pk__lt=kept[-1]).delete()
    return step


def undo_last(*, actor: User) -> str:
    """Take back the newest step of this person that still stands; returns the words of what was undone.

    All of it or nothing. Raises NotFound (undo.nothing) where there is none, WrongState (undo.changed) where somebody
    has gone on with the claim since, and whatever the opposite act says no with.
    """
    with transaction.atomic(), one_act():
        step = UndoStep.objects.select_for_update().filter(person=actor, undone_at=None).order_by("-pk").first()
        if step is None:
            raise NotFound("undo.nothing")
        for act in step.acts:
            if act["do"] == "tick":
                _tick(actor, act)
            else:
                _OPPOSITES[act["do"]](access.claim(actor, act["claim"]), actor, act)
        UndoStep.objects.filter(pk=step.pk).update(undone_at=timezone.now())
    return step.words


def _unchanged(claim: Claim, act: dict[str, Any]) -> Review:
    review = Review.objects.select_related("claim__article").filter(claim=claim, active=True).first()
    if review is None or review.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    return review


def _give_back(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    review_perform(review=_unchanged(claim, act), action=ReviewAction.GIVE_BACK, actor=actor, note=_UNDONE)


def _assign(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    before = User.objects.get(pk=act["person"])
    review_perform(
        review=_unchanged(claim, act), action=ReviewAction.ASSIGN, actor=actor, assignee=before, note=_UNDONE
    )


def _restore(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    if claim.state != ClaimState.DISMISSED or claim.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    claim_bring_back(claim=claim, actor=actor)
    if act["person"] == actor.pk:  # what others had goes back to the queue, where they find it
        claim_take(claim=claim, actor=actor)


def _prioritise(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    if claim.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    pinned = act.get("pinned", True)  # a step kept before there were rules
    claim_prioritise(claim=claim, actor=actor, priority=act["priority"], note=_UNDONE, pinned=pinned)


def _evidence(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    evidence = claim.evidence.filter(pk=act["evidence"]).first()
    if evidence is None or evidence.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    suggestion_put_back(
        evidence=evidence, actor=actor, state=act["state"], stance=act["stance"], locator=act["locator"]
    )


def _same_claim(claim: Claim, act: dict[str, Any]) -> Claim:
    if claim.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    return claim


def _unmerge(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    claim_part(claim=_same_claim(claim, act), actor=actor)


def _unsplit(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    claim_undivide(claim=_same_claim(claim, act), actor=actor)


def _match(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    match = access.match(actor, act["match"])
    if match.version != act["version"]:
        raise WrongState("undo.changed", number=claim.number)
    match_put_back(match=match, actor=actor, state=act["state"])


def _follow(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    claim_unfollow(claim=_same_claim(claim, act), actor=actor, move_id=act["move"], anchor=act["anchor"])


def _tick(actor: User, act: dict[str, Any]) -> None:
    tick_put_back(change=access.tick_change(actor, act["change"]), actor=actor, decision=act["decision"])


def _note(claim: Claim, actor: User, act: dict[str, Any]) -> None:
    note = access.note(actor, act["note"])
    if act["resolve"]:
        annotation_resolve(annotation=note, actor=actor)
    else:
        annotation_reopen(annotation=note, actor=actor)


_OPPOSITES: Final[dict[str, Callable[[Claim, User, dict[str, Any]], None]]] = {
    "give_back": _give_back,
    "assign": _assign,
    "restore": _restore,
    "prioritise": _prioritise,
    "evidence": _evidence,
    "unmerge": _unmerge,
    "unsplit": _unsplit,
    "match": _match,
    "note": _note,
    "follow": _follow,
}
