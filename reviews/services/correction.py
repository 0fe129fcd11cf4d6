"""What is out: the next version of a page, and taking it back. Both by somebody who did not propose the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from factcheck.audit.services import one_act
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.choices import CORRECTIONS, ChangeType, EventKind
from reviews.claimreview import Correction, claim_review
from reviews.models import Publication, PublicationVersion, Review, Verdict
from reviews.selectors.published import claim_review_facts
from reviews.services.issue import Issue, allow, issue, move, remember, tell, trace, version_add
from reviews.services.told import correction_told
from reviews.services.transition import review_close, review_step_back
from reviews.workflow import PublicationAction, ReviewState

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


def publication_correct(
    *, publication: Publication, actor: User, change: str, note: str = "", verdict: Verdict | None = None,
    seen_version: int | None = None,
) -> PublicationVersion:  # fmt: skip
    """Publish the next version of a live page: a refile, update, clarification or correction.

    1. Which verdict: `verdict`, or the one approved since (`verdict_next`), or the one the page has.
    2. All but a refile need a public note; another label or another answer on the quote is a correction.
       Raises Invalid (publication.bad_change, publication.note_needed, publication.label_changed).
    3. Raises NotAllowed (publication.own_verdict) for who proposed the verdict, WrongState
       (publication.not_approved) for one that does not stand, Invalid (publication.lint).
    4. In one transaction: compare-and-set, the version, the review closed, the mark "look again" taken
       away where the verdict is new, the memory, the trail, the event for receivers.
    """
    allow(publication, PublicationAction.CORRECT, actor)
    note = note.strip()
    kind = _change(change, note)
    before = publication.verdict
    verdict = verdict or verdict_next(publication) or before
    _may_change(publication, verdict, actor)
    _kind_fits(kind, before, verdict)
    now = timezone.now()
    made = issue(publication, verdict, claim_review_facts(
        publication=publication, verdict=verdict, published_at=publication.first_published_at or now,
        modified_at=now, corrections=(*_corrections(publication), *_this(kind, note, now)),
    ))  # fmt: skip
    with transaction.atomic(), one_act():
        old = publication.state
        move(
            publication, PublicationAction.CORRECT, changes=_changes(before, verdict, now), seen_version=seen_version
        )
        version = version_add(publication, made, kind, now, actor, note)
        after = {"number": version.number, "change": kind.value, "verdict": verdict.pk}
        trace(publication, PublicationAction.CORRECT, actor, old, after=after, note=note)
        review_close(claim=publication.claim)
        remember(made, now)
        tell(EventKind.CORRECTED, version)
        correction_told(version=version, verdict=before, actor=actor)
    return version


def verdict_next(publication: Publication) -> Verdict | None:
    """The verdict that was approved since the page went out and waits to be its next version, if there is one."""
    review = (
        Review.objects.select_related("verdict__label__scale")
        .filter(claim=publication.claim_id, active=True, state=ReviewState.APPROVED)
        .first()
    )
    return review.verdict if review and review.verdict_id != publication.verdict_id else None


def _changes(before: Verdict, verdict: Verdict, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"verdict": verdict, "last_published_at": now}
    return changes if verdict.pk == before.pk else {**changes, "recheck_due": False}


def _change(change: str, note: str) -> ChangeType:
    if change not in CORRECTIONS:
        raise Invalid("publication.bad_change", change=change, known=", ".join(CORRECTIONS))
    kind = ChangeType(change)
    if kind != ChangeType.REFILE and not note:
        raise Invalid("publication.note_needed")
    return kind


def _kind_fits(kind: ChangeType, before: Verdict, verdict: Verdict) -> None:
    """Readers who relied on the old answer are told that it was corrected, never by the way."""
    was, now = ((one.label_id, one.quote_check, one.media_check) for one in (before, verdict))
    if was != now and kind != ChangeType.CORRECTION:
        raise Invalid("publication.label_changed", old=before.label.name, new=verdict.label.name)


def _may_change(publication: Publication, verdict: Verdict, actor: User) -> None:
    """The verdict is the page's own, or stands approved on the same claim; and somebody else proposed it."""
    if (
        verdict.pk != publication.verdict_id
        and not Review.objects.filter(
            claim=publication.claim_id, active=True, state=ReviewState.APPROVED, verdict=verdict
        ).exists()
    ):
        raise WrongState("publication.not_approved")
    if verdict.proposed_by_id == actor.pk:
        raise NotAllowed("publication.own_verdict")


def _corrections(publication: Publication) -> list[Correction]:
    """What was corrected on this page so far, oldest first."""
    told = publication.versions.filter(change=ChangeType.CORRECTION).order_by("number")
    return [Correction(version.note, version.published_at) for version in told]


def _this(kind: ChangeType, note: str, now: datetime) -> list[Correction]:
    return [Correction(note, now)] if kind == ChangeType.CORRECTION else []


def publication_retract(
    *, publication: Publication, actor: User, note: str, seen_version: int | None = None
) -> PublicationVersion:
    """Take the verdict back. The page stays at its address with the note; its ClaimReview is withdrawn.

    A check that was begun anew ends with it. Raises NotAllowed (publication.own_verdict for who proposed the
    verdict), WrongState, Invalid (publication.note_needed).
    """
    allow(publication, PublicationAction.RETRACT, actor)
    note = note.strip()
    if not note:
        raise Invalid("publication.note_needed")
    verdict = publication.verdict
    _may_change(publication, verdict, actor)
    now = timezone.now()
    first = publication.first_published_at or now
    facts = claim_review_facts(publication=publication, verdict=verdict, published_at=first, modified_at=now)
    made = Issue(verdict, facts, claim_review(facts))  # nothing of it goes out, so nothing is linted
    changes = {"last_published_at": now, "recheck_due": False, "recheck_at": None}
    with transaction.atomic(), one_act():
        old = publication.state
        move(publication, PublicationAction.RETRACT, changes=changes, seen_version=seen_version)
        version = version_add(publication, made, ChangeType.RETRACTION, now, actor, note)
        trace(publication, PublicationAction.RETRACT, actor, old, after={"number": version.number}, note=note)
        review_step_back(claim=publication.claim, actor=actor)
        remember(made, now, withdrawn=True)
        tell(EventKind.RETRACTED, version)
        correction_told(version=version, verdict=verdict, actor=actor)
    return version
