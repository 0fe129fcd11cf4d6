"""What a desk makes of earlier reviews that are suggested for its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from articles.choices import MatchState
from articles.services.match import match_decide
from factcheck.audit.services import one_act
from factcheck.core.errors import WrongState
from reviews.selectors.sealed import is_sealed
from reviews.services.joining import claim_join
from reviews.services.transition import require, require_not_held

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import ClaimMatch


def match_accept(*, match: ClaimMatch, actor: User, merge: bool = False) -> None:
    """Say that the earlier review is of the same claim. Nothing else changes: the claim stays on the desk.

    With `merge` the claim becomes one with the claim that a verdict of this desk was given on, so that one verdict
    answers for both. All of it or nothing. Raises NotAllowed, WrongState (match.no_claim, match.as_it_was,
    claim.merge_closed, a verdict was proposed already), Invalid (claim.merge_desk).
    """
    _require(match, actor)
    with transaction.atomic(), one_act():
        match_decide(match=match, actor=actor, state=MatchState.ACCEPTED)
        if merge:
            earlier = match.review.of_claim
            if earlier is None:
                raise WrongState("match.no_claim")
            note = f"As an earlier review of this desk has it: {match.score:.0%} alike by {match.model}."
            claim_join(claim=match.claim, into=earlier, actor=actor, note=note)


def match_reject(*, match: ClaimMatch, actor: User) -> None:
    """Say that the earlier review is of another claim: it is not suggested for this one again."""
    _require(match, actor)
    match_decide(match=match, actor=actor, state=MatchState.REJECTED)


def match_reopen(*, match: ClaimMatch, actor: User) -> None:
    """Make it a suggestion again. A claim that was merged stays so until it is taken out."""
    match_put_back(match=match, actor=actor, state=MatchState.SUGGESTED)


def match_put_back(*, match: ClaimMatch, actor: User, state: str) -> None:
    """Undo a decision: `state` is what the match was before it. Raises NotAllowed, WrongState."""
    _require(match, actor)
    match_decide(match=match, actor=actor, state=MatchState(state))


def _require(match: ClaimMatch, actor: User) -> None:
    """Raise NotAllowed, or WrongState (article.held; match.sealed for whoever judges the claim blind)."""
    require(actor, "edit_claims", "decide on earlier reviews", match.claim)
    require_not_held(match.claim)
    if is_sealed(actor, match.claim):
        raise WrongState("match.sealed")
