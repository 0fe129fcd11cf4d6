"""News pages: what they say about themselves, and their main text."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from articles.ingest.html import declared_charset, parse_html
from articles.ingest.model import Dateline, ParsedArticle

BODY = """<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Port Almar closes its fish market</h1><p class="byline">By Jona Besk</p>
<p>PORT ALMAR (Tessel) - The council of Port Almar agreed on Monday to close the old fish market by the end
of the year, the mayor told reporters during a press briefing in the town hall.</p>
<figure><img src="p.jpg"><figcaption>© Tessel Wire / Dorte Amsel</figcaption></figure>
<blockquote>"Nobody asked us before the vote was taken," said Renna Halvik, who heads the traders' union.</blockquote>
<h2>What happens next</h2>
<ul><li>The forty stalls will be taken down in the course of May.</li><li>The roof goes in June.</li></ul>
<p>The market was built in 1907 and had 112 stalls when it was at its largest, according to the city archive,
which keeps the plans of the hall.</p></article><footer>All rights reserved. Contact us.</footer>"""
LINKED = {
    "@context": "https://schema.org",
    "@type": ["NewsArticle"],
    "headline": "Port Almar closes market",
    "datePublished": "2026-11-16T09:10:00+02:00",
    "dateModified": "2026-11-16T08:00:00Z",
    "inLanguage": "en-GB",
    "author": [{"@type": "Person", "name": "Jona Besk"}, {"@type": "Person", "name": "Lia Norum"}],
    "publisher": {"@type": "Organization", "name": "Port Almar Gazette"},
}


def page(head: str = "", *linked: object, body: str = BODY, lang: str = "en") -> ParsedArticle:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in linked)
    source = f'<!DOCTYPE html><html lang="{lang}"><head>{head}{scripts}</head><body>{body}</body></html>'
    return parse_html(source, url="https://www.gazette.example/market")


def blocks(article: ParsedArticle) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def test_a_page_is_read_into_the_blocks_of_its_story() -> None:
    article = page("<title>Port Almar closes its fish market - Gazette</title>", LINKED)
    assert article.title == "Port Almar closes its fish market"
    assert [kind for kind, _ in blocks(article)] == [
        "headline", "paragraph", "quote", "heading", "list", "list", "paragraph",
    ]  # fmt: skip
    assert blocks(article)[1][1].startswith("The council of Port Almar agreed on Monday")
    assert article.dateline == Dateline("PORT ALMAR", "Tessel")
    assert not [words for words in ("Home", "©", "Amsel", "Contact us") if words in article.text]


def test_linked_data_gives_times_people_language_and_publisher() -> None:
    article = page("", LINKED)
    assert article.published_at == datetime(2026, 11, 16, 7, 10, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    assert article.authors == ("Jona Besk", "Lia Norum")
    assert (article.language, article.publisher) == ("en", "Port Almar Gazette")


@pytest.mark.parametrize(
    "linked",
    [[LINKED], {"@graph": [{"@type": "WebPage"}, LINKED]}, {"@type": "WebPage", "mainEntity": LINKED}],
)
def test_linked_data_is_found_wherever_it_is_nested(linked: object) -> None:
    assert page("", linked).publisher == "Port Almar Gazette"


def test_a_broken_block_of_linked_data_hides_nothing() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    assert page(head, LINKED).authors == ("Jona Besk", "Lia Norum")


def test_without_linked_data_the_meta_elements_speak() -> None:
    head = (
        '<meta property="og:site_name" content="Gazette">'
        '<meta property="og:title" content="Market &amp; hall - Gazette">'
        '<meta property="article:published_time" content="2026-11-16T09:10:00+02:00">'
        '<meta property="article:modified_time" content="2026-11-16"><meta name="author" content="By Jona Besk">'
        '<meta name="author" content="https://gazette.example/jona">'
    )
    article = page(head, body=BODY.replace("h1", "h3"))
    assert article.title == "Market & hall"
    assert article.published_at == datetime(2026, 11, 16, 7, 10, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 11, 16, tzinfo=UTC)
    assert article.authors == ("Jona Besk",)
    assert article.publisher == "Gazette"


def test_a_page_that_says_nothing_about_itself_is_read_all_the_same() -> None:
    article = page(lang="")
    assert article.title == "Port Almar closes its fish market"
    assert article.published_at is None
    assert (article.language, article.publisher) == ("en", "gazette.example")


def test_values_of_the_wrong_kind_are_passed_over() -> None:
    odd = {"@type": "NewsArticle", "headline": {"a": 1}, "datePublished": 20261116, "author": [None, 7, {}],
           "publisher": [], "inLanguage": 3}  # fmt: skip
    article = page("", odd)
    assert article.title == "Port Almar closes its fish market"
    assert (article.authors, article.language) == (("Jona Besk",), "en")


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b'<html><meta charset="windows-1251">', "windows-1251"),
        (b"<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        (b"<html>", ""),
        (b"<html>" + b" " * 5000 + b'<meta charset="x">', ""),
    ],
)
def test_the_charset_is_found_at_the_top_of_a_page(data: bytes, charset: str) -> None:
    assert declared_charset(data) == charset
