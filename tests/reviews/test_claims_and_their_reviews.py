"""What happens to the review when people change their minds about the claim."""

from __future__ import annotations

import pytest

from articles.models import Evidence
from articles.workflow import ClaimState
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import WrongState
from reviews.models import Review
from reviews.services.claim import claim_bring_back, claim_set_aside
from reviews.services.review import Proposal, claim_take, verdict_approve, verdict_propose
from tests import factories

pytestmark = pytest.mark.django_db
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."


@pytest.fixture
def claim():
    return factories.claim(article=factories.article(), speaker="", speech="own")


def proposed(claim, checker):
    factories.evidence(claim=claim)
    Evidence.objects.update(state="kept", stance="supports")
    review = claim_take(claim=claim, actor=checker)
    verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE))
    return review


def test_dismissing_a_claim_somebody_has_ends_their_review_as_one_act(claim):
    checker = factories.person()
    claim_take(claim=claim, actor=checker)
    claim_set_aside(claim=claim, actor=checker, reason="opinion")
    assert claim.state == ClaimState.DISMISSED
    assert not Review.objects.filter(active=True).exists()
    acts = AuditEvent.objects.filter(action__in=["claim.dismissed", "review.retired"])
    assert len(set(acts.values_list("action_id", flat=True))) == 1


def test_a_claim_brought_back_waits_in_the_queue_again_with_its_history_kept(claim):
    checker = factories.person()
    claim_take(claim=claim, actor=checker)
    claim_set_aside(claim=claim, actor=checker, reason="vague")
    claim_bring_back(claim=claim, actor=checker)
    assert Review.objects.get(active=True).state == "queued"
    assert Review.objects.count() == 2


@pytest.mark.parametrize("approved", [False, True])
def test_a_claim_that_was_judged_is_not_dismissed(claim, approved):
    checker = factories.person()
    review = proposed(claim, checker)
    if approved:
        verdict_approve(review=review, actor=factories.person(role="Reviewer"))
    with pytest.raises(WrongState):
        claim_set_aside(claim=claim, actor=checker, reason="opinion")
    claim.refresh_from_db()
    assert claim.state == ClaimState.CONFIRMED
    assert Review.objects.filter(active=True).exists()
