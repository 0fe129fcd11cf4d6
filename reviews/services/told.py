"""Who is told when a review moves, and what time brings: deadlines and words that changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles.models import ClaimMove
from articles.workflow import ArticleState
from factcheck.audit.services import person_name
from reviews.choices import ChangeType, NoticeEvent
from reviews.models import Notice, Review
from reviews.policies import desk_of
from reviews.selectors.desks import people_who
from reviews.services.notice import notify
from reviews.workflow import HELD, ReviewAction, ReviewState

if TYPE_CHECKING:
    from articles.models import Claim
    from reviews.models import PublicationVersion, Verdict

SOON: Final = timedelta(hours=2)
MOST: Final = 500
_LEFT: Final = {
    ReviewAction.GIVE_BACK: "{who} gave {claim} back to the queue",
    ReviewAction.TAKE_OVER: "{who} took {claim} over from you. What you typed is kept",
    ReviewAction.ASSIGN: "{who} gave {claim} to somebody else",
}
_BACK: Final = {
    ReviewAction.REQUEST_CHANGES: "{who} asks for changes to {claim}",
    ReviewAction.REOPEN: "{who} reopened {claim}",
    ReviewAction.WITHDRAW: "{who} took the proposal for {claim} back",
}


def named(claim: Claim) -> str:
    """A claim as a notice names it."""
    return f"claim {claim.number} of “{claim.article.title[:80]}”: {claim.statement[:160]}"


def review_told(
    review: Review, action: ReviewAction, *, actor: User | None, held_by: int | None, note: str = ""
) -> None:
    """Tell those whom a move concerns; `held_by` had the claim before. Call it in the transaction of the move."""
    key = f"review:{review.pk}:{review.version}"
    if action in (ReviewAction.ASSIGN, ReviewAction.HAND_OVER):
        _tell(review, NoticeEvent.ASSIGNED, [review.assignee], f"{key}:to", "{who} gave you {claim}", actor, note)
    if action in _LEFT and held_by not in (None, review.assignee_id):
        before = User.objects.filter(pk=held_by)
        _tell(review, NoticeEvent.RETURNED, list(before), f"{key}:from", _LEFT[action], actor, note)
    if action in _BACK:
        _tell(review, NoticeEvent.RETURNED, [review.assignee], f"{key}:back", _BACK[action], actor, note)
    if action is ReviewAction.SECOND_REVIEW:
        _second_review_wanted(review, key, actor)


def _second_review_wanted(review: Review, key: str, actor: User | None) -> None:
    proposer = review.verdict.proposed_by if review.verdict else None
    people = [one for one in people_who("second_review", desk_of(review)) if one != proposer]
    words = "A second pair of eyes is wanted for {claim}"
    _tell(review, NoticeEvent.SECOND_REVIEW, people, f"{key}:second", words, actor, "")


def _tell(
    review: Review, event: NoticeEvent, people: list[User] | list[User | None], key: str, words: str,
    actor: User | None, note: str,
) -> None:  # fmt: skip
    said = words.format(who=person_name(actor), claim=named(review.claim))
    notify(event=event, people=people, key=key, about=review.claim, words=_with(said, note), actor=actor)


def _with(words: str, note: str) -> str:
    return f"{words}. “{note.strip()[:120]}”" if note.strip() else words


def correction_told(*, version: PublicationVersion, verdict: Verdict, actor: User) -> None:
    """Tell those who worked on a published verdict that it was corrected or retracted."""
    claim = version.publication.claim
    did = "retracted" if version.change == ChangeType.RETRACTION else "corrected"
    notify(
        event=NoticeEvent.CORRECTED, people=[verdict.proposed_by, verdict.approved_by, claim.article.created_by],
        key=f"version:{version.pk}", about=claim, actor=actor,
        words=f"{person_name(actor)} {did} the verdict on {named(claim)}",
    )  # fmt: skip


# --- what time brings ------------------------------------------------------------------------------------
def notices_of_time() -> int:
    """Tell holders of what is due soon, late or stale; returns how many were told. Safe to run twice."""
    now = timezone.now()
    held = Review.objects.filter(active=True, state__in=sorted(HELD), assignee__isnull=False)
    held = held.exclude(claim__article__state=ArticleState.HELD)  # its clock stands still
    told = _of_deadline(held.filter(due_at__gt=now, due_at__lte=now + SOON), NoticeEvent.DUE, "is due soon")
    told += _of_deadline(held.filter(due_at__lte=now), NoticeEvent.OVERDUE, "is late")
    return told + _of_stale()


def _of_deadline(reviews: object, event: NoticeEvent, words: str) -> int:
    told = Notice.objects.filter(
        person=OuterRef("assignee"), claim=OuterRef("claim"), event=event, moment=OuterRef("due_at")
    )
    found = reviews.filter(~Exists(told)).select_related("claim__article", "assignee")[:MOST]  # type: ignore[attr-defined]
    return sum(
        _in_time(review, event, f"{event}:{review.pk}:{review.due_at:%Y%m%d%H%M%S}", words, review.due_at)
        for review in found
    )


def _of_stale() -> int:
    """The moves nobody has decided, of claims that somebody holds."""
    open_moves = ClaimMove.objects.filter(claim=OuterRef("claim"), decision="")
    told = Notice.objects.filter(
        person=OuterRef("assignee"), claim=OuterRef("claim"), event=NoticeEvent.STALE, moment=OuterRef("moved_at")
    )
    states = (*sorted(HELD), ReviewState.PROPOSED, ReviewState.SECOND_REVIEW)
    found = (
        Review.objects.filter(Q(claim__stale_anchor=True), active=True, state__in=states, assignee__isnull=False)
        .annotate(moved_at=open_moves.values("created_at")[:1])
        .filter(~Exists(told), moved_at__isnull=False)
        .select_related("claim__article", "assignee")
        .annotate(move=open_moves.values("pk")[:1])
    )
    return sum(
        _in_time(review, NoticeEvent.STALE, f"stale:{review.move}", "has words that changed", review.moved_at)
        for review in found.order_by(F("pk"))[:MOST]
    )


def _in_time(review: Review, event: NoticeEvent, key: str, words: str, moment: object) -> int:
    said = named(review.claim)
    with transaction.atomic():
        return notify(
            event=event, people=[review.assignee], key=key, about=review.claim,
            words=f"{said[0].upper()}{said[1:]} {words}", moment=moment,  # type: ignore[arg-type]
        )  # fmt: skip
