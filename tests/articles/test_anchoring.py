"""Claims follow their words through every edit, and say so where they cannot."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import articles
from articles.anchoring.alignment import align, cut
from articles.anchoring.reanchor import Anchor, State, reanchor
from tests.articles.edits import Told, edited, from_files, made_up

if TYPE_CHECKING:
    from articles.anchoring.reanchor import Outcome

STORIES = sorted((Path(articles.__file__).parent / "sample" / "stories").glob("*.txt"))
EDITS = 1000
A, B, C, D = (
    "The harbour tram carries 30,200 people on working days. ",
    "Fares rose by five percent in March. ",
    "The council voted for it in May, the mayor said. ",
    "Nobody had expected so many riders so soon after the repair. ",
)


def anchor(text: str, quote: str, nth: int = 0) -> Anchor:
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    end = at + len(quote)
    return Anchor(at, end, quote, text[max(0, at - 32) : at], text[end : end + 32])


def told(old: str, new: str, quote: str, nth: int = 0) -> Outcome:
    return reanchor(old, new, [anchor(old, quote, nth)])[0]


# --- one edit at a time ---------------------------------------------------------------------------------
FARES = "Fares rose by five percent in March"
CASES = {
    "nothing changed": (A + B + C, A + B + C, "same place"),
    "words before": (A + B + C, D + A + B + C, "moved with its text"),
    "words before are gone": (A + B + C, B + C, "moved with its text"),
    "moved to the end": (A + B + C, A + C + B, "moved with its text"),
    "all around is new": (A + B + C, "Something else. " + B + "And more.", "only place"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_words_are_followed_silently(case):
    old, new, how = CASES[case]
    outcome = told(old, new, FARES)
    assert outcome.state is State.KEPT
    assert new[outcome.start : outcome.end] == FARES
    if case != "all around is new":
        assert outcome.how in (how, "only place")


@pytest.mark.parametrize(
    ("old", "new", "quote"),
    [
        ("In all, 2 people died.", "In all, 12 people died.", "2 people died"),
        ("It cost 2 million.", "It cost 1.2 million.", "2 million"),
        ("It cost 200 crowns.", "It cost 1,200 crowns.", "200 crowns"),
        ("Prices rose 5", "Prices rose 5.2 percent", "Prices rose 5"),
        ("Prices rose 5 in all", "Prices rose 5% in all", "Prices rose 5"),
        ("The man spoke.", "The woman spoke.", "man spoke"),
    ],
)
def test_words_within_longer_words_and_numbers_are_other_words(old, new, quote):
    assert told(old, new, quote).state is not State.KEPT


def test_a_changed_number_is_proposed_with_old_and_new_words():
    new = (A + B + C).replace("five", "nine")
    outcome = told(A + B + C, new, FARES)
    assert (outcome.state, outcome.quote) == (State.CHANGED, "Fares rose by nine percent in March")
    assert new[outcome.start : outcome.end] == outcome.quote
    assert 90 <= outcome.score < 100


def test_words_that_were_added_within_are_proposed_whole():
    outcome = told(A + B + C, (A + B + C).replace("rose by", "rose again by"), FARES)
    assert (outcome.state, outcome.quote) == (State.CHANGED, "Fares rose again by five percent in March")


def test_a_denial_put_before_the_same_words_asks():
    old, new = "The plant has 22 turbines.", "The minister denied that the plant has 22 turbines."
    outcome = told(old, new, "plant has 22 turbines")
    assert (outcome.state, outcome.quote) == (State.CHANGED, "plant has 22 turbines")


def test_what_is_gone_is_an_orphan():
    assert told(A + B + C, A + C, FARES).state is State.ORPHAN
    assert told(A + B + C, "", FARES).state is State.ORPHAN


def test_a_claim_is_never_proposed_on_words_that_are_another_ones():
    """The sentence was deleted; one that differs by a year stays where it was, and is not its successor."""
    first, second = "Sales rose by 5 percent in 2020. ", "Sales rose by 6 percent in 2021. "
    old = A + first + B + second + C
    assert told(old, old.replace(first, ""), first.strip()).state is State.ORPHAN
    assert told(old, old.replace(first, ""), second.strip()).state is State.KEPT


# --- the same words twice -------------------------------------------------------------------------------
def test_the_one_of_two_that_went_away_is_not_put_where_the_other_is():
    old = A + B + C + B + D
    new = D + C + B + A
    assert told(old, new, FARES, 0).state is not State.KEPT
    assert reanchor(old, new, [anchor(old, C.strip())])[0].state is State.KEPT


def test_the_second_of_two_is_followed_by_its_context():
    old = A + B + C + B + D
    new = "A new beginning. " + old
    places = [found.start() for found in re.finditer(FARES, new)]
    assert [told(old, new, FARES, nth).start for nth in (0, 1)] == places


def test_where_one_of_two_went_away_and_nothing_tells_them_apart_a_person_decides():
    """Two sentences of the same words; both paragraphs are rewritten around the one that is left."""
    old = "One. " + B + "Two. " + B + "Three."
    new = "Four. " + B + "Five."
    for nth in (0, 1):
        assert told(old, new, FARES, nth).state is not State.KEPT


def test_two_claims_never_fall_silently_on_one_place():
    old, new = A + B + B + C, A + B + C
    anchors = [anchor(old, FARES, 0), anchor(old, FARES, 1)]
    assert [one.state for one in reanchor(old, new, anchors)] == [State.CHANGED, State.CHANGED]


def test_a_quotation_that_is_not_the_old_texts_is_refused():
    with pytest.raises(ValueError, match="not the quotation"):
        reanchor("abc", "abc", [Anchor(0, 2, "xx")])


def test_code_points_beyond_the_basic_plane_count_once():
    old, new = "🌊 " + B, "🌊🌊 neu: " + B
    outcome = told(old, new, FARES)
    assert new[outcome.start : outcome.end] == FARES


# --- any text at all ------------------------------------------------------------------------------------
PIECES = st.lists(st.sampled_from([A, B, C, D, "\n\n", "2 ", "1,200 ", "not ", "Ω ", "🌊"]), max_size=14).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES, PIECES, st.data())
def test_a_kept_claim_is_on_its_words_and_a_proposal_on_what_it_shows(old, new, data):
    spans = [(old.find(part), part.strip()) for part in (A, B, C, D) if part in old]
    anchors = [Anchor(at, at + len(quote), quote) for at, quote in spans]
    outcomes = reanchor(old, new, anchors)
    assert len(outcomes) == len(anchors)
    for one, outcome in zip(anchors, outcomes, strict=True):
        if outcome.state is not State.ORPHAN:
            assert outcome.quote == new[outcome.start : outcome.end] != ""
        if outcome.state is State.KEPT:
            assert outcome.quote == one.quote


@settings(max_examples=200, deadline=None)
@given(PIECES, PIECES)
def test_stretches_are_the_same_words(old, new):
    for one in align(old, new).stretches:
        there = cut(new).words[one.new : one.new + one.length]
        assert cut(old).words[one.old : one.old + one.length] == there


# --- a thousand edits -----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def stories() -> list[Told]:
    """The sample stories, and made-up ones: a hundred in all."""
    samples = from_files(STORIES)
    return [*samples, *made_up(100 - len(samples))]


def test_a_thousand_random_edits_of_a_hundred_stories(stories, capsys):
    assert len(stories) == 100
    tally = edited(stories, edits=EDITS, seed=20261125)
    with capsys.disabled():
        sys.stdout.write(f"\n{tally}\n")
    assert tally.wrong == []
    assert tally.kept >= 0.99
    assert min(tally.edits.values()) > EDITS / 10
