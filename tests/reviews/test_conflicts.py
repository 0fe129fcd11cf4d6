"""What was sent about a version that moved: both sides of every field, one's own chosen, nothing lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from articles.models import Claim
from reviews.conflicts import TITLES, chosen, side_by_side
from reviews.models import DeskPolicy, Draft, Review, Verdict
from reviews.services.claim import claim_put_right
from reviews.services.draft import FORMS, OF_THINGS, _fields_of, drafts_keep
from reviews.services.lease import review_take_over
from reviews.services.review import claim_take, review_perform, verdict_propose
from reviews.workflow import ReviewAction
from tests import publishing as desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

MINE = "Ana's rationale: the plant delivered 1,371 gigawatt-hours, twice what it gave in the repair year."
FORM = {"label": "false", "rationale": MINE, "quote_check": "accurate", "summary": "The same sentence."}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ana(db: None) -> User:
    return desk.person("Checker", "ana")


@pytest.fixture
def moved(ana: User) -> tuple[Review, int]:
    """Ana wrote on a version; Bo took the claim over meanwhile and proposed."""
    claim, bo = desk.claim(), desk.person("Checker", "bo")
    desk.evidence(claim)
    review = claim_take(claim=claim, actor=ana)
    seen = review.version
    review_take_over(review=review, actor=bo)
    review.refresh_from_db()
    verdict_propose(review=review, actor=bo, proposal=desk.proposal(summary="The same sentence."))
    review.refresh_from_db()
    return review, seen


# --- pure -------------------------------------------------------------------------------------------------
def test_fields_side_by_side() -> None:
    rows = side_by_side("reword", {"statement": "a", "speaker": "Ilva"}, {"statement": "b", "speaker": "Ilva "})
    assert [(row.name, row.same) for row in rows] == [("statement", False), ("speaker", True)]


@pytest.mark.parametrize(
    ("choice", "got"), [("mine", "a"), ("theirs", "b"), ("", "a"), ("nonsense", "a")]
)  # fmt: skip
def test_one_s_own_is_what_goes_on_where_nothing_else_is_said(choice: str, got: str) -> None:
    sent = {"mine-statement": "a", "theirs-statement": "b", "choice-statement": choice}
    assert chosen("reword", sent) == {"statement": got, "speaker": ""}


# --- proposing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("htmx", [True, False])
def test_a_proposal_on_a_version_that_moved_shows_both(moved: tuple[Review, int], ana: User, htmx: bool) -> None:
    review, seen = moved
    headers = {"HX-Request": "true"} if htmx else {}
    answer = signed_in(ana).post(
        f"/claims/{review.claim_id}/propose/", FORM | {"seen_version": seen}, headers=headers
    )  # fmt: skip
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert (answer.get("HX-Retarget"), "<html" in shown) == (("#claim", False) if htmx else (None, True))
    assert [
        words for words in ("Ana&#x27;s rationale", desk.RATIONALE, "False", "Misleading") if words not in shown
    ] == []
    assert 'name="choice-rationale" value="mine" checked' in shown
    assert 'name="choice-summary"' not in shown  # both wrote the same
    assert Verdict.objects.count() == 1
    assert Draft.objects.get(person=ana, form="verdict", field="rationale").text == MINE


def test_what_is_chosen_is_the_draft_then(moved: tuple[Review, int], ana: User) -> None:
    review, seen = moved
    client = signed_in(ana)
    shown = client.post(f"/claims/{review.claim_id}/propose/", FORM | {"seen_version": seen}).content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="((?:mine|theirs)-\w+)" value="([^"]*)"', shown))
    picks = {"form": "verdict", "choice-label": "theirs", "choice-rationale": "mine"}
    client.post(f"/claims/{review.claim_id}/choose/", sent | picks)
    kept = dict(Draft.objects.filter(person=ana, form="verdict").values_list("field", "text"))
    assert (kept["label"], kept["rationale"].replace("&#x27;", "'")) == ("misleading", MINE)


def test_a_sealed_verdict_is_not_shown_by_a_conflict(ana: User) -> None:
    DeskPolicy.objects.update(second_review="blind")
    claim, bo = desk.claim(), desk.person("Checker", "bo")
    desk.evidence(claim)
    review = claim_take(claim=claim, actor=ana)
    seen = review.version
    review_take_over(review=review, actor=bo)
    review.refresh_from_db()
    verdict_propose(review=review, actor=bo, proposal=desk.proposal())
    answer = signed_in(ana).post(f"/claims/{claim.pk}/propose/", FORM | {"seen_version": seen})
    assert answer.status_code == 409
    assert desk.RATIONALE not in answer.content.decode()
    assert Draft.objects.filter(person=ana, text=MINE).exists()


def test_a_proposal_on_the_version_that_is_held_goes_through(ana: User) -> None:
    claim = desk.claim()
    desk.evidence(claim)
    review = claim_take(claim=claim, actor=ana)
    answer = signed_in(ana).post(f"/claims/{claim.pk}/propose/", FORM | {"seen_version": review.version})
    assert answer.status_code == 302
    assert Verdict.objects.count() == 1


# --- approving and sending back ---------------------------------------------------------------------------
@pytest.fixture
def proposed_anew(ana: User) -> tuple[Review, int, int]:
    """A verdict was read by somebody who approves; then it was withdrawn and proposed anew."""
    claim = desk.claim()
    desk.evidence(claim)
    review = desk.proposed(claim, ana)
    seen, verdict = review.version, review.verdict_id
    assert verdict is not None
    review_perform(review=review, action=ReviewAction.WITHDRAW, actor=ana)
    verdict_propose(review=review, actor=ana, proposal=desk.proposal(label="false", summary="Another sentence."))
    review.refresh_from_db()
    return review, seen, verdict


@pytest.mark.parametrize(
    ("path", "form", "draft"),
    [
        ("approve", {"note": "The note of who approves"}, "approve"),
        ("act", {"action": "request_changes", "note": "The note of who sends back"}, "changes"),
    ],
)
def test_approving_or_sending_back_what_changed_meanwhile(
    path: str, form: dict[str, str], draft: str, proposed_anew: tuple[Review, int, int]
) -> None:
    review, seen, verdict = proposed_anew
    reader = desk.person("Reviewer")
    sent = form | {"seen_version": str(seen), "seen_verdict": str(verdict)}
    answer = signed_in(reader).post(f"/claims/{review.claim_id}/{path}/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 409
    both = ("What you saw", "What it says now", "The year before was the repair year.", "Another sentence.")
    assert [words for words in both if words not in shown] == []
    review.refresh_from_db()
    assert review.state == "second_review"
    assert Draft.objects.get(person=reader, form=draft, field="note").text == form["note"]
    # Sent about what it is now, it goes through, and the note has done its work.
    again = form | {"seen_version": str(review.version), "seen_verdict": str(review.verdict_id)}
    assert signed_in(reader).post(f"/claims/{review.claim_id}/{path}/", again).status_code == 302
    assert not Draft.objects.filter(person=reader).exists()


def test_a_verdict_of_another_claim_is_not_shown(proposed_anew: tuple[Review, int, int]) -> None:
    review, seen, _ = proposed_anew
    other = desk.proposed(summary="Of another claim.")
    sent = {"note": "x", "seen_version": str(seen), "seen_verdict": str(other.verdict_id)}
    answer = signed_in(desk.person("Reviewer")).post(f"/claims/{review.claim_id}/approve/", sent)
    assert answer.status_code == 409
    assert "Of another claim." not in answer.content.decode()


# --- wording ------------------------------------------------------------------------------------------------
def test_two_wordings_at_once(ana: User) -> None:
    claim, bo = desk.claim(), desk.person("Checker", "bo")
    seen = claim.version
    claim_put_right(claim=Claim.objects.get(pk=claim.pk), actor=bo, statement="Bo's wording", speaker="Ilva Torrent")
    client = signed_in(ana)
    sent = {"statement": "Ana's wording", "speaker": "Ilva Torrent", "seen_version": str(seen)}
    answer = client.post(f"/claims/{claim.pk}/reword/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert [words for words in ("Bo&#x27;s wording", "Ana&#x27;s wording") if words not in shown] == []
    claim.refresh_from_db()
    assert claim.statement == "Bo's wording"
    pick = {"form": "reword", "seen_version": str(claim.version), "choice-statement": "mine"}
    pick |= {"mine-statement": "Ana's wording", "theirs-statement": "Bo's wording", "mine-speaker": "Ilva Torrent"}
    stale = client.post(f"/claims/{claim.pk}/choose/", pick | {"seen_version": str(seen)})
    assert stale.status_code == 409  # it moved once more
    assert client.post(f"/claims/{claim.pk}/choose/", pick).status_code == 302
    claim.refresh_from_db()
    assert (claim.statement, claim.speaker) == ("Ana's wording", "Ilva Torrent")
    assert not Draft.objects.filter(person=ana).exists()


def test_choosing_for_no_form_is_refused(ana: User) -> None:
    claim = desk.claim()
    assert signed_in(ana).post(f"/claims/{claim.pk}/choose/", {"form": "evidence"}).status_code == 422


# --- drafts -------------------------------------------------------------------------------------------------
def test_what_a_form_was_sent_with_is_kept_over_what_was_kept_before(ana: User) -> None:
    claim = desk.claim()
    for text in ("first", "second", "second"):
        drafts_keep(claim=claim, person=ana, form="changes", values={"note": text, "nonsense": "x"})
    (kept,) = Draft.objects.filter(claim=claim)
    assert (kept.field, kept.text, kept.version) == ("note", "second", 2)


_FIELD = re.compile(r'<(?:textarea|select|input)\b(?![^>]*type="(?:hidden|submit|file)")[^>]*\bname="([^"]+)"')
# Forms of the card with nothing in them that somebody writes: one choice, a file.
_NOTHING_WRITTEN = {"assign", "visibility", "decide", "choose"}


def _forms(shown: str) -> Iterator[tuple[str, str, set[str]]]:
    for form in re.findall(
        r"<form\b.*?</form>", shown[shown.index('id="claim"') : shown.index("</main>")], re.DOTALL
    ):
        tag = form[: form.index(">")]
        action = re.search(r'action="[^"]*?/([\w-]+)/"', tag)
        draft = re.search(r'data-draft="([^"]+)"', tag)
        fields = re.findall(
            r'<(?:textarea|select|input)\b(?![^>]*type="(?:hidden|submit|file)")[^>]*\bname="([^"]+)"', form
        )
        yield (action.group(1) if action else ""), (draft.group(1) if draft else ""), set(fields)


def _cards(ana: User) -> Iterator[tuple[User, Claim]]:
    claim = desk.claim(appearances=[{"url": "https://tessel.example/9", "kind": "article"}])
    desk.evidence(claim)
    desk.evidence(claim, state="suggested", stance="", locator="")
    editor = desk.person("Desk editor")
    yield editor, claim
    claim_take(claim=claim, actor=ana)
    yield ana, claim
    yield editor, claim
    Review.objects.filter(claim=claim).update(state="changes_requested")
    yield ana, claim
    yield desk.person("Reviewer"), desk.proposed().claim
    yield desk.person("Publisher"), desk.published().claim


def test_every_form_of_the_card_that_is_written_in_keeps_what_is_typed(ana: User) -> None:
    seen: set[str] = set()
    for person, claim in _cards(ana):
        for action, draft, fields in _forms(signed_in(person).get(f"/claims/{claim.pk}/").content.decode()):
            if not fields or action in _NOTHING_WRITTEN:
                continue
            assert draft, (action, fields)
            assert fields <= set(_fields_of(draft)), (draft, fields - set(_fields_of(draft)))
            seen.add(draft.rstrip("0123456789"))
    assert {
        "verdict",
        "dismiss",
        "hand-over",
        "reword",
        "origins-",
        "recuse",
        "changes",
        "publication-retract",
    } <= seen
    assert TITLES.keys() <= FORMS.keys()
    assert not FORMS.keys() & OF_THINGS.keys()
