"""Questions to people outside: to whom, by when, what they hold up, and how an answer comes in."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, NotFound, WrongState
from reviews.models import Contact, DeskPolicy, Notice, Query, Review, Verdict, VerdictReply
from reviews.selectors.replies import link_of, link_token, reply_words
from reviews.services import asking as service
from reviews.services.asking import Asking, queries_tick, query_ask, query_by_token
from reviews.services.desk import policy_save
from reviews.services.review import claim_take, verdict_approve, verdict_propose
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
ENDED = timedelta(seconds=-1)


def asking(**changes: Any) -> Asking:
    values: dict[str, Any] = {
        "kind": "right_of_reply", "to_name": "Ministry of Energy", "question": "Which year do you compare with?",
        "due_at": timezone.now() + timedelta(days=2), "to_email": "press@energy.example",
    }  # fmt: skip
    return Asking(**values | changes)


def held() -> tuple[Any, Any]:
    """A claim in somebody's hands, with evidence, so that only questions can hold it up."""
    claim, checker = desk.claim(), desk.person("Checker")
    desk.evidence(claim)
    claim_take(claim=claim, actor=checker)
    return claim, checker


def asked(**changes: Any) -> tuple[Query, Any]:
    claim, checker = held()
    return query_ask(claim=claim, actor=checker, asking=asking(**changes)), checker


def past(query: Query, by: timedelta = ENDED) -> None:
    """Make the time to answer lie behind us."""
    now = timezone.now()
    Query.objects.filter(pk=query.pk).update(asked_at=now - timedelta(days=3), due_at=now + by)
    query.refresh_from_db()


def review_of(query: Query) -> Review:
    return Review.objects.get(claim=query.claim_id, active=True)


# --- asking ---------------------------------------------------------------------------------------------
def test_asking_sets_the_claim_to_waiting_and_the_answer_lets_it_go_on() -> None:
    query, checker = asked()
    review = review_of(query)
    assert (review.state, review.wait_kind) == ("blocked", "right_of_reply")
    service.query_answer(query=query, actor=checker, answer="With 2024.", way="phone", quote="We meant 2024.")
    review.refresh_from_db()
    assert (review.state, review.wait_kind, query.state) == ("in_progress", "", "answered")
    told = list(AuditEvent.objects.filter(target_type="reviews.query").values_list("action", flat=True))
    assert sorted(told) == ["query.answered", "query.asked"]
    assert list(query.contacts.values_list("kind", "by_name")) == [
        ("asked", checker.username), ("answered", "Ministry of Energy")
    ]  # fmt: skip


def test_the_claim_waits_for_the_last_of_several_answers() -> None:
    query, checker = asked()
    second = query_ask(claim=query.claim, actor=checker, asking=asking(to_name="Grid operator"))
    service.query_answer(query=query, actor=checker, answer="Yes.", way="mail")
    assert review_of(query).state == "blocked"
    service.query_withdraw(query=second, actor=checker, note="Asked the wrong office.")
    assert review_of(query).state == "in_progress"


def test_asking_without_waiting_and_by_somebody_else_leaves_the_review_alone() -> None:
    claim, checker = held()
    query_ask(claim=claim, actor=checker, asking=asking(wait=False))
    query_ask(claim=claim, actor=desk.person("Researcher"), asking=asking())
    assert Review.objects.get(claim=claim).state == "in_progress"


