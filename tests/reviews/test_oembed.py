"""Verdicts in other people's pages and in search engines: oEmbed, its card, sitemaps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone
from lxml import html
from playwright.sync_api import expect

from articles.models import Article
from reviews.models import Publication
from reviews.selectors import sitemaps
from reviews.services.correction import publication_correct, publication_retract
from tests.publishing import STATEMENT, approved, article, claim, person, published
from tests.servers import serving, typed

pytestmark = pytest.mark.django_db
BASE = "https://facts.tessel.example"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


@pytest.fixture(autouse=True)
def _our_address(settings: Any) -> None:
    settings.BASE_URL = BASE
    settings.ALLOWED_HOSTS = ["*"]


def oembed(url: str, **params: Any) -> Any:
    return Client().get("/oembed", {"url": url, **params})


def address(publication: Publication) -> str:
    return BASE + publication.get_absolute_url()


def retracted() -> Publication:
    publication = published()
    publication_retract(publication=publication, actor=person("Publisher"), note="The year was wrong.")
    publication.refresh_from_db()
    return publication


# --- oEmbed --------------------------------------------------------------------------------------------
def test_a_consumer_finds_the_card_by_the_link_in_the_page(settings: Any) -> None:
    settings.DESK_NAME = "Tessel Fact Desk"
    publication = published()
    page = html.fromstring(Client().get(publication.get_absolute_url()).content)
    (link,) = page.xpath('//link[@type="application/json+oembed"]/@href')
    assert parse_qs(urlsplit(link).query) == {"url": [address(publication)]}
    answer = Client().get(link.removeprefix(BASE))
    assert answer["Content-Type"].startswith("application/json")
    document = answer.json()
    frame = document.pop("html")
    assert document == {
        "type": "rich", "version": "1.0", "title": f"Misleading: {STATEMENT}", "author_name": "Tessel Fact Desk",
        "author_url": f"{BASE}/verdicts/", "provider_name": "Tessel Fact Desk", "provider_url": f"{BASE}/verdicts/",
        "cache_age": 3600, "width": 600, "height": 260,
    }  # fmt: skip
    (tag,) = html.fragments_fromstring(frame)
    assert tag.tag == "iframe"
    assert tag.get("src") == f"{BASE}/embed/{publication.slug}/"
    assert (tag.get("width"), tag.get("height"), tag.get("loading")) == ("600", "260", "lazy")
    assert "allow-scripts" not in tag.get("sandbox")
    assert "allow-same-origin" not in tag.get("sandbox")
    assert Client().get(f"/embed/{publication.slug}/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [({}, 600, 260), ({"maxwidth": 800, "maxheight": 900}, 600, 260), ({"maxwidth": 320}, 320, 360),
     ({"maxheight": 100}, 600, 100), ({"maxwidth": 300, "maxheight": 200}, 300, 200), ({"format": "json"}, 600, 260),
     ({"maxwidth": ""}, 600, 260)],
)  # fmt: skip
def test_the_card_keeps_within_the_limits(asked: dict[str, Any], width: int, height: int) -> None:
    document = oembed(address(published()), **asked).json()
    assert (document["width"], document["height"]) == (width, height)
    assert f'width="{width}" height="{height}"' in document["html"]


@pytest.mark.parametrize(
    "spelled",
    ["{base}/verdicts/{slug}/", "http://facts.tessel.example/verdicts/{slug}/", "{base}:443/verdicts/{slug}/",
     "https://FACTS.tessel.example/verdicts/{slug}/", "{base}/verdicts/{slug}/?utm_source=x#versions"],
)  # fmt: skip
def test_one_page_however_its_address_is_spelled(spelled: str) -> None:
    publication = published()
    assert oembed(spelled.format(base=BASE, slug=publication.slug)).status_code == 200


@pytest.mark.parametrize(
    "url",
    ["{base}/verdicts/unknown/", "{base}/verdicts/", "{base}/", "{base}/verdicts/{slug}/claimreview.json",
     "{base}/embed/{slug}/", "https://other.example/verdicts/{slug}/", "//facts.tessel.example/verdicts/{slug}/",
     "ftp://facts.tessel.example/verdicts/{slug}/", "/verdicts/{slug}/", "{base}:8443/verdicts/{slug}/",
     "https://facts.tessel.example@other.example/verdicts/{slug}/", "https://[::1/verdicts/{slug}/",
     "{base}:99999999/verdicts/{slug}/", "http://169.254.169.254/latest/", "javascript:alert(1)", "\x00", "😀"],
)  # fmt: skip
def test_other_addresses_are_unknown_and_never_fetched(url: str) -> None:
    publication = published()
    answer = oembed(url.format(base=BASE, slug=publication.slug))
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_not_out_is_unknown() -> None:
    draft = approved()
    assert oembed(address(draft)).status_code == 404
    assert Client().get(f"/embed/{draft.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("params", "status"),
    [({"format": "xml"}, 501), ({"format": "JSON "}, 501), ({"maxwidth": "wide"}, 400), ({"maxheight": "-1"}, 400),
     ({"maxwidth": "0"}, 400), ({"maxwidth": "9999999"}, 400), ({"url": ""}, 400)],
)  # fmt: skip
def test_what_cannot_be_answered(params: dict[str, str], status: int) -> None:
    assert Client().get("/oembed", {"url": address(published())} | params).status_code == status


def test_a_statement_cannot_break_out_of_the_frame() -> None:
    hostile = 'Output " onload="alert(1)" 1 < 2 > \' doubled'  # tags themselves are refused at publication
    publication = published(claim(statement=hostile))
    document = oembed(address(publication)).json()
    (tag,) = html.fragments_fromstring(document["html"])
    assert tag.get("title") == f"Fact check: Misleading: {hostile}"
    assert tag.get("onload") is None
    card = html.fromstring(Client().get(f"/embed/{publication.slug}/").content)
    assert card.xpath("//h1/text()") == [hostile]


# --- the card ------------------------------------------------------------------------------------------
def test_the_card_says_what_the_page_says_and_links_to_it() -> None:
    publication = published()
    answer = Client().get(f"/embed/{publication.slug}/")
    tree = html.fromstring(answer.content)
    text = " ".join(tree.xpath("//main")[0].text_content().split())
    for words in (STATEMENT, "Ilva Torrent", "Misleading", "The year before was the repair year.", "Checked"):
        assert words in text
    (link,) = tree.xpath("//main//a")
    assert (link.get("href"), link.get("target"), link.get("rel")) == (address(publication), "_blank", "noopener")
    assert tree.xpath('//link[@rel="canonical"]/@href') == [address(publication)]
    assert tree.xpath('//meta[@name="robots"]/@content') == ["noindex"]
    assert tree.xpath("//script | //@style | //form") == []
    assert not answer.cookies


def test_only_the_card_may_be_framed() -> None:
    publication = published()
    card = Client().get(f"/embed/{publication.slug}/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "default-src 'self'" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    for path in (publication.get_absolute_url(), "/verdicts/", "/login/"):
        other = Client().get(path)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_a_card_that_is_already_there_tells_of_corrections_and_retractions() -> None:
    publication = published()
    publication_correct(publication=publication, actor=person("Publisher"), change="update", note="New figures.")
    assert "Updated" in Client().get(f"/embed/{publication.slug}/").content.decode()
    publication.refresh_from_db()
    publication_retract(publication=publication, actor=person("Publisher"), note="The year was wrong.")
    text = Client().get(f"/embed/{publication.slug}/").content.decode()
    assert "Retracted." in text
    assert "The year was wrong." in text
    assert "Misleading" not in text
    assert oembed(address(publication)).json()["title"] == f"Retracted: {STATEMENT}"


def test_the_card_is_not_sent_twice() -> None:
    publication = published()
    first = Client().get(f"/embed/{publication.slug}/")
    again = Client().get(f"/embed/{publication.slug}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(27, 29, 31)")])
def test_the_card_is_drawn_inside_another_sites_page(
    live_server: Any, settings: Any, browser: Any, scheme: str, paper: str
) -> None:
    settings.BASE_URL = live_server.url
    publication = published()
    document = oembed(f"{live_server.url}{publication.get_absolute_url()}", maxwidth=320).json()
    host_page = f"<!doctype html><title>Host</title>{document['html']}".encode()
    with serving(lambda _asked: typed("text/html", host_page)) as site:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: troubles.append(message.text))
        page.on("requestfailed", lambda request: troubles.append(request.url))
        page.goto(site.url.replace("127.0.0.1", "localhost"))
        card = page.frame_locator("iframe")
        card.get_by_text("Misleading", exact=True).wait_for()
        main = card.locator("main")
        expect(main).to_have_css("background-color", paper)  # its words may be there before its style
        assert main.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
        with context.expect_page() as opened:
            card.get_by_text("Read the whole check").click()
        opened.value.get_by_role("heading", level=1).wait_for()
        assert opened.value.url == f"{live_server.url}{publication.get_absolute_url()}"
        context.close()
    # The driver itself tries to run scripts in the sandbox, and each try is reported.
    assert [words for words in troubles if not words.startswith("Blocked script execution")] == []


# --- sitemaps ------------------------------------------------------------------------------------------
def xml(path: str) -> Any:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_the_sitemap_names_live_pages_with_their_last_change() -> None:
    publication = published()
    publication_correct(publication=publication, actor=person("Publisher"), change="refile")
    publication.refresh_from_db()
    gone, draft = retracted(), approved()
    found = {
        one.findtext("s:loc", "", NS): one.findtext("s:lastmod", "", NS)
        for one in xml("/sitemap.xml").findall("s:url", NS)
    }
    assert found == {
        f"{BASE}/verdicts/": "",
        f"{BASE}/how-we-work/": "",
        address(publication): f"{publication.last_published_at:%Y-%m-%dT%H:%M:%S+00:00}",
        f"{BASE}/reports/{publication.claim.article_id}/": f"{publication.last_published_at:%Y-%m-%dT%H:%M:%S+00:00}",
    }
    assert address(gone) not in found
    assert address(draft) not in found


def test_many_pages_are_told_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "SITEMAP_LENGTH", 2)
    pages = {address(published()) for _ in range(5)}
    index = xml("/sitemap.xml")
    assert index.tag.endswith("sitemapindex")
    parts = [one.text or "" for one in index.findall("s:sitemap/s:loc", NS)]
    reports = f"{BASE}/sitemap-reports.xml"
    assert parts == [*(f"{BASE}/sitemap-{number}.xml" for number in (1, 2, 3)), reports]
    parts.remove(reports)
    told = [one.text for part in parts for one in xml(part.removeprefix(BASE)).findall("s:url/s:loc", NS)]
    assert len(told) == 5
    assert set(told) == pages
    for number in (0, 4):
        assert Client().get(f"/sitemap-{number}.xml").status_code == 404


def test_the_news_sitemap_tells_of_two_days(settings: Any) -> None:
    settings.DESK_NAME = "Facts & Figures"
    fresh = published(claim(article(language="en-GB"), statement="Output < 5 & rose \x0b in 2026"))
    old = published()
    Publication.objects.filter(pk=old.pk).update(first_published_at=timezone.now() - timedelta(days=2, minutes=1))
    retracted()
    (one,) = xml("/news-sitemap.xml").findall("s:url", NS)
    fresh.refresh_from_db()
    assert one.findtext("s:loc", "", NS) == address(fresh)
    assert one.findtext("n:news/n:publication/n:name", "", NS) == "Facts & Figures"
    assert one.findtext("n:news/n:publication/n:language", "", NS) == "en"
    assert one.findtext("n:news/n:title", "", NS) == "Misleading: Output < 5 & rose  in 2026"
    date = one.findtext("n:news/n:publication_date", "", NS)
    assert date == f"{fresh.first_published_at:%Y-%m-%dT%H:%M:%S+00:00}"


def test_an_empty_desk_has_sitemaps_too() -> None:
    assert len(xml("/sitemap.xml").findall("s:url", NS)) == 2
    assert xml("/news-sitemap.xml").findall("s:url", NS) == []
    assert not Article.objects.exists()


def test_robots_are_told_where_the_sitemaps_are() -> None:
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    assert f"Sitemap: {BASE}/news-sitemap.xml" in lines
    assert "Allow: /embed/" in lines


@pytest.mark.parametrize("path", ["/sitemap.xml", "/news-sitemap.xml", "/oembed?url=" + quote(BASE), "/embed/x/"])
def test_only_reading_is_possible(path: str) -> None:
    assert Client().post(path).status_code == 405


def test_a_longer_sitemap_asks_no_more_queries(django_assert_num_queries: Any) -> None:
    for number in range(3):
        published()
        with django_assert_num_queries(4):
            xml("/sitemap.xml")
        with django_assert_num_queries(4):
            assert len(xml("/news-sitemap.xml").findall("s:url", NS)) == number + 1
