"""The next draft before anything changes: what the comparison says is what happens when the draft is taken in."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.extraction.pipeline import CLAIM_THRESHOLD
from articles.models import Article, Claim, ClaimMove, Revision
from articles.services.article import article_ingest
from articles.services.extraction import revision_extract
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, NotFound, WrongState
from reviews.models import SentenceMark, TickChange
from reviews.policies import ROLES
from reviews.services.nextdraft import Report, draft_check, draft_take
from reviews.services.signoff import sentence_mark
from reviews.services.ticks import ticks_carry
from tests import factories
from tests.publishing import bearer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
TEXT = (
    "Harbour tram line opens\n\nThe tram carries 30,000 people a day, the transport minister said on Monday.\n\n"
    "The line cost 240 million crowns, 40 million more than planned. It is a fine day for the bay.\n\n"
    "The city employs 310 drivers. Children waved at every stop."
)


@pytest.fixture
def reporter() -> Any:
    return factories.person(role="Reporter")


@pytest.fixture
def article(reporter: Any) -> Article:
    taken = article_ingest(TEXT.encode(), actor=reporter)
    revision_extract(revision_id=taken.revision.pk)
    made = Article.objects.select_related("current").get(pk=taken.article.pk)
    assert made.current
    checker = factories.person()
    for words in ("It is a fine day", "Children waved"):
        at = made.current.text.index(words)
        start, end = next((start, end) for start, end in made.current.sentences if start <= at < end)
        sentence_mark(revision=made.current, actor=checker, start=start, end=end)
    return made


def rows() -> dict[Any, int]:
    return {model: model.objects.count() for model in (Article, Revision, Claim, ClaimMove, SentenceMark, TickChange,
                                                      AuditEvent)}  # fmt: skip


def compared(article: Article, person: Any, text: str) -> Report:
    before = rows()
    report = draft_check(article=article, actor=person, data=text.encode())
    assert rows() == before  # nothing changes
    return report


def taken(article: Article, person: Any, text: str, report: Report) -> Article:
    stored = draft_take(article=article, actor=person, data=text.encode(), base=report.sha256)
    revision_extract(revision_id=stored.revision.pk)
    ticks_carry(article_id=article.pk)
    return Article.objects.select_related("current").get(pk=article.pk)


def test_the_same_text_keeps_everything(article: Article, reporter: Any) -> None:
    report = compared(article, reporter, TEXT)
    assert report.same
    assert (report.kept, report.again, report.gone) == (article.claims.count(), 0, [])
    assert report.ticks_kept == 2


def test_the_report_names_what_changed_what_is_new_and_what_is_lost(article: Article, reporter: Any) -> None:
    draft = (
        TEXT.replace("30,000", "31,000").replace("a fine day", "a grey day")
        .replace("The city employs 310 drivers. ", "The buses carry 12,000 people a day. ")
    )  # fmt: skip
    report = compared(article, reporter, draft)
    assert any("30,000" in one.old and "31,000" in one.new for one in report.changed)
    assert any("310 drivers" in one.old for one in report.gone)
    assert any("12,000" in one.quote for one in report.fresh)
    assert [(one.old, one.new) for one in report.ticks_changed] == [
        ("It is a fine day for the bay.", "It is a grey day for the bay.")
    ]
    assert report.ticks_kept == 1
    assert not report.same


def words(text: str, numbers: random.Random) -> str:
    """One to three edits: a paragraph dropped, moved or added, a word or a number changed."""
    parts = text.split("\n\n")
    for _ in range(numbers.randint(1, 3)):
        at = numbers.randrange(1, len(parts))
        act = numbers.choice(["drop", "move", "add", "word", "number"])
        if act == "drop" and len(parts) > 3:
            del parts[at]
        elif act == "move":
            parts.insert(numbers.randrange(1, len(parts)), parts.pop(at))
        elif act == "add":
            parts.insert(at, f"The council paid {numbers.randint(2, 90)} million crowns for new stops.")
        elif act == "word":
            parts[at] = parts[at].replace("the ", "that ", 1)
        else:
            parts[at] = parts[at].replace("0", str(numbers.randint(1, 9)), 1)
    return "\n\n".join(parts)


@pytest.mark.parametrize("seed", range(12))
def test_what_the_comparison_says_is_what_happens(article: Article, reporter: Any, seed: int) -> None:
    draft = words(TEXT, random.Random(seed))
    report = compared(article, reporter, draft)
    if report.same:
        return
    known = set(article.claims.values_list("pk", flat=True))
    now = taken(article, reporter, draft, report)
    moves = ClaimMove.objects.filter(revision=now.current, decision="")
    assert {(one.claim, one.new) for one in (*report.changed, *report.gone)} == set(
        moves.values_list("claim", "quote")
    )
    fresh = Claim.objects.filter(article=article, score__gte=CLAIM_THRESHOLD).exclude(pk__in=known)
    assert sorted(one.quote for one in report.fresh) == sorted(fresh.values_list("quote", flat=True))
    ticks = TickChange.objects.filter(revision=now.current, decision="").values_list("old_words", "words")
    assert sorted((one.old, one.new) for one in (*report.ticks_changed, *report.ticks_gone)) == sorted(ticks)
    assert SentenceMark.objects.filter(revision=now.current).count() == report.ticks_kept


def test_a_draft_keeps_what_the_desk_knows_of_the_article(article: Article, reporter: Any) -> None:
    Article.objects.update(authors=["Ines Roe"], publisher="Tessel Wire", published_at=factories.NOON)
    article = Article.objects.select_related("current").get()
    draft = TEXT.replace("30,000", "31,000")
    now = taken(article, reporter, draft, compared(article, reporter, draft))
    assert (now.authors, now.publisher, now.published_at) == (["Ines Roe"], "Tessel Wire", factories.NOON)
    assert now.current
    assert (now.current.number, Article.objects.count()) == (2, 1)


def test_a_draft_that_was_compared_with_an_older_text_is_not_taken(article: Article, reporter: Any) -> None:
    draft = TEXT.replace("30,000", "31,000")
    report = compared(article, reporter, draft)
    taken(article, reporter, draft, report)
    article = Article.objects.select_related("current").get()
    with pytest.raises(WrongState) as refused:
        draft_take(article=article, actor=reporter, data=TEXT.replace("30", "32").encode(), base=report.sha256)
    assert refused.value.code == "draft.text_changed"


def test_the_words_of_an_earlier_revision_are_named_as_such(article: Article, reporter: Any) -> None:
    draft = TEXT.replace("30,000", "31,000")
    now = taken(article, reporter, draft, compared(article, reporter, draft))
    with pytest.raises(Invalid) as refused:
        draft_check(article=now, actor=reporter, data=TEXT.encode())
    assert refused.value.detail == "This is word for word revision 1, which the desk has."


@pytest.mark.parametrize("role", ["", *ROLES])
def test_who_may_compare_and_take(article: Article, role: str) -> None:
    person = factories.person(role=role)
    held = ROLES.get(role, ())
    draft = TEXT.replace("30,000", "31,000").encode()
    for act in (
        lambda: draft_check(article=article, actor=person, data=draft),
        lambda: draft_take(article=article, actor=person, data=draft, base=article.current.sha256),
    ):
        if {"ingest", "read_desk"} <= set(held):
            act()
        else:
            with pytest.raises((NotAllowed, NotFound)):
                act()


BAD = {
    "nothing": b"",
    "white space": b" \n ",
    "a picture": b"\x89PNG\r\n\x00\x00",
    "only credits": b"Photo: Tam Orla",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_text_is_refused(article: Article, reporter: Any, data: bytes) -> None:
    with pytest.raises(FactcheckError) as refused:
        draft_check(article=article, actor=reporter, data=data)
    assert refused.value.code.startswith("article.")


# --- page and API -------------------------------------------------------------------------------------
def test_a_reporter_compares_reads_and_takes_it_in(article: Article, reporter: Any) -> None:
    client = Client()
    client.force_login(reporter)
    path = f"/articles/{article.pk}/draft/"
    assert "240 million crowns" in client.get(path).content.decode()
    draft = TEXT.replace("30,000", "31,000")
    assert article.current
    sent = {"text": draft, "base": article.current.sha256}
    page = client.post(path, sent | {"act": "compare"}).content.decode()
    assert "<del>30</del>" in page
    assert "Take it in as the next revision" in page
    assert Revision.objects.count() == 1
    answer = client.post(path, sent | {"act": "take"})
    assert answer["Location"] == f"/articles/{article.pk}/"
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [({"act": "compare", "text": ""}, "There is no text in it."),
     ({"act": "sing", "text": TEXT}, "Select a valid choice"),
     ({"act": "take", "text": TEXT, "base": "x"}, "Enter a valid value")],
)  # fmt: skip
def test_bad_input_is_said_on_the_page(article: Article, reporter: Any, data: Any, said: str) -> None:
    client = Client()
    client.force_login(reporter)
    answer = client.post(f"/articles/{article.pk}/draft/", {"base": "0" * 64} | data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_draft_may_come_as_a_file(article: Article, reporter: Any) -> None:
    client = Client()
    client.force_login(reporter)
    file = SimpleUploadedFile("draft.md", TEXT.replace("30,000", "31,000").encode())
    data = {"act": "compare", "file": file, "base": "0" * 64}
    page = client.post(f"/articles/{article.pk}/draft/", data).content.decode()
    assert "<del>30</del>" in page
    assert "carries 31,000 people" in page  # in the field, to be taken in from there


def test_a_program_asks_first_and_takes_it_in_then(article: Article, reporter: Any) -> None:
    def post(body: dict[str, Any]) -> Any:
        return Client().post(f"/api/v1/articles/{article.pk}/draft/", body, content_type="application/json",
                             headers=bearer(reporter, "read", "ingest"))  # fmt: skip

    draft = TEXT.replace("30,000", "31,000")
    first = post({"text": draft})
    assert (first.status_code, first.json()["revision"], Revision.objects.count()) == (200, None, 1)
    assert first.json()["changed"][0]["settled"] is False
    assert post({"text": draft, "take": True}).status_code == 422
    second = post({"text": draft, "take": True, "base": first.json()["sha256"]})
    assert (second.status_code, second.json()["revision"]) == (200, 2)
    assert post({"text": draft, "take": True, "base": first.json()["sha256"]}).status_code == 409
