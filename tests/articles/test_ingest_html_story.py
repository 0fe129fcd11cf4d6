"""Which words of a page are its story, and which are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from articles.ingest.html import html_pieces, parse_html
from articles.ingest.html_captions import caption_pieces
from articles.ingest.html_meta import Titles, choose_title
from articles.ingest.readers import read_bytes

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

LONG = "The council of Port Almar agreed on Monday to close the old fish market by the end of the year, number {}."
STORY = [LONG.format(number) for number in range(12)]


def paragraphs(first: int, last: int) -> str:
    return "".join(f"<p>{text}</p>" for text in STORY[first:last])


def page(body: str, *, head: str = "", linked: dict[str, object] | None = None) -> ParsedArticle:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    return parse_html(f"<html lang='en'><head>{head}{script}</head><body>{body}</body></html>")


def kept(article: ParsedArticle) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks if block.kind != "headline"]


def reasons(article: ParsedArticle) -> dict[str, str]:
    return {part.text: part.reason for part in article.dropped}


def test_a_story_cut_into_parts_by_advertisements_is_whole() -> None:
    parts = "".join(
        f"<div class='body-part'>{paragraphs(at, at + 3)}</div><div class='ad-slot'>Advertisement</div>"
        for at in (0, 3, 6, 9)
    )
    assert kept(page(f"<main><article>{parts}</article></main>")) == STORY


def test_comments_longer_than_the_story_stay_out() -> None:
    comments = "".join(f"<div class='comment'><p>I think that {text}</p></div>" for text in STORY)
    assert kept(page(f"<div class='story'>{paragraphs(0, 6)}</div><div id='comments'>{comments}</div>")) == STORY[:6]


def test_a_misleading_name_does_not_hide_the_story() -> None:
    body = f"<div class='page-with-sidebar has-newsletter modal'><div class='widget'>{paragraphs(0, 6)}</div></div>"
    assert kept(page(body)) == STORY[:6]


def test_of_several_stories_on_a_page_the_one_of_the_title_is_read() -> None:
    other = "".join(
        f"<p>Another thing entirely happened in Ostrel on Tuesday, said witness number {n}.</p>" for n in range(9)
    )
    first = f"<article><h2>Dam of Ostrel opens again</h2>{other}</article>"
    second = f"<article><h2>Fish market to close</h2>{paragraphs(0, 6)}</article>"
    head = '<meta property="og:title" content="Fish market to close">'
    assert kept(page(f"<main>{first}{second}</main>", head=head)) == STORY[:6]


def test_a_summary_above_the_story_belongs_to_it() -> None:
    body = (
        "<header><h1>Fish market of Port Almar to close</h1><p class='standfirst'>Traders were not asked</p>"
        "<p class='timestamp'>16 November 2026</p></header>"
        f"<div class='share-bar'>Share</div><div class='text'>{paragraphs(0, 6)}</div>"
    )
    assert kept(page(body)) == STORY[:6]
    longer = body.replace("Traders were not asked", "Traders of the old market were not asked by anybody")
    assert kept(page(longer)) == ["Traders of the old market were not asked by anybody", *STORY[:6]]


def test_links_to_other_stories_are_dropped_with_their_reason() -> None:
    card = "<div><h3><a href='/x'>Dam of Ostrel opens again</a></h3><p>It was closed for a year.</p></div>"
    more = "<h3>More from the Gazette</h3><ul><li>Ferry is sold, and the port is next, they say.</li></ul>"
    link = "<p><a href='/y'>Read more about fish</a></p>"
    body = f"<article>{paragraphs(0, 3)}{card}{link}{paragraphs(3, 6)}{more}</article>"
    article = page(body)
    assert kept(article) == STORY[:6]
    assert reasons(article)["It was closed for a year."] == "related story"
    assert reasons(article)["Read more about fish"] == "navigation"


def test_a_pull_quote_is_not_read_twice_and_a_quotation_is_kept() -> None:
    said = "Nobody asked us before the vote"
    body = (
        f"<article>{paragraphs(0, 3)}<blockquote>{said}</blockquote><p>“{said},” said Renna Halvik of the union.</p>"
        f"<blockquote>We shall vote on it again, the mayor wrote.</blockquote>{paragraphs(3, 6)}</article>"
    )
    article = page(body)
    assert article.text.count(said) == 1
    assert reasons(article)[said] == "repeated quote"
    assert "We shall vote on it again, the mayor wrote." in kept(article)


def test_rows_of_a_table_are_lines_and_stay_in_their_place() -> None:
    rows = "".join(f"<tr class='player-row'><td>{n}</td><td>Team {n}</td><td>{90 - n}</td></tr>" for n in (1, 2))
    article = page(f"<article>{paragraphs(0, 3)}<table>{rows}</table></article>")
    assert kept(article)[-2:] == ["1 Team 1 89", "2 Team 2 88"]


def test_text_that_is_only_in_the_linked_data_is_read_from_there() -> None:
    linked = {"@type": "NewsArticle", "headline": "Fish market to close", "articleBody": "\n".join(STORY)}
    assert kept(page(f"<article><p>{STORY[0]}</p><p>Subscribe to read on.</p></article>", linked=linked)) == STORY


def test_a_fragment_of_a_feed_is_read_whole() -> None:
    assert [piece.text for piece in html_pieces("<p>Short</p>one<br><br>two<ul><li>three</ul>")] == [
        "Short", "one", "two", "three"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "caption", "credit"),
    [
        ("© Tessel Wire / Jona Besk", "", "© Tessel Wire / Jona Besk"),
        ("Stalls of the market in May (Jona Besk/Tessel)", "Stalls of the market in May", "(Jona Besk/Tessel)"),
        (
            "Stalls of the market. Photograph: Jona Besk/Tessel",
            "Stalls of the market.",
            "Photograph: Jona Besk/Tessel",
        ),
        ("Stalls of the market (Image credit: Tessel)", "Stalls of the market", "(Image credit: Tessel)"),
        (
            "The last stalls are taken down. Jona Besk for Tessel",
            "The last stalls are taken down.",
            "Jona Besk for Tessel",
        ),
        ("Jona Besk/Getty Images", "", "Jona Besk/Getty Images"),
        ("Source: Statistics Office", "", "Source: Statistics Office"),
        ("The mayor (left) walks over the market", "The mayor (left) walks over the market", ""),
        ("The last stalls of the market (", "The last stalls of the market", ""),
        ("Jona Besk", "", "Jona Besk"),
    ],
)
def test_a_caption_is_cut_loose_from_its_credit(words: str, caption: str, credit: str) -> None:
    pieces = list(caption_pieces(words))
    assert [piece.text for piece in pieces if piece.kind == "caption"] == ([caption] if caption else [])
    assert [piece.text for piece in pieces if piece.reason == "credit"] == ([credit] if credit else [])


def test_captions_are_blocks_of_their_own_in_their_place() -> None:
    figure = "<figure><img src='p.jpg'><figcaption>Stalls of the market in May</figcaption></figure>"
    article = page(f"<article>{paragraphs(0, 3)}{figure}{paragraphs(3, 6)}</article>")
    assert [block.kind for block in article.blocks] == [*["paragraph"] * 3, "caption", *["paragraph"] * 3]


@pytest.mark.parametrize(
    ("titles", "chosen"),
    [
        (Titles(), ""),
        (Titles(linked="A", shared="A", seen="A"), "A"),
        (Titles(linked="Long headline", shared="Short", seen="Long headline"), "Long headline"),
        (Titles(linked="For machines", shared="Seen", seen="Seen"), "For machines"),
        (Titles(linked="For machines", shared="Seen", seen="Seen", other="Seen"), "Seen"),
        (Titles(linked="For machines", shared="Seen", seen="Seen", tail_copied=True), "Seen"),
        (Titles(linked="For machines", seen="Seen", bar="Seen - Gazette"), "Seen"),
        (Titles(linked="LIVE: now this", shared="The story", seen="LIVE: now this", is_live=True), "The story"),
        (Titles(shared="Shared", seen="Seen"), "Seen"),
        (Titles(shared="Shared"), "Shared"),
    ],
)
def test_the_headline_is_chosen_among_what_the_page_says(titles: Titles, chosen: str) -> None:
    assert choose_title(titles) == chosen


@pytest.mark.parametrize(
    ("story", "title", "published", "modified"),
    [
        ("Fish market to close 07:10 GMT 16.11.2026\nIt closes.", "Fish market to close", 7, None),
        ("07:10 GMT 16.11.2026 Fish market to close\nIt closes.", "Fish market to close", 7, None),
        ("Fish market to close | 07:10 GMT 16.11.2026 (Updated: 09:10 GMT 16.11.2026)\nIt closes.",
         "Fish market to close", 7, 9),
        ("Market to close on November 18, 2026\nIt closes.", "Market to close on November 18, 2026", None, None),
    ],
)  # fmt: skip
def test_times_glued_to_a_headline_are_cut_loose(
    story: str, title: str, published: int | None, modified: int | None
) -> None:
    parsed = read_bytes(story.encode(), name="story.txt")
    assert parsed.title == title
    assert (parsed.published_at.hour if parsed.published_at else None) == published
    assert (parsed.modified_at.hour if parsed.modified_at else None) == modified
