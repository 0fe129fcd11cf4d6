"""Colleagues ask to have a text checked: who may, with what, what is refused, and what they are told afterwards."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Desk
from articles.services.extraction import revision_extract
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, NotFound
from reviews.choices import SubmissionState
from reviews.models import Review, Submission
from reviews.policies import ROLES
from reviews.selectors.submission import status_of
from reviews.services.review import claim_accept
from reviews.services.submission import Asked, submission_ask, submission_fetch, submissions_due
from tests import factories
from tests.publishing import bearer
from tests.servers import Reply, serving, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]

TEXT = "The bridge over the bay cost 9 million crowns, the mayor said on Monday.\n\nIt carries 4,000 cars a day."
PAGE = (
    "<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1><p>The bridge over the bay "
    "cost 9 million crowns, the mayor said on Monday, and carries 4,000 cars a day.</p></article></body></html>"
)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def reporter() -> Any:
    return factories.person(role="Reporter", first_name="Ines", last_name="Roe")


def soon() -> Any:
    return timezone.now().replace(microsecond=0) + timedelta(hours=5)


def read(article: Article) -> None:
    assert article.current
    revision_extract(revision_id=article.current.pk)


# --- asking -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["", *ROLES])
def test_who_may_ask(role: str) -> None:
    person = factories.person(role=role)
    allowed = "ingest" in ROLES.get(role, ())
    if allowed:
        assert submission_ask(asked=Asked(text=TEXT), actor=person).created
    else:
        with pytest.raises(NotAllowed):
            submission_ask(asked=Asked(text=TEXT), actor=person)
    assert Submission.objects.count() == Article.objects.count() == allowed


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, "submission.nothing"),
    ("white space", {"text": " \n "}, "submission.nothing"),
    ("only a headline", {"headline": "Bridge opens"}, "submission.nothing"),
    ("text and file", {"text": TEXT, "data": b"x", "name": "a.txt"}, "submission.several"),
    ("an empty file", {"name": "a.txt"}, "article.empty"),
    ("a picture", {"data": b"\x89PNG\r\n\x1a\n\x00\x00", "name": "a.txt"}, "article.binary"),
    ("a format nobody reads", {"data": b"x", "name": "a.xyz"}, "article.unknown_format"),
    ("a feed of two", {"data": b'[{"uri":"a","headline":"A","body_text":"One two."},'
                               b'{"uri":"b","headline":"B","body_text":"Three four."}]', "name": "a.json"},
     "article.several"),
    ("an address of another kind", {"url": "ftp://tessel.example/a"}, "http.bad_url"),
    ("an address without a host", {"url": "http:///a"}, "http.bad_url"),
    ("an address that never ends", {"url": "https://tessel.example/" + "a" * 600}, "http.bad_url"),
    ("yesterday", {"text": TEXT, "due_at": timezone.now() - timedelta(days=1)}, "submission.due_past"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "code"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_cannot_be_checked_is_refused_and_nothing_is_stored(reporter: Any, given: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        submission_ask(asked=Asked(**given), actor=reporter)
    assert refused.value.code == code
    assert Submission.objects.count() == Article.objects.count() == AuditEvent.objects.count() == 0


def test_a_headline_is_put_above_the_text_and_an_author_stands_where_the_text_names_none(reporter: Any) -> None:
    asked = Asked(text=TEXT, headline="Bridge opens  at last", author="Ines Roe, Tam Orla")
    article = submission_ask(asked=asked, actor=reporter).submission.article
    assert article
    assert article.current
    assert (article.title, article.authors) == ("Bridge opens at last", ["Ines Roe", "Tam Orla"])
    assert article.current.text.startswith("Bridge opens at last\n")
    same = Asked(text=article.current.text, headline="Bridge opens at last")
    assert not submission_ask(asked=same, actor=reporter).created  # not put there twice


def test_the_same_text_again_is_the_same_request_with_the_newest_deadline_and_note(reporter: Any) -> None:
    first = submission_ask(asked=Asked(text=TEXT, note="For the morning page."), actor=reporter)
    again = submission_ask(asked=Asked(text=TEXT, due_at=soon(), note="Now for tonight."), actor=reporter)
    plain = submission_ask(asked=Asked(text=TEXT), actor=reporter)
    assert (first.created, again.created, plain.created) == (True, False, False)
    row = Submission.objects.get()
    assert (row.note, row.due_at) == ("Now for tonight.", again.submission.due_at)
    assert Article.objects.get().due_at == row.due_at


def test_two_colleagues_ask_for_one_text_and_each_has_a_request(reporter: Any) -> None:
    other = factories.person(role="Reporter")
    mine = submission_ask(asked=Asked(text=TEXT, due_at=soon()), actor=reporter).submission
    theirs = submission_ask(asked=Asked(text=TEXT, due_at=soon() + timedelta(hours=2)), actor=other).submission
    assert mine.article == theirs.article
    assert mine.pk != theirs.pk
    assert Article.objects.get().due_at == mine.due_at  # the earlier one
    assert signed_in(other).get(f"/submissions/{theirs.pk}/").status_code == 200
    assert signed_in(other).get(f"/submissions/{mine.pk}/").status_code == 404


def test_nobody_replaces_the_text_of_an_article_that_is_not_theirs(reporter: Any) -> None:
    url = "https://tessel.example/bridge"
    submission_ask(asked=Asked(text=TEXT, url=url), actor=factories.person())
    with pytest.raises(NotAllowed) as refused:
        submission_ask(asked=Asked(text="The bridge cost nothing at all.\n\nSo they say.", url=url), actor=reporter)
    assert refused.value.code == "article.not_yours"
    assert Article.objects.get().revisions.count() == 1


def test_a_desk_that_is_not_theirs_is_not_there(reporter: Any) -> None:
    Desk.objects.create(name="Investigations", slug="investigations", walled=True)
    with pytest.raises(NotFound):
        submission_ask(asked=Asked(text=TEXT, desk="investigations"), actor=reporter)


def test_claims_that_are_in_work_are_due_when_a_colleague_needs_them(reporter: Any) -> None:
    article = submission_ask(asked=Asked(text=TEXT), actor=reporter).submission.article
    assert article
    article = Article.objects.get(pk=article.pk)
    review = claim_accept(claim=factories.claim(article=article, quote="9 million crowns"), actor=factories.person())
    when = soon()
    submission_ask(asked=Asked(text=TEXT, due_at=when), actor=reporter)
    assert Review.objects.get(pk=review.pk).due_at == when


# --- addresses ----------------------------------------------------------------------------------------
def test_an_address_is_fetched_once_and_its_text_is_on_the_desk(reporter: Any, settings: Any) -> None:
    with serving(lambda _asked: typed("text/html; charset=utf-8", PAGE.encode())) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        asked = Asked(url=f"{server.url}/bridge", due_at=soon())
        first = submission_ask(asked=asked, actor=reporter)
        assert not submission_ask(asked=asked, actor=reporter).created
        assert status_of(first.submission).key == "fetching"
        assert submissions_due() == 1
        assert submission_fetch(submission_id=first.submission.pk) == SubmissionState.IN
        assert submission_fetch(submission_id=first.submission.pk) is None  # a task may run twice
        assert len(server.asked) == 1
    row = Submission.objects.get()
    assert row.article
    assert row.revision
    assert row.article.due_at == row.due_at
    assert (row.article.title, row.article.created_by) == ("Bridge opens", reporter)
    assert "9 million crowns" in row.revision.text
    assert AuditEvent.objects.filter(action="submission.fetched").exists()


def test_an_address_that_cannot_be_read_says_why(reporter: Any, settings: Any) -> None:
    replies = {"/gone": Reply(status=404), "/empty": typed("text/html", b"<html><body></body></html>"),
               "/later": Reply(status=429, headers={"Retry-After": "600"})}  # fmt: skip
    with serving(lambda asked: replies[asked.path]) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        rows = {
            path: submission_ask(asked=Asked(url=server.url + path), actor=reporter).submission for path in replies
        }
        said = {path: submission_fetch(submission_id=row.pk) for path, row in rows.items()}
    assert said == {"/gone": "refused", "/empty": "refused", "/later": "fetching"}
    gone = Submission.objects.get(pk=rows["/gone"].pk)
    assert status_of(gone).error == "127.0.0.1 answered 404."
    assert "127.0.0.1 answered 404." in signed_in(reporter).get(f"/submissions/{gone.pk}/").content.decode()
    later = Submission.objects.get(pk=rows["/later"].pk)
    assert later.not_before > timezone.now() + timedelta(minutes=9)
    assert Article.objects.count() == 0


def test_one_host_is_not_asked_in_a_burst(reporter: Any, settings: Any) -> None:
    settings.HOST_INTERVAL_SECONDS = 30
    with serving(lambda asked: typed("text/html", PAGE.replace("9 million", asked.path[1:]).encode())) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        rows = [submission_ask(asked=Asked(url=f"{server.url}/{n}"), actor=reporter).submission for n in range(4)]
        said = [submission_fetch(submission_id=row.pk) for row in rows]
        assert said == ["in", "fetching", "fetching", "fetching"]
        assert len(server.asked) == 1
    waits = [Submission.objects.get(pk=row.pk) for row in rows[1:]]
    assert [row.tries for row in waits] == [0, 0, 0]
    gaps = [(after.not_before - before.not_before).total_seconds() for before, after in pairwise(waits)]
    assert gaps == [30, 30]


# --- what they are told -------------------------------------------------------------------------------
def test_the_status_follows_the_article_from_received_to_signed_off(reporter: Any) -> None:
    row = submission_ask(asked=Asked(text=TEXT), actor=reporter).submission
    assert row.article
    said = [status_of(Submission.objects.get()).key]
    read(row.article)
    status = status_of(Submission.objects.get())
    said.append(status.key)
    assert status.claims > 0
    row.article.claims.update(settled=True)
    said.append(status_of(Submission.objects.get()).key)
    for state in ("signed_off", "held", "rejected"):
        Article.objects.update(state=state)
        said.append(status_of(Submission.objects.get()).key)
    assert said == ["received", "in_check", "checked", "signed_off", "on_hold", "rejected"]


def test_the_status_costs_the_same_however_many_claims(reporter: Any) -> None:
    row = submission_ask(asked=Asked(text=TEXT), actor=reporter).submission
    assert row.article
    read(row.article)
    client = signed_in(reporter)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/submissions/{row.pk}/").status_code == 200
        counts.append(len(asked))
        for _ in range(20):
            factories.claim(article=Article.objects.get(), quote="9 million crowns")
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_reporter_pastes_a_text_and_is_led_to_its_status(reporter: Any) -> None:
    client = signed_in(reporter)
    data = {"text": TEXT, "headline": "Bridge opens", "due_at": "2037-01-02T03:04", "note": "<b>Please</b>"}
    answer = client.post("/articles/new/", data, follow=True)
    page = answer.content.decode()
    row = Submission.objects.get()
    assert answer.redirect_chain == [(f"/submissions/{row.pk}/", 302)]
    assert "Bridge opens" in page
    assert "2 Jan 2037, 03:04" in page
    assert "&lt;b&gt;Please&lt;/b&gt;" in page
    assert "Received, not read yet" in page
    listed = client.get("/submissions/").content.decode()
    assert f"/submissions/{row.pk}/" in listed


def test_a_checker_sees_who_asked_and_by_when_in_the_list_and_in_the_queue(reporter: Any) -> None:
    asked = Asked(text=TEXT, due_at=timezone.now().replace(year=2037, month=1, day=2, hour=3, minute=4))
    row = submission_ask(asked=asked, actor=reporter).submission
    assert row.article
    read(row.article)
    client = signed_in(factories.person())
    assert "Asked for by Ines Roe</a>, by" in client.get("/articles/").content.decode()
    assert "2 Jan 2037, 03:04" in client.get("/articles/").content.decode()
    assert "for Ines Roe" in client.get("/").content.decode()
    assert "Asked for by Ines Roe" in client.get(f"/articles/{row.article_id}/").content.decode()
    assert client.get(f"/submissions/{row.pk}/").status_code == 200


def test_a_checker_who_hands_in_goes_on_with_the_text() -> None:
    answer = signed_in(factories.person()).post("/articles/new/", {"text": TEXT})
    assert answer["Location"] == f"/articles/{Article.objects.get().pk}/"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Paste the text, choose a file or give its address."),
        ({"text": TEXT, "due_at": "2001-01-01T00:00"}, "This time has passed."),
        ({"text": TEXT, "due_at": "tomorrow"}, "Give the time as day and hour, or none."),
        ({"text": TEXT, "url": "no address"}, "This is no web address."),
        ({"text": TEXT, "mode": "x"}, "Select a valid choice."),
        ({"text": TEXT, "headline": "a" * 301}, "at most 300 characters"),
        ({"text": TEXT, "file": "file"}, "one of the three"),
    ],
)
def test_bad_input_is_said_on_the_form_and_the_text_is_kept(reporter: Any, data: dict[str, Any], said: str) -> None:
    if "file" in data:
        data = data | {"file": SimpleUploadedFile("a.txt", b"The bridge is open.")}
    answer = signed_in(reporter).post("/articles/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if data.get("text"):
        assert "The bridge over the bay cost 9 million crowns" in page
    assert Submission.objects.count() == 0


def test_what_was_asked_behind_a_wall_stays_there(reporter: Any) -> None:
    row = submission_ask(asked=Asked(text=TEXT), actor=reporter).submission
    checker = factories.person()
    walled = Desk.objects.create(name="Investigations", slug="investigations", walled=True)
    Submission.objects.update(desk=walled)
    Article.objects.update(desk=walled)
    for person in (reporter, checker):
        assert signed_in(person).get(f"/submissions/{row.pk}/").status_code == 404
        assert f"/submissions/{row.pk}/" not in signed_in(person).get("/submissions/").content.decode()


# --- API ----------------------------------------------------------------------------------------------
def call(person: Any, method: str, path: str, **more: Any) -> Any:
    headers = bearer(person, "read", "ingest") | more.pop("headers", {})
    return getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **more)


def test_a_program_asks_and_follows(reporter: Any) -> None:
    body = {"text": TEXT, "headline": "Bridge opens", "due_at": "2037-01-02T03:04:00Z", "note": "For tonight."}
    first = call(reporter, "post", "submissions/", data=body, content_type="application/json")
    again = call(reporter, "post", "submissions/", data=body, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first["Location"] == again["Location"]
    found = call(reporter, "get", first["Location"].removeprefix("/api/v1/"))
    said = found.json()
    assert (said["state"], said["claims"], said["due_at"]) == ("received", 0, "2037-01-02T03:04:00Z")
    assert said["article"] == Article.objects.get().pk
    assert said["created_by_name"] == "Ines Roe"
    assert [one["id"] for one in call(reporter, "get", "submissions/").json()["results"]] == [said["id"]]


def test_a_program_sends_a_file_and_the_same_key_twice_is_one_request(reporter: Any) -> None:
    headers = bearer(reporter, "read", "ingest") | {"Idempotency-Key": "a-key"}
    answers = []
    for _ in range(2):
        file = SimpleUploadedFile("bridge.md", f"# Bridge opens\n\n{TEXT}".encode())
        data = {"file": file, "note": "As Markdown."}
        answers.append(Client().post("/api/v1/submissions/", data=data, headers=headers))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert Submission.objects.get().note == "As Markdown."
    assert Article.objects.get().title == "Bridge opens"


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"text": ""}, 422), ({"url": "x"}, 422), ({"text": TEXT, "due_at": "2001-01-01T00:00:00Z"}, 422),
     ({"text": TEXT, "html": PAGE}, 422), ({"text": TEXT, "desk": "nowhere"}, 404),
     ({"text": TEXT, "mode": "x"}, 422)],
)  # fmt: skip
def test_bad_requests_of_programs_are_problems(reporter: Any, body: dict[str, Any], status: int) -> None:
    answer = call(reporter, "post", "submissions/", data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert Submission.objects.count() == 0
