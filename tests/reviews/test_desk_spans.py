"""The text cut at the borders of claims, sentences and notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.shown import CLOSED, DRAFT, OPEN, REVIEW, STALE, WAITING, shown, worst
from reviews.spans import Layers, Marked, NoteMark, draw, lanes_of

TEXT = "The plant now supplies 18 percent, more than any other source. It is fine. 🌊 מים"


def marked(pk: int, start: int, end: int, state=OPEN) -> Marked:
    return Marked(pk, pk, start, end, state)


def words(blocks) -> str:
    return "".join(piece.text for block in blocks for piece in block.pieces)


def test_shorter_claims_lie_nearer_to_the_words_and_a_fourth_has_no_lane():
    claims = [marked(1, 0, 60), marked(2, 4, 40), marked(3, 10, 30), marked(4, 12, 20)]
    assert lanes_of(claims) == {4: 0, 3: 1, 2: 2}


def test_claims_that_only_touch_share_the_nearest_lane():
    assert lanes_of([marked(1, 0, 10), marked(2, 10, 20), marked(3, 20, 25)]) == {1: 0, 2: 0, 3: 0}


def test_a_claim_keeps_its_lane_from_the_first_to_the_last_word():
    claims = [marked(1, 0, 60, WAITING), marked(2, 10, 20), marked(3, 40, 50)]
    block = draw(TEXT, [("paragraph", 0, len(TEXT))], Layers(claims))[0]
    lanes = {piece.lanes[1] for piece in block.pieces if any(claim.pk == 1 for claim in piece.claims)}
    assert lanes == {"waiting"}


def test_the_button_stands_before_the_first_word_and_the_longer_claim_comes_first():
    block = draw(TEXT, [("paragraph", 0, 40)], Layers([marked(1, 4, 20), marked(2, 4, 30)]))[0]
    kinds = [(piece.kind, piece.claim.number if piece.claim else 0) for piece in block.pieces]
    assert kinds == [("words", 0), ("ref", 2), ("ref", 1), ("words", 0), ("words", 0), ("words", 0)]


def test_a_click_on_shared_words_means_the_shortest_claim():
    block = draw(TEXT, [("paragraph", 0, 40)], Layers([marked(1, 0, 40), marked(2, 5, 9)]))[0]
    assert [piece.numbers for piece in block.pieces if piece.kind == "words"] == ["1", "2 1", "1"]


def test_a_sentence_shows_the_worst_of_its_claims_and_one_without_claims_has_no_fact():
    first = TEXT.index("It is fine.")
    sentences = [(0, first - 1), (first, first + 11)]
    layers = Layers([marked(1, 0, 10, CLOSED), marked(2, 12, 20, STALE)], sentences)
    block = draw(TEXT, [("paragraph", 0, len(TEXT))], layers)[0]
    assert [piece.state.line for piece in block.pieces if piece.kind == "tick"] == ["stale", "draft"]
    assert [piece.text for piece in block.pieces if piece.no_fact] == ["It is fine."]


def test_nothing_is_called_free_of_facts_before_the_text_was_read():
    layers = Layers(sentences=[(0, 61)], looked_at=False)
    assert not any(piece.no_fact for piece in draw(TEXT, [("paragraph", 0, 61)], layers)[0].pieces)


def test_a_claim_over_two_blocks_has_its_button_in_both():
    blocks = draw("one two\n\nthree", [("paragraph", 0, 7), ("paragraph", 9, 14)], Layers([marked(1, 4, 12)]))
    assert [[piece.kind for piece in block.pieces] for block in blocks] == [
        ["words", "ref", "words"],
        ["ref", "words", "words"],
    ]


def test_the_button_of_a_note_stands_behind_the_last_word():
    block = draw(TEXT, [("paragraph", 0, 20)], Layers(notes=[NoteMark(1, 4, 9, 2)]))[0]
    assert [piece.kind for piece in block.pieces] == ["words", "note", "words"]


@given(st.lists(st.tuples(st.integers(0, 79), st.integers(1, 80)), max_size=12), st.integers(1, 79))
def test_the_words_of_the_pieces_are_the_words_of_the_text(spans, middle):
    claims = [marked(n, min(a, b - 1), max(a + 1, b)) for n, (a, b) in enumerate(spans, 1)]
    blocks = [("paragraph", 0, min(middle, len(TEXT))), ("paragraph", min(middle, len(TEXT)), len(TEXT))]
    assert words(draw(TEXT, blocks, Layers(claims, notes=[NoteMark(1, 3, 9, 1)]))) == TEXT


def test_overlapping_claims_never_share_a_lane():
    claims = [marked(n, n, n + 7) for n in range(1, 40)]
    lanes = lanes_of(claims)
    for a in claims:
        for b in claims:
            if a.pk < b.pk < a.pk + 7 and a.pk in lanes and b.pk in lanes:
                assert lanes[a.pk] != lanes[b.pk]


@pytest.mark.parametrize(
    ("claim", "review", "stale", "word"),
    [
        ("proposed", None, False, "Draft"),
        ("proposed", None, True, "Stale"),
        ("confirmed", None, False, "Open"),
        ("confirmed", "queued", False, "Open"),
        ("confirmed", "assigned", False, "Open"),
        ("confirmed", "in_progress", False, "In progress"),
        ("confirmed", "changes_requested", False, "Changes asked"),
        ("confirmed", "blocked", False, "Waiting for reply"),
        ("confirmed", "proposed", False, "Second review"),
        ("confirmed", "second_review", False, "Second review"),
        ("confirmed", "approved", False, "Approved"),
        ("confirmed", "closed", False, "Closed"),
        ("confirmed", "in_progress", True, "Stale"),
        ("dismissed", "queued", True, "No fact"),
        ("merged", None, False, "No fact"),
    ],
)
def test_every_state_has_one_word(claim, review, stale, word):
    assert shown(claim, review, stale=stale).word == word


def test_what_needs_a_person_most_wins():
    assert worst([CLOSED, DRAFT, REVIEW, OPEN, WAITING]) is WAITING
    assert worst([]) is None
