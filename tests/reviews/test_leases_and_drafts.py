"""Two people on one claim: who types, who may take over, and that no word is lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factcheck.core.errors import Invalid, Locked, NotAllowed
from reviews.models import DeskPolicy, Draft, Lease, Review
from reviews.services.draft import draft_save, drafts_of
from reviews.services.lease import lease_ask, lease_move_here, lease_take, review_take_over, reviews_return
from reviews.services.review import claim_take, review_perform, verdict_propose
from reviews.services.transition import lease_release
from reviews.tasks import return_abandoned
from reviews.workflow import ReviewAction
from tests import publishing as desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A claim in the hands of a checker, and the checker."""
    checker = desk.person("Checker")
    return claim_take(claim=desk.claim(), actor=checker), checker


def expire() -> None:
    now = timezone.now()
    Lease.objects.update(taken_at=now - timedelta(minutes=9), expires_at=now - timedelta(seconds=1))


def test_the_first_key_takes_the_claim_and_the_next_renews_it(held):
    review, checker = held
    first = lease_take(claim=review.claim, actor=checker, session="a")
    second = lease_take(claim=review.claim, actor=checker, session="a")
    assert second.taken_at == first.taken_at
    assert second.expires_at >= first.expires_at


def test_opening_takes_nothing(held, client):
    review, checker = held
    client.force_login(checker)
    assert client.get(f"/claims/{review.claim_id}/").status_code == 200
    assert not Lease.objects.exists()


def test_the_same_person_in_another_window_is_told_and_may_go_on_there(held):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    with pytest.raises(Locked, match="another window"):
        lease_take(claim=review.claim, actor=checker, session="b")
    assert lease_move_here(claim=review.claim, actor=checker, session="b").session == "b"


def test_only_who_has_the_claim_types(held):
    review, _ = held
    with pytest.raises(NotAllowed, match="not yours"):
        lease_take(claim=review.claim, actor=desk.person("Desk editor"), session="x")


def test_a_lease_of_somebody_who_lost_the_claim_stands_in_nobodys_way(held):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    ines = desk.person("Desk editor")
    review_take_over(review=review, actor=ines, note="The story runs at noon.")
    assert review.assignee == ines
    lease_take(claim=review.claim, actor=ines, session="i")
    with pytest.raises(NotAllowed):
        lease_take(claim=review.claim, actor=checker, session="a")


@pytest.mark.parametrize(
    ("role", "typing", "note", "allowed"),
    [
        ("Checker", True, "Why", False),
        ("Checker", False, "", True),
        ("Reviewer", False, "", True),
        ("Desk editor", True, "Why", True),
        ("Desk editor", False, "", True),
        ("Viewer", False, "", False),
        ("Publisher", False, "", False),
    ],
)
def test_who_may_take_over_and_when(held, role, typing, note, allowed):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    if not typing:
        expire()
    other = desk.person(role)
    if allowed:
        review_take_over(review=review, actor=other, note=note)
        assert (review.assignee, review.state) == (other, "in_progress")
    else:
        with pytest.raises(NotAllowed):
            review_take_over(review=review, actor=other, note=note)


def test_who_interrupts_says_why(held):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    with pytest.raises(Invalid, match="needs a note"):
        review_take_over(review=review, actor=desk.person("Desk editor"))


def test_one_does_not_take_over_from_oneself(held):
    review, checker = held
    with pytest.raises(NotAllowed):
        review_take_over(review=review, actor=checker)


def test_who_asks_is_seen_by_who_types(held, client):
    review, checker = held
    client.force_login(checker)
    client.post(f"/claims/{review.claim_id}/lease/", {"act": "type"})
    asking = desk.person("Checker", name="noor")
    lease_ask(claim=review.claim, actor=asking)
    page = client.get(f"/claims/{review.claim_id}/presence/").content.decode()
    assert "noor asks to take over" in page
    with pytest.raises(NotAllowed):
        lease_ask(claim=review.claim, actor=desk.person("Viewer"))


def test_a_claim_is_handed_over_with_a_note_and_keeps_waiting_if_it_waits(held):
    review, checker = held
    other = desk.person("Checker")
    with pytest.raises(Invalid, match="needs a note"):
        review_perform(review=review, action=ReviewAction.HAND_OVER, actor=checker, assignee=other)
    review_perform(review=review, action=ReviewAction.BLOCK, actor=checker, note="Asked.", wait_kind="legal")
    review_perform(review=review, action=ReviewAction.HAND_OVER, actor=checker, assignee=other, note="Noon.")
    assert (review.assignee, review.state) == (other, "blocked")


def propose(review, checker):
    desk.evidence(review.claim)
    verdict_propose(review=review, actor=checker, proposal=desk.proposal())


RELEASES = {
    "propose": propose,
    "give back": lambda review, who: review_perform(review=review, action=ReviewAction.GIVE_BACK, actor=who),
    "wait": lambda review, who: review_perform(
        review=review, action=ReviewAction.BLOCK, actor=who, note="Asked.", wait_kind="legal"
    ),
    "hand over": lambda review, who: review_perform(
        review=review, action=ReviewAction.HAND_OVER, actor=who, note="Yours.", assignee=desk.person("Checker")
    ),
    "take over": lambda review, who: review_take_over(review=review, actor=desk.person("Desk editor"), note="Now."),
    "window closed": lambda review, who: lease_release(claim_id=review.claim_id, person=who, session="a"),
}


