"""Gaps and weights where people and programs read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from articles.choices import Visibility
from tests import factories as f
from tests.publishing import bearer

if TYPE_CHECKING:
    from django.test import Client

    from articles.models import Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return f.claim(article=f.article())


def test_the_card_lists_gaps_and_how_the_evidence_is_weighed(claim: Claim, client: Client) -> None:
    found = f.evidence(claim=claim)
    client.force_login(f.person(role="Checker"))
    page = client.get(claim.get_absolute_url()).content.decode()
    assert 'data-gap="none_against"' in page
    assert f'href="#ev-{found.pk}"' in page


def test_a_program_reads_the_same_and_confidential_evidence_fills_no_gap(claim: Claim, client: Client) -> None:
    f.evidence(claim=claim, visibility=Visibility.CONFIDENTIAL)
    key = bearer(f.person(role="Checker"), "read")
    answer = client.get(f"/api/v1/claims/{claim.pk}/", headers=key).json()
    assert (answer["weighing"], [gap["code"] for gap in answer["gaps"]]) == ([], ["nothing"])
    shown = f.evidence(claim=claim)
    answer = client.get(f"/api/v1/claims/{claim.pk}/", headers=key).json()
    assert [piece["evidence"] for piece in answer["weighing"]] == [shown.pk]
    assert sum(point["points"] for point in answer["weighing"][0]["points"]) == answer["weighing"][0]["weight"]
