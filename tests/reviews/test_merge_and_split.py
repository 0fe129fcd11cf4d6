"""Claims merged, taken out again, split and put together; and every act of the card taken back with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from articles.choices import EvidenceState
from articles.models import Article, Claim, Evidence, Revision
from articles.services.joining import parts_of
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, NotFound, WrongState
from reviews.models import Review, UndoStep
from reviews.selectors.standing import standing_of
from reviews.services import steps
from reviews.services.annotation import annotation_add
from reviews.services.joining import claim_divide, claim_join, claim_part, claim_undivide
from reviews.services.review import claim_take
from reviews.services.signoff import line_by_line_set
from reviews.services.undo import undo_last
from tests import publishing as desk

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> User:
    return desk.person("Checker")


def two() -> tuple[Claim, Claim]:
    article = desk.article()
    return desk.claim(article), desk.claim(article)


def active(claim: Claim) -> Review | None:
    return Review.objects.filter(claim=claim, active=True).first()


# --- merging ----------------------------------------------------------------------------------------------
def test_a_merged_claim_points_at_the_other_and_leaves_the_queue(checker: User) -> None:
    one, other = two()
    claim_take(claim=one, actor=checker)
    claim_join(claim=one, into=other, actor=checker, note="The same sentence twice.")
    one.refresh_from_db()
    assert (one.state, one.merged_into, one.settled, active(one)) == ("merged", other, True, None)
    assert AuditEvent.objects.get(action="claim.merged").after["merged_into"] == other.pk
    claim_part(claim=one, actor=checker)
    one.refresh_from_db()
    assert (one.state, one.merged_into, one.settled) == ("confirmed", None, False)
    assert active(one) is not None


def test_what_cannot_be_merged(checker: User) -> None:
    one, other = two()
    with pytest.raises(Invalid):
        claim_join(claim=one, into=one, actor=checker)
    with pytest.raises(NotAllowed):
        claim_join(claim=one, into=other, actor=desk.person("Viewer"))
    claim_join(claim=other, into=one, actor=checker)
    other.refresh_from_db()
    with pytest.raises(WrongState, match="is merged"):
        claim_join(claim=one, into=other, actor=checker)  # both would be gone
    judged = desk.proposed().claim
    with pytest.raises(WrongState):
        claim_join(claim=judged, into=desk.claim(judged.article), actor=checker)
    judged.refresh_from_db()
    assert judged.state == "confirmed"


# --- splitting --------------------------------------------------------------------------------------------
def test_parts_have_their_words_their_evidence_as_suggestions_and_reviews(checker: User) -> None:
    article = desk.article()
    claim = desk.claim(article, quote="Output has doubled in a single year", start=0, end=35)
    kept = desk.evidence(claim, relevance=0.9)
    desk.evidence(claim, state=EvidenceState.DROPPED)
    claim_take(claim=claim, actor=checker)
    made = claim_divide(
        claim=claim, actor=checker, statements=["Output has doubled", "It took a single year", "  "]
    )  # fmt: skip
    claim.refresh_from_db()
    assert (claim.state, claim.settled, active(claim)) == ("split", True, None)
    assert [(one.quote, one.statement, one.split_from) for one in made] == [
        ("Output has doubled", "Output has doubled", claim),
        (claim.quote, "It took a single year", claim),
    ]
    for one in made:
        assert one.quote == article.current.text[one.start : one.end]
        assert [(two.title, two.state, two.suggested_stance) for two in one.evidence.all()] == [
            (kept.title, "suggested", "supports")
        ]  # fmt: skip
        assert active(one) is not None
    assert len({one.number for one in Claim.objects.filter(article=article)}) == 3


@pytest.mark.parametrize("statements", [[], ["One"], ["Same", " Same "], [str(number) for number in range(9)]])
def test_what_is_no_split(checker: User, statements: list[str]) -> None:
    with pytest.raises(Invalid):
        claim_divide(claim=desk.claim(), actor=checker, statements=statements)
    assert Claim.objects.count() == 1


def test_words_that_stand_twice_are_anchored_on_the_whole_quote() -> None:
    article = desk.article()
    claim = desk.claim(article, quote="a single year, Ilva Torrent said. The pl", start=22, end=62)
    found = parts_of(claim, ["a", "a single year."])
    assert [(one.start, one.end) for one in found] == [(22, 62), (22, 35)]


def test_put_together_again_the_parts_are_one_with_the_whole(checker: User) -> None:
    claim = desk.claim()
    made = claim_divide(claim=claim, actor=checker, statements=["One thing", "Another thing"])
    claim_undivide(claim=claim, actor=checker)
    claim.refresh_from_db()
    assert (claim.state, active(claim) is not None) == ("confirmed", True)
    assert {(one.state, one.merged_into_id) for one in Claim.objects.filter(pk__in=[m.pk for m in made])} == {
        ("merged", claim.pk)
    }  # fmt: skip


def test_a_part_that_was_judged_keeps_the_split(checker: User) -> None:
    claim = desk.claim()
    made = claim_divide(claim=claim, actor=checker, statements=["One thing", "Another thing"])
    desk.proposed(made[0])
    with pytest.raises(WrongState):
        claim_undivide(claim=claim, actor=checker)
    claim.refresh_from_db()
    assert claim.state == "split"


def test_a_sentence_whose_claim_was_merged_was_looked_at(checker: User) -> None:
    one, other = two()
    article = Article.objects.get(pk=one.article_id)
    claim_take(claim=one, actor=checker)
    line_by_line_set(article=article, actor=checker, on=True)
    Revision.objects.update(sentences=[[one.start, one.end]])
    Claim.objects.filter(pk=other.pk).update(start=60, end=70)  # it stands elsewhere
    steps.join(claim=one, into=other, actor=checker)
    article = Article.objects.select_related("current").get(pk=article.pk)
    assert standing_of(article).unmarked == []


# --- undo -------------------------------------------------------------------------------------------------
def _kept(claim: Claim) -> Evidence:
    return desk.evidence(claim, state=EvidenceState.SUGGESTED, stance="")


def _state(claim: Claim) -> Any:
    claim.refresh_from_db()
    review = active(claim)
    holder = review.assignee_id if review else None
    rows = list(claim.evidence.order_by("pk").values_list("state", "stance", "locator"))
    notes = list(claim.annotations.values_list("resolved_at", flat=True))
    return claim.state, claim.merged_into_id, holder, rows, [bool(one) for one in notes]


ACTS: dict[str, Any] = {
    "take": lambda claim, who: steps.take(claim=claim, actor=who),
    "dismiss": lambda claim, who: steps.dismiss(claim=claim, actor=who, reason="opinion"),
    "keep": lambda claim, who: steps.keep(evidence=claim.evidence.get(), actor=who, stance="refutes", locator="p. 9"),
    "drop": lambda claim, who: steps.drop(evidence=claim.evidence.get(), actor=who),
    "stance": lambda claim, who: steps.weigh(evidence=claim.evidence.get(), actor=who, stance="context"),
    "resolve": lambda claim, who: steps.resolve(note=claim.annotations.get(), claim=claim.pk, actor=who),
    "merge": lambda claim, who: steps.join(claim=claim, into=desk.claim(claim.article), actor=who),
    "split": lambda claim, who: steps.divide(claim=claim, statements=["One", "Two"], actor=who),
    "assign": lambda claim, who: steps.assign(claim=claim, actor=who, assignee=who),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_of_the_card_is_taken_back(act: str) -> None:
    who, claim = desk.person("Desk editor"), desk.claim()
    _kept(claim)
    annotation_add(target=claim, actor=who, body="Which year?")
    before = _state(claim)
    ACTS[act](claim, who)
    assert _state(claim) != before
    undo_last(actor=who)
    assert _state(claim) == before
    with pytest.raises(NotFound):
        undo_last(actor=who)


@pytest.mark.parametrize("act", ["keep", "drop", "stance", "merge"])
def test_what_somebody_went_on_with_is_not_taken_back(act: str) -> None:
    who, claim = desk.person("Desk editor"), desk.claim()
    _kept(claim)
    ACTS[act](claim, who)
    Evidence.objects.update(version=99)
    Claim.objects.filter(pk=claim.pk).update(version=99)
    with pytest.raises(WrongState, match="changed since"):
        undo_last(actor=who)
    assert UndoStep.objects.get().undone_at is None


def test_taking_what_one_has_already_is_no_step(checker: User) -> None:
    claim = desk.claim()
    steps.take(claim=claim, actor=checker)
    steps.take(claim=claim, actor=checker)
    assert UndoStep.objects.count() == 1


# --- page, API, admin -------------------------------------------------------------------------------------
def test_merge_split_and_undo_without_script(client: Client, checker: User) -> None:
    one, other = two()
    client.force_login(checker)
    at = reverse("reviews:merge", args=[one.pk])
    assert client.post(at, {"number": 99}).status_code == 404
    assert client.post(at, {"number": ""}).status_code == 422
    assert client.post(at, {"number": other.number, "seen_version": 7}).status_code == 409
    page = client.post(at, {"number": other.number, "seen_version": one.version}, follow=True).content.decode()
    assert "Take it out again" in page
    assert 'form="undo-form"' in page
    assert client.post(reverse("reviews:undo")).status_code == 302
    split = reverse("reviews:split", args=[one.pk])
    assert client.post(split, {"statements": "One"}).status_code == 422
    page = client.post(split, {"statements": "One\r\nTwo"}, follow=True).content.decode()
    assert "Put it together again" in page
    assert client.post(reverse("reviews:unsplit", args=[one.pk])).status_code == 302
    one.refresh_from_db()
    assert one.state == "confirmed"


def test_merge_and_split_through_the_api(client: Client, checker: User) -> None:
    one, other = two()
    send = {"content_type": "application/json", "headers": desk.bearer(checker, "read", "verdict:write")}
    base = f"/api/v1/claims/{one.pk}/"
    assert client.post(f"{base}merge/", {"into": other.pk}, **send).status_code == 428
    merged = client.post(f"{base}merge/", {"into": other.pk, "version": one.version}, **send).json()
    assert (merged["state"], merged["merged_into"]) == ("merged", other.pk)
    back = client.post(f"{base}unmerge/", {}, **send).json()
    parts = client.post(f"{base}split/", {"statements": ["One", "Two"], "version": back["version"]}, **send).json()
    assert [part["split_from"] for part in parts] == [one.pk, one.pk]
    assert client.post(f"{base}unsplit/", {}, **send).json()["state"] == "confirmed"
    assert client.post(f"{base}merge/", {"into": 10**9, "version": 1}, **send).status_code in (404, 409)
