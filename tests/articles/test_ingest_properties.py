"""What holds for any text at all."""

from __future__ import annotations

import time
from importlib import resources
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.ingest.language import detect_language
from articles.ingest.wire import parse_wire

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

# A loaded machine is no reason to fail: how long reading takes has a test of its own.
UNHURRIED = settings(deadline=None)
AGENCIES = ("Tessel Wire", "AP Photo", "Kestrian Press Agency", "Sputnik", "REUTERS", "Photo ")
PEOPLE = ("Jona Besk", "Dorte Amsel", "Maro van der Linde", "Handout", "J. P. Norum")
CAPTIONS = (
    "A woman casts her ballot in Port Almar",
    "The barrage of Ostrel at dawn on November 18, 2026.",
    "Energy Minister Ilva Torrent attends a ceremony in Ostrel",
)
PARAGRAPHS = (
    "The council agreed on Monday to close the old market by the end of the year.",
    '"Nobody asked us," said Renna Halvik, who heads the union.',
    "PORT ALMAR (Tessel) - The plant has run on all turbines for a year.",
    "Kestria plans two more barrages by 2032 🌊.",
)
QUIRKS = st.one_of(
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(["Read more: Ferry sold", "Share", "Updated: 11:05 GMT 19.11.2026", "What happens next", ""]),
    st.text(max_size=60),
)


@st.composite
def picture(draw: st.DrawFn) -> list[str]:
    """A credit glued to its caption in one of the known ways, and the lines that follow it."""
    credit = f"© {draw(st.sampled_from(AGENCIES))} / {draw(st.sampled_from(PEOPLE))}"
    caption = draw(st.sampled_from(CAPTIONS))
    glued = draw(st.sampled_from([f"{credit} {caption}", f"{credit} / Go to the mediabank{caption}"]))
    return draw(st.sampled_from([[glued, credit], [glued, caption, f"{credit}/"], [glued, f"{credit} /"]]))


def assert_blocks_fit(article: ParsedArticle) -> None:
    at = 0
    for block in article.blocks:
        words = article.text[block.start : block.end]
        assert at <= block.start < block.end <= len(article.text)
        assert words == words.strip()
        assert words
        assert not article.text[at : block.start].strip()
        at = block.end
    assert at == len(article.text)
    assert article.title == "" or article.blocks[0].kind == "headline"


@UNHURRIED
@given(st.text())
def test_any_text_is_read_into_blocks_that_fit(text: str) -> None:
    assert_blocks_fit(parse_wire(text))


@UNHURRIED
@given(st.text(alphabet=' \n\r\u00a0\u00ad©/()-–—:.,>•*"“”AaБбع1🎉\ud800', max_size=200))
def test_any_mix_of_marks_is_read_into_blocks_that_fit(text: str) -> None:
    assert_blocks_fit(parse_wire(text))


@UNHURRIED
@given(st.lists(st.one_of(picture(), QUIRKS.map(lambda line: [line])), max_size=12))
def test_no_dropped_credit_is_left_and_no_word_is_lost(parts: list[list[str]]) -> None:
    article = parse_wire("\n".join(["Two Reports", *(line for part in parts for line in part)]))
    assert_blocks_fit(article)
    credits = [dropped.text for dropped in article.dropped if dropped.reason == "credit"]
    assert not [credit for credit in credits if len(credit) > 1 and credit in article.text]
    for part in parts:
        for caption in CAPTIONS:
            assert all(caption not in line for line in part) or article.text.count(caption) == 1


@UNHURRIED
@given(st.lists(QUIRKS, max_size=12).map("\n".join))
def test_the_same_text_gives_the_same_article(text: str) -> None:
    assert parse_wire(text) == parse_wire(text)


@UNHURRIED
@given(st.text())
def test_any_text_has_a_known_language_or_none(text: str) -> None:
    assert detect_language(text) in {"", "en", "es", "fr", "de", "pt", "ru", "uk", "ar"}


def test_the_time_it_takes_grows_with_the_length_only() -> None:
    """Ten times the story may take ten times as long, and some, but not a hundred times."""
    story = resources.files("articles.sample").joinpath("stories", "ostrel-tidal-plant.txt").read_text("utf-8")
    short, long = story * 200, story * 2_000
    assert len(long.encode()) > 4_000_000
    started = time.perf_counter()
    parse_wire(short)
    between = time.perf_counter()
    article = parse_wire(long)
    assert time.perf_counter() - between < max(30 * (between - started), 5)
    assert_blocks_fit(article)
