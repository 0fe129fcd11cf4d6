"""Who types on a claim. Reading never takes a lease, and every way out of one is `lease_release`."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.audit.services import person_name
from factcheck.core.errors import Invalid, Locked, NotAllowed
from reviews.models import DeskPolicy, Draft, Lease, Review
from reviews.policies import desk_of, may, may_review
from reviews.services.transition import lease_release, require_not_held, review_move
from reviews.workflow import ReviewAction, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim

LIFE: Final = timedelta(minutes=2)
_MINUTE: Final = 60
_RETURNED: Final = (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.CHANGES_REQUESTED)


def session_of(key: str | None) -> str:
    """What a lease keeps of a browser's session: not the key, which opens the door."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def lease_of(review: Review | None) -> Lease | None:
    """The lease that holds now on the claim of a review; no query where it was joined (`claim_card.LEASED`)."""
    lease: Lease | None = getattr(review.claim, "lease", None) if review is not None else None
    return lease if lease is not None and lease.expires_at > timezone.now() else None


def typed_by_another(claim_id: int, person: User) -> bool:
    return Lease.objects.filter(claim=claim_id, expires_at__gt=timezone.now()).exclude(person=person).exists()


def since(lease: Lease) -> str:
    """How long the holder has been typing, as the page says it: 40 s, 3 min."""
    seconds = max(1, int((timezone.now() - lease.taken_at).total_seconds()))
    return (
        _("%(seconds)s s") % {"seconds": seconds}
        if seconds < _MINUTE
        else _("%(minutes)s min") % {"minutes": seconds // _MINUTE}
    )


def lease_take(*, claim: Claim, actor: User, session: str) -> Lease:
    """Hold the claim for two more minutes: the first key takes it, every later one renews it.

    Raises Locked (lease.held, lease.other_window) while another window holds it and NotAllowed (lease.not_yours)
    for somebody whose turn it is not.
    """
    _require_turn(claim, actor)
    now = timezone.now()
    ends = now + LIFE
    held = Lease.objects.filter(claim=claim)
    with transaction.atomic():
        if held.filter(person=actor, session=session, expires_at__gt=now).update(expires_at=ends) != 1:
            fresh = {"person": actor, "session": session, "taken_at": now, "expires_at": ends, "asked_by": None}
            if held.filter(expires_at__lte=now).update(**fresh) != 1:
                Lease.objects.bulk_create([Lease(claim=claim, **fresh)], ignore_conflicts=True)
        lease = held.select_related("person", "asked_by").get()
    if (lease.person_id, lease.session) != (actor.pk, session):
        _locked(lease, actor)
    return lease


def _require_turn(claim: Claim, actor: User) -> None:
    review = Review.objects.filter(claim=claim, active=True).first()
    if review is None or review.state != ReviewState.IN_PROGRESS or review.assignee_id != actor.pk:
        raise NotAllowed("lease.not_yours")


def _locked(lease: Lease, actor: User) -> None:
    if lease.person_id == actor.pk:
        raise Locked("lease.other_window", since=since(lease))
    raise Locked("lease.held", name=person_name(lease.person), since=since(lease))


def lease_move_here(*, claim: Claim, actor: User, session: str) -> Lease:
    """Go on in this window: one's own lease leaves the other one. Raises as `lease_take` does."""
    with transaction.atomic():
        lease_release(claim_id=claim.pk, person=actor)
        return lease_take(claim=claim, actor=actor, session=session)


def lease_ask(*, claim: Claim, actor: User) -> None:
    """Tell whoever is typing that somebody would like to take over; raises NotAllowed."""
    decision = may(actor, "propose_verdict", desk_of(claim))
    if not decision.allowed:
        raise NotAllowed("workflow.not_allowed", action=_("take over"), needs=decision.needs)
    Lease.objects.filter(Q(claim=claim) & ~Q(person=actor), expires_at__gt=timezone.now()).update(asked_by=actor)


def review_take_over(*, review: Review, actor: User, note: str = "", seen_version: int | None = None) -> Review:
    """Take a claim from whoever has it: anybody where nobody types, a desk editor at any time and with a note.

    What the other one typed stays in their drafts. Raises NotAllowed, Invalid (review.reason_needed), WrongState.
    """
    require_not_held(review.claim)
    typing = typed_by_another(review.claim_id, actor)
    decision = may_review(actor, ReviewAction.TAKE_OVER, review, typing=typing)
    if not decision.allowed:
        raise NotAllowed(decision.code, action=_("take over"), needs=decision.needs)
    if typing and not note.strip():
        raise Invalid("review.reason_needed")
    review_move(
        review, ReviewAction.TAKE_OVER, actor=actor, changes={"assignee": actor}, note=note,
        seen_version=seen_version,
    )  # fmt: skip
    return review


def reviews_return(*, most: int = 200) -> int:
    """Give back what its holder has not touched for the hours of its desk; returns how many. Drafts are kept.

    A claim that waits for a reply stays with who asked. Safe to run twice.
    """
    policies = DeskPolicy.objects.filter(return_after_hours__gt=0).values_list("desk", "return_after_hours")
    return sum(_return(desk, hours, most) for desk, hours in policies)


def _return(desk: int, hours: int, most: int) -> int:
    before = timezone.now() - timedelta(hours=hours)
    typed = Draft.objects.filter(saved_at__gt=before).values("claim")
    left = Review.objects.filter(active=True, state__in=_RETURNED, changed_at__lt=before, claim__article__desk=desk)
    found = list(left.exclude(claim__in=typed).order_by("pk")[:most])
    for review in found:
        review_move(
            review, ReviewAction.GIVE_BACK, actor=None, changes={"assignee": None}, implied=False,
            note=f"Nobody touched it for {hours} hours. What was typed is kept.",
        )  # fmt: skip
    return len(found)
