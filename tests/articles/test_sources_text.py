"""The pure parts of asking: words to search for, passages to quote, mark-up taken away."""

from __future__ import annotations

from datetime import date

import pytest

from articles.sources.markup import one_line, plain_text
from articles.sources.passages import cut_passages
from articles.sources.queries import LOOSE_WORDS, STRICT_WORDS, build_query

CLAIM = (
    "Transport minister Ida Holt denied on Wednesday that the Port of Varnholm lost 4.1 million passengers in 2019"
)


def test_a_query_keeps_names_and_numbers_and_drops_filler() -> None:
    query = build_query(CLAIM, speaker="Ida Holt")
    words = query.text.split()
    assert {"Ida", "Holt", "2019", "4.1"} <= set(words)
    assert not {"on", "the", "Wednesday", "denied", "that"} & set(words)
    assert len(words) <= STRICT_WORDS
    assert len(query.loose.split()) <= LOOSE_WORDS
    assert set(query.loose.split()) < {*words, "passengers", "Transport"}
    assert (query.claim, query.speaker) == (CLAIM, "Ida Holt")


def test_a_query_without_names_has_its_telling_words() -> None:
    query = build_query("unemployment fell sharply last year")
    assert query.text.split()[0] == "unemployment"


def test_known_entities_come_first_and_strange_ones_are_left_out() -> None:
    entities = [{"words": "grey sound", "kind": "place"}, {"words": "elsewhere", "kind": "place"}]
    query = build_query("The grey sound froze in 1940.", entities=entities)
    assert query.text.split()[:2] == ["grey", "sound"]
    assert "elsewhere" not in query.text


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (["2022-10-12"], date(2022, 10, 12)),
        (["2022-10", "2021-01-05"], date(2022, 10, 1)),
        (["2019"], date(2019, 1, 1)),
        (["2022-10-01/2022-10-09"], date(2022, 10, 9)),
        (["2022-13-45", "soon"], None),
        ([], None),
    ],
)
def test_the_latest_date_is_the_claims_day(values: list[str], day: date | None) -> None:
    assert build_query("x", dates=[{"value": value} for value in values]).claimed_on == day


@pytest.mark.parametrize("text", ["", "   ", "...", "the of and"])
def test_a_claim_of_nothing_makes_an_empty_query(text: str) -> None:
    assert build_query(text).text == ""


def test_an_empty_statement_falls_back_to_the_quote() -> None:
    assert "Varnholm" in build_query("", "They closed the harbour of Varnholm").text


# --- passages --------------------------------------------------------------------------------------------

TEXT = "One.\nStill one.\n\nTwo.\n\n\n\nThree."


def test_paragraphs_are_counted_and_verbatim() -> None:
    found = cut_passages(TEXT)
    assert [(passage.text, passage.locator) for passage in found] == [
        ("One.\nStill one.", "paragraph 1"),
        ("Two.", "paragraph 2"),
        ("Three.", "paragraph 3"),
    ]
    assert all(TEXT[passage.start : passage.end] == passage.text for passage in found)


def test_pages_and_sections_are_named() -> None:
    text = "First page.\f== History ==\nOld.\nNew.\n== Now ==\nToday."
    assert [passage.locator for passage in cut_passages(text, by_line=True)] == [
        "page 1, paragraph 1",
        'page 2, section "History", paragraph 1',
        'page 2, section "History", paragraph 2',
        'page 2, section "Now", paragraph 1',
    ]


@pytest.mark.parametrize("text", ["Word. " * 400, "word " * 400, "x" * 2000, "“Ja!” sa hon. " * 200, "🎈 " * 800])
def test_long_paragraphs_are_cut_and_nothing_is_lost(text: str) -> None:
    found = cut_passages(text, longest=200)
    assert all(0 < len(passage.text) <= 200 for passage in found)
    assert all(text[passage.start : passage.end] == passage.text for passage in found)
    assert "".join("".join(passage.text for passage in found).split()) == "".join(text.split())
    assert {passage.locator for passage in found} == {"paragraph 1"}


def test_sentences_stay_whole_where_they_fit() -> None:
    found = cut_passages("First sentence here. Second sentence here. Third one.", longest=45)
    assert [passage.text for passage in found] == ["First sentence here. Second sentence here.", "Third one."]


@pytest.mark.parametrize("text", ["", " \n\n ", "\f\f"])
def test_nothing_gives_no_passage(text: str) -> None:
    assert cut_passages(text) == []


# --- mark-up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a <b>b</b></p><p>c</p>", "a b\n\nc"),
        ("a<br>b", "a\n\nb"),
        ("<script>alert(1)</script>z", "z"),
        ("<style>p{}</style><p>z", "z"),
        ("<img src=x onerror=alert(1)>t", "t"),
        ("1 &lt; 2 &amp; 3&nbsp;%", "1 < 2 & 3 %"),
        ('<span class="searchmatch">hit</span>s', "hits"),
        ("<svg><text>no</text></svg>yes", "yes"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_a_title_is_one_line() -> None:
    assert one_line("<b>Two</b><br>lines\n here") == "Two lines here"
