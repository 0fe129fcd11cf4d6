"""Times to come: a publication at its second, and an embargo before which nothing goes out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.models import Publication
from reviews.selectors.published import claim_review_facts
from reviews.services.issue import allow, issue, move, trace
from reviews.services.publication import publication_publish, require_publishable
from reviews.services.transition import require
from reviews.workflow import PublicationAction, PublicationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

logger: Final = logging.getLogger(__name__)
# What one run of the clock publishes at most; the next one, a second later, goes on.
MOST_AT_ONCE: Final = 100
_UNSEEN: Final = (PublicationState.DRAFT, PublicationState.SCHEDULED)


def publication_schedule(
    *, publication: Publication, actor: User, at: datetime, seen_version: int | None = None
) -> Publication:
    """Publish at a time to come, in the name of who scheduled it.

    Raises NotAllowed, WrongState, and Invalid (publication.time_past, publication.before_embargo,
    publication.lint).
    """
    allow(publication, PublicationAction.SCHEDULE, actor)
    require_publishable(publication)
    if at <= timezone.now():
        raise Invalid("publication.time_past")
    _after_embargo(at, publication.embargo_until)
    verdict = publication.verdict
    issue(publication, verdict, claim_review_facts(
        publication=publication, verdict=verdict, published_at=timezone.now(),
    ))  # fmt: skip
    with transaction.atomic():
        old = publication.state
        changes = {"scheduled_for": at, "scheduled_by": actor}
        move(publication, PublicationAction.SCHEDULE, changes=changes, seen_version=seen_version)
        trace(publication, PublicationAction.SCHEDULE, actor, old, after={"at": at.isoformat()})
    return publication


def _after_embargo(at: datetime, until: datetime | None) -> None:
    if until is not None and at < until:
        raise Invalid("publication.before_embargo", until=until)


def publication_cancel(*, publication: Publication, actor: User, seen_version: int | None = None) -> Publication:
    """Take a scheduled time back; raises NotAllowed, WrongState."""
    allow(publication, PublicationAction.CANCEL, actor)
    _cancel(publication, actor, seen_version=seen_version)
    return publication


def _cancel(publication: Publication, actor: User | None, *, seen_version: int | None = None, note: str = "") -> None:
    with transaction.atomic():
        old = publication.state
        changes = {"scheduled_for": None, "scheduled_by": None}
        move(publication, PublicationAction.CANCEL, changes=changes, seen_version=seen_version)
        trace(publication, PublicationAction.CANCEL, actor, old, note=note, implied=actor is None)


def publication_embargo(
    *, publication: Publication, actor: User, until: datetime | None, seen_version: int | None = None
) -> Publication:
    """Let nothing go out before `until`; None lifts the embargo.

    Raises NotAllowed without `publish`, WrongState once it is out, Invalid (publication.time_past, and
    publication.before_embargo while it is scheduled for an earlier time).
    """
    require(actor, "publish", _("set an embargo"), publication)
    if publication.state not in _UNSEEN:
        raise WrongState("workflow.wrong_state", action=_("an embargo"), state=publication.state)
    if until is not None and until <= timezone.now():
        raise Invalid("publication.time_past")
    if publication.scheduled_for:
        _after_embargo(publication.scheduled_for, until)
    seen = publication.version if seen_version is None else seen_version
    with transaction.atomic():
        rows = Publication.objects.filter(pk=publication.pk, state=publication.state, version=seen)
        if rows.update(embargo_until=until, version=F("version") + 1) != 1:
            raise WrongState("workflow.changed")
        before, after = publication.embargo_until, until
        record(
            "publication.embargo", publication, actor=actor,
            before={"until": before.isoformat() if before else None},
            after={"until": after.isoformat() if after else None},
        )  # fmt: skip
    publication.refresh_from_db()
    return publication


def publications_publish_due() -> int:
    """Publish what was scheduled for now or earlier, in that order; returns how many went out.

    Safe to run in parallel and to be killed at any point: each page goes out in one transaction of its own, and
    what is still scheduled is due again a second later. What can no longer be published (the right was taken
    away, the scale changed) is a draft again, and the trail says why. Raises an ExceptionGroup at the end where
    something broke, after the others have gone out.
    """
    due = Publication.objects.filter(state=PublicationState.SCHEDULED, scheduled_for__lte=timezone.now())
    pks = due.order_by("scheduled_for", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    done, broken = 0, []
    for pk in list(pks):
        try:
            done += _publish_due(pk)
        except Exception as error:
            broken.append(error)
    if broken:
        raise ExceptionGroup("Some scheduled pages could not be published.", broken)
    return done


def _publish_due(pk: int) -> bool:
    held = Publication.objects.select_related("scheduled_by", "verdict__label__scale", "claim__article")
    publication = held.filter(pk=pk, state=PublicationState.SCHEDULED, scheduled_for__lte=timezone.now()).first()
    if publication is None:  # another worker was first, or it was taken back
        return False
    try:
        if publication.scheduled_by is None:
            raise NotAllowed("workflow.not_allowed", action="publish", needs="Who scheduled it is gone.")
        publication_publish(publication=publication, actor=publication.scheduled_by, implied=True)
    except FactcheckError as error:
        _not_published(publication, error)
        return False
    return True


def _not_published(publication: Publication, error: FactcheckError) -> None:
    logger.warning("%s was not published: %s (%s)", publication.slug, error.detail, error.code)
    publication.refresh_from_db()
    if error.code != "workflow.changed" and publication.state == PublicationState.SCHEDULED:
        _cancel(publication, None, note=f"{error.detail} ({error.code})")
