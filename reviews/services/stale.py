"""What becomes of a claim, its review and its page when the words it was made of have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from articles.choices import MoveDecision
from articles.services.revision import claim_move_decide, claim_move_put_back
from factcheck.audit.services import one_act
from reviews.models import Publication, Review
from reviews.services.publication import publication_withdraw
from reviews.services.recheck import publication_recheck
from reviews.services.transition import require, review_move
from reviews.workflow import PublicationState, ReviewAction, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim, ClaimMove

# A verdict on words that the text no longer says is not approved and does not go out.
_BACK: Final = {
    ReviewState.PROPOSED: ReviewAction.WITHDRAW,
    ReviewState.SECOND_REVIEW: ReviewAction.WITHDRAW,
    ReviewState.APPROVED: ReviewAction.REOPEN,
}
_WHY: Final = "The words of the claim were edited."


def claim_follow(*, claim: Claim, actor: User, decision: str) -> ClaimMove:
    """Say what became of a stale claim: same, edited or gone. One act.

    `same` keeps every judgement. `edited` sends a verdict that is not out yet back to whoever holds the review, and
    marks a page that is out to be looked at again. `gone` leaves claim and review as they are, with the old context.
    Raises NotAllowed, Invalid (claim.bad_decision, claim.no_proposal, claim.place_taken), WrongState.
    """
    require(actor, "edit_claims", _("decide what became of claims"), claim)
    with transaction.atomic(), one_act():
        move = claim_move_decide(claim=claim, actor=actor, decision=decision)
        if decision == MoveDecision.EDITED:
            _judge_again(claim, actor)
    return move


def claim_unfollow(*, claim: Claim, actor: User, move_id: int, anchor: dict[str, Any]) -> None:
    """Ask again what became of a claim (`claim_move_put_back`); raises NotAllowed, WrongState."""
    require(actor, "edit_claims", "decide what became of claims", claim)
    claim_move_put_back(claim=claim, actor=actor, move_id=move_id, anchor=anchor)


def _judge_again(claim: Claim, actor: User) -> None:
    if Publication.objects.filter(claim=claim, state=PublicationState.LIVE).exists():
        publication_recheck(claim=claim, actor=actor, note=_WHY)
        return
    review = Review.objects.filter(claim=claim, active=True).first()
    action = _BACK.get(ReviewState(review.state)) if review else None
    if review is not None and action is not None:
        # Nobody's right is asked for here: it follows from the edit (TR12), not from a wish to reopen.
        review_move(review, action, actor=actor, note=_WHY, implied=True)
        publication_withdraw(claim=claim, actor=actor)
