"""Rights and moves that several services need. Only services import this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from articles.services.article import article_transition
from articles.services.claim import claim_settle
from articles.workflow import ArticleAction, ArticleState
from factcheck.audit.services import record
from factcheck.core.errors import NotAllowed, WrongState
from reviews.models import Lease, Review
from reviews.policies import desk_of, may
from reviews.services.told import review_told
from reviews.workflow import ENDED, HELD, REVIEW, ReviewAction, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

    from articles.models import Claim


def require(person: User, permission: str, act: str, on: Model) -> None:
    """Raise NotAllowed (workflow.not_allowed) unless the person holds the permission on the desk of `on`."""
    decision = may(person, permission, desk_of(on))
    if not decision.allowed:
        raise NotAllowed("workflow.not_allowed", action=act, needs=decision.needs)


def require_not_held(claim: Claim) -> None:
    """Raise WrongState (article.held) while the claim's article is on hold: nothing goes on then."""
    require_article_not_held(claim.article_id)


def require_article_not_held(article_id: int) -> None:
    if Article.objects.filter(pk=article_id, state=ArticleState.HELD).exists():
        raise WrongState("article.held")


def article_reopens(article_id: int) -> None:
    """Something is open again: an article that was complete or signed off goes back to being checked (TA5)."""
    done = (ArticleState.COMPLETE, ArticleState.SIGNED_OFF)
    article = Article.objects.filter(pk=article_id, state__in=done).first()
    if article is not None:
        article_transition(article=article, action=ArticleAction.RESUME_CHECK, actor=None)


def review_move(
    review: Review, action: ReviewAction, *, actor: User | None, changes: dict[str, Any] | None = None,
    note: str = "", seen_version: int | None = None, implied: bool = False, code: str = "",
) -> None:  # fmt: skip
    """The one writer of `Review.state`: compare-and-set on state and version, with its audit event."""
    old = ReviewState(review.state)
    new = REVIEW.next_state(old, action)
    seen = review.version if seen_version is None else seen_version
    changes, held_by = changes or {}, review.assignee_id
    unsealed = {} if new is ReviewState.SECOND_REVIEW else {"sealed": False}
    with transaction.atomic():
        moved = Review.objects.filter(pk=review.pk, state=old, version=seen, active=True).update(
            state=new, version=F("version") + 1, changed_at=timezone.now(), **unsealed, **changes
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        review.refresh_from_db()
        if new is not ReviewState.IN_PROGRESS or "assignee" in changes:
            lease_release(claim_id=review.claim_id)
        if (old in ENDED) != (new in ENDED):
            claim_settle(claim_id=review.claim_id, settled=new in ENDED)
            if new not in ENDED:
                article_reopens(review.claim.article_id)
        after = {"state": new} | {name: _plain(value) for name, value in changes.items()}
        record(code or f"review.{action}", review, actor=actor, before={"state": old}, after=after, note=note,
               implied=implied)  # fmt: skip
        review_told(review, action, actor=actor, held_by=held_by, note=note)


def lease_release(
    *, claim_id: int | None = None, person: User | None = None, session: str = ""
) -> int:  # fmt: skip
    """End leases: of a claim that moved on, of a window that was closed, of somebody who logged out.

    The only way out of a lease beside its two minutes, which see to a browser that crashed. Returns how many.
    """
    held = Lease.objects.all()
    if claim_id is not None:
        held = held.filter(claim=claim_id)
    if person is not None:
        held = held.filter(person=person)
    if session:
        held = held.filter(session=session)
    return held.delete()[0]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def review_retire(*, claim: Claim, actor: User) -> None:
    """The claim is not to be checked after all: its unfinished review becomes history.

    Raises WrongState once a verdict was proposed: what was judged is withdrawn or corrected, not dismissed.
    """
    review = Review.objects.filter(claim=claim, active=True).first()
    if review is None:
        return
    if review.state not in (ReviewState.QUEUED, *HELD):
        raise WrongState("workflow.wrong_state", action="dismiss", state=review.state.replace("_", " "))
    _retire(review, actor)


def review_close(*, claim: Claim) -> None:
    """The verdict is out: the approved review is history. Follows from publishing; nobody asks for it."""
    review = Review.objects.filter(claim=claim, active=True, state=ReviewState.APPROVED).first()
    if review is not None:
        review_move(review, ReviewAction.CLOSE, actor=None, changes={"closed_at": timezone.now()}, implied=True)


def review_retire_closed(*, claim: Claim, actor: User | None) -> bool:
    """A published claim is to be judged anew: its closed review becomes history. False if none is closed."""
    review = Review.objects.filter(claim=claim, active=True, state=ReviewState.CLOSED).first()
    return review is not None and _retire(review, actor)


def review_step_back(*, claim: Claim, actor: User) -> None:
    """A check begun anew ends without a new version: it becomes history, and the last closed one counts again."""
    review = Review.objects.filter(claim=claim, active=True).exclude(state=ReviewState.CLOSED).first()
    before = Review.objects.filter(claim=claim, active=False, state=ReviewState.CLOSED).order_by("-pk").first()
    if review is None or before is None:
        return
    _retire(review, actor)
    Review.objects.filter(pk=before.pk).update(active=True, version=F("version") + 1, changed_at=timezone.now())
    record("review.restored", before, actor=actor, implied=True)
    claim_settle(claim_id=claim.pk, settled=True)


def _retire(review: Review, actor: User | None) -> bool:
    retired = Review.objects.filter(pk=review.pk, version=review.version, active=True).update(
        active=False, version=F("version") + 1, changed_at=timezone.now()
    )
    if retired != 1:
        raise WrongState("workflow.changed")
    lease_release(claim_id=review.claim_id)
    record("review.retired", review, actor=actor, before={"state": review.state}, implied=True)
    return True
