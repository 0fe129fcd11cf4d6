"""A quotation is where the text has it, or nowhere."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.llm.anchoring import haystack

TEXT = (
    "Harbour tram opens\n\n"
    "“The line cost 240 million crowns”, the minister said. It doesn’t run at night – not yet.\n\n"
    "The line cost 240 million crowns, the audit of\u00a0the city found; fares rose 14.1 percent in the ﬁrst year."
)
HAY = haystack(TEXT)


def words(quote: str, **more) -> str | None:
    anchor = HAY.find(quote, **more)
    return None if anchor is None else TEXT[anchor.start : anchor.end]


FOUND = {
    "as it stands": ("fares rose 14.1 percent", "fares rose 14.1 percent", "exact"),
    "typographic apostrophe": ("It doesn't run at night", "It doesn’t run at night", "folded"),
    "dash": ("run at night - not yet", "run at night – not yet", "folded"),
    "no-break space": ("the audit of the city found", "the audit of\u00a0the city found", "folded"),
    "ligature": ("in the first year", "in the ﬁrst year", "folded"),
    "white space": ("fares   rose\n14.1 percent", "fares rose 14.1 percent", "folded"),
    "marks around it": ('"fares rose 14.1 percent."', "fares rose 14.1 percent", "folded"),
    "a letter off": (
        "the audit of the citys found; fares rose",
        "the audit of\u00a0the city found; fares rose",
        "fuzzy",
    ),
}


@pytest.mark.parametrize(("quote", "there", "how"), FOUND.values(), ids=FOUND)
def test_what_is_there_is_found_with_the_texts_own_words(quote, there, how):
    anchor = HAY.find(quote)
    assert anchor is not None
    assert (TEXT[anchor.start : anchor.end], anchor.how) == (there, how)


LIES = {
    "never said": "The line cost 900 million crowns and was late",
    "another number": "fares rose 14.7 percent in the first year",
    "a part of a number": "4.1 percent in the first year",
    "turned round": "It does run at night – not yet, the mayor promised",
    "negation dropped": "the audit of the city never found; fares rose 14.1 percent in the first year",
    "two paragraphs": "not yet.\n\nThe line cost 240 million crowns, the audit",
    "left out in the middle": "The line cost ... the audit of the city found",
    "too short to be anywhere": "the",
    "nothing": "",
    "white space": "      \n\n    ",
}


@pytest.mark.parametrize("quote", LIES.values(), ids=LIES)
def test_what_is_not_there_is_not_found(quote):
    assert HAY.find(quote) is None


def test_words_that_stand_twice_are_taken_where_they_were_meant():
    first, second = (at for at in range(len(TEXT)) if TEXT.startswith("The line cost 240", at))
    quote = "The line cost 240 million crowns"
    assert HAY.find(quote).start == first
    assert HAY.find(quote, after=first + 1).start == second
    assert HAY.find(quote, within=[(second, len(TEXT))]).start == second
    assert HAY.find(quote, after=len(TEXT)).start == first


def test_offsets_count_in_the_whole_text():
    at = TEXT.index("“The line")
    anchor = haystack(TEXT[at:], at).find("fares rose 14.1 percent")
    assert TEXT[anchor.start : anchor.end] == "fares rose 14.1 percent"


def test_scripts_without_spaces_have_no_word_borders():
    text = "部长说,这条线路耗资两亿四千万克朗,票价上涨。"
    anchor = haystack(text).find("这条线路耗资两亿四千万克朗")
    assert text[anchor.start : anchor.end] == "这条线路耗资两亿四千万克朗"


def test_combining_marks_are_not_torn_off():
    text = "Le re\u0301seau coûte 240 millions, dit-il."
    anchor = haystack(text).find("réseau coûte 240 millions")
    assert text[anchor.start : anchor.end] == "re\u0301seau coûte 240 millions"


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_and_any_quotation_give_a_place_in_the_text_or_none(text, quote):
    anchor = haystack(text).find(quote)
    if anchor is not None:
        assert 0 <= anchor.start < anchor.end <= len(text)


def test_any_run_of_whole_words_is_found_where_it_is():
    rng = random.Random(5)
    for paragraph in TEXT.split("\n\n")[1:]:
        tokens = paragraph.split(" ")
        for _ in range(40):
            a = rng.randrange(len(tokens))
            quote = " ".join(tokens[a : a + rng.randrange(2, 9)]).strip()
            if len(quote) >= 12:
                assert words(quote) == quote