BAD = {
    "no question": ({"question": "  "}, "query.no_question"),
    "no name": ({"to_name": " "}, "query.no_name"),
    "no such kind": ({"kind": "rumour"}, "query.bad_way"),
    "a time that is over": ({"due_at": timezone.now() - timedelta(minutes=1)}, "query.bad_time"),
    "in two years": ({"due_at": timezone.now() + timedelta(days=800)}, "query.bad_time"),
    "no address": ({"to_email": "nobody"}, "query.bad_mail"),
    "two addresses": ({"to_email": "a@b.example, c@d.example"}, "query.bad_mail"),
    "a header in the address": ({"to_email": "a@b.example\nBcc: all@c.example"}, "query.bad_mail"),
    "a book": ({"question": "x" * 10_001}, "query.too_long"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_asked(name: str) -> None:
    changes, code = BAD[name]
    claim, checker = held()
    with pytest.raises(Invalid) as refused:
        query_ask(claim=claim, actor=checker, asking=asking(**changes))
    assert refused.value.code == code
    assert not Query.objects.exists()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [("Viewer", False), ("Reporter", False), ("Source manager", False), ("Auditor", False), ("Administrator", False),
     ("Researcher", True), ("Checker", True), ("Reviewer", True), ("Desk editor", True), ("Publisher", True)],
)  # fmt: skip
def test_who_may_ask(role: str, may: bool) -> None:
    claim, person = desk.claim(), desk.person(role)
    if may:
        assert query_ask(claim=claim, actor=person, asking=asking()).asked_by == person
    else:
        with pytest.raises(NotAllowed):
            query_ask(claim=claim, actor=person, asking=asking())


def test_nothing_is_asked_about_a_claim_that_was_put_aside() -> None:
    with pytest.raises(WrongState, match="put aside"):
        query_ask(
            claim=desk.claim(state="dismissed", dismiss_reason="opinion"),
            actor=desk.person("Checker"),
            asking=asking(),
        )


# --- what it holds up -----------------------------------------------------------------------------------
def policy(**changes: Any) -> None:
    row = DeskPolicy.objects.get()
    for name, value in changes.items():
        setattr(row, name, value)
    policy_save(policy=row, actor=desk.person("Administrator"))


@pytest.mark.parametrize(("holds", "may_propose"), [("propose", False), ("approve", True), ("nothing", True)])
def test_an_open_question_holds_up_what_the_desk_says(holds: str, may_propose: bool) -> None:
    policy(replies_hold=holds)
    query, checker = asked(wait=False)
    review = review_of(query)
    if not may_propose:
        with pytest.raises(Invalid, match="An answer from Ministry of Energy"):
            verdict_propose(review=review, actor=checker, proposal=desk.proposal())
        return
    verdict_propose(review=review, actor=checker, proposal=desk.proposal())
    review.refresh_from_db()
    reviewer = desk.person("Reviewer")
    if holds == "approve":
        with pytest.raises(Invalid) as refused:
            verdict_approve(review=review, actor=reviewer)
        assert refused.value.code == "query.open"
        service.query_answer(query=query, actor=checker, answer="With 2024.", way="phone")
    verdict_approve(review=review, actor=reviewer)
    assert Verdict.objects.get().approved_by == reviewer


def test_a_question_asked_while_the_second_person_looks_holds_up_the_approval() -> None:
    review = desk.proposed()
    query_ask(claim=review.claim, actor=desk.person("Researcher"), asking=asking())
    with pytest.raises(Invalid, match="still has time to answer"):
        verdict_approve(review=review, actor=desk.person("Reviewer"))


def test_an_adverse_verdict_needs_the_speaker_asked_where_the_desk_wants_it() -> None:
    policy(reply_needed=True)
    claim, checker = held()
    review = Review.objects.get(claim=claim)
    with pytest.raises(Invalid, match="asked for a reply"):
        verdict_propose(review=review, actor=checker, proposal=desk.proposal())
    with pytest.raises(Invalid, match="Say why"):
        service.reply_waive(claim=claim, actor=checker, reason=" ")
    with pytest.raises(NotAllowed):
        service.reply_waive(claim=claim, actor=desk.person("Researcher"), reason="She has died.")
    service.reply_waive(claim=claim, actor=checker, reason="She has died.")
    verdict = verdict_propose(review=review, actor=checker, proposal=desk.proposal())
    assert not VerdictReply.objects.filter(verdict=verdict).exists()


def test_a_verdict_that_blames_nobody_needs_no_reply() -> None:
    policy(reply_needed=True)
    claim, checker = held()
    verdict = verdict_propose(
        review=Review.objects.get(claim=claim), actor=checker, proposal=desk.proposal(label="true")
    )
    assert Review.objects.get(claim=claim).verdict == verdict


# --- the words for readers --------------------------------------------------------------------------------
def test_no_reply_by_then_stands_in_the_verdict_and_on_the_public_page(client: Client) -> None:
    query, checker = asked()
    past(query)
    assert queries_tick() == (0, 1)
    query.refresh_from_db()
    words = reply_words(query)
    assert re.fullmatch(r"Ministry of Energy did not reply by \d+ \w+ \d{4}, \d\d:\d\d GMT\.", words)
    review = review_of(query)
    verdict_propose(review=review, actor=checker, proposal=desk.proposal())
    review.refresh_from_db()
    verdict_approve(review=review, actor=desk.person("Reviewer"))
    service.query_answer(query=query, actor=checker, answer="Sorry, late.", way="mail")  # the verdict keeps its words
    publication = query.claim.publication
    service_publish(publication)
    assert list(VerdictReply.objects.values_list("words", flat=True)) == [words]
    assert words in client.get(publication.get_absolute_url()).content.decode()


def service_publish(publication: Any) -> None:
    desk.publication_publish(publication=publication, actor=desk.person("Publisher"))


def test_what_readers_are_told_cannot_be_rewritten() -> None:
    query, checker = asked(wait=False)
    past(query)
    queries_tick()
    verdict_propose(review=review_of(query), actor=checker, proposal=desk.proposal())
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        VerdictReply.objects.update(words="They agreed.")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Contact.objects.update(words="They agreed.")


def test_the_words_of_each_outcome() -> None:
    query, checker = asked()
    assert "has until" in reply_words(query)
    service.query_answer(query=query, actor=checker, answer="All of it.", way="mail", quote="We meant 2024.")
    assert reply_words(query).endswith(": “We meant 2024.”")
    other, who = asked(kind="author_query")
    service.query_answer(query=other, actor=who, answer="From my notes.", way="mail")
    assert reply_words(other) == ""  # readers are not told how the desk works


def test_a_late_answer_says_so() -> None:
    query, checker = asked()
    past(query)
    queries_tick()
    query.refresh_from_db()
    service.query_answer(query=query, actor=checker, answer="At last.", way="letter")
    assert "after the time we had given" in reply_words(query)


# --- time -------------------------------------------------------------------------------------------------
def test_reminders_come_once_and_before_the_end_however_often_it_ticks() -> None:
    query, _ = asked()
    assert queries_tick() == (0, 0)
    Query.objects.filter(pk=query.pk).update(remind_at=timezone.now())
    assert queries_tick() == (1, 0)
    assert queries_tick() == (0, 0)
    assert query.contacts.filter(kind="reminder").count() == 1
    past(query)
    assert [queries_tick(), queries_tick()] == [(0, 1), (0, 0)]
    assert query.contacts.filter(kind="no_reply").count() == 1
    assert review_of(query).state == "in_progress"
    told = list(Notice.objects.filter(person=query.asked_by).values_list("words", flat=True).order_by("pk"))
    assert told == [
        "Ministry of Energy has not answered yet. Ask again",
        "Ministry of Energy has not replied in time",
    ]


def test_more_time_opens_a_question_again_and_reminds_again() -> None:
    query, checker = asked()
    past(query)
    queries_tick()
    query.refresh_from_db()
    service.query_extend(query=query, actor=checker, due_at=timezone.now() + timedelta(days=1))
    assert (query.state, query.reminded_at) == ("open", None)
    with pytest.raises(Invalid):
        service.query_extend(query=query, actor=checker, due_at=timezone.now() - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_end_of_the_time_at_the_same_moment_are_one_thing() -> None:
    query, checker = asked()
    past(query)
    stale = Query.objects.get(pk=query.pk)
    outcomes: list[Any] = []

    def tick() -> None:
        try:
            outcomes.append(queries_tick())
        finally:
            connection.close()

    thread = threading.Thread(target=tick)
    thread.start()
    thread.join()
    with pytest.raises(WrongState, match="Somebody else"):
        service.query_answer(query=stale, actor=checker, answer="Now.", way="mail")
    assert outcomes == [(0, 1)]
    assert Query.objects.get().state == "no_reply"


# --- who may answer, and where ----------------------------------------------------------------------------
def test_the_author_answers_their_own_question_on_the_desk_and_nobody_elses() -> None:
    author, other = desk.person("Reporter"), desk.person("Reporter")
    query, _ = asked(kind="author_query", to_person=author)
    with pytest.raises(NotAllowed) as refused:
        service.query_answer(query=query, actor=other, answer="I know!", way="desk")
    assert refused.value.code == "query.not_yours"
    service.query_answer(query=query, actor=author, answer="Page 4 of my notes.", way="desk")
    assert (query.answered_way, query.answered_by_name) == ("desk", author.username)


@pytest.mark.parametrize(("answer", "way", "code"), [
    (" ", "mail", "query.no_answer"), ("Yes.", "rumour", "query.bad_way"), ("Yes.", "link", "query.bad_way"),
    ("Yes.", "desk", "query.bad_way"), ("x" * 10_001, "mail", "query.too_long"),
])  # fmt: skip
def test_what_is_no_answer(answer: str, way: str, code: str) -> None:
    query, checker = asked()
    with pytest.raises(Invalid) as refused:
        service.query_answer(query=query, actor=checker, answer=answer, way=way)
    assert refused.value.code == code
    query.refresh_from_db()
    assert (query.state, query.answer) == ("open", "")


def test_contact_log() -> None:
    query, checker = asked()
    service.contact_add(query=query, actor=checker, kind="phone", words="The press officer rings back at four.")
    for kind, words in (("answered", "x"), ("asked", "x"), ("phone", " ")):
        with pytest.raises(Invalid):
            service.contact_add(query=query, actor=checker, kind=kind, words=words)
    with pytest.raises(NotAllowed):
        service.contact_add(query=query, actor=desk.person("Viewer"), kind="phone", words="x")
    assert query.contacts.filter(kind="phone").get().by == checker


# --- the guest page ---------------------------------------------------------------------------------------
def guest(query: Query) -> str:
    return f"/answer/{link_token(query)}/"


def test_a_guest_sees_the_question_alone_and_answers_once(client: Client) -> None:
    query, checker = asked()
    shown = client.get(guest(query))
    page = shown.content.decode()
    assert query.question in page
    for hidden in (query.claim.statement, query.claim.quote, query.claim.article.title, checker.username, "<script"):
        assert hidden not in page
    assert (shown["Referrer-Policy"], "no-store" in shown["Cache-Control"]) == ("no-referrer", True)
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    answered = client.post(guest(query), {"answer": "With 2024.", "by_name": "Ilva Torrent"})
    assert "Thank you" in answered.content.decode()
    query.refresh_from_db()
    assert (query.state, query.answered_way, query.answered_by_name) == ("answered", "link", "Ilva Torrent")
    assert review_of(query).state == "in_progress"
    again = client.post(guest(query), {"answer": "Something else."})
    assert "Thank you" in again.content.decode()
    assert "With 2024." not in again.content.decode()  # a link that leaks later tells nothing
    query.refresh_from_db()
    assert query.answer == "With 2024."


def test_an_empty_answer_is_asked_for_again_and_a_long_one_is_kept(client: Client) -> None:
    query, _ = asked()
    assert client.post(guest(query), {"answer": " "}).status_code == 422
    refused = client.post(guest(query), {"answer": "y" * 10_001})
    assert refused.status_code == 422
    assert "y" * 10_001 in refused.content.decode()
    assert client.put(guest(query)).status_code == 405
    query.refresh_from_db()
    assert query.state == "open"


def test_a_link_ends_and_what_was_written_is_given_back(client: Client) -> None:
    query, _ = asked()
    Query.objects.filter(pk=query.pk).update(link_until=timezone.now() - timedelta(seconds=1))
    assert client.get(guest(query)).status_code == 410
    refused = client.post(guest(query), {"answer": "An hour of work."})
    assert refused.status_code == 410
    assert "An hour of work." in refused.content.decode()
    query.refresh_from_db()
    assert query.state == "open"


def test_a_late_answer_by_link_still_counts(client: Client) -> None:
    query, _ = asked()
    past(query)
    queries_tick()
    assert "You can still answer" in client.get(guest(query)).content.decode()
    client.post(guest(query), {"answer": "Late."})
    query.refresh_from_db()
    assert query.state == "answered"


def test_the_link_is_in_no_column_and_a_new_one_ends_the_old(client: Client) -> None:
    query, checker = asked()
    token = link_token(query)
    kept = [str(value) for row in Query.objects.values() for value in row.values()]
    kept += [str(value) for row in AuditEvent.objects.values() for value in row.values()]
    assert token not in " ".join(kept)
    old = guest(query)
    url = service.query_link_new(query=query, actor=checker)
    assert client.get(old).status_code == 404
    assert client.get(url.replace("http://127.0.0.1:8000", "")).status_code == 200
    with pytest.raises(NotFound):
        query_by_token(token)
    service.query_withdraw(query=query, actor=checker, note="Settled otherwise.")
    assert link_of(query) == ""
    assert client.get(guest(query)).status_code == 410
    with pytest.raises(WrongState):
        service.query_link_new(query=query, actor=checker)


def test_nobody_tries_addresses_for_long(client: Client) -> None:
    query, _ = asked()
    answers = [client.get(f"/answer/{'0' * 63}{number}/").status_code for number in range(10)]
    assert set(answers) == {404}
    answers = [client.get(guest(query)).status_code for _ in range(15)]
    assert answers.count(200) == 10
    assert set(answers[10:]) == {429}


# --- page, API -------------------------------------------------------------------------------------------
def test_the_card_asks_and_takes_the_answer_without_script(client: Client) -> None:
    claim, checker = held()
    client.force_login(checker)
    until = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"kind": "right_of_reply", "to_name": "Ministry", "question": "Which year?", "due_at": until, "wait": "1"}
    assert client.post(reverse("reviews:ask", args=[claim.pk]), form).status_code == 302
    query = Query.objects.get()
    page = client.get(reverse("reviews:claim", args=[claim.pk])).content.decode()
    assert link_of(query) in page
    assert "Which year?" in page
    posts = [
        ("reviews:query-contact", {"kind": "phone", "words": "Rang twice."}),
        ("reviews:query-act", {"act": "extend", "due_at": until, "seen_version": query.version}),
        ("reviews:query-answer", {"answer": "2024", "way": "phone", "seen_version": query.version + 1}),
    ]
    for name, values in posts:
        assert client.post(reverse(name, args=[query.pk]), values).status_code == 302, name
    query.refresh_from_db()
    assert query.state == "answered"
    assert client.post(reverse("reviews:waive", args=[claim.pk]), {"reason": "Asked already."}).status_code == 302


@pytest.mark.parametrize(("name", "values", "status"), [
    ("ask", {"to_name": "M", "question": "", "due_at": "2099-01-01T00:00", "kind": "legal"}, 422),
    ("ask", {"to_name": "M", "question": "Q", "due_at": "soon", "kind": "legal"}, 422),
    ("ask", {"to_name": "M", "question": "Q", "due_at": "2099-01-01T00:00", "kind": "legal"}, 422),
    ("query-answer", {"answer": "", "way": "mail"}, 422),
    ("query-answer", {"answer": "A", "way": "mail", "seen_version": "99"}, 409),
    ("query-act", {"act": "extend"}, 422),
    ("query-act", {"act": "withdraw"}, 422),
    ("query-act", {"act": "burn"}, 422),
    ("query-contact", {"kind": "phone"}, 422),
    ("waive", {}, 422),
])  # fmt: skip
def test_bad_forms_change_nothing(client: Client, name: str, values: dict[str, str], status: int) -> None:
    query, checker = asked()
    client.force_login(checker)
    pk = query.claim_id if name in ("ask", "waive") else query.pk
    assert client.post(reverse(f"reviews:{name}", args=[pk]), values).status_code == status
    assert Query.objects.get().state == "open"
    assert Contact.objects.count() == 1


def test_what_is_behind_a_wall_is_not_there(client: Client) -> None:
    query, _ = asked()
    client.force_login(desk.person("Reporter"))
    for name in ("query-answer", "query-contact", "query-act"):
        assert (
            client.post(reverse(f"reviews:{name}", args=[query.pk]), {"answer": "x", "way": "mail"}).status_code
            == 404
        )


def test_the_same_through_the_api(client: Client) -> None:
    claim, checker = held()
    head = desk.bearer(checker, "read", "verdict:write")
    send = {"content_type": "application/json", "headers": head}
    until = (timezone.now() + timedelta(days=1)).isoformat()
    given = {"kind": "author_query", "to_name": "Author", "question": "Source?", "due_at": until}
    made = client.post(f"/api/v1/claims/{claim.pk}/queries/", given, **send)
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/queries/{made.json()['id']}/")
    at = made["Location"]
    link = client.post(f"{at}link/", **send)
    assert client.get(link.json()["url"].replace("http://127.0.0.1:8000", "")).status_code == 200
    assert client.post(f"{at}contacts/", {"kind": "phone", "words": "Rang."}, **send).status_code == 201
    assert client.post(f"{at}answer/", {"answer": "Notes.", "way": "mail"}, **send).status_code == 428
    version = client.get(at, headers=head).json()["version"]
    more = client.post(f"{at}extend/", {"due_at": until, "version": version}, **send)
    assert more.status_code == 200
    done = client.post(f"{at}answer/", {"answer": "Notes.", "way": "mail", "version": version + 1}, **send)
    assert (done.status_code, done.json()["state"]) == (200, "answered")
    gone = client.post(f"{at}withdraw/", {"note": "No.", "version": version + 2}, **send)
    assert (gone.status_code, gone.json()["code"]) == (409, "workflow.wrong_state")
    waived = client.post(f"/api/v1/claims/{claim.pk}/reply-waiver/", {"reason": "Has died."}, **send)
    assert waived.json()["state"] == "waived"
    listed = client.get(f"/api/v1/claims/{claim.pk}/queries/", headers=head).json()["results"]
    assert [one["state"] for one in listed] == ["waived", "answered"]
    assert "token" not in made.content.decode()
    assert (
        client.post(f"/api/v1/claims/{claim.pk}/queries/", given | {"to_person": "nobody at all"}, **send).status_code
        == 404
    )


def test_every_error_of_these_acts_has_a_sentence() -> None:
    for code in ("query.open", "query.not_yours", "query.link_ended"):
        assert str(FactcheckError(code, names="x", name="y"))
