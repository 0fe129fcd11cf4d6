"""Looking again at what is published: by a date, because something changed, or because somebody asks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.services.claim import claim_settle
from factcheck.audit.services import one_act, record
from factcheck.core.errors import FactcheckError, Invalid, WrongState
from reviews.models import Publication, Review
from reviews.policies import desk_of, granted
from reviews.services.correction import verdict_next
from reviews.services.review import review_for
from reviews.services.transition import require, require_not_held, review_retire_closed, review_step_back
from reviews.workflow import HELD, PublicationState, ReviewState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.models import Claim

logger: Final = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 100
# A desk editor who runs the queue, or who answers for what is out.
_MAY: Final = ("assign_reviews", "correct")
_BY_DATE: Final = "The date set for another look has come."


def claim_check_again(*, claim: Claim, actor: User, note: str) -> Review:
    """Begin a new check of a claim whose verdict is out; the page stays as it is until a new version goes out.

    The closed review becomes history and a new one is queued. A check that is already open goes on. Raises
    NotAllowed, Invalid (review.reason_needed), WrongState (publication.not_live, article.held).
    """
    _require(actor, _("check published claims again"), claim)
    if not note.strip():
        raise Invalid("review.reason_needed")
    require_not_held(claim)
    return publication_recheck(claim=claim, actor=actor, note=note.strip(), implied=False)


def _require(actor: User, act: str, on: Claim | Publication) -> None:
    if not granted(actor, desk_of(on)) & set(_MAY):
        require(actor, _MAY[0], act, on)


def publication_recheck(*, claim: Claim, actor: User | None, note: str, implied: bool = True) -> Review:
    """Mark a live page to be looked at again and put its claim back into the queue; the trail says why.

    Asks for nobody's right: it follows from something that happened. Raises WrongState (publication.not_live).
    """
    with transaction.atomic(), one_act():
        publication = (
            Publication.objects.select_for_update(no_key=True)
            .filter(claim=claim, state=PublicationState.LIVE)
            .first()
        )
        if publication is None:
            raise WrongState("publication.not_live")
        if not publication.recheck_due:
            Publication.objects.filter(pk=publication.pk).update(recheck_due=True)
            record("publication.recheck", publication, actor=actor, note=note, implied=implied)
        if review_retire_closed(claim=claim, actor=actor):
            claim_settle(claim_id=claim.pk, settled=False)
        return review_for(claim=claim, actor=actor)


def publication_stands(*, publication: Publication, actor: User, note: str) -> Publication:
    """Say that a page that was marked to be looked at again is right as it is; its open check ends.

    Raises NotAllowed without `correct`, Invalid (review.reason_needed), WrongState (publication.not_due where
    nothing is marked, publication.newer_verdict where a new verdict was proposed or approved).
    """
    require(actor, "correct", _("say that a verdict stands"), publication)
    if not note.strip():
        raise Invalid("review.reason_needed")
    with transaction.atomic(), one_act():
        held = Publication.objects.select_for_update(no_key=True).filter(
            pk=publication.pk, state=PublicationState.LIVE
        )
        if held.filter(recheck_due=True).update(recheck_due=False) != 1:
            raise WrongState("publication.not_due")
        if verdict_next(publication) is not None or _is_judged(publication):
            raise WrongState("publication.newer_verdict")
        record("publication.stands", publication, actor=actor, note=note.strip())
        review_step_back(claim=publication.claim, actor=actor)
    publication.refresh_from_db()
    return publication


def _is_judged(publication: Publication) -> bool:
    """Somebody has proposed a new verdict: it is theirs to withdraw, or the second person's to send back."""
    known = (ReviewState.QUEUED, *HELD, ReviewState.CLOSED)
    return Review.objects.filter(claim=publication.claim_id, active=True).exclude(state__in=known).exists()


def publication_recheck_on(*, publication: Publication, actor: User, at: datetime | None) -> Publication:
    """Set the time at which the page is to be looked at again; None takes it back.

    Raises NotAllowed, WrongState (publication.not_live once it was retracted), Invalid (publication.time_past).
    """
    _require(actor, _("set a date for another look"), publication)
    if at is not None and at <= timezone.now():
        raise Invalid("publication.time_past")
    with transaction.atomic():
        held = Publication.objects.filter(pk=publication.pk).exclude(state=PublicationState.RETRACTED)
        if held.update(recheck_at=at) != 1:
            raise WrongState("publication.not_live")
        record("publication.recheck_on", publication, actor=actor, after={"at": at.isoformat() if at else None})
    publication.refresh_from_db()
    return publication


def rechecks_begin_due() -> int:
    """Put the claims whose time for another look has come back into the queue; returns how many. May run twice."""
    due = Publication.objects.filter(state=PublicationState.LIVE, recheck_at__lte=timezone.now())
    begun = 0
    for publication in due.select_related("claim__article").order_by("recheck_at", "pk")[:MOST_AT_ONCE]:
        with transaction.atomic():
            mine = Publication.objects.filter(pk=publication.pk, recheck_at=publication.recheck_at)
            if mine.update(recheck_at=None) != 1:
                continue
            try:
                publication_recheck(claim=publication.claim, actor=None, note=_BY_DATE)
            except FactcheckError as error:  # retracted a moment ago
                logger.info("%s is not looked at again: %s", publication.slug, error.detail)
                continue
        begun += 1
    return begun
