"""Who is told when a review moves, and what time brings: deadlines and words that changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

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
    from django_stubs_ext import StrOrPromise

    from articles.models import Claim
    from reviews.models import PublicationVersion, Verdict

SOON: Final = timedelta(hours=2)
MOST: Final = 500
_LEFT: Final = {
    ReviewAction.GIVE_BACK: gettext_lazy("{who} gave {claim} back to the queue"),
    ReviewAction.TAKE_OVER: gettext_lazy("{who} took {claim} over from you. What you typed is kept"),
    ReviewAction.ASSIGN: gettext_lazy("{who} gave {claim} to somebody else"),
}
_BACK: Final = {
    ReviewAction.REQUEST_CHANGES: gettext_lazy("{who} asks for changes to {claim}"),
    ReviewAction.REOPEN: gettext_lazy("{who} reopened {claim}"),
    ReviewAction.WITHDRAW: gettext_lazy("{who} took the proposal for {claim} back"),
}


def named(claim: Claim) -> StrOrPromise:
    """A claim as a notice names it, in the language of whoever reads it."""
    return format_lazy(
        gettext_lazy("claim {number} of “{title}”: {statement}"),
        number=claim.number, title=claim.article.title[:80], statement=claim.statement[:160],
    )  # fmt: skip


def review_told(
    review: Review, action: ReviewAction, *, actor: User | None, held_by: int | None, note: str = ""
) -> None:
    """Tell those whom a move concerns; `held_by` had the claim before. Call it in the transaction of the move."""
    key = f"review:{review.pk}:{review.version}"
    if action in (ReviewAction.ASSIGN, ReviewAction.HAND_OVER):
        _tell(
            review,
            NoticeEvent.ASSIGNED,
            [review.assignee],
            f"{key}:to",
            gettext_lazy("{who} gave you {claim}"),
            actor,
            note,
        )
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
    words = gettext_lazy("A second pair of eyes is wanted for {claim}")
    _tell(review, NoticeEvent.SECOND_REVIEW, people, f"{key}:second", words, actor, "")


def _tell(
    review: Review, event: NoticeEvent, people: list[User] | list[User | None], key: str, words: StrOrPromise,
    actor: User | None, note: str,
) -> None:  # fmt: skip
    said = format_lazy(words, who=person_name(actor), claim=named(review.claim))
    notify(event=event, people=people, key=key, about=review.claim, words=_with(said, note), actor=actor)


def _with(words: StrOrPromise, note: str) -> StrOrPromise:
    return format_lazy("{words}. “{note}”", words=words, note=note.strip()[:120]) if note.strip() else words


def correction_told(*, version: PublicationVersion, verdict: Verdict, actor: User) -> None:
    """Tell those who worked on a published verdict that it was corrected or retracted."""
    claim = version.publication.claim
    retracted = version.change == ChangeType.RETRACTION
    words = gettext_lazy("{who} retracted the verdict on {claim}") if retracted else (
        gettext_lazy("{who} corrected the verdict on {claim}"))  # fmt: skip
    notify(
        event=NoticeEvent.CORRECTED, people=[verdict.proposed_by, verdict.approved_by, claim.article.created_by],
        key=f"version:{version.pk}", about=claim, actor=actor,
        words=format_lazy(words, who=person_name(actor), claim=named(claim)),
    )  # fmt: skip


# --- what time brings ------------------------------------------------------------------------------------
def notices_of_time() -> int:
    """Tell holders of what is due soon, late or stale; returns how many were told. Safe to run twice."""
    now = timezone.now()
    held = Review.objects.filter(active=True, state__in=sorted(HELD), assignee__isnull=False)
    held = held.exclude(claim__article__state=ArticleState.HELD)  # its clock stands still
    told = _of_deadline(
        held.filter(due_at__gt=now, due_at__lte=now + SOON), NoticeEvent.DUE, gettext_lazy("Due soon: {claim}")
    )
    told += _of_deadline(held.filter(due_at__lte=now), NoticeEvent.OVERDUE, gettext_lazy("Late: {claim}"))
    return told + _of_stale()


def _of_deadline(reviews: object, event: NoticeEvent, words: StrOrPromise) -> int:
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
        _in_time(
            review,
            NoticeEvent.STALE,
            f"stale:{review.move}",
            gettext_lazy("The words changed: {claim}"),
            review.moved_at,
        )
        for review in found.order_by(F("pk"))[:MOST]
    )


def _in_time(review: Review, event: NoticeEvent, key: str, words: StrOrPromise, moment: object) -> int:
    with transaction.atomic():
        return notify(
            event=event, people=[review.assignee], key=key, about=review.claim,
            words=format_lazy(words, claim=named(review.claim)), moment=moment,  # type: ignore[arg-type]
        )  # fmt: skip
