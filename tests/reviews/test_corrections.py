"""What happens after publication: new verdicts, kinds of change, looking again, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import CheckedClaim
from factcheck.audit.models import AuditEvent
from factcheck.audit.selectors import chain_check
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.models import Publication, Review, Verdict, WebhookEvent
from reviews.policies import ROLES
from reviews.services.correction import publication_correct, publication_retract, verdict_next
from reviews.services.recheck import (
    claim_check_again,
    publication_recheck_on,
    publication_stands,
    rechecks_begin_due,
)
from reviews.services.review import claim_take, review_perform, verdict_approve, verdict_propose
from reviews.workflow import PublicationState, ReviewAction, ReviewState
from tests.publishing import approved, person, proposal, published

pytestmark = pytest.mark.django_db


def judged_again(publication: Publication, **changes: str) -> Verdict:
    """The claim of a live page with a further approved verdict."""
    claim_check_again(claim=publication.claim, actor=person("Desk editor"), note="New figures are out.")
    checker = person("Checker")
    review = claim_take(claim=publication.claim, actor=checker)
    verdict = verdict_propose(review=review, actor=checker, proposal=proposal(**changes))
    review.refresh_from_db()
    verdict_approve(review=review, actor=person("Reviewer"))
    publication.refresh_from_db()
    verdict.refresh_from_db()
    return verdict


# --- a new verdict on what is out ------------------------------------------------------------------------
def test_a_published_claim_gets_a_new_verdict_and_the_page_follows_only_when_it_is_published() -> None:
    publication = published()
    first = publication.verdict
    verdict = judged_again(publication, label="false", summary="It fell.")
    assert (publication.verdict, publication.recheck_due) == (first, True)
    assert verdict_next(publication) == verdict
    version = publication_correct(
        publication=publication,
        actor=person("Publisher"),
        change="correction",
        note="The year was wrong.",
    )
    assert (version.number, version.verdict) == (2, verdict)
    assert version.claimreview["reviewRating"]["alternateName"] == "False"
    publication.refresh_from_db()
    assert (publication.verdict, publication.recheck_due) == (verdict, False)
    review = Review.objects.get(claim=publication.claim, active=True)
    assert (review.state, review.verdict) == (ReviewState.CLOSED, verdict)
    assert Review.objects.filter(claim=publication.claim, active=False, state=ReviewState.CLOSED).count() == 1
    assert CheckedClaim.objects.get().rating == "False"
    publication.claim.refresh_from_db()
    assert publication.claim.settled
    assert WebhookEvent.objects.filter(kind="verdict.corrected").count() == 1
    assert chain_check().broken_at is None


def test_it_can_be_judged_again_and_again() -> None:
    publication = published()
    for number in (2, 3):
        judged_again(publication, summary=f"Reason {number}.")
        version = publication_correct(
            publication=publication, actor=person("Publisher"), change="update", note=f"Figures of year {number}."
        )
        assert version.number == number


@pytest.mark.parametrize("change", ["refile", "update", "clarification"])
def test_another_label_is_a_correction_and_nothing_less(change: str) -> None:
    publication = published()
    judged_again(publication, label="false")
    with pytest.raises(Invalid) as refused:
        publication_correct(publication=publication, actor=person("Publisher"), change=change, note="New figures.")
    assert refused.value.code == "publication.label_changed"
    publication.refresh_from_db()
    assert publication.versions.count() == 1


def test_another_answer_on_the_quote_is_a_correction_too() -> None:
    publication = published()
    judged_again(publication, quote_check="altered")
    with pytest.raises(Invalid, match="correction"):
        publication_correct(publication=publication, actor=person("Publisher"), change="update", note="x")


def test_a_verdict_that_was_reopened_since_does_not_go_out() -> None:
    publication = published()
    verdict = judged_again(publication)
    review = Review.objects.get(claim=publication.claim, active=True)
    review_perform(review=review, action=ReviewAction.REOPEN, actor=person("Desk editor"), note="Wrong table.")
    with pytest.raises(WrongState) as refused:
        publication_correct(
            publication=publication, actor=person("Publisher"), change="update", note="x", verdict=verdict
        )
    assert refused.value.code == "publication.not_approved"


def test_who_proposed_the_new_verdict_does_not_publish_it() -> None:
    publication = published()
    verdict = judged_again(publication)
    proposer = verdict.proposed_by
    proposer.groups.add(*person("Publisher").groups.all())
    with pytest.raises(NotAllowed) as refused:
        publication_correct(publication=publication, actor=proposer, change="update", note="x")
    assert refused.value.code == "publication.own_verdict"


def test_claimreview_carries_every_correction_ever_made() -> None:
    publication = published()
    for note in ("It was 1,412.", "It was 2024."):
        version = publication_correct(
            publication=publication, actor=person("Publisher"), change="correction", note=note
        )
    assert [one["text"] for one in version.claimreview["correction"]] == ["It was 1,412.", "It was 2024."]
    version = publication_correct(publication=publication, actor=person("Publisher"), change="refile")
    assert len(version.claimreview["correction"]) == 2


def test_retracting_ends_a_check_that_was_begun_anew() -> None:
    publication = published()
    claim_check_again(claim=publication.claim, actor=person("Desk editor"), note="Is it so?")
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    assert Review.objects.get(claim=publication.claim, active=True).state == ReviewState.CLOSED
    publication.claim.refresh_from_db()
    assert publication.claim.settled


# --- looking again ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["", *ROLES])
def test_who_may_begin_a_new_check(role: str) -> None:
    publication, actor = published(), person(role)
    if {"assign_reviews", "correct"} & set(ROLES.get(role, ())):
        claim_check_again(claim=publication.claim, actor=actor, note="New figures.")
        assert Publication.objects.get().recheck_due
        return
    with pytest.raises(NotAllowed):
        claim_check_again(claim=publication.claim, actor=actor, note="New figures.")
    assert not Publication.objects.get().recheck_due


def test_a_new_check_puts_the_claim_back_into_the_queue_once() -> None:
    publication, editor = published(), person("Desk editor")
    first = claim_check_again(claim=publication.claim, actor=editor, note="New figures.")
    assert claim_check_again(claim=publication.claim, actor=editor, note="Once more.") == first
    assert first.state == ReviewState.QUEUED
    publication.claim.refresh_from_db()
    assert not publication.claim.settled
    assert AuditEvent.objects.filter(action="publication.recheck").count() == 1
    client = Client()
    client.force_login(person("Checker"))
    assert publication.claim.statement in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("make", "note", "code"), [(published, " ", "review.reason_needed"), (approved, "x", "publication.not_live")]
)
def test_bad_requests_to_look_again(make, note: str, code: str) -> None:
    with pytest.raises(FactcheckError) as refused:
        claim_check_again(claim=make().claim, actor=person("Desk editor"), note=note)
    assert refused.value.code == code


def test_it_stands_ends_the_check_and_leaves_the_page() -> None:
    publication = published()
    claim_check_again(claim=publication.claim, actor=person("Desk editor"), note="A reader wrote.")
    publication.refresh_from_db()
    publication_stands(publication=publication, actor=person("Publisher"), note="The reader misread the table.")
    assert (publication.recheck_due, publication.state) == (False, PublicationState.LIVE)
    assert Review.objects.get(claim=publication.claim, active=True).state == ReviewState.CLOSED
    assert Review.objects.filter(claim=publication.claim).count() == 2
    with pytest.raises(WrongState) as refused:
        publication_stands(publication=publication, actor=person("Publisher"), note="x")
    assert refused.value.code == "publication.not_due"


def test_it_does_not_stand_once_somebody_has_judged_anew() -> None:
    publication = published()
    judged_again(publication)
    with pytest.raises(WrongState) as refused:
        publication_stands(publication=publication, actor=person("Publisher"), note="x")
    assert refused.value.code == "publication.newer_verdict"
    publication.refresh_from_db()
    assert publication.recheck_due


def test_the_date_for_another_look_comes_once() -> None:
    publication = published()
    publication_recheck_on(
        publication=publication, actor=person("Desk editor"), at=timezone.now() + timedelta(days=30)
    )
    assert rechecks_begin_due() == 0
    Publication.objects.update(recheck_at=timezone.now() - timedelta(seconds=1))
    assert rechecks_begin_due() == 1
    assert rechecks_begin_due() == 0
    publication.refresh_from_db()
    assert (publication.recheck_due, publication.recheck_at) == (True, None)
    assert Review.objects.get(claim=publication.claim, active=True).state == ReviewState.QUEUED
    assert "date set" in AuditEvent.objects.get(action="publication.recheck").note


# --- desk and admin --------------------------------------------------------------------------------------
def signed_in(role: str, *, staff: bool = False) -> Client:
    someone = person(role)
    if staff:
        someone.is_staff = True
        someone.save()
    client = Client()
    client.force_login(someone)
    return client


def test_the_card_offers_what_fits_and_does_it() -> None:
    publication = published()
    client = signed_in("Publisher")
    page = client.get(f"/claims/{publication.claim_id}/").content.decode()
    assert 'id="publication-correct"' in page
    assert 'id="publication-schedule"' not in page
    sent = {"act": "correct", "change": "correction", "note": "It was 1,412.", "seen": publication.version}
    answer = client.post(f"/claims/{publication.claim_id}/publication/", sent)
    assert answer.status_code == 302
    assert publication.versions.count() == 2
    again = client.post(f"/claims/{publication.claim_id}/publication/", sent)
    assert again.status_code == 409  # the page it was sent from is old now


@pytest.mark.parametrize(
    ("role", "sent", "status"),
    [
        ("Viewer", {"act": "retract", "note": "x"}, 403),
        ("Publisher", {"act": "retract", "note": ""}, 422),
        ("Publisher", {"act": "correct", "change": "first", "note": "x"}, 422),
        ("Publisher", {"act": "burn"}, 404),
        ("Publisher", {"act": "recheck_on", "at": "soon"}, 422),
        ("Publisher", {"act": "schedule", "at": "2099-01-01 12:00:00"}, 409),
    ],
)
def test_what_does_not_fit_is_refused_in_words(role: str, sent: dict[str, str], status: int) -> None:
    publication = published()
    answer = signed_in(role).post(f"/claims/{publication.claim_id}/publication/", sent)
    assert answer.status_code == status
    publication.refresh_from_db()
    assert (publication.state, publication.versions.count()) == (PublicationState.LIVE, 1)


def test_the_admin_schedules_embargoes_and_retracts() -> None:
    publication = approved()
    client = signed_in("Publisher", staff=True)
    path = f"/admin/reviews/publication/{publication.pk}/change/"
    assert b'id="act-schedule"' in client.get(path).content
    client.post(path, {"act": "embargo", "at": "2099-01-01 12:00:00"})
    answer = client.post(path, {"act": "schedule", "at": "2098-12-31 12:00:00"}, follow=True)
    assert "Give that time, or later." in answer.content.decode()
    client.post(path, {"act": "schedule", "at": "2099-01-01 12:00:00"})
    publication.refresh_from_db()
    assert publication.state == PublicationState.SCHEDULED
    client.post(path, {"act": "cancel"})
    publication.refresh_from_db()
    assert publication.state == PublicationState.DRAFT
