"""What readers and their programs get: the page, the list, the feeds, the exports."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.models import CheckedClaim
from factcheck.core.models import ApiKey
from reviews import lint as rules
from reviews.models import Publication
from reviews.selectors.published import lint_page
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.review import verdict_approve
from tests.publishing import RATIONALE, STATEMENT, approved, article, claim, evidence, person, proposed, published

pytestmark = pytest.mark.django_db


def page(publication: Publication, **headers: str) -> Any:
    return Client().get(publication.get_absolute_url(), headers=headers)


def json_ld(text: str) -> list[dict[str, Any]]:
    found = html.fromstring(text.encode()).xpath('//script[@type="application/ld+json"]/text()')
    return [json.loads(one) for one in found]


# --- the page ------------------------------------------------------------------------------------------
def test_page_shows_verdict_claim_speaker_reasons_and_evidence() -> None:
    publication = published()
    answer = page(publication)
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in (STATEMENT, "Misleading", "Ilva Torrent", "The year before was the repair year.", RATIONALE,
                  "The quote is accurate.", "Table 4, row 17", "Supports", "A second editor approved it",
                  "First publication", "Tessel Wire"):  # fmt: skip
        assert words in text
    tree = html.fromstring(text.encode())
    assert [item.text for item in tree.xpath('//ol[@class="axis"]/li')] == [
        "False", "Misleading", "Mixed", "Mostly true", "True",
    ]  # fmt: skip
    assert tree.xpath('//li[@aria-current="true"]/text()') == ["Misleading"]


def test_page_carries_one_claimreview_that_has_nothing_to_object_to() -> None:
    publication = published()
    text = page(publication).content.decode()
    (document,) = json_ld(text)
    (canonical,) = html.fromstring(text.encode()).xpath('//link[@rel="canonical"]/@href')
    seen = lint_page(publication, publication.verdict, CheckedClaim.objects.none())
    visible = html.fromstring(text.encode()).text_content()
    findings = rules.lint(
        document,
        rules.Page(
            base_url=seen.base_url, canonical=canonical, labels=seen.labels, now=datetime.now(UTC), visible=visible,
            reviews=text.count('"@type": "ClaimReview"'),
        ),
    )  # fmt: skip
    assert rules.blocking(findings) == []
    assert document == publication.versions.get().claimreview


def test_page_needs_no_script_no_style_attribute_and_sets_no_cookie() -> None:
    answer = page(published())
    tree = html.fromstring(answer.content)
    assert tree.xpath('//script[not(@type="application/ld+json")]') == []
    assert tree.xpath("//@style") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert all(not link.startswith("http") for link in tree.xpath('//link[@rel="stylesheet"]/@href'))


def test_page_names_no_colleague() -> None:
    publication = published()
    verdict = publication.verdict
    text = page(publication).content.decode()
    for colleague in (verdict.proposed_by, verdict.approved_by):
        assert colleague is not None
        assert colleague.username not in text


def test_words_of_people_are_never_markup() -> None:
    made = claim(speaker="<b>Ilva</b>", statement='Output "doubled" & <i>grew</i>')
    evidence(made, passage="<script>alert(1)</script>", title="<img src=x>", url="javascript:alert(1)")
    review = proposed(made)
    publication = Publication(claim=made, slug="odd", verdict=review.verdict)
    # The lint rules refuse such words; a page must bear them all the same.
    Publication.objects.bulk_create([publication])
    verdict_approve(review=review, actor=person("Reviewer"))
    publication.refresh_from_db()
    publication.versions.create(
        number=1, verdict=review.verdict, claimreview={"claimReviewed": "</script><b>"},
        published_at=review.changed_at, published_by=None,
    )  # fmt: skip
    Publication.objects.update(
        state="live", first_published_at=review.changed_at, last_published_at=review.changed_at
    )
    text = page(Publication.objects.get()).content.decode()
    assert "<script>alert" not in text
    assert "javascript:" not in text
    assert "<img" not in text
    assert "&lt;b&gt;Ilva" in text
    assert json_ld(text) == [{"claimReviewed": "</script><b>"}]


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_what_is_not_out_is_not_there(state: str) -> None:
    publication = approved()
    Publication.objects.update(state=state)
    for path in (publication.get_absolute_url(), f"{publication.get_absolute_url()}claimreview.json"):
        assert Client().get(path).status_code == 404
    assert STATEMENT not in Client().get("/verdicts/").content.decode()
    assert STATEMENT not in Client().get("/feeds/verdicts.atom").content.decode()


def test_retracted_page_stays_with_its_notice_and_without_its_claimreview() -> None:
    publication = published()
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    answer = page(publication)
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "The table was forged." in text
    assert STATEMENT in text
    assert "Misleading" not in text
    assert RATIONALE not in text
    assert json_ld(text) == []
    assert Client().get(f"{publication.get_absolute_url()}claimreview.json").status_code == 410


def test_correction_stands_on_the_page_with_its_note_and_in_the_versions() -> None:
    publication = published()
    publication_correct(publication=publication, actor=person("Publisher"), change="correction", note="It was 1,412.")
    text = page(publication).content.decode()
    assert text.count("It was 1,412.") >= 3  # the banner, the versions, the ClaimReview
    assert json_ld(text)[0]["correction"]["text"] == "It was 1,412."


def test_only_public_evidence_is_shown() -> None:
    made = claim()
    evidence(made, title="Open table")
    evidence(made, title="An engineer", publisher="Secret plant", passage="secret words", visibility="described",
             url="https://secret.example/")  # fmt: skip
    evidence(made, title="A leaked file", passage="secret words", visibility="confidential")
    publication = published(made)
    text = page(publication).content.decode()
    assert "Open table" in text
    assert "known to the editors" in text
    for hidden in ("secret", "Secret", "An engineer", "A leaked file"):
        assert hidden not in text
    assert [one["name"] for one in json_ld(text)[0]["citation"]] == ["Open table"]


def test_text_that_is_not_out_yet_is_not_named() -> None:
    publication = published(claim(article(mode="pre_publication", title="Our secret scoop")))
    text = page(publication).content.decode()
    assert "secret scoop" not in text
    assert "tessel.example" not in text
    assert "appearance" not in json_ld(text)[0]["itemReviewed"]


def test_article_on_our_own_host_is_no_appearance() -> None:
    publication = published(claim(article(url="http://127.0.0.1:8000/news/1")))
    assert "appearance" not in publication.versions.get().claimreview["itemReviewed"]


def test_label_off_the_axis_stands_beside_it() -> None:
    publication = published(label="unproven", gaps="Output per turbine is not published.")
    text = page(publication).content.decode()
    assert 'aria-current="true"' not in text
    assert "stands beside the scale" in text
    assert "Output per turbine is not published." in text
    assert "ratingValue" not in json_ld(text)[0]["reviewRating"]


def test_page_is_not_sent_again_to_who_has_it() -> None:
    publication = published()
    first = page(publication)
    assert page(publication, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert page(publication, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    publication_correct(publication=publication, actor=person("Publisher"), change="update", note="A new table.")
    assert page(publication, **{"If-None-Match": first["ETag"]}).status_code == 200


def test_evidence_that_becomes_confidential_leaves_the_page_at_once() -> None:
    made = claim()
    row = evidence(made, title="Open table")
    publication = published(made)
    tag = page(publication)["ETag"]
    row.visibility = "confidential"
    row.save()
    again = page(publication, **{"If-None-Match": tag})
    assert again.status_code == 200
    assert "Open table" not in html.fromstring(again.content).xpath('string(//section[h2[@id="evh"]])')


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_only_reads(method: str) -> None:
    assert getattr(Client(), method)(published().get_absolute_url()).status_code == 405


def test_page_asks_the_same_number_of_questions_however_much_there_is() -> None:
    few = published()
    made = claim()
    for _ in range(6):
        evidence(made)
    many = published(made)
    assert questions(many.get_absolute_url()) == questions(few.get_absolute_url()) <= 10


@pytest.mark.parametrize(
    "path", ["/verdicts/", "/feeds/verdicts.atom", "/feeds/verdicts.rss", "/feeds/verdicts.json",
             "/feeds/claimreview.json"],
)  # fmt: skip
def test_lists_ask_the_same_number_of_questions_however_long(path: str) -> None:
    published()
    few = questions(path)
    for _ in range(4):
        published()
    assert questions(path) == few <= 8  # the first asks what everything listed depends on


def questions(path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(path)
        assert answer.status_code == 200
        answer.getvalue()  # what is streamed is read here
    return len(asked)


# --- lists and feeds -----------------------------------------------------------------------------------
def test_list_and_method_and_robots_are_open() -> None:
    publication = published()
    assert publication.get_absolute_url() in Client().get("/verdicts/").content.decode()
    method = Client().get("/how-we-work/").content.decode()
    assert "Not checkable" in method
    assert 'id="corrections"' in method
    assert "Disallow: /\n" in Client().get("/robots.txt").content.decode()


def test_list_without_anything_says_so() -> None:
    assert "Nothing is published yet" in Client().get("/verdicts/").content.decode()


def test_list_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.views.public.PAGE_LENGTH", 2)
    for _ in range(3):
        published()
    first, second = (Client().get(f"/verdicts/?page={number}").content.decode() for number in (1, 2))
    assert (first.count("/verdicts/output"), second.count("/verdicts/output")) == (2, 1)
    assert Client().get("/verdicts/?page=rubbish").status_code == 200


@pytest.mark.parametrize(("name", "kind"), [("atom", "atom10"), ("rss", "rss20")])
def test_feed_can_be_read(name: str, kind: str) -> None:
    publication = published()
    answer = Client().get(f"/feeds/verdicts.{name}")
    ElementTree.fromstring(answer.content)
    feed = feedparser.parse(answer.content)
    assert (feed.version, bool(feed.bozo)) == (kind, False)
    (entry,) = feed.entries
    assert entry.title == f"Misleading: {STATEMENT}"
    assert entry.link.endswith(publication.get_absolute_url())
    assert entry.id.startswith("tag:127.0.0.1,")


def test_feed_says_that_something_changed_and_keeps_its_id() -> None:
    publication = published()
    before = feedparser.parse(Client().get("/feeds/verdicts.atom").content).entries[0]
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    after = feedparser.parse(Client().get("/feeds/verdicts.atom").content).entries[0]
    assert after.id == before.id
    assert (after.title, after.summary) == (f"Retracted: {STATEMENT}", "The table was forged.")
    assert after.updated >= before.updated


def test_json_feed_is_version_1_1() -> None:
    published()
    feed = Client().get("/feeds/verdicts.json").json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert {"id", "url", "title", "content_html", "date_published"} <= item.keys()
    assert item["_claimreview"]["ratingValue"] == 2


def test_claimreview_feed_has_the_data_commons_shape() -> None:
    live, gone = published(), published()
    publication_retract(publication=gone, actor=person("Publisher"), note="The table was forged.")
    feed = json.loads(Client().get("/feeds/claimreview.json").getvalue())
    assert feed["@type"] == "DataFeed"
    by_url = {item["item"][0]["url"]: item for item in feed["dataFeedElement"]}
    kept, deleted = (by_url[f"http://127.0.0.1:8000{one.get_absolute_url()}"] for one in (live, gone))
    assert kept["item"][0]["claimReviewed"] == STATEMENT
    assert "dateDeleted" in deleted
    assert "reviewRating" not in deleted["item"][0]


# --- commands ------------------------------------------------------------------------------------------
def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_export_writes_every_format() -> None:
    live, gone = published(), published()
    approved()
    publication_retract(publication=gone, actor=person("Publisher"), note="The table was forged.")
    documents = [json.loads(line) for line in run("export_verdicts", "--format", "claimreview").splitlines()]
    assert [document["url"] for document in documents] == [live.versions.get().claimreview["url"]]
    feed = json.loads(run("export_verdicts", "--format", "datacommons"))
    assert len(feed["dataFeedElement"]) == 2
    rows = list(csv.DictReader(io.StringIO(run("export_verdicts", "--format", "csv"))))
    assert [(row["label"], row["value"], row["retracted"]) for row in rows] == [
        ("Misleading", "2", "False"), ("", "", "True"),
    ]  # fmt: skip
    lines = [json.loads(line) for line in run("export_verdicts", "--format", "jsonl").splitlines()]
    assert [line["label"] for line in lines] == ["Misleading", None]


def test_export_cell_is_never_a_formula() -> None:
    published(claim(statement="=HYPERLINK(1) has doubled"))
    (row,) = csv.DictReader(io.StringIO(run("export_verdicts", "--format", "csv")))
    assert row["claim"] == "'=HYPERLINK(1) has doubled"


def test_key_command_shows_the_key_once_and_keeps_its_fingerprint() -> None:
    holder = person("Checker", name="ines")
    token = run("create_api_key", "CMS", "--person", "ines", "--scope", "read", "ingest").strip()
    key = ApiKey.objects.get()
    assert (key.person, key.scopes) == (holder, ["ingest", "read"])
    assert token not in json.dumps(list(ApiKey.objects.values("name", "prefix", "digest")), default=str)
    assert Client().get("/api/v1/claims/", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_key_command_refuses_who_is_not_there() -> None:
    with pytest.raises(CommandError, match="nobody-here"):
        run("create_api_key", "CMS", "--person", "nobody-here", "--scope", "read")
