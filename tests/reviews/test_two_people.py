"""Who proposed a verdict cannot approve it: not by a service, not by a raw write. The database has the last word."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed
from reviews.models import Publication, Verdict
from reviews.services.review import review_perform, verdict_approve
from reviews.workflow import ReviewAction
from tests import publishing as desk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["Reviewer", "Desk editor"])
@pytest.mark.parametrize("reason", ["", "It is late."])
def test_the_service_refuses_ones_own_proposal(role: str, reason: str) -> None:
    who = desk.person(role)
    review = desk.proposed(checker=who)
    with pytest.raises(NotAllowed, match="someone else must approve"):
        verdict_approve(review=review, actor=who, override_reason=reason)
    assert Verdict.objects.get().approved_by is None
    assert not Publication.objects.exists()


def test_one_does_not_ask_oneself_for_changes() -> None:
    who = desk.person("Reviewer")
    review = desk.proposed(checker=who)
    with pytest.raises(NotAllowed, match="someone else"):
        review_perform(review=review, action=ReviewAction.REQUEST_CHANGES, actor=who, note="Better words")


def test_the_database_refuses_an_approval_by_the_proposer() -> None:
    verdict = Verdict.objects.get(pk=desk.proposed().verdict_id)
    with pytest.raises(IntegrityError, match="verdict_two_people"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(approved_by=verdict.proposed_by, approved_at=timezone.now())
    verdict.approved_by, verdict.approved_at = verdict.proposed_by, timezone.now()
    with pytest.raises(IntegrityError, match="verdict_two_people"), transaction.atomic():
        verdict.save(update_fields=["approved_by", "approved_at"])
    assert Verdict.objects.get().approved_by is None


def test_raw_sql_is_refused_too() -> None:
    desk.proposed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_verdict SET approved_by_id = proposed_by_id, approved_at = proposed_at")


def test_an_approval_needs_its_time() -> None:
    desk.proposed()
    with pytest.raises(IntegrityError, match="verdict_approval_is_dated"), transaction.atomic():
        Verdict.objects.update(approved_by=desk.person("Reviewer"))


CHANGES = {
    "rationale": "Other words", "summary": "Other", "gaps": "Other", "quote_check": "altered", "statement": "Other",
    "media_check": "staged", "media_context": "Other", "claimants": [{"name": "Other"}],
    "appearances": [{"url": "x"}],
    "number": 7, "proposed_at": timezone.now(),
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
def test_the_words_of_a_verdict_cannot_be_rewritten(field: str) -> None:
    desk.proposed()
    with pytest.raises(IntegrityError, match="a verdict is immutable"), transaction.atomic():
        Verdict.objects.update(**{field: CHANGES[field]})


def test_the_proposer_cannot_be_exchanged_to_slip_past_the_rule() -> None:
    desk.proposed()
    with pytest.raises(IntegrityError, match="a verdict is immutable"), transaction.atomic():
        Verdict.objects.update(proposed_by=desk.person("Checker"))


def test_an_override_needs_its_own_right_and_a_reason_and_shows_in_the_trail() -> None:
    who = desk.person("Reviewer")
    who.user_permissions.add(Permission.objects.get(codename="override_two_person"))
    review = desk.proposed(checker=who)
    with pytest.raises(Invalid, match="Say why"):
        verdict_approve(review=review, actor=who, override_reason="  ")
    verdict = verdict_approve(review=review, actor=who, override_reason="Alone on night duty.")
    assert (verdict.approved_by, verdict.override_reason) == (who, "Alone on night duty.")
    event = AuditEvent.objects.get(action="review.override")
    assert (event.actor_name, event.note) == (who.username, "Alone on night duty.")
    assert not AuditEvent.objects.filter(action="review.approve").exists()
