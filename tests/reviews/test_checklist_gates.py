"""A line of the checklist that is not ticked holds up the proposal, by whichever door it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from factcheck.core.errors import Invalid, WrongState
from reviews.models import Check, Notice, Review, TriageRule, Verdict
from reviews.services.noting import note_write
from reviews.services.review import claim_take, verdict_propose
from reviews.services.triage import check_tick, claims_rank
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client

    from articles.models import Claim

LINE = "Call the press office"


@pytest.fixture
def held(db: None) -> Review:
    """A claim in somebody's hands, with everything but the one line that a rule put on its checklist."""
    claim = desk.claim(ranked=False)
    desk.evidence(claim)
    TriageRule.objects.create(name="Ministers", speaker="Torrent", checklist=LINE)
    claims_rank()
    return claim_take(claim=claim, actor=desk.person("Checker", "ana"))


def line_of(review: Review) -> Check:
    return Check.objects.select_related("claim__article").get(claim=review.claim)


def test_the_service_refuses_until_the_line_is_ticked(held: Review) -> None:
    ana = User.objects.get(username="ana")
    with pytest.raises(Invalid) as refused:
        verdict_propose(review=held, actor=ana, proposal=desk.proposal())
    assert (refused.value.code, LINE in refused.value.detail) == ("review.gate", True)
    check_tick(check=line_of(held), actor=ana, done=True)
    assert verdict_propose(review=held, actor=ana, proposal=desk.proposal()).number == 1


def test_a_tick_taken_back_is_open_again(held: Review) -> None:
    ana = User.objects.get(username="ana")
    check_tick(check=line_of(held), actor=ana, done=True)
    check_tick(check=line_of(held), actor=ana, done=False)
    with pytest.raises(Invalid):
        verdict_propose(review=held, actor=ana, proposal=desk.proposal())


def test_the_page_shows_it_before_and_refuses_with_the_form(held: Review, client: Client) -> None:
    client.force_login(User.objects.get(username="ana"))
    shown = client.get(f"/claims/{held.claim_id}/").content.decode()
    assert shown.index(LINE) < shown.index("Propose")
    form = {"label": "misleading", "rationale": desk.RATIONALE, "quote_check": "accurate"}
    refused = client.post(f"/claims/{held.claim_id}/propose/", form)
    assert refused.status_code == 422
    assert "Not proposed yet" in refused.content.decode()
    assert not Verdict.objects.exists()
    client.post(f"/claims/{held.claim_id}/checks/{line_of(held).pk}/", {"done": "1"})
    assert client.post(f"/claims/{held.claim_id}/propose/", form).status_code == 302
    assert Verdict.objects.count() == 1


def test_the_api_refuses_and_ticks(held: Review, client: Client) -> None:
    send = {"content_type": "application/json",
            "headers": desk.bearer(User.objects.get(username="ana"), "read", "verdict:write")}  # fmt: skip
    body = {"label": "misleading", "rationale": desk.RATIONALE, "quote_check": "accurate", "version": held.version}
    refused = client.post(f"/api/v1/reviews/{held.pk}/propose/", body, **send)
    assert (refused.status_code, refused.json()["code"]) == (422, "review.gate")
    listed = client.get(f"/api/v1/claims/{held.claim_id}/checks/", **send).json()["results"]
    assert [(row["words"], row["done_at"], row["rule_name"]) for row in listed] == [(LINE, None, "Ministers")]
    address = f"/api/v1/claims/{held.claim_id}/checks/{listed[0]['id']}/"
    done = client.post(address, {"done": True}, **send)
    assert (done.status_code, done.json()["done_by_name"]) == (200, "ana")
    assert client.post(address, {"done": True}, **send).status_code == 409
    assert client.post(f"/api/v1/reviews/{held.pk}/propose/", body, **send).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("Viewer", 403), ("Reporter", 404), ("Researcher", 200), ("", 403)])
