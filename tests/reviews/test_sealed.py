"""While a second person judges blind, nothing of the first verdict comes out by any door of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from articles.choices import EvidenceState
from articles.models import ClaimMove, Evidence
from factcheck.core.errors import WrongState
from reviews.models import DeskPolicy, Review
from reviews.services import evidence as weighing
from reviews.services.annotation import Words
from reviews.services.evidence import suggestion_drop, suggestion_keep
from reviews.services.noting import note_write
from reviews.services.opinion import opinion_give
from reviews.services.review import claim_take, verdict_propose
from tests import publishing as desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

WHY = "I read the table otherwise."
RATIONALE = "Zorvex rationale: the plant delivered 1,371 gigawatt-hours in a year, and 688 in the year before."
# Words that only somebody who has seen the first verdict can know.
TELLING = (
    "Zorvex", "Misleading", "misleading", "Onclaim note", "Onevidence note", "Onwords note", "Answer note",
    "Drop reason", "refutes", "Refutes", "dropped", "Dropped", "evidence.kept", "Kept the evidence",
)  # fmt: skip


@pytest.fixture
def blind(db: None) -> Review:
    """Evidence weighed, notes written and a verdict proposed that a second person is to judge blind."""
    DeskPolicy.objects.update(second_review="blind")
    claim, checker, reader = desk.claim(), desk.person("Checker"), desk.person("Reviewer", "second")
    kept = desk.evidence(
        claim, state=EvidenceState.SUGGESTED, stance="", title="Sheet one", suggested_stance="context"
    )
    gone = desk.evidence(
        claim, state=EvidenceState.SUGGESTED, stance="", title="Sheet two", suggested_stance="context"
    )
    review = claim_take(claim=claim, actor=checker)
    suggestion_keep(evidence=kept, actor=checker, stance="refutes")
    suggestion_drop(evidence=gone, actor=checker, note="Drop reason")
    note_write(target=claim, actor=checker, body="@second Onclaim note")
    note_write(target=kept, actor=checker, body="Onevidence note")
    words = note_write(target=claim.revision, actor=checker, body="Onwords note", words=Words(0, 6))
    note_write(target=claim.revision, actor=checker, body="Answer note", parent=words)
    verdict_propose(
        review=review, actor=checker, proposal=desk.proposal(rationale=RATIONALE, summary="Zorvex summary.")
    )  # fmt: skip
    note_write(target=claim, actor=checker, body="@second Onclaim note, once more")
    ClaimMove.objects.create(claim=claim, revision=claim.revision, old_quote=claim.quote, quote="")
    assert reader.notices.count() == 3
    review.refresh_from_db()
    return review


def judge(**more: Any) -> User:
    """Somebody who may give the second verdict, read the trail, and look into the admin."""
    who = User.objects.get(username="second")
    User.objects.filter(pk=who.pk).update(is_staff=True, **more)
    for name in ("read_audit", "correct"):
        who.user_permissions.add(Permission.objects.get(codename=name))
    for name in ("view_review", "view_auditevent", "view_evidence", "view_claim", "view_article"):
        who.user_permissions.add(Permission.objects.get(codename=name))
    return User.objects.get(pk=who.pk)


PAGES: dict[str, Callable[[Review], str]] = {
    "the card": lambda review: f"/claims/{review.claim_id}/",
    "the article": lambda review: f"/articles/{review.claim.article_id}/?claim={review.claim_id}",
    "the text beside another claim": lambda review: f"/articles/{review.claim.article_id}/",
    "the backup file": lambda review: f"/articles/{review.claim.article_id}/backup/",
    "notes for other programs": lambda review: f"/articles/{review.claim.article_id}/notes.jsonld",
    "second reviews": lambda _: "/reviews/",
    "the queue": lambda _: "/",
    "a search in the queue": lambda _: "/?q=Zorvex",
    "the search": lambda _: "/search/?q=Zorvex",
    "what comes in": lambda review: f"/claims/{review.claim_id}/prefill/?after=0",
    "what changed": lambda _: "/changed/?whose=all",
    "notices": lambda _: "/notices/",
    "insights": lambda _: "/insights/",
    "the admin's claim": lambda review: reverse("admin:articles_claim_change", args=[review.claim_id]),
    "the admin's history": lambda review: reverse("admin:articles_claim_history", args=[review.claim_id]),
    "the admin's review": lambda review: reverse("admin:reviews_review_change", args=[review.pk]),
    "the admin's evidence": lambda _: reverse("admin:articles_evidence_changelist") + "?stance__exact=",
    "the admin's trail": lambda _: reverse("admin:audit_auditevent_changelist"),
}
API: dict[str, Callable[[Review], str]] = {
    "claim": lambda review: f"claims/{review.claim_id}/",
    "claims": lambda _: "claims/?q=Zorvex",
    "search": lambda _: "search/?q=ostrel",
    "evidence": lambda review: f"claims/{review.claim_id}/evidence/",
    "review": lambda review: f"reviews/{review.pk}/",
    "reviews": lambda _: "reviews/",
    "notes": lambda _: "annotations/",
    "notes of the claim": lambda review: f"annotations/?claim={review.claim_id}",
    "trail": lambda _: "audit/?limit=100",
    "worklist": lambda _: "worklist/?whose=all",
    "checklist": lambda review: f"claims/{review.claim_id}/checks/",
    "publications": lambda _: "publications/",
    "article": lambda review: f"articles/{review.claim.article_id}/",
}


def _body(answer: Any) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.content[:300])
    return str(answer.content.decode())


# The picker of the form and the admin's filters name every label and state there is.
_LABELS, _STANCES = ("Misleading", "misleading"), ("refutes", "Refutes")
_OF_FORMS = {
    "the card": (*_LABELS, *_STANCES),
    "the article": (*_LABELS, *_STANCES),
    "the text beside another claim": (*_LABELS, *_STANCES),
    "the queue": _LABELS,
    "a search in the queue": ("Zorvex", *_LABELS),
    "the search": ("Zorvex",),
    "the admin's claim": (*_LABELS, *_STANCES),
    "the admin's evidence": ("Dropped", "dropped", *_STANCES),
}


@pytest.mark.parametrize("door", PAGES)
def test_no_page_tells(door: str, blind: Review, client: Client) -> None:
    client.force_login(judge())
    shown = _body(client.get(PAGES[door](blind)))
    assert not [words for words in TELLING if words in shown and words not in _OF_FORMS.get(door, ())]


@pytest.mark.parametrize("door", API)
def test_no_answer_of_the_api_tells(door: str, blind: Review, client: Client) -> None:
    head = desk.bearer(judge(), "read", "audit")
    told = _body(client.get(f"/api/v1/{API[door](blind)}", headers=head))
    ours = [words for words in TELLING if words != "dropped" or door != "article"]  # a text has "dropped" lines
    assert not [words for words in ours if words in told]


def test_the_evidence_reads_as_if_nobody_had_decided(blind: Review, client: Client) -> None:
    head = desk.bearer(judge(), "read")
    whole = client.get(f"/api/v1/claims/{blind.claim_id}/", headers=head).json()
    listed = client.get(f"/api/v1/claims/{blind.claim_id}/evidence/", headers=head).json()["results"]
    for rows in (whole["evidence"], listed):
        made = {(row["state"], row["stance"], row["suggested_stance"], row["version"]) for row in rows}
        assert (len(rows), made) == (2, {("suggested", "", "context", 1)})
    assert (whole["weighing"], whole["gaps"]) == ([], [])
    asked = client.get(f"/api/v1/claims/{blind.claim_id}/evidence/?state=kept", headers=head)
    assert (asked.status_code, asked.json()["code"]) == (409, "review.sealed")


def test_who_proposed_sees_all_of_it(blind: Review, client: Client) -> None:
    assert blind.verdict is not None
    head = desk.bearer(blind.verdict.proposed_by, "read")
    whole = client.get(f"/api/v1/claims/{blind.claim_id}/", headers=head).json()
    assert {row["stance"] for row in whole["evidence"]} == {"refutes", ""}
    assert "Onclaim note" in client.get("/api/v1/annotations/", headers=head).content.decode()
    client.force_login(blind.verdict.proposed_by)
    assert "Onwords note" in client.get(f"/claims/{blind.claim_id}/").content.decode()


def test_the_trail_is_whole_for_an_auditor_who_judges_nothing(blind: Review, client: Client) -> None:
    head = desk.bearer(desk.person("Auditor"), "read", "audit")
    assert "evidence.kept" in _body(client.get("/api/v1/audit/?limit=100", headers=head))


def test_own_notes_stay_and_notes_of_others_are_not_there(blind: Review, client: Client) -> None:
    reader = judge()
    own = note_write(target=blind.claim, actor=reader, body="Which table?")
    client.force_login(reader)
    assert "Which table?" in client.get(f"/claims/{blind.claim_id}/").content.decode()
    hidden = blind.claim.annotations.exclude(pk=own.pk).first()
    assert hidden is not None
    assert client.post(f"/notes/{hidden.pk}/resolve/", {"claim": blind.claim_id}).status_code == 404
    send = {"content_type": "application/json", "headers": desk.bearer(reader, "read", "verdict:write")}
    assert client.post(f"/api/v1/annotations/{hidden.pk}/reply/", {"body": "Well"}, **send).status_code == 404
    assert client.post(f"/api/v1/annotations/{own.pk}/resolve/", **send).status_code == 200


@pytest.mark.parametrize(
    "act",
    [
        lambda one, who: weighing.suggestion_keep(evidence=one, actor=who, stance="supports"),
        lambda one, who: weighing.suggestion_drop(evidence=one, actor=who),
        lambda one, who: weighing.suggestion_stance(evidence=one, actor=who, stance="supports"),
        lambda one, who: weighing.finding_show(evidence=one, actor=who, visibility="confidential"),
    ],
)
def test_who_is_to_judge_blind_weighs_nothing(act: Any, blind: Review) -> None:
    with pytest.raises(WrongState) as refused:
        act(Evidence.objects.get(title="Sheet one"), judge())
    assert refused.value.code == "review.sealed"


def test_it_comes_out_with_the_second_verdict(blind: Review, client: Client) -> None:
    reader = judge()
    opinion_give(review=blind, actor=reader, label="misleading", rationale=WHY)
    client.force_login(reader)
    shown = client.get(f"/claims/{blind.claim_id}/").content.decode()
    assert [words for words in ("Zorvex rationale", "Onclaim note", "Onwords note") if words not in shown] == []
    assert "Onclaim note" in client.get("/notices/").content.decode()
