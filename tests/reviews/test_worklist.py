"""What changed since somebody ticked it: ticks follow their sentences, and whoever ticked is asked about the rest."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Claim, ClaimMove, Desk, Revision
from articles.services.article import article_ingest
from articles.services.extraction import revision_extract
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotAllowed, NotFound, WrongState
from reviews.choices import TickDecision
from reviews.models import Review, SentenceMark, TickChange, TicksCarried
from reviews.selectors.standing import standing_of
from reviews.selectors.worklist import worklist
from reviews.services import steps
from reviews.services.review import Proposal, claim_take, verdict_approve, verdict_propose
from reviews.services.signoff import line_by_line_set, sentence_mark
from reviews.services.ticks import tick_decide, ticks_carry, ticks_sweep
from reviews.services.undo import undo_last
from tests import factories
from tests.publishing import bearer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
URL = "https://tessel.example/tram"
TEXT = (
    "Harbour tram line opens\n\nThe tram carries 30,000 people a day, the minister said on Monday.\n\n"
    "It is a fine day for the bay. Children waved at every stop. The band played on until the evening came."
)
FINE, WAVED, BAND = "It is a fine day for the bay.", "Children waved at every stop.", "The band played on"


def handed_in(text: str = TEXT) -> Article:
    taken = article_ingest(text.encode(), url=URL)
    revision_extract(revision_id=taken.revision.pk)
    return Article.objects.select_related("current").get(pk=taken.article.pk)


def tick(article: Article, words: str, person: Any) -> None:
    assert article.current
    at = article.current.text.index(words)
    start, end = next((start, end) for start, end in article.current.sentences if start <= at < end)
    sentence_mark(revision=article.current, actor=person, start=start, end=end)


def revised(article: Article, *edits: tuple[str, str]) -> Article:
    text = TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    changed = handed_in(text)
    ticks_carry(article_id=article.pk)
    return changed


@pytest.fixture
def checker() -> Any:
    return factories.person(first_name="Mirek", last_name="Soll")


@pytest.fixture
def article(checker: Any) -> Article:
    made = handed_in()
    line_by_line_set(article=made, actor=checker, on=True)
    for words in (FINE, WAVED, BAND):
        tick(made, words, checker)
    return made


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def marked(article: Article) -> set[str]:
    assert article.current
    found = SentenceMark.objects.filter(revision=article.current)
    return {article.current.text[one.start : one.end] for one in found}


# --- ticks --------------------------------------------------------------------------------------------
def test_ticks_go_along_with_their_sentences_and_keep_who_ticked(article: Article, checker: Any) -> None:
    now = revised(article, ("on Monday", "on Tuesday morning at the harbour"))
    assert now.current != article.current
    assert {FINE, WAVED} <= marked(now)
    assert set(SentenceMark.objects.values_list("marked_by_name", flat=True)) == {"Mirek Soll"}
    assert worklist(checker) == []


def test_changed_and_vanished_sentences_ask_whoever_ticked_them(article: Article, checker: Any) -> None:
    now = revised(article, ("a fine day", "a grey day"), (f"{WAVED} ", ""))
    rows = {(row.change, row.old): row.new for row in worklist(checker)}
    assert rows == {("changed", FINE): "It is a grey day for the bay.", ("gone", WAVED): ""}
    assert worklist(factories.person()) == []
    assert len(worklist(factories.person(), everybody=True)) == 2
    assert now.current
    unmarked = {now.current.text[start:end] for start, end in standing_of(now).unmarked}
    assert "It is a grey day for the bay." in unmarked  # it must be looked at before anybody signs


@pytest.mark.parametrize(("decision", "ticked"), [("confirmed", True), ("reopened", False)])
def test_confirming_ticks_the_new_words_and_reopening_leaves_them(
    article: Article, checker: Any, decision: str, ticked: bool
) -> None:
    now = revised(article, ("a fine day", "a grey day"))
    change = TickChange.objects.get()
    tick_decide(change=change, actor=checker, decision=decision)
    assert ("It is a grey day for the bay." in marked(now)) is ticked
    assert worklist(checker) == []
    assert AuditEvent.objects.filter(action="article.tick", actor=checker).count() == 1
    with pytest.raises(WrongState):
        tick_decide(change=change, actor=checker, decision=decision)


def test_what_is_gone_can_only_be_confirmed(article: Article, checker: Any) -> None:
    revised(article, (f"{WAVED} ", ""))
    change = TickChange.objects.get()
    with pytest.raises(Invalid) as refused:
        tick_decide(change=change, actor=checker, decision="reopened")
    assert refused.value.code == "tick.gone"
    with pytest.raises(Invalid):
        tick_decide(change=change, actor=checker, decision="perhaps")
    with pytest.raises(NotAllowed):
        tick_decide(change=change, actor=factories.person(role="Viewer"), decision="confirmed")
    tick_decide(change=change, actor=checker, decision="confirmed")
    assert worklist(checker) == []


def test_looking_at_the_sentence_in_the_text_answers_the_question(article: Article, checker: Any) -> None:
    now = revised(article, ("a fine day", "a grey day"))
    tick(now, "It is a grey day", factories.person())
    assert TickChange.objects.get().decision == TickDecision.CONFIRMED
    assert worklist(checker) == []


def test_a_question_nobody_answered_is_asked_anew_about_the_next_text(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"))
    now = revised(article, ("a fine day", "a wet day"))
    assert [(row.old, row.new) for row in worklist(checker)] == [(FINE, "It is a wet day for the bay.")]
    back = revised(article, ("on Monday", "on Wednesday"))  # the old words are back
    assert worklist(checker) == []
    assert FINE in marked(back)
    assert now.pk == back.pk


def test_carrying_twice_and_at_once_changes_nothing(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"), (f"{WAVED} ", ""))
    before = (TickChange.objects.count(), SentenceMark.objects.count())
    assert ticks_carry(article_id=article.pk) == 0
    TicksCarried.objects.all().delete()
    assert ticks_carry(article_id=article.pk) == 1
    assert (TickChange.objects.count(), SentenceMark.objects.count()) == before


def test_what_an_absent_broker_left_undone_is_swept_up(article: Article, checker: Any) -> None:
    handed_in(TEXT.replace("a fine day", "a grey day"))
    assert TickChange.objects.count() == 0
    assert ticks_sweep() == 1
    assert ticks_sweep() == 0
    assert TickChange.objects.count() == 1


def test_an_earlier_text_that_is_read_late_asks_nothing(article: Article, checker: Any) -> None:
    early = article_ingest(TEXT.replace("a fine day", "a grey day").encode(), url=URL).revision
    revised(article, ("on Monday", "on Friday"))
    revision_extract(revision_id=early.pk)
    ticks_carry(article_id=article.pk)
    assert Revision.objects.filter(ticks_carried=None, number__gt=1).count() == 0
    assert TickChange.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_carry_the_same_ticks_once(checker: Any) -> None:
    article = handed_in()
    tick(article, FINE, checker)
    tick(article, WAVED, checker)
    handed_in(TEXT.replace("a fine day", "a grey day"))
    together = Barrier(2)

    def work() -> None:
        together.wait()
        try:
            ticks_carry(article_id=article.pk)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert TickChange.objects.count() == 1
    assert TicksCarried.objects.count() == 1


@pytest.mark.parametrize("decision", ["confirm", "reopen"])
def test_an_answer_about_a_sentence_is_undone(article: Article, checker: Any, decision: str) -> None:
    now = revised(article, ("a fine day", "a grey day"))
    change, client = TickChange.objects.get(), signed_in(checker)
    client.post(f"/changed/ticks/{change.pk}/", {"decision": decision})
    assert worklist(checker) == []
    client.post("/undo/")
    assert [row.pk for row in worklist(checker)] == [change.pk]
    assert "It is a grey day for the bay." not in marked(now)
    client.post(f"/changed/ticks/{change.pk}/", {"decision": "confirm"})
    assert "It is a grey day for the bay." in marked(now)


def test_an_answer_about_an_older_text_is_not_undone(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"))
    steps.tick(change=TickChange.objects.get(), actor=checker, decision="confirmed")
    revised(article, ("a fine day", "a grey day"), ("on Monday", "on Tuesday morning at the harbour"))
    with pytest.raises(WrongState):
        undo_last(actor=checker)


# --- verdicts -----------------------------------------------------------------------------------------
def judged(article: Article, proposer: Any, approver: Any) -> Claim:
    claim = Claim.objects.filter(article=article, quote__contains="30,000").latest("pk")
    review = claim_take(claim=claim, actor=proposer)
    factories.evidence(claim=claim, state="kept", stance="supports")
    rationale = "The yearly report of the office of statistics has the figure, on page 31. " * 3
    verdict_propose(review=review, actor=proposer, proposal=Proposal("true", rationale, "accurate"))
    verdict_approve(review=Review.objects.get(pk=review.pk), actor=approver)
    return Claim.objects.get(pk=claim.pk)


@pytest.mark.parametrize(("decision", "state"), [("confirm", "approved"), ("reopen", "in_progress")])
def test_whoever_judged_a_claim_confirms_or_reopens_it(article: Article, decision: str, state: str) -> None:
    proposer, approver = factories.person(), factories.person(role="Reviewer")
    claim = judged(article, proposer, approver)
    revised(article, ("30,000", "31,000"))
    assert ClaimMove.objects.filter(decision="").exists()
    for person in (proposer, approver):
        (row,) = worklist(person)
        assert (row.kind, row.pk, row.change, row.label) == ("claim", claim.pk, "changed", "True")
    answer = signed_in(approver).post(
        f"/changed/claims/{claim.pk}/", {"decision": decision, "seen_version": row.version}
    )
    assert answer["Location"] == "/changed/#"
    assert Review.objects.get(claim=claim, active=True).state == state
    assert worklist(proposer) == worklist(approver) == []


def test_a_claim_whose_words_are_gone_keeps_its_verdict_and_its_old_context(article: Article) -> None:
    proposer, approver = factories.person(), factories.person(role="Reviewer")
    claim = judged(article, proposer, approver)
    revised(article, ("The tram carries 30,000 people a day, the minister said on Monday.", "Nobody came."))
    (row,) = worklist(proposer)
    assert row.change == "gone"
    page = signed_in(proposer).get("/changed/").content.decode()
    assert "<del>" in page
    assert "Look at it again" not in page
    signed_in(proposer).post(f"/changed/claims/{claim.pk}/", {"decision": "confirm", "seen_version": row.version})
    assert Review.objects.get(claim=claim, active=True).state == "approved"
    assert worklist(proposer) == []


@pytest.mark.parametrize(("old", "new"), [
    ("30,000", "31,000"), ("The tram carries 30,000 people a day, the minister said on Monday.", "Nobody came."),
])  # fmt: skip
def test_that_a_claim_still_stands_is_undone(article: Article, old: str, new: str) -> None:
    proposer = factories.person()
    claim = judged(article, proposer, factories.person(role="Reviewer"))
    revised(article, (old, new))
    (row,) = worklist(proposer)
    stood = Claim.objects.filter(pk=claim.pk).values("revision", "start", "end", "quote", "stale_anchor").get()
    client = signed_in(proposer)
    client.post(f"/changed/claims/{claim.pk}/", {"decision": "confirm", "seen_version": row.version})
    assert worklist(proposer) == []
    client.post("/undo/")
    again = Claim.objects.filter(pk=claim.pk).values("revision", "start", "end", "quote", "stale_anchor").get()
    assert again == stood
    assert [one.pk for one in worklist(proposer)] == [claim.pk]


def test_that_a_claim_was_edited_is_not_taken_back_with_a_key(article: Article) -> None:
    proposer = factories.person()
    claim = judged(article, proposer, factories.person(role="Reviewer"))
    revised(article, ("30,000", "31,000"))
    claim.refresh_from_db()
    assert steps.follow(claim=claim, actor=proposer, decision="edited") is False
    with pytest.raises(NotFound):
        undo_last(actor=proposer)


# --- pages and API ------------------------------------------------------------------------------------
def test_the_list_shows_old_beside_new_and_is_counted_in_queue_and_article(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a <b>grey</b> day"), (f"{WAVED} ", ""))
    client = signed_in(checker)
    page = client.get("/changed/").content.decode()
    assert "<del>fine</del>" in page
    assert "&lt;" in page
    assert "<b>grey" not in page
    assert "Children waved at every stop." in page
    assert "2 you ticked changed" in client.get(f"/articles/{article.pk}/").content.decode()
    assert 'Changed since you ticked it<span class="n" data-state="late">2<' in client.get("/").content.decode()
    change = TickChange.objects.get(kind="changed")
    answer = client.post(
        f"/changed/ticks/{change.pk}/", {"decision": "confirm", "next": "tick-9", "article": article.pk}
    )
    assert answer["Location"] == f"/changed/?article={article.pk}#tick-9"
    assert "1 you ticked changed" in client.get(f"/articles/{article.pk}/").content.decode()


def test_the_list_costs_the_same_however_long(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"))
    client, counts = signed_in(checker), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/changed/")
        counts.append(len(asked))
        TickChange.objects.update(decision="overtaken")
        revised(article, ("a fine day", "a wet day"), ("Children waved", "Nobody waved"), ("The band", "A band"))
    assert counts[0] == counts[1]


def test_nothing_is_seen_through_a_wall(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"))
    Article.objects.update(desk=Desk.objects.create(name="Investigations", slug="investigations", walled=True))
    change = TickChange.objects.get()
    checker = User.objects.get(pk=checker.pk)  # rights are asked once a person
    assert worklist(checker) == worklist(checker, everybody=True) == []
    assert signed_in(checker).post(f"/changed/ticks/{change.pk}/", {"decision": "confirm"}).status_code == 404


def test_a_program_reads_the_list_and_answers(article: Article, checker: Any) -> None:
    revised(article, ("a fine day", "a grey day"))
    headers = bearer(checker, "read", "verdict:write")
    rows = Client().get("/api/v1/worklist/", headers=headers).json()["results"]
    assert [(row["kind"], row["change"], row["old"], row["article"]) for row in rows] == [
        ("tick", "changed", FINE, article.pk)
    ]
    path = f"/api/v1/worklist/ticks/{rows[0]['id']}/"
    bad = Client().post(path, {"decision": "x"}, content_type="application/json", headers=headers)
    assert bad.status_code == 422
    first = Client().post(path, {"decision": "confirmed"}, content_type="application/json", headers=headers)
    second = Client().post(path, {"decision": "confirmed"}, content_type="application/json", headers=headers)
    assert (first.status_code, second.status_code) == (200, 409)
    assert Client().get("/api/v1/worklist/", headers=headers).json()["results"] == []
