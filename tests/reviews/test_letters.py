"""Readers' letters: written without an account, within bounds, answered by the day that was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Desk
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, TooMany, WrongState
from reviews.choices import LetterKind
from reviews.models import DeskPolicy, Letter, Outgoing, Profile
from reviews.services.letter import Written, letter_answer, letter_receive, letter_set_aside, letter_take
from reviews.services.outgoing import outgoing_send
from tests import publishing as desk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db

WORDS = "The mayor says the bridge cost 40 million. Did it?"


def signed_in(role: str) -> tuple[Client, User]:
    who, client = desk.person(role), Client()
    client.force_login(who)
    return client, who


def letter(**changes: Any) -> Letter:
    return letter_receive(Written(**{"kind": LetterKind.QUESTION, "words": WORDS} | changes))


# --- the reader ----------------------------------------------------------------------------------------
def test_reader_asks_and_sees_how_it_stands() -> None:
    sent = Client().post("/ask/", {"words": WORDS, "email": "reader@post.example", "url": "https://x.example/"})
    kept = Letter.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/letters/{kept.token}/")
    assert kept.due_at - kept.received_at == timedelta(days=14)
    page = Client().get(sent["Location"])
    assert page["Cache-Control"] == "private, no-store"
    body = page.content.decode()
    assert "We answer by" in body
    assert WORDS in body
    assert "reader@post.example" not in body
    letter_answer(letter=kept, actor=desk.person("Desk editor"), answer="It cost 38 million.")
    assert "It cost 38 million." in Client().get(sent["Location"]).content.decode()


def test_complaint_is_about_a_page_and_has_its_own_days() -> None:
    Profile.objects.update(complaint_days=3)
    publication = desk.published()
    page = Client().get(publication.get_absolute_url()).content.decode()
    url = f"{publication.get_absolute_url()}complain/"
    assert f'href="{url}"' in page
    assert publication.verdict.statement in Client().get(url).content.decode()
    Client().post(url, {"words": "The table is from 2019."})
    kept = Letter.objects.get()
    assert (kept.kind, kept.publication, kept.due_at - kept.received_at) == (
        "complaint", publication, timedelta(days=3)
    )  # fmt: skip
    assert Client().get(f"{desk.approved().get_absolute_url()}complain/").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"words": "  "},
        {"words": "x" * 4001},
        {"words": WORDS, "email": "nobody"},
        {"words": WORDS, "url": "javascript:alert(1)"},
        {"words": WORDS, "url": "http://[x/"},
        {"words": WORDS, "name": "x" * 121},
        {"words": "a\x00b"},
    ],
)
def test_what_cannot_be_sent_is_told_and_what_was_typed_stays(sent: dict[str, str]) -> None:
    answer = Client().post("/ask/", sent)
    assert answer.status_code == 422
    assert "Not sent." in answer.content.decode()
    assert not Letter.objects.exists()


def test_machines_are_thanked_and_forgotten() -> None:
    answer = Client().post("/ask/", {"words": WORDS, "website": "https://spam.example/"})
    assert Client().get(answer["Location"]).status_code == 200
    assert not Letter.objects.exists()


def test_letters_from_one_address_are_few_a_minute_and_the_pile_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [Client().post("/ask/", {"words": WORDS}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    monkeypatch.setattr("reviews.services.letter.MOST_OPEN", 3)
    letter()
    with pytest.raises(TooMany):
        letter()


def test_forms_need_no_cookie_and_no_script() -> None:
    page = Client(enforce_csrf_checks=True)
    got = page.get("/ask/")
    assert "<script" not in got.content.decode()
    assert not got.cookies
    assert page.post("/ask/", {"words": WORDS}).status_code == 302


def test_unknown_letters_are_not_found() -> None:
    assert Client().get("/letters/00000000-0000-0000-0000-000000000000/").status_code == 404


# --- the desk ------------------------------------------------------------------------------------------
def test_worklist_shows_what_is_due_first_and_what_is_late() -> None:
    later, late = letter(words="Later"), letter(words="Late")
    Letter.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    client, _who = signed_in("Desk editor")
    page = client.get(reverse("reviews:letters")).content.decode()
    assert page.index("Late") < page.index("Later")
    assert "late, " in page
    letter_set_aside(letter=later, actor=desk.person("Publisher"))
    assert "Later" not in client.get(reverse("reviews:letters")).content.decode()
    assert "Set aside" in client.get(reverse("reviews:letters") + "?ended=1").content.decode()


def test_editor_takes_and_answers_and_the_answer_goes_out(settings: Any) -> None:
    settings.EMAIL_ON = True
    kept = letter(email="reader@post.example")
    client, who = signed_in("Desk editor")
    url = reverse("reviews:letter-act", args=[kept.pk])
    assert client.post(url, {"act": "take", "seen_version": 1}).status_code == 302
    assert client.post(url, {"act": "answer", "words": "", "seen_version": 2}).status_code == 422
    assert client.post(url, {"act": "answer", "words": "It did not.", "seen_version": 1}).status_code == 409
    assert client.post(url, {"act": "answer", "words": "It did not.", "seen_version": 2}).status_code == 302
    kept.refresh_from_db()
    assert (kept.taken_by, kept.ended_by, kept.outcome) == (who, who, "answered")
    outgoing_send(outgoing_id=Outgoing.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == ["reader@post.example"]
    assert "It did not." in sent.body
    assert WORDS in sent.body
    trail = AuditEvent.objects.filter(action__startswith="letter.").values_list("action", flat=True)
    assert list(trail.order_by("sequence")) == ["letter.received", "letter.taken", "letter.answered"]
    assert not AuditEvent.objects.filter(after__icontains="reader@post.example").exists()


def test_ended_letters_stay_as_they_are() -> None:
    kept, who = letter(), desk.person("Desk editor")
    letter_answer(letter=kept, actor=who, answer="No.")
    for act in (letter_take, letter_set_aside):
        with pytest.raises(WrongState):
            act(letter=kept, actor=who)
    with pytest.raises(Invalid):
        letter_answer(letter=kept, actor=who, answer=" ")


@pytest.mark.parametrize("role", ["Viewer", "Checker", "Reviewer", "Researcher", "Auditor"])
def test_only_editors_and_publishers_read_letters(role: str) -> None:
    kept = letter()
    client, who = signed_in(role)
    assert client.get(reverse("reviews:letters")).status_code == 403
    assert client.get(kept.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        letter_take(letter=kept, actor=who)


def test_a_complaint_about_a_walled_desk_stays_behind_its_wall() -> None:
    wall = Desk.objects.create(name="Sport", slug="sport", walled=True)
    DeskPolicy.objects.create(pk=wall.pk, desk=wall)
    publication = desk.published()
    type(publication.claim.article).objects.filter(pk=publication.claim.article_id).update(desk=wall)
    publication.refresh_from_db()
    publication = type(publication).objects.select_related("claim__article").get(pk=publication.pk)
    kept = letter(kind=LetterKind.COMPLAINT, publication=publication)
    client, who = signed_in("Desk editor")
    assert client.get(kept.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        letter_take(letter=kept, actor=who)
