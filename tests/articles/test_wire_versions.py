"""Wires send a story again and again, and not always in order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, Revision
from articles.services.article import Ingested, article_ingest
from factcheck.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def ninjs(words: str, hours: float = 0, version: str = "", **more: object) -> Ingested:
    item = {"uri": "urn:tessel:boats", "headline": "Boats", "body_text": words, "versioncreated": at(hours)}
    item |= ({"version": version} if version else {}) | more
    return article_ingest(json.dumps(item).encode(), name="a.json")


def newsml(words: str, hours: float = 0, version: str = "1", status: str = "usable") -> Ingested:
    return article_ingest(
        f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:tessel:boats" version="{version}">
        <itemMeta><itemClass qcode="ninat:text"/><versionCreated>{at(hours)}</versionCreated>
        <pubStatus qcode="stat:{status}"/></itemMeta><contentMeta><headline>Boats</headline></contentMeta><contentSet>
        <inlineData contenttype="text/plain">{words}</inlineData></contentSet></newsItem>""".encode(),
        name="a.xml",
    )


def nitf(words: str, hours: float = 0, publisher: str = "Tessel") -> Ingested:
    stamp = (NOON + timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ")
    return article_ingest(
        f"""<nitf><head><docdata><doc-id id-string="boats-1"/><date.issue norm="{stamp}"/></docdata></head><body>
        <body.head><hedline><hl1>Boats</hl1></hedline><distributor>{publisher}</distributor></body.head>
        <body.content><p>{words}</p></body.content></body></nitf>""".encode(),
        name="a.xml",
    )


def texts() -> list[str]:
    return [text.rpartition("\n\n")[2] for text in Revision.objects.order_by("pk").values_list("text", flat=True)]


SENDERS = [ninjs, newsml, nitf]
FIVE, SIX, SEVEN = (f"There are {n} boats in the harbour, the master said." for n in ("five", "six", "seven"))


@pytest.mark.parametrize("send", SENDERS)
def test_the_next_version_is_the_next_revision_though_it_has_no_address(send):
    first, second = send(FIVE), send(SIX, hours=1)
    assert (second.article.pk, second.revision.number) == (first.article.pk, 2)
    assert texts() == [FIVE, SIX]


@pytest.mark.parametrize("send", SENDERS)
def test_an_older_version_that_comes_late_is_left_aside_and_the_trail_says_so(send):
    newest = send(SIX, hours=2)
    late = send(FIVE, hours=1)
    assert (late.article.pk, late.created, late.revision.pk) == (newest.article.pk, False, newest.revision.pk)
    article = Article.objects.get()
    assert article.current_id == newest.revision.pk
    assert article.modified_at in (None, NOON + timedelta(hours=2))
    assert texts() == [SIX]
    assert AuditEvent.objects.filter(action="article.late").count() == 1


@pytest.mark.parametrize("send", [ninjs, newsml])
def test_the_number_of_the_version_decides_before_its_time(send):
    send(SIX, hours=0, version="10")
    assert not send(FIVE, hours=5, version="9").created
    assert send(SEVEN, hours=-5, version="11").created
    assert texts() == [SIX, SEVEN]


def test_the_newest_version_may_say_the_same_words_again():
    ninjs(FIVE, hours=0)
    assert not ninjs(FIVE, hours=3).created
    assert not ninjs(SIX, hours=2).created
    assert texts() == [FIVE]


def test_an_old_withdrawal_does_not_hold_a_story_that_was_sent_again():
    newsml(FIVE, hours=3, version="3")
    newsml(FIVE, hours=1, version="1", status="withheld")
    assert Article.objects.get().withdrawn_at is None
    newsml(FIVE, hours=4, version="4", status="canceled")
    assert Article.objects.get().withdrawn_at is not None


def test_the_same_number_from_two_senders_is_two_stories():
    nitf(FIVE, publisher="Tessel")
    nitf(SIX, publisher="Norda")
    nitf(SEVEN, publisher="")
    assert Article.objects.count() == 3


def test_a_page_that_gives_an_earlier_time_is_still_what_stands_there_now():
    page = (
        "<html><head><title>Boats</title><meta property='article:modified_time' content='{}'></head><body><article>"
        "<h1>Boats</h1><p>{} It was the most since the count began, and the council was glad of it.</p></article>"
        "</body></html>"
    )
    url = "https://tessel.example/boats"
    for hours, words in ((2, FIVE), (1, SIX)):
        assert article_ingest(page.format(at(hours), words).encode(), name="a.html", url=url).created
    assert Revision.objects.count() == 2


def test_what_was_taken_in_by_its_words_alone_is_found_again():
    first = ninjs(FIVE)
    Article.objects.update(identity=f"sha256:{first.revision.sha256}", sender_version_at=None)
    again = ninjs(FIVE)
    assert (again.article.pk, again.created) == (first.article.pk, False)


def test_a_name_of_any_length_fits():
    long = "urn:tessel:" + "x" * 3_000
    first = ninjs(FIVE, uri=long)
    second = ninjs(SIX, hours=1, uri=long)
    assert first.article.pk == second.article.pk
