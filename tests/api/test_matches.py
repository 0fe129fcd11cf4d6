"""Earlier reviews over the API."""

from __future__ import annotations

from typing import Any

import pytest

from articles.models import CheckedClaim, Claim, ClaimMatch
from articles.services.archive import checked_claim_save
from articles.services.matching import claims_index
from tests import publishing as desk

pytestmark = pytest.mark.django_db


def test_a_program_reads_decides_and_goes_on(api: Any) -> None:
    checked_claim_save(
        identity="https://halden.example/1", claim="Output of the Ostrel plant has doubled since 2023", rating="False"
    )
    CheckedClaim.objects.create(identity="other", claim="The ferry was sold twice")
    claims_index()
    claim = desk.claim()
    checker = api("Checker")
    [found] = checker.get(f"claims/{claim.pk}/matches/").json()["results"]
    assert (found["id"], found["state"], found["decided_by"]) == ("https://halden.example/1", "suggested", "")
    assert found["model"].startswith("weighing ")
    where = f"matches/{found['match']}"
    rejected = checker.post(f"{where}/reject/", {"version": found["version"]})
    assert (rejected.status_code, rejected["ETag"]) == (200, '"2"')
    assert (rejected.json()["state"], rejected.json()["decided_by"]) == ("rejected", checker.holder.username)
    assert checker.post(f"{where}/accept/", {"version": 1}).status_code == 409
    assert checker.post(f"{where}/accept/", headers={"If-Match": '"1"'}).status_code == 412
    assert checker.post(f"{where}/reopen/").json()["state"] == "suggested"
    [still] = checker.get(f"claims/{claim.pk}/matches/").json()["results"]
    assert still["state"] == "suggested"


def test_a_program_merges_into_the_claim_of_an_earlier_verdict(api: Any) -> None:
    earlier = desk.published().claim
    claim = desk.claim()
    match = desk.match(claim, review=CheckedClaim.objects.get())
    checker = api("Checker")
    accepted = checker.post(f"matches/{match.pk}/accept/", {"merge": True}).json()
    assert (accepted["state"], accepted["of_claim"], accepted["merge_into"]) == ("accepted", earlier.pk, None)
    assert Claim.objects.get(pk=claim.pk).merged_into == earlier
    other = desk.match(desk.claim())
    assert checker.post(f"matches/{other.pk}/accept/", {"merge": True}).json()["code"] == "match.no_claim"
    assert ClaimMatch.objects.get(pk=other.pk).state == "suggested"


def test_matches_behind_a_wall_are_not_there(api: Any) -> None:
    claim = desk.claim()
    match = desk.match(claim)
    type(claim.article.desk).objects.update(walled=True)
    assert api("Checker").post(f"matches/{match.pk}/accept/").status_code == 404
