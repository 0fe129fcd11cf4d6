"""Finding a published verdict: words, verdict, speaker, desk; the same filters for pages and feeds; streams."""

from __future__ import annotations

import json

import feedparser
import pytest
from django.test import Client

from articles.models import Desk
from reviews.models import DeskPolicy
from reviews.services.correction import publication_correct, publication_retract
from tests.publishing import article, claim, person, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def several() -> None:
    sport = Desk.objects.create(name="Sport", slug="sport", walled=False)
    DeskPolicy.objects.create(pk=sport.pk, desk=sport)
    published(claim(statement="Output of the Ostrel plant has doubled", speaker="Ilva Torrent"))
    published(claim(statement="The harbour tram cost 260 million crowns", speaker="Mirek Ash"), label="false")
    published(claim(article(desk=sport), statement="Nobody scored more goals", speaker="Mirek Ash"), label="true")


def titles(query: str) -> list[str]:
    feed = json.loads(Client().get(f"/feeds/verdicts.json{query}").content)
    return sorted(item["title"].partition(": ")[2][:12] for item in feed["items"])


GOALS, PLANT, TRAM = "Nobody score", "Output of th", "The harbour "


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [GOALS, PLANT, TRAM]),
        ("?verdict=false", [TRAM]),
        ("?speaker=mirek+ash", [GOALS, TRAM]),
        ("?speaker=Mirek", []),
        ("?desk=sport", [GOALS]),
        ("?desk=sport&verdict=false", []),
        ("?q=harbour", [TRAM]),
        ("?q=harbour+plant", []),
        ("?q=%00&verdict=%00false", [TRAM]),
        ("?q=%22%28*&speaker=" + "x" * 5000, []),
        ("?page=-1&nonsense=1", [GOALS, PLANT, TRAM]),
    ],
)
def test_page_and_feeds_are_narrowed_alike(several: None, query: str, found: list[str]) -> None:
    assert titles(query) == found
    page = Client().get(f"/verdicts/{query}")
    assert page.status_code == 200
    assert [start in page.content.decode() for start in (GOALS, PLANT, TRAM)] == [
        start in found for start in (GOALS, PLANT, TRAM)
    ]
    for kind in ("atom", "rss"):
        body = Client().get(f"/feeds/verdicts.{kind}{query}").content
        parsed = feedparser.parse(body)
        assert not parsed.bozo
        assert len(parsed.entries) == len(found)


def test_filters_stay_in_the_links_and_are_escaped(several: None) -> None:
    page = Client().get("/verdicts/?q=%22%3E%3Cscript%3E&verdict=false").content.decode()
    assert "<script>" not in page
    assert "feeds/verdicts.atom?q=%22%3E%3Cscript%3E&amp;verdict=false" in page
    feed = json.loads(Client().get("/feeds/verdicts.json?desk=sport").content)
    assert feed["feed_url"].endswith("?desk=sport")
    assert "sport" in feed["title"]


def test_a_retracted_verdict_is_found_neither_by_its_words_nor_by_its_label() -> None:
    publication = published()
    publication_retract(publication=publication, actor=person("Publisher"), note="The table was forged.")
    for query in ("?q=Ostrel", "?verdict=misleading"):
        assert titles(query) == []
    assert len(titles("")) == 1


def test_archive_takes_the_same_number_of_queries_however_long(several: None, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):  # with the profile, and what everything listed depends on
        Client().get("/verdicts/?verdict=false&speaker=Mirek+Ash")


def test_data_commons_feed_is_streamed_and_its_etag_follows_every_change() -> None:
    publication = published()
    published()
    first = Client().get("/feeds/claimreview.json")
    assert first.streaming
    assert len(json.loads(first.getvalue())["dataFeedElement"]) == 2
    again = Client().get("/feeds/claimreview.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, first["Cache-Control"])
    publication_correct(publication=publication, actor=person("Publisher"), change="refile")
    assert Client().get("/feeds/claimreview.json", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_empty_data_commons_feed_is_one_too() -> None:
    assert json.loads(Client().get("/feeds/claimreview.json").getvalue())["dataFeedElement"] == []
