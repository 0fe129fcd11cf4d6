"""Outlets that carried a claim: found, asked to correct, what came of it; on the page, in the API and the figures."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import ClaimRelation
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.models import FollowUp, Notice, Publication
from reviews.selectors.insights import figure
from reviews.services.correction import publication_retract
from reviews.services.followup import followup_add, followup_ask, followup_end, followups_find, followups_tick
from reviews.tasks import tick_followups
from tests.publishing import article, bearer, claim, person, published

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
WORDS = "Please correct it, and let us know."


@pytest.fixture
def editor() -> User:
    return person("Desk editor")


def added(page: Publication, editor: User, **changes: Any) -> FollowUp:
    return followup_add(
        publication=page, actor=editor, **{"outlet": "Almar Post", "url": "https://almar.example/1", **changes}
    )


def asked(page: Publication, editor: User, **changes: Any) -> FollowUp:
    return followup_ask(follow_up=added(page, editor), actor=editor, **{"words": WORDS, **changes})


# --- finding -------------------------------------------------------------------------------------------
def test_places_the_desk_knows_are_found_once_and_our_own_are_not(editor: User, settings: Any) -> None:
    page = published()
    same = claim(article(publisher="Almar Post", url="https://almar.example/1"))
    denied = claim(article(publisher="Nay Daily", url="https://nay.example/1"))
    ours = claim(article(publisher="Us", url=f"{settings.BASE_URL}/own/"))
    for other, kind in ((same, "repeats"), (denied, "denies"), (ours, "same")):
        ClaimRelation.objects.create(claim=other, other=page.claim, kind=kind)
    assert followups_find(publication=page, actor=editor) == 2
    assert list(page.follow_ups.values_list("outlet", "url", "found_as")) == [
        ("Tessel Wire", page.claim.article.url, "carried"), ("Almar Post", "https://almar.example/1", "article"),
    ]  # fmt: skip
    assert followups_find(publication=page, actor=editor) == 0
    assert AuditEvent.objects.filter(action="follow_up.found").count() == 1


def test_same_address_by_hand_is_the_same_follow_up(editor: User) -> None:
    page = published()
    assert added(page, editor) == added(page, editor, outlet="Another name")
    nameless = added(page, editor, outlet="", url="https://other.example/a")
    assert nameless.outlet == "other.example"
    assert added(page, editor, url="") != added(page, editor, url="")


@pytest.mark.parametrize(
    ("outlet", "url", "code"),
    [
        ("", "", "follow_up.no_outlet"),
        ("Post", "ftp://almar.example/1", "follow_up.bad_place"),
        ("Post", "javascript:alert(1)", "follow_up.bad_place"),
        ("Us", "http://127.0.0.1:8000/verdicts/x/", "follow_up.bad_place"),
    ],
)
def test_what_is_no_place_elsewhere_is_refused(editor: User, outlet: str, url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        added(published(), editor, outlet=outlet, url=url)
    assert refused.value.code == code
    assert not FollowUp.objects.exists()


# --- asking and ending ---------------------------------------------------------------------------------
def test_outlet_is_asked_with_a_week_to_answer_and_mends_it(editor: User) -> None:
    row = asked(published(), editor, contact="editor@almar.example")
    assert row.due_at is not None
    assert row.asked_at is not None
    assert row.due_at - row.asked_at == timedelta(days=7)
    followup_end(follow_up=row, actor=editor, outcome="corrected", answer="We have mended it.")
    row.refresh_from_db()
    assert (row.outcome, row.answer, row.contact, row.version) == (
        "corrected", "We have mended it.", "editor@almar.example", 3,
    )  # fmt: skip
    trail = AuditEvent.objects.filter(action__startswith="follow_up.").order_by("pk")
    assert [event.action for event in trail] == ["follow_up.added", "follow_up.asked", "follow_up.ended"]
    with pytest.raises(WrongState, match="ended"):
        followup_ask(follow_up=row, actor=editor, words=WORDS)


@pytest.mark.parametrize(
    ("words", "days", "code"),
    [
        (" ", 1, "follow_up.no_words"),
        ("x" * 10_001, 1, "follow_up.no_words"),
        (WORDS, -1, "follow_up.bad_time"),
        (WORDS, 400, "follow_up.bad_time"),
    ],
)
def test_question_without_words_or_time_is_refused(editor: User, words: str, days: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(published(), editor, words=words, due_at=timezone.now() + timedelta(days=days))
    assert refused.value.code == code
    assert FollowUp.objects.get().asked_at is None


@pytest.mark.parametrize(
    ("was_asked", "outcome", "code"),
    [
        (False, "refused", "follow_up.not_asked"),
        (False, "no_answer", "follow_up.not_asked"),
        (True, "vanished", "follow_up.bad_outcome"),
        (False, "put_aside", ""),
        (False, "corrected", ""),
        (True, "no_answer", ""),
    ],
)
def test_outcome_fits_what_was_done(editor: User, was_asked: bool, outcome: str, code: str) -> None:
    row = (asked if was_asked else added)(published(), editor)
    if code:
        with pytest.raises(Invalid) as refused:
            followup_end(follow_up=row, actor=editor, outcome=outcome)
        assert refused.value.code == code
    else:
        assert followup_end(follow_up=row, actor=editor, outcome=outcome).ended_at is not None


def test_two_who_end_it_at_once_do_not_overwrite_each_other(editor: User) -> None:
    row = asked(published(), editor)
    stale = FollowUp.objects.select_related("publication__claim__article").get(pk=row.pk)
    followup_end(follow_up=row, actor=editor, outcome="corrected")
    with pytest.raises(WrongState) as refused:
        followup_end(follow_up=stale, actor=person("Desk editor"), outcome="refused")
    assert refused.value.code == "workflow.changed"


def test_retracted_verdict_is_held_against_nobody(editor: User) -> None:
    page = published()
    row = asked(page, editor)
    publication_retract(publication=page, actor=person("Publisher"), note="Another plant was meant.")
    row = FollowUp.objects.select_related("publication__claim__article").get(pk=row.pk)
    for act in (
        lambda: followups_find(publication=page, actor=editor),
        lambda: added(page, editor, url="https://x.example/"),
        lambda: followup_ask(follow_up=row, actor=editor, words=WORDS),
    ):
        with pytest.raises(WrongState) as refused:
            act()
        assert refused.value.code == "follow_up.not_live"
    assert followup_end(follow_up=row, actor=editor, outcome="put_aside").outcome == "put_aside"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("Desk editor", True), ("Publisher", False), ("Checker", False), ("Viewer", False), ("", False)],
)
def test_who_may_follow_up(role: str, allowed: bool) -> None:
    who, page = person(role), published()
    if allowed:
        assert added(page, who).pk
        return
    with pytest.raises(NotAllowed):
        added(page, who)
    assert not FollowUp.objects.exists()


# --- reminders -----------------------------------------------------------------------------------------
def test_who_asked_is_told_once_when_the_time_is_over_and_again_after_asking_again(editor: User) -> None:
    row = asked(published(), editor)
    assert followups_tick() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert followups_tick() == 1
        tick_followups()
        assert followups_tick() == 0
        (notice,) = Notice.objects.filter(person=editor, key__startswith="follow-up")
        assert ("Almar Post" in notice.words, notice.url) == (True, f"/claims/{row.publication.claim_id}/follow-up/")
        row.refresh_from_db()
        followup_ask(follow_up=row, actor=editor, words=WORDS)
    with time_machine.travel(timezone.now() + timedelta(days=16), tick=False):
        assert followups_tick() == 1
    assert Notice.objects.filter(person=editor, key__startswith="follow-up").count() == 2


def test_what_has_ended_reminds_nobody(editor: User) -> None:
    followup_end(follow_up=asked(published(), editor), actor=editor, outcome="refused")
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert followups_tick() == 0


# --- page, API, figure ---------------------------------------------------------------------------------
def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_whole_way_on_the_page(editor: User) -> None:
    page, client = published(), signed_in(editor)
    base = f"/claims/{page.claim_id}/follow-up/"
    assert base in client.get(f"/claims/{page.claim_id}/").content.decode()
    assert client.post(f"{base}look/").status_code == 302
    assert client.post(f"{base}add/", {"outlet": "Almar Post", "url": "https://almar.example/1"}).status_code == 302
    row = FollowUp.objects.get(outlet="Almar Post")
    shown = client.get(base).content.decode()
    assert "Tessel Wire" in shown
    assert page.verdict.statement in shown
    act = f"/follow-ups/{row.pk}/"
    data = {"act": "ask", "words": WORDS, "seen_version": 1, "due_at": ""}
    assert client.post(act, data).status_code == 302
    assert client.post(act, {"act": "end", "outcome": "refused", "seen_version": 1}).status_code == 409
    done = {"act": "end", "outcome": "refused", "answer": "We stand by it.", "seen_version": 2}
    assert client.post(act, done).status_code == 302
    assert "We stand by it." in client.get(base).content.decode()
    assert client.post(act, {"act": "forget"}).status_code == 422


@pytest.mark.parametrize("role", ["Viewer", "Checker"])
def test_others_read_the_page_and_are_offered_no_act(editor: User, role: str) -> None:
    page = published()
    added(page, editor)
    shown = signed_in(person(role)).get(f"/claims/{page.claim_id}/follow-up/").content.decode()
    assert "Almar Post" in shown
    assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]


def test_claim_that_is_not_published_has_no_such_page(editor: User) -> None:
    assert signed_in(editor).get(f"/claims/{claim().pk}/follow-up/").status_code == 404
    assert Client().get(f"/claims/{published().claim_id}/follow-up/").status_code == 302


def test_readers_see_nothing_of_it(editor: User) -> None:
    page = published()
    followup_end(follow_up=asked(page, editor), actor=editor, outcome="refused", answer="A private answer")
    for path in (page.get_absolute_url(), f"/api/v1/verdicts/{page.slug}/", "/feeds/claimreview.json"):
        answer = Client().get(path)
        text = answer.getvalue() if answer.streaming else answer.content
        assert b"almar.example" not in text
        assert b"A private answer" not in text


def test_whole_way_through_the_api(editor: User) -> None:
    page = published()
    headers = bearer(editor, "read", "publish")

    def call(method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        return Client().generic(method, f"/api/v1/{path}", _json(data), "application/json", headers=headers)

    made = call("POST", f"publications/{page.pk}/followups/", {"url": "https://almar.example/1"})
    assert (made.status_code, made.json()["outlet"]) == (201, "almar.example")
    pk = made.json()["id"]
    assert len(call("POST", f"publications/{page.pk}/followups/find/").json()["results"]) == 2
    assert call("POST", f"followups/{pk}/ask/", {"words": WORDS}).status_code == 428
    told = call("POST", f"followups/{pk}/ask/", {"words": WORDS, "version": 1}).json()
    assert (told["version"], told["asked_by_name"]) == (2, editor.username)
    ended = call("POST", f"followups/{pk}/end/", {"outcome": "noted", "version": 2})
    assert ended.json()["outcome"] == "noted"
    assert call("POST", f"followups/{pk}/end/", {"outcome": "noted", "version": 3}).status_code == 409
    assert call("POST", "followups/0/end/", {"outcome": "noted", "version": 1}).status_code == 404
    listed = call("GET", f"publications/{page.pk}/followups/").json()["results"]
    assert {row["outcome"] for row in listed} == {"noted", ""}
    assert Client().get(f"/api/v1/publications/{page.pk}/followups/").status_code == 401


def _json(data: dict[str, Any] | None) -> bytes:
    return b"" if data is None else json.dumps(data).encode()


def test_figure_tells_how_many_mended_it(editor: User) -> None:
    page = published()
    for number, outcome in enumerate(("corrected", "taken_down", "refused", "")):
        row = added(page, editor, url=f"https://almar.example/{number}")
        followup_ask(follow_up=row, actor=editor, words=WORDS)
        if outcome:
            followup_end(follow_up=row, actor=editor, outcome=outcome)
    told = figure(editor, "follow_up", days=28)
    assert told is not None
    assert told.finding == "50 % of the outlets asked mended it"
    assert dict(told.rows) == {"Not answered yet": 1, "Corrected it": 1, "Took it down": 1, "Refused": 1}
    empty = figure(person("Desk editor"), "follow_up", days=7)
    assert empty is not None
