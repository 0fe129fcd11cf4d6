"""From an approved verdict to a public page. Times to come are in `schedule`, what is out in `correction`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from factcheck.audit.services import one_act, record
from factcheck.core.errors import WrongState
from reviews.choices import ChangeType, EventKind
from reviews.models import Publication, PublicationVersion, Review, Verdict
from reviews.selectors.published import claim_review_facts
from reviews.services.issue import allow, issue, move, remember, tell, trace, version_add
from reviews.services.transition import require_not_held, review_close
from reviews.workflow import PUBLICATION, PublicationAction, PublicationState, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim

logger: Final = logging.getLogger(__name__)
SLUG_LENGTH: Final = 80


# --- drafts --------------------------------------------------------------------------------------------
def publication_draft(*, claim: Claim, verdict: Verdict) -> Publication:
    """The draft of an approved verdict; call it in the transaction of the approval.

    1. The first time a page is made; its slug comes from the statement and never changes.
    2. A draft that nobody has seen, scheduled or withdrawn, points to the new verdict from now on.
    3. A page that is out stays as it is: its next version is published by `publication_correct`.
    """
    publication = Publication.objects.filter(claim=claim).first()
    if publication is None:
        publication = _create(claim, verdict)
        _note(publication, "publication.drafted", {"slug": publication.slug, "verdict": verdict.pk})
    elif PublicationAction.REDRAFT in PUBLICATION.allowed(PublicationState(publication.state)):
        changes = {"verdict": verdict, "scheduled_for": None, "scheduled_by": None}
        move(publication, PublicationAction.REDRAFT, changes=changes)
        _note(publication, "publication.drafted", {"verdict": verdict.pk})
    return publication


def _note(publication: Publication, code: str, after: dict[str, Any]) -> None:
    record(code, publication, actor=None, after=after, implied=True)


def _create(claim: Claim, verdict: Verdict) -> Publication:
    stem = _stem(verdict.statement) or f"claim-{claim.pk}"
    # Two claims may be worded alike, and two people may approve at the same moment: the number of the claim
    # is unique, so the second name cannot be taken unless somebody worded a claim just so.
    for slug in (stem, f"{stem}-{claim.pk}", f"{stem}-{claim.pk}-{verdict.pk}"):
        if Publication.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Publication.objects.create(claim=claim, slug=slug, verdict=verdict)
        except IntegrityError:
            logger.info("The slug %s was taken at the same moment.", slug)
    raise WrongState("workflow.changed")


def _stem(statement: str) -> str:
    slug = slugify(statement)
    return slug if len(slug) <= SLUG_LENGTH else slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]


def publication_withdraw(*, claim: Claim, actor: User) -> None:
    """The review was reopened: what was not published yet no longer may be. Does nothing to a page that is out."""
    publication = Publication.objects.filter(claim=claim).first()
    if publication is None or PublicationAction.WITHDRAW not in PUBLICATION.allowed(
        PublicationState(publication.state)
    ):
        return
    with transaction.atomic():
        old = publication.state
        move(publication, PublicationAction.WITHDRAW, changes={"scheduled_for": None, "scheduled_by": None})
        trace(publication, PublicationAction.WITHDRAW, actor, old, implied=True)


# --- publishing ----------------------------------------------------------------------------------------
def publication_publish(
    *, publication: Publication, actor: User, seen_version: int | None = None, implied: bool = False
) -> PublicationVersion:
    """Make the page public.

    1. Policy: raises NotAllowed without `publish`.
    2. Table, and the verdict must stand approved: raises WrongState. So does an embargo that still holds.
    3. Lint: raises Invalid (publication.lint) with every finding that blocks.
    4. In one transaction: compare-and-set, version 1 with its ClaimReview, the review closed, the claim in
       the desk's own memory, the trail, the event for receivers.
    """
    allow(publication, PublicationAction.PUBLISH, actor)
    require_publishable(publication)
    now = timezone.now()
    if publication.embargo_until and publication.embargo_until > now:
        raise WrongState("publication.embargoed", until=publication.embargo_until)
    made = issue(publication, publication.verdict, claim_review_facts(
        publication=publication, verdict=publication.verdict, published_at=now,
    ))  # fmt: skip
    changes = {"first_published_at": now, "last_published_at": now, "scheduled_for": None, "scheduled_by": None}
    with transaction.atomic(), one_act():
        old = publication.state
        move(publication, PublicationAction.PUBLISH, changes=changes, seen_version=seen_version)
        version = version_add(publication, made, ChangeType.FIRST, now, actor)
        trace(publication, PublicationAction.PUBLISH, actor, old, after={"number": version.number}, implied=implied)
        review_close(claim=publication.claim)
        remember(made, now)
        tell(EventKind.PUBLISHED, version)
    return version


def require_publishable(publication: Publication) -> None:
    """Raise WrongState unless the article goes on and the verdict stands approved: not reopened since."""
    require_not_held(publication.claim)
    stands = Review.objects.filter(
        claim=publication.claim_id, active=True, state=ReviewState.APPROVED, verdict=publication.verdict_id,
        verdict__approved_at__isnull=False,
    ).exists()  # fmt: skip
    if not stands:
        raise WrongState("publication.not_approved")