@pytest.mark.parametrize("way", RELEASES)
def test_every_way_out_ends_the_lease(held, way):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    RELEASES[way](review, checker)
    assert not Lease.objects.exists()


def test_closing_another_window_does_not_end_this_ones_lease(held):
    review, checker = held
    lease_take(claim=review.claim, actor=checker, session="a")
    lease_release(claim_id=review.claim_id, person=checker, session="b")
    assert Lease.objects.exists()


def test_logging_out_ends_the_lease_and_keeps_the_text(held, client):
    review, checker = held
    client.force_login(checker)
    client.post(f"/claims/{review.claim_id}/lease/", {"act": "type"})
    draft_save(claim=review.claim, person=checker, form="verdict", field="rationale", text="Half a", seen=0)
    client.post("/logout/")
    assert not Lease.objects.exists()
    assert Draft.objects.get().text == "Half a"


# --- abandoned work -------------------------------------------------------------------------------------------
def leave(review, hours: int) -> None:
    Review.objects.filter(pk=review.pk).update(changed_at=timezone.now() - timedelta(hours=hours))


def test_what_nobody_touches_goes_back_and_its_text_is_kept(held):
    review, checker = held
    draft_save(claim=review.claim, person=checker, form="verdict", field="rationale", text="Half a", seen=0)
    Draft.objects.update(saved_at=timezone.now() - timedelta(hours=30))
    leave(review, 25)
    return_abandoned()
    return_abandoned()
    review.refresh_from_db()
    assert (review.state, review.assignee) == ("queued", None)
    assert drafts_of(claim=review.claim, person=checker)["verdict"]["rationale"].text == "Half a"


@pytest.mark.parametrize("why", ["fresh", "typed", "waiting", "switched off"])
def test_what_is_worked_on_stays(held, why):
    review, checker = held
    if why == "waiting":
        review_perform(review=review, action=ReviewAction.BLOCK, actor=checker, note="Asked.", wait_kind="legal")
    if why == "typed":
        draft_save(claim=review.claim, person=checker, form="verdict", field="gaps", text="x", seen=0)
    if why == "switched off":
        DeskPolicy.objects.update(return_after_hours=0)
    leave(review, 23 if why == "fresh" else 25)
    assert reviews_return() == 0


# --- drafts ---------------------------------------------------------------------------------------------------
def test_a_field_is_kept_and_changed(held):
    review, checker = held
    first = draft_save(claim=review.claim, person=checker, form="verdict", field="gaps", text="a", seen=0)
    second = draft_save(claim=review.claim, person=checker, form="verdict", field="gaps", text="ab", seen=1)
    assert (first.version, second.version, second.text, second.conflict) == (1, 2, "ab", False)


@pytest.mark.parametrize("seen", [0, 1])
def test_two_windows_lose_neither_text(held, seen):
    review, checker = held
    for text, version in (("a", 0), ("the other window", 1)):
        draft_save(claim=review.claim, person=checker, form="verdict", field="gaps", text=text, seen=version)
    kept = draft_save(claim=review.claim, person=checker, form="verdict", field="gaps", text="mine", seen=seen)
    assert (kept.conflict, kept.text, kept.version) == (True, "the other window", 2)
    assert Draft.objects.get().text == "the other window"


def test_drafts_are_private(held):
    review, checker = held
    draft_save(claim=review.claim, person=checker, form="verdict", field="rationale", text="Not yet said", seen=0)
    editor = desk.person("Desk editor")
    reader = Client()
    reader.force_login(editor)
    assert b"Not yet said" not in reader.get(f"/claims/{review.claim_id}/").content
    assert drafts_of(claim=review.claim, person=editor) == {}


def test_the_form_opens_with_what_was_typed_and_a_proposal_uses_it_up(held, client):
    review, checker = held
    client.force_login(checker)
    url = f"/claims/{review.claim_id}/"
    sent = client.post(f"{url}draft/", {"form": "verdict", "field": "rationale", "text": "Half a word", "seen": "0"})
    assert sent.status_code == 200
    assert "Half a word</textarea>" in client.get(url).content.decode()
    propose(review, checker)
    assert not Draft.objects.exists()


def test_without_javascript_the_whole_form_is_kept_with_a_button(held, client):
    review, checker = held
    client.force_login(checker)
    for words in ("First", "Second"):
        client.post(f"/claims/{review.claim_id}/draft/", {"save_draft": "1", "rationale": words, "label": "mixed"})
    assert "Second</textarea>" in client.get(f"/claims/{review.claim_id}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"form": "verdict", "field": "no-such"}, 422),
        ({"form": "no-such", "field": "body"}, 422),
        ({"form": "verdict"}, 422),
        ({"form": "verdict", "field": "gaps", "seen": "-1"}, 422),
        ({"form": "verdict", "field": "gaps", "seen": "9" * 30}, 200),
    ],
)
def test_bad_drafts_are_refused_with_words(held, client, sent, status):
    review, checker = held
    client.force_login(checker)
    answer = client.post(f"/claims/{review.claim_id}/draft/", {"text": "x", **sent}, headers={"hx-request": "true"})
    assert answer.status_code == status


def test_who_is_signed_out_is_told_so_and_stays_on_the_page(held, client):
    review, _ = held
    for headers in ({"X-Requested-With": "fetch"}, {"HX-Request": "true"}):
        answer = client.post(f"/claims/{review.claim_id}/draft/", {"form": "verdict"}, headers=headers)
        assert answer.status_code == 401
        assert "What you typed is kept" in answer.content.decode()