def test_who_ticks_by_the_api(role: str, status: int, held: Review, client: Client) -> None:
    send = {"content_type": "application/json", "headers": desk.bearer(desk.person(role), "read", "verdict:write")}
    address = f"/api/v1/claims/{held.claim_id}/checks/{line_of(held).pk}/"
    assert client.post(address, {"done": True}, **send).status_code == status


def test_a_line_of_another_claim_is_not_there(held: Review, client: Client) -> None:
    send = {"content_type": "application/json",
            "headers": desk.bearer(User.objects.get(username="ana"), "read", "verdict:write")}  # fmt: skip
    other = desk.claim()
    answer = client.post(f"/api/v1/claims/{other.pk}/checks/{line_of(held).pk}/", {"done": True}, **send)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_admin_refuses(held: Review, client: Client) -> None:
    User.objects.filter(username="ana").update(is_staff=True)
    client.force_login(User.objects.get(username="ana"))
    address = reverse("admin:articles_claim_change", args=[held.claim_id])
    assert LINE in client.get(address).content.decode()
    form = {"act": "propose", "label": "misleading", "rationale": desk.RATIONALE, "quote_check": "accurate",
            "seen": str(held.version)}  # fmt: skip
    assert client.post(address, form).status_code == 422
    assert not Verdict.objects.exists()


def test_a_proposal_on_a_version_that_moved_is_told_so_and_not_which_gate_is_open(held: Review) -> None:
    with pytest.raises(WrongState) as refused:
        verdict_propose(
            review=held, actor=User.objects.get(username="ana"), proposal=desk.proposal(),
            seen_version=held.version - 1,
        )  # fmt: skip
    assert refused.value.code == "workflow.changed"


# --- who a note names is told, whichever way it was written ------------------------------------------------
def _told(name: str) -> list[str]:
    return list(Notice.objects.filter(person__username=name, event="mentioned").values_list("words", flat=True))


@pytest.fixture
def claim(db: None) -> Claim:
    desk.person("Checker", "bo")
    return desk.claim()


def test_a_note_by_the_api_tells_whom_it_names(claim: Claim, client: Client) -> None:
    send = {"content_type": "application/json",
            "headers": desk.bearer(desk.person("Checker", "ana"), "read", "verdict:write")}  # fmt: skip
    made = client.post("/api/v1/annotations/", {"claim": claim.pk, "body": "@bo which year?"}, **send).json()
    client.post(f"/api/v1/annotations/{made['id']}/reply/", {"body": "@bo and which plant?"}, **send)
    piece = desk.evidence(claim)
    client.post("/api/v1/annotations/", {"evidence": piece.pk, "body": "@bo see row 17"}, **send)
    assert sorted(_told("bo")) == [
        "ana mentions you: @bo and which plant?",
        "ana mentions you: @bo see row 17", "ana mentions you: @bo which year?",
    ]  # fmt: skip


def test_a_note_by_the_admin_tells_whom_it_names(claim: Claim, client: Client) -> None:
    ana = desk.person("Checker", "ana")
    User.objects.filter(pk=ana.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=ana.pk))
    address = reverse("admin:articles_claim_change", args=[claim.pk])
    note = {"act": "annotate", "place": "claim", "motivation": "commenting", "body": "@bo which year?"}
    assert client.post(address, note).status_code == 302
    reply = {"act": "reply", "annotation": claim.annotations.get().pk, "body": "@bo and which plant?"}
    assert client.post(address, reply).status_code == 302
    assert sorted(_told("bo")) == ["ana mentions you: @bo and which plant?", "ana mentions you: @bo which year?"]


def test_a_notice_says_nothing_of_confidential_evidence(claim: Claim) -> None:
    piece = desk.evidence(claim, visibility="confidential")
    note_write(target=piece, actor=desk.person("Checker", "ana"), body="@bo the source is Renna")
    assert _told("bo") == ["ana mentions you in a note"]
