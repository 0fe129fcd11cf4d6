"""Every feed, narrowed and whole, read by the clients people have: feedparser, and JSON Feed 1.1 by its schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker

from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.models import Publication, Tag
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.tag import publication_tag
from tests.publishing import approved, bearer, claim, person, published

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "jsonfeed" / "schema-1.1.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def tag(publication: Publication, *names: str, **more: Any) -> None:
    publication_tag(publication=publication, actor=person("Desk editor"), names=names, **more)


@pytest.fixture
def several() -> Publication:
    """A tagged check, a corrected one with awkward words, a retracted one, and one without speaker or summary."""
    first = published(claim(statement="Output of the Ostrel plant has doubled"))
    tag(first, "Energy", "Öffentlicher Verkehr")
    awkward = published(claim(statement="Costs < 5 & “more” than 3 \x0b percent \U0001f6a2 ]]>"), label="false")
    publication_correct(publication=awkward, actor=person("Publisher"), change="correction", note="Not < 5 & not 3.")
    gone = published(claim(statement="The harbour tram cost 260 million crowns"), label="true")
    publication_retract(publication=gone, actor=person("Publisher"), note="The table was forged.")
    published(claim(statement="Nobody scored more goals", speaker="", speech="own"), quote_check="", summary="")
    return first


NARROWED = (
    "", "?tag=energy", "?tag=%C3%B6ffentlicher-verkehr", "?speaker=Ilva+Torrent", "?verdict=false", "?desk=main",
    "?q=plant", "?tag=nothing", "?q=%3Cb%3E%26&speaker=%22",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["verdicts", "corrections"])
def test_json_feed_holds_to_its_standard(several: Publication, kind: str) -> None:
    for query in NARROWED:
        answer = Client().get(f"/feeds/{kind}.json{query}")
        assert answer["Content-Type"].startswith("application/feed+json")
        assert [error.message for error in VALIDATOR.iter_errors(answer.json())] == [], query


@pytest.mark.parametrize("kind", ["verdicts", "corrections"])
@pytest.mark.parametrize(("name", "version"), [("atom", "atom10"), ("rss", "rss20")])
def test_atom_and_rss_are_read_by_feedparser(several: Publication, kind: str, name: str, version: str) -> None:
    for query in NARROWED:
        feed = feedparser.parse(Client().get(f"/feeds/{kind}.{name}{query}").content)
        assert (feed.version, bool(feed.bozo)) == (version, False), query
        assert feed.feed.title
        assert all(entry.id and entry.link and entry.title for entry in feed.entries)


WRONG: dict[str, Any] = {
    "no title": lambda feed: feed.pop("title"),
    "another version": lambda feed: feed.update(version="https://jsonfeed.org/version/1"),
    "no id": lambda feed: feed["items"][0].pop("id"),
    "no content": lambda feed: feed["items"][0].pop("content_html"),
    "no date": lambda feed: feed["items"][0].update(date_published="yesterday"),
    "tags that are a word": lambda feed: feed["items"][0].update(tags="energy"),
    "an address without a host": lambda feed: feed["items"][0].update(url="/verdicts/x/"),
    "the author of version 1": lambda feed: feed.update(author={"name": "x"}),
    "a member of our own without underscore": lambda feed: feed.update(rating=1),
}


def test_the_validator_finds_what_is_wrong() -> None:
    published()
    good = Client().get("/feeds/verdicts.json").json()
    assert VALIDATOR.is_valid(good)
    for name, change in WRONG.items():
        feed = copy.deepcopy(good)
        change(feed)
        assert not VALIDATOR.is_valid(feed), name


# --- subjects ------------------------------------------------------------------------------------------
def test_subjects_narrow_page_and_feeds_and_are_named_in_them(several: Publication) -> None:
    feed = Client().get("/feeds/verdicts.json?tag=energy").json()
    assert [item["tags"] for item in feed["items"]] == [["Energy", "Öffentlicher Verkehr"]]
    for name in ("atom", "rss"):
        (entry,) = feedparser.parse(Client().get(f"/feeds/verdicts.{name}?tag=energy").content).entries
        assert [one.term for one in entry.tags] == ["Energy", "Öffentlicher Verkehr"]
    archive = Client().get("/verdicts/?tag=energy").content.decode()
    assert '<option value="energy" selected>Energy</option>' in archive
    assert "1 check found" in archive
    page = Client().get(several.get_absolute_url()).content.decode()
    assert 'href="/verdicts/?tag=energy" rel="tag">Energy</a>' in page


def test_subjects_are_replaced_and_two_spellings_are_one(several: Publication) -> None:
    other = approved(claim(statement="Something else"))
    tag(other, " energy ", "ENERGY", "", "Prices")
    assert sorted(other.tags.values_list("name", flat=True)) == ["Energy", "Prices"]
    tag(other)
    assert not other.tags.exists()
    assert Tag.objects.filter(slug="energy").count() == 1


@pytest.mark.parametrize("names", [["!!!"], ["x" * 61], [f"tag {n}" for n in range(21)]])
def test_bad_subjects_are_refused_and_nothing_is_written(names: list[str]) -> None:
    publication = approved()
    with pytest.raises(Invalid):
        tag(publication, "Energy", *names)
    assert not Tag.objects.exists()


def test_subjects_are_for_desk_editors_and_for_the_page_as_it_was_seen() -> None:
    publication = approved()
    with pytest.raises(NotAllowed):
        publication_tag(publication=publication, actor=person("Checker"), names=["Energy"])
    with pytest.raises(WrongState):
        tag(publication, "Energy", seen_version=publication.version + 1)


def test_subjects_are_set_on_the_card_and_through_the_api() -> None:
    publication, editor = published(), person("Desk editor")
    desk = Client()
    desk.force_login(editor)
    url = reverse("reviews:publication", args=[publication.claim_id])
    assert desk.post(url, {"act": "tags", "tags": "Energy, Prices", "seen": publication.version}).status_code == 302
    assert 'value="Energy, Prices"' in desk.get(publication.claim.get_absolute_url()).content.decode()
    publication.refresh_from_db()
    answer = Client().put(
        reverse("api-publication-tags", args=[publication.pk]), {"tags": ["Trams"], "version": publication.version},
        content_type="application/json", headers=bearer(editor, "publish"),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["tags"]) == (200, ["Trams"])
