"""The one writer of publications: drafts, versions, and the claim memory that follows from them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim
from articles.services.archive import checked_claim_save
from factcheck.audit.services import one_act, record
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.choices import ChangeType, EventKind
from reviews.claimreview import ClaimReviewFacts, Correction, claim_review
from reviews.lint import Finding, blocking, lint
from reviews.models import Publication, PublicationVersion, Review, Verdict
from reviews.policies import PUBLICATION_NEEDS
from reviews.selectors.published import claim_review_facts, lint_page, publication_url
from reviews.services.delivery import event_emit
from reviews.services.transition import require, require_not_held, review_close
from reviews.workflow import PUBLICATION, PublicationAction, PublicationState, ReviewState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.models import Claim

logger: Final = logging.getLogger(__name__)
SLUG_LENGTH: Final = 80
# Why a live page may get another version without being taken back.
CORRECTIONS: Final = (ChangeType.REFILE, ChangeType.UPDATE, ChangeType.CLARIFICATION, ChangeType.CORRECTION)
_NO_NOTE: Final = (ChangeType.FIRST, ChangeType.REFILE)


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
        _move(publication, PublicationAction.REDRAFT, changes=changes)
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
        _move(publication, PublicationAction.WITHDRAW, changes={"scheduled_for": None, "scheduled_by": None})
        _trace(publication, PublicationAction.WITHDRAW, actor, old, implied=True)


def publication_recheck(*, claim: Claim, actor: User, note: str) -> None:
    """Mark a page that is out to be looked at again; the trail says why. Does nothing to any other."""
    for publication in Publication.objects.filter(claim=claim, state=PublicationState.LIVE, recheck_due=False):
        with transaction.atomic():
            Publication.objects.filter(pk=publication.pk).update(recheck_due=True)
            record("publication.recheck", publication, actor=actor, note=note, implied=True)


# --- publishing ----------------------------------------------------------------------------------------
def publication_publish(
    *, publication: Publication, actor: User, seen_version: int | None = None, implied: bool = False
) -> PublicationVersion:
    """Make the page public.

    1. Policy: raises NotAllowed without `publish`.
    2. Table, and the verdict must stand approved: raises WrongState.
    3. Lint: raises Invalid (publication.lint) with every finding that blocks.
    4. In one transaction: compare-and-set, version 1 with its ClaimReview, the review closed, the claim in
       the desk's own memory, the trail, the event for receivers.
    """
    _allow(publication, PublicationAction.PUBLISH, actor)
    _approved(publication)
    now = timezone.now()
    issue = _issue(publication, publication.verdict, claim_review_facts(
        publication=publication, verdict=publication.verdict, published_at=now,
    ))  # fmt: skip
    changes = {"first_published_at": now, "last_published_at": now, "scheduled_for": None, "scheduled_by": None}
    with transaction.atomic(), one_act():
        old = publication.state
        _move(publication, PublicationAction.PUBLISH, changes=changes, seen_version=seen_version)
        version = _version(publication, issue, ChangeType.FIRST, now, actor)
        _trace(publication, PublicationAction.PUBLISH, actor, old, after={"number": version.number}, implied=implied)
        review_close(claim=publication.claim)
        _remember(publication, issue, now)
        _tell(EventKind.PUBLISHED, version)
    return version


def _allow(publication: Publication, action: PublicationAction, actor: User) -> None:
    require(actor, PUBLICATION_NEEDS[action], f"{action.value} verdicts", publication)
    if action in (PublicationAction.PUBLISH, PublicationAction.SCHEDULE):
        require_not_held(publication.claim)
    PUBLICATION.next_state(PublicationState(publication.state), action)


def _approved(publication: Publication) -> None:
    """The verdict was approved and the review was not reopened since."""
    stands = Review.objects.filter(
        claim=publication.claim_id, active=True, state=ReviewState.APPROVED, verdict=publication.verdict_id,
        verdict__approved_at__isnull=False,
    ).exists()  # fmt: skip
    if not stands:
        raise WrongState("publication.not_approved")


@dataclass(frozen=True, slots=True)
class Issue:
    """One verdict ready to go out, and what the lint rules said of it."""

    verdict: Verdict
    facts: ClaimReviewFacts
    document: dict[str, Any]


def _issue(publication: Publication, verdict: Verdict, facts: ClaimReviewFacts) -> Issue:
    document = claim_review(facts)
    stopping = blocking(_findings(publication, verdict, document))
    if stopping:
        raise Invalid("publication.lint", detail=" ".join(f"{one.message} ({one.rule})" for one in stopping))
    return Issue(verdict, facts, document)


def _findings(publication: Publication, verdict: Verdict, document: dict[str, Any]) -> list[Finding]:
    others = CheckedClaim.objects.filter(url=document["url"], withdrawn=False).exclude(identity=document["@id"])
    return lint(document, lint_page(publication, verdict, others))


def publication_findings(*, publication: Publication) -> list[Finding]:
    """What the lint rules say of the draft now, warnings too; for the page that offers to publish it."""
    facts = claim_review_facts(
        publication=publication, verdict=publication.verdict,
        published_at=publication.first_published_at or timezone.now(),
    )  # fmt: skip
    return _findings(publication, publication.verdict, claim_review(facts))


def _version(
    publication: Publication, issue: Issue, change: ChangeType, at: datetime, actor: User, note: str = ""
) -> PublicationVersion:
    return PublicationVersion.objects.create(
        publication=publication,
        number=publication.versions.count() + 1,
        change=change,
        note=note,
        verdict=issue.verdict,
        claimreview={} if change == ChangeType.RETRACTION else issue.document,
        published_at=at,
        published_by=actor,
    )


def _remember(publication: Publication, issue: Issue, at: datetime, *, withdrawn: bool = False) -> None:
    facts = issue.facts
    checked_claim_save(
        identity=issue.document["@id"],
        claim=facts.claim,
        claimant=facts.speaker,
        rating=facts.label,
        rating_value=facts.value,
        best=facts.best if facts.value is not None else None,
        worst=facts.worst if facts.value is not None else None,
        summary=facts.explanation,
        url=facts.url,
        publisher=facts.publisher.name,
        reviewed_on=at.date(),
        language=facts.language,
        origin=ArchiveOrigin.OWN,
        raw=issue.document,
        withdrawn=withdrawn,
    )


def _tell(kind: EventKind, version: PublicationVersion) -> None:
    """Thin on purpose: who wants to know more reads the page, whose newest version is always right."""
    publication = version.publication
    data = {
        "claim_id": publication.claim_id, "slug": publication.slug, "url": publication_url(publication),
        "revision": version.number, "change": str(version.change),
    }  # fmt: skip
    if kind != EventKind.RETRACTED:  # what was taken back is not said again
        data["verdict"] = version.verdict.label.key
    event_emit(kind=kind, claim=publication.claim, at=version.published_at, data=data)


def _move(
    publication: Publication, action: PublicationAction, *, changes: dict[str, Any], seen_version: int | None = None
) -> None:
    """Compare-and-set on state and version; raises WrongState (workflow.wrong_state, workflow.changed)."""
    old = PublicationState(publication.state)
    new = PUBLICATION.next_state(old, action)
    seen = publication.version if seen_version is None else seen_version
    moved = Publication.objects.filter(pk=publication.pk, state=old, version=seen).update(
        state=new, version=F("version") + 1, **changes
    )
    if moved != 1:
        raise WrongState("workflow.changed")
    publication.refresh_from_db()


def _trace(
    publication: Publication, action: PublicationAction, actor: User | None, old: str, *,
    after: dict[str, Any] | None = None, note: str = "", implied: bool = False,
) -> None:  # fmt: skip
    record(
        f"publication.{action}", publication, actor=actor, before={"state": old},
        after={"state": publication.state, **(after or {})}, note=note, implied=implied,
    )  # fmt: skip


# --- a time to come ------------------------------------------------------------------------------------
def publication_schedule(
    *, publication: Publication, actor: User, at: datetime, seen_version: int | None = None
) -> Publication:
    """Publish at a time to come, in the name of who scheduled it.

    Raises NotAllowed, WrongState, and Invalid (publication.time_past, publication.lint).
    """
    _allow(publication, PublicationAction.SCHEDULE, actor)
    _approved(publication)
    if at <= timezone.now():
        raise Invalid("publication.time_past")
    verdict = publication.verdict
    _issue(publication, verdict, claim_review_facts(
        publication=publication, verdict=verdict, published_at=timezone.now(),
    ))  # fmt: skip
    with transaction.atomic():
        old = publication.state
        _move(
            publication, PublicationAction.SCHEDULE, changes={"scheduled_for": at, "scheduled_by": actor},
            seen_version=seen_version,
        )  # fmt: skip
        _trace(publication, PublicationAction.SCHEDULE, actor, old, after={"at": at.isoformat()})
    return publication


def publication_cancel(*, publication: Publication, actor: User, seen_version: int | None = None) -> Publication:
    """Take a scheduled time back; raises NotAllowed, WrongState."""
    _allow(publication, PublicationAction.CANCEL, actor)
    _cancel(publication, actor, seen_version=seen_version)
    return publication


def _cancel(publication: Publication, actor: User | None, *, seen_version: int | None = None, note: str = "") -> None:
    with transaction.atomic():
        old = publication.state
        changes = {"scheduled_for": None, "scheduled_by": None}
        _move(publication, PublicationAction.CANCEL, changes=changes, seen_version=seen_version)
        _trace(publication, PublicationAction.CANCEL, actor, old, note=note, implied=actor is None)


def publications_publish_due() -> int:
    """Publish what was scheduled for now or earlier; returns how many went out. Safe to run in parallel.

    What can no longer be published (the right was taken away, the scale changed) is a draft again, and the
    trail says why.
    """
    due = Publication.objects.filter(state=PublicationState.SCHEDULED, scheduled_for__lte=timezone.now())
    done = 0
    for publication in due.select_related("scheduled_by", "verdict__label__scale", "claim__article"):
        try:
            if publication.scheduled_by is None:
                raise NotAllowed("workflow.not_allowed", action="publish", needs="Who scheduled it is gone.")
            publication_publish(publication=publication, actor=publication.scheduled_by, implied=True)
            done += 1
        except FactcheckError as error:
            _not_published(publication, error)
    return done


def _not_published(publication: Publication, error: FactcheckError) -> None:
    logger.warning("%s was not published: %s (%s)", publication.slug, error.detail, error.code)
    if error.code != "workflow.changed":  # else another worker has it in hand
        publication.refresh_from_db()
        _cancel(publication, None, note=f"{error.detail} ({error.code})")


# --- what is out ---------------------------------------------------------------------------------------
def publication_correct(
    *, publication: Publication, actor: User, change: str, note: str = "", verdict: Verdict | None = None,
    seen_version: int | None = None,
) -> PublicationVersion:  # fmt: skip
    """Publish the next version of a live page: a refile, update, clarification or correction.

    `verdict` is a newer approved verdict on the same claim, the one on the page if it is not given. All but
    a refile need a public note. Raises NotAllowed (publication.own_verdict for who proposed the verdict),
    WrongState, Invalid (publication.bad_change, publication.note_needed, publication.lint).
    """
    _allow(publication, PublicationAction.CORRECT, actor)
    kind = _change(change, note)
    verdict = verdict or publication.verdict
    _second_person(publication, verdict, actor)
    now = timezone.now()
    correction = Correction(note, now) if kind == ChangeType.CORRECTION else None
    first = publication.first_published_at or now
    issue = _issue(publication, verdict, claim_review_facts(
        publication=publication, verdict=verdict, published_at=first, modified_at=now, correction=correction,
    ))  # fmt: skip
    with transaction.atomic(), one_act():
        old = publication.state
        changes = {"verdict": verdict, "last_published_at": now}
        _move(publication, PublicationAction.CORRECT, changes=changes, seen_version=seen_version)
        version = _version(publication, issue, kind, now, actor, note)
        after = {"number": version.number, "change": kind.value}
        _trace(publication, PublicationAction.CORRECT, actor, old, after=after, note=note)
        _remember(publication, issue, now)
        _tell(EventKind.CORRECTED, version)
    return version


def _change(change: str, note: str) -> ChangeType:
    if change not in CORRECTIONS:
        raise Invalid("publication.bad_change", change=change, known=", ".join(CORRECTIONS))
    kind = ChangeType(change)
    if kind not in _NO_NOTE and not note.strip():
        raise Invalid("publication.note_needed")
    return kind


def _second_person(publication: Publication, verdict: Verdict, actor: User) -> None:
    if verdict.review.claim_id != publication.claim_id or verdict.approved_at is None:
        raise WrongState("publication.not_approved")
    if verdict.proposed_by_id == actor.pk:
        raise NotAllowed("publication.own_verdict")


def publication_retract(
    *, publication: Publication, actor: User, note: str, seen_version: int | None = None
) -> PublicationVersion:
    """Take the verdict back. The page stays at its address with the note; its ClaimReview is withdrawn.

    Raises NotAllowed (publication.own_verdict for who proposed it), WrongState, Invalid
    (publication.note_needed).
    """
    _allow(publication, PublicationAction.RETRACT, actor)
    if not note.strip():
        raise Invalid("publication.note_needed")
    _second_person(publication, publication.verdict, actor)
    now, verdict = timezone.now(), publication.verdict
    first = publication.first_published_at or now
    facts = claim_review_facts(publication=publication, verdict=verdict, published_at=first, modified_at=now)
    issue = Issue(verdict, facts, claim_review(facts))  # nothing of it goes out, so nothing is linted
    with transaction.atomic(), one_act():
        old = publication.state
        _move(publication, PublicationAction.RETRACT, changes={"last_published_at": now}, seen_version=seen_version)
        version = _version(publication, issue, ChangeType.RETRACTION, now, actor, note)
        _trace(publication, PublicationAction.RETRACT, actor, old, after={"number": version.number}, note=note)
        _remember(publication, issue, now, withdrawn=True)
        _tell(EventKind.RETRACTED, version)
    return version
