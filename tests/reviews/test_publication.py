"""From an approved verdict to a published page, and every way it must not go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim
from factcheck.audit.models import AuditEvent
from factcheck.audit.selectors import chain_check
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.models import Publication, PublicationVersion, Review, Verdict
from reviews.policies import ROLES
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.publication import publication_draft, publication_publish
from reviews.services.review import review_perform, verdict_approve, verdict_propose
from reviews.services.schedule import publication_cancel, publication_schedule, publications_publish_due
from reviews.workflow import PublicationState, ReviewAction, ReviewState
from tests.publishing import STATEMENT, approved, claim, person, proposal, proposed, published

pytestmark = pytest.mark.django_db


def test_approving_drafts_a_page_whose_slug_comes_from_the_statement() -> None:
    publication = approved()
    assert publication.state == PublicationState.DRAFT
    assert publication.slug == "output-of-the-ostrel-plant-has-doubled-in-a-single-year"
    event = AuditEvent.objects.get(action="publication.drafted")
    assert event.implied
    approval = AuditEvent.objects.get(action="review.approve")
    assert event.action_id == approval.action_id


@pytest.mark.parametrize(
    ("statement", "slug"),
    [
        ("Ünïcode naïve café", "unicode-naive-cafe"),
        ("one " * 60, "one" + "-one" * 19),
        ("x" * 300, "x" * 80),
    ],
)
def test_slug_is_short_and_ends_with_a_whole_word(statement: str, slug: str) -> None:
    made = approved(claim(statement=statement))
    assert made.slug == slug


def test_slug_of_a_statement_without_latin_letters_is_the_claim() -> None:
    made = approved(claim(statement="Курс удвоился за один год"))
    assert made.slug == f"claim-{made.claim_id}"


def test_two_claims_worded_alike_get_two_pages() -> None:
    first, second = approved(), approved()
    assert first.slug != second.slug
    assert second.slug == f"{first.slug}-{second.claim_id}"


def test_publishing_keeps_a_version_closes_the_review_and_remembers_the_claim() -> None:
    publication = approved()
    version = publication_publish(publication=publication, actor=person("Publisher"))
    publication.refresh_from_db()
    assert publication.state == PublicationState.LIVE
    assert (version.number, version.change) == (1, "first")
    assert version.claimreview["claimReviewed"] == STATEMENT
    assert version.claimreview["url"] == f"http://127.0.0.1:8000/verdicts/{publication.slug}/"
    assert Review.objects.get(claim=publication.claim).state == ReviewState.CLOSED
    memory = CheckedClaim.objects.get(origin=ArchiveOrigin.OWN)
    assert (memory.claim, memory.rating, memory.rating_value) == (STATEMENT, "Misleading", 2)
    assert memory.url == version.claimreview["url"]
    act = AuditEvent.objects.get(action="publication.publish").action_id
    assert set(AuditEvent.objects.filter(action_id=act).values_list("action", flat=True)) == {
        "publication.publish",
        "review.close",
    }
    assert chain_check().broken_at is None


@pytest.mark.parametrize("role", ["", *ROLES])
def test_only_who_holds_the_right_publishes(role: str) -> None:
    publication, actor = approved(), person(role)
    if "publish" in ROLES.get(role, ()):
        publication_publish(publication=publication, actor=actor)
        return
    with pytest.raises(NotAllowed) as refused:
        publication_publish(publication=publication, actor=actor)
    assert refused.value.code == "workflow.not_allowed"
    assert Publication.objects.get().state == PublicationState.DRAFT


def test_superuser_without_the_role_does_not_publish() -> None:
    actor = person()
    actor.is_superuser = actor.is_staff = True
    actor.save()
    with pytest.raises(NotAllowed):
        publication_publish(publication=approved(), actor=actor)


def test_publishing_twice_publishes_once() -> None:
    publication, actor = approved(), person("Publisher")
    stale = Publication.objects.get(pk=publication.pk)
    publication_publish(publication=publication, actor=actor)
    with pytest.raises(WrongState):
        publication_publish(publication=stale, actor=actor)
    with pytest.raises(WrongState):
        publication_publish(publication=publication, actor=actor)
    assert PublicationVersion.objects.count() == 1


def test_what_was_seen_must_be_what_is_published() -> None:
    publication = approved()
    with pytest.raises(WrongState) as refused:
        publication_publish(publication=publication, actor=person("Publisher"), seen_version=99)
    assert refused.value.code == "workflow.changed"
    assert not PublicationVersion.objects.exists()
    assert not CheckedClaim.objects.exists()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"summary": "It was <b>not</b> so."}, "CR23"), ({}, "CR03")],
)
def test_lint_errors_block_publishing_and_leave_no_trace(changes: dict[str, str], rule: str) -> None:
    made = claim(statement="Misleading: output has doubled") if rule == "CR03" else claim()
    publication = approved(made, **changes)
    events = AuditEvent.objects.count()
    with pytest.raises(Invalid) as refused:
        publication_publish(publication=publication, actor=person("Publisher"))
    assert refused.value.code == "publication.lint"
    assert rule in refused.value.detail
    publication.refresh_from_db()
    assert publication.state == PublicationState.DRAFT
    assert AuditEvent.objects.count() == events


# --- the two-person rule -------------------------------------------------------------------------------
def test_proposer_cannot_approve() -> None:
    checker = person("Reviewer")
    review = proposed(checker=checker)
    with pytest.raises(NotAllowed) as refused:
        verdict_approve(review=review, actor=checker)
    assert refused.value.code == "review.own_proposal"
    assert not Publication.objects.exists()


def test_database_refuses_an_approval_by_the_proposer() -> None:
    verdict = proposed().verdict
    assert verdict is not None
    with pytest.raises(DatabaseError, match="verdict_two_people"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(approved_by=verdict.proposed_by, approved_at=timezone.now())


def test_unapproved_verdict_cannot_be_published_by_the_service() -> None:
    review = proposed()
    assert review.verdict is not None
    draft = publication_draft_of(review)
    with pytest.raises(WrongState) as refused:
        publication_publish(publication=draft, actor=person("Publisher"))
    assert refused.value.code == "publication.not_approved"
    with pytest.raises(WrongState):
        publication_schedule(publication=draft, actor=person("Publisher"), at=timezone.now() + timedelta(hours=1))


def publication_draft_of(review: Review) -> Publication:
    assert review.verdict is not None
    with transaction.atomic():
        return publication_draft(claim=review.claim, verdict=review.verdict)


def test_database_refuses_a_version_of_an_unapproved_verdict() -> None:
    review = proposed()
    draft = publication_draft_of(review)
    with pytest.raises(DatabaseError, match="approved"), transaction.atomic():
        PublicationVersion.objects.create(
            publication=draft, number=1, verdict=review.verdict, claimreview={}, published_at=timezone.now()
        )


def test_reopening_withdraws_the_draft_and_the_next_approval_brings_it_back() -> None:
    publication, editor = approved(), person("Desk editor")
    review = Review.objects.get(claim=publication.claim)
    checker = review.assignee
    assert checker is not None
    slug = publication.slug
    review_perform(review=review, action=ReviewAction.REOPEN, actor=editor, note="The figures are of last year.")
    publication.refresh_from_db()
    assert publication.state == PublicationState.WITHDRAWN
    with pytest.raises(WrongState):
        publication_publish(publication=publication, actor=person("Publisher"))
    verdict = verdict_propose(review=review, actor=checker, proposal=proposal(label="false"))
    review.refresh_from_db()
    verdict_approve(review=review, actor=editor)
    publication.refresh_from_db()
    assert publication.state == PublicationState.DRAFT
    assert (publication.verdict_id, publication.slug) == (verdict.pk, slug)
    assert publication_publish(publication=publication, actor=person("Publisher")).number == 1


# --- a time to come ------------------------------------------------------------------------------------
def test_scheduled_page_goes_out_when_its_time_has_come() -> None:
    publication, actor = approved(), person("Publisher")
    publication_schedule(publication=publication, actor=actor, at=timezone.now() + timedelta(hours=1))
    assert publications_publish_due() == 0
    Publication.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    assert publications_publish_due() == 1
    assert publications_publish_due() == 0
    version = PublicationVersion.objects.get()
    assert version.published_by == actor
    publication.refresh_from_db()
    assert (publication.state, publication.scheduled_for) == (PublicationState.LIVE, None)


def test_scheduled_page_whose_publisher_lost_the_right_is_a_draft_again_and_says_why() -> None:
    publication, actor = approved(), person("Publisher")
    publication_schedule(publication=publication, actor=actor, at=timezone.now() + timedelta(hours=1))
    actor.groups.clear()
    Publication.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    assert publications_publish_due() == 0
    publication.refresh_from_db()
    assert publication.state == PublicationState.DRAFT
    assert "not_allowed" in AuditEvent.objects.get(action="publication.cancel").note


def test_scheduled_time_can_be_taken_back() -> None:
    publication, actor = approved(), person("Publisher")
    publication_schedule(publication=publication, actor=actor, at=timezone.now() + timedelta(hours=1))
    publication_cancel(publication=publication, actor=actor)
    assert publication.state == PublicationState.DRAFT
    assert publication.scheduled_by is None


def test_time_that_has_passed_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        publication_schedule(publication=approved(), actor=person("Publisher"), at=timezone.now())
    assert refused.value.code == "publication.time_past"


# --- what is out ---------------------------------------------------------------------------------------
def test_correction_is_a_new_version_with_its_note() -> None:
    publication = published()
    version = publication_correct(
        publication=publication, actor=person("Publisher"), change="correction", note="It was 1,412."
    )
    assert (version.number, version.note) == (2, "It was 1,412.")
    assert version.claimreview["correction"]["text"] == "It was 1,412."
    assert version.claimreview["dateModified"] >= version.claimreview["datePublished"]


@pytest.mark.parametrize(
    ("change", "note", "code"),
    [
        ("correction", " ", "publication.note_needed"),
        ("update", "", "publication.note_needed"),
        ("first", "x", "publication.bad_change"),
        ("retraction", "x", "publication.bad_change"),
        ("nonsense", "x", "publication.bad_change"),
    ],
)
def test_bad_corrections_are_refused(change: str, note: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        publication_correct(publication=published(), actor=person("Publisher"), change=change, note=note)
    assert refused.value.code == code


def test_refile_needs_no_note() -> None:
    assert publication_correct(publication=published(), actor=person("Publisher"), change="refile").number == 2


def test_retracted_page_loses_its_claimreview_and_its_place_in_the_memory() -> None:
    publication = published()
    version = publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    assert (version.change, version.claimreview) == ("retraction", {})
    assert CheckedClaim.objects.get().withdrawn
    with pytest.raises(WrongState):
        publication_correct(publication=publication, actor=person("Publisher"), change="refile")


def test_proposer_can_neither_correct_nor_retract() -> None:
    publication = published()
    proposer = publication.verdict.proposed_by
    proposer.groups.add(*person("Publisher").groups.all())
    attempts: list[FactcheckError] = []
    for act in (
        lambda: publication_correct(publication=publication, actor=proposer, change="refile"),
        lambda: publication_retract(publication=publication, actor=proposer, note="x"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        attempts.append(refused.value)
    assert {error.code for error in attempts} == {"publication.own_verdict"}


def test_published_version_cannot_be_rewritten() -> None:
    publication = published()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        PublicationVersion.objects.filter(publication=publication).update(claimreview={"claimReviewed": "else"})
