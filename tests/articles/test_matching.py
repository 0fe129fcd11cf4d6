"""The matching engine without a database: what it finds, what it tells apart, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.matching import (
    Candidate,
    Entry,
    Index,
    Match,
    Query,
    asked,
    claim_proper,
    packed,
    packed_words,
    rank,
    text_to_index,
)
from articles.matching.evidence import compare
from articles.matching.words import bare, signature, words_of
from articles.ranking.embed import DIMENSIONS

TODAY = date(2026, 11, 23)
CLAIMS = {
    1: "The army lost 14 drones over Veldt in May.",
    2: "The army lost 41 drones over Veldt in May.",
    3: "Unemployment in Holm doubled last year.",
    4: "Unemployment in Holm fell last year.",
    5: "The ferry to Ellis never ran on Sundays.",
    6: "The ferry to Ellis ran on Sundays.",
    7: "Mayor Lind sold the old bridge to a cousin.",
    8: "A whale swam up the river as far as the cathedral.",
}


def entry(key: int, text: str, vector: bytes = b"") -> Entry:
    return Entry(key, packed_words(text_to_index(text, "", "", "")), vector)


@pytest.fixture
def index() -> Index:
    return Index(DIMENSIONS).extended(entry(key, text) for key, text in CLAIMS.items())


def matches(index: Index, query: Query, *, top: int = 3, **about: Candidate) -> list[Match]:
    question = asked(query, today=TODAY)
    hits = index.nearest(index.rarity(set(question.words)), None, count=20, meaning=0.3)
    candidates = [
        replace(about.get(f"c{hit.key}") or Candidate(hit.key, CLAIMS[hit.key]), words=hit.words) for hit in hits
    ]
    return rank(question, candidates, index.rarity, top=top, by_meaning=False)


# --- evidence -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "same", "other", "reason"),
    [
        ("They lost 41 drones over Veldt", 2, 1, "But another number"),
        ("Unemployment in Holm has doubled", 3, 4, "But the other way round"),
        ("In Holm unemployment fell again last year", 4, 3, "But the other way round"),
        ("The ferry to Ellis did run on Sundays, it ran on all Sundays", 6, 5, "negated"),
    ],
)
def test_number_direction_and_negation_tell_claims_apart(
    index: Index, text: str, same: int, other: int, reason: str
) -> None:
    found = {match.key: match for match in matches(index, Query(text), top=8)}
    assert found[same].score > found[other].score
    assert not any("But" in words for words in found[same].why)
    assert any(reason in words for words in found[other].why)
    assert found[other].score <= 0.6


@pytest.mark.parametrize(
    ("asked_text", "claim"),
    [
        ("Holm has 1,400 berths", "Holm has 1400 berths"),
        ("two ships were lost", "2 ships were lost"),
        ("Prices rose and then fell", "Prices fell"),
        ("The bridge was sold", "No, the bridge was not sold"),
        ("The bridge was sold", "Did the bridge get sold?"),
    ],
)
def test_the_same_thing_written_differently_is_no_difference(asked_text: str, claim: str) -> None:
    assert not compare(asked_text, claim).differs


def test_another_year_is_said_but_does_not_stand_against(index: Index) -> None:
    found = compare("In 2019 the bridge was sold", "The bridge was sold in 2021")
    assert found.other_years == ("2019", "2021")
    assert not found.differs


# --- reasons ------------------------------------------------------------------------------------------
def test_why_names_the_rarest_words_as_the_question_writes_them(index: Index) -> None:
    best = matches(index, Query("Whales swam up to the cathedral!"))[0]
    assert best.key == 8
    assert best.why[0].startswith("Words in both:")
    assert "Whales" in best.why[0]
    assert "cathedral" in best.why[0]


def test_speaker_and_date_of_the_question_lift_the_match(index: Index) -> None:
    about = Candidate(7, CLAIMS[7], claimant="Jon Perle", claimed_on=date(2026, 3, 1))
    plain = matches(index, Query("The bridge was sold to a cousin"), c7=about)[0]
    known = matches(
        index, Query("The bridge was sold to a cousin", speaker="Perle", said_on=date(2026, 3, 4)), c7=about
    )[0]
    assert known.score > plain.score
    assert "Said by Jon Perle in both." in known.why
    assert "3 days apart." in known.why


def test_a_signed_post_gives_its_speaker_and_date() -> None:
    post = "Bridge SOLD https://t.co/x #OldBridge — Jon Perle (@perle) March 4, 2026"
    question = asked(Query(post), today=TODAY)
    assert signature(post) == ("Jon Perle", "March 4, 2026")
    assert bare(post) == "Bridge SOLD Old Bridge"
    assert (question.said_on, question.speaker) == (date(2026, 3, 4), frozenset(words_of("Jon Perle")))


def test_a_question_without_a_word_of_its_own_finds_nothing(index: Index) -> None:
    assert matches(index, Query("https://t.co/abc 🙂")) == []


@pytest.mark.parametrize(
    ("headline", "claim"),
    [
        ("FACT CHECK: Did Whales Swim? | Harbour Checks", "Did Whales Swim?"),
        ("False claim: The bridge was sold", "The bridge was sold"),
        ("The bridge was sold: A FactCheck", "The bridge was sold"),
        ("Claim:", "Claim:"),
    ],
)
def test_what_headlines_add_is_taken_off(headline: str, claim: str) -> None:
    assert claim_proper(headline) == claim


# --- index --------------------------------------------------------------------------------------------
def _vectors(number: int, seed: int) -> np.ndarray:
    table = np.random.default_rng(seed).normal(size=(number, DIMENSIONS)).astype(np.float32)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def test_packed_vectors_keep_their_cosines() -> None:
    one, two = _vectors(2, seed=1)
    index = Index(DIMENSIONS).extended([Entry(1, b"", packed(one))])
    near = (one + two) / np.linalg.norm(one + two)
    (hit,) = index.nearest({}, near, count=1, meaning=1.0)
    assert hit.meaning == pytest.approx(float(one @ near), abs=0.01)


def test_the_nearest_vector_is_found_among_many() -> None:
    table = _vectors(6000, seed=2)
    index = Index(DIMENSIONS).extended(Entry(at, b"", packed(row)) for at, row in enumerate(table))
    noise = _vectors(50, seed=3)
    for at in range(50):
        asked_for = table[at * 100] + 0.7 * noise[at]
        hits = index.nearest({}, asked_for / np.linalg.norm(asked_for), count=1, meaning=1.0)
        assert hits[0].key == at * 100


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(sorted(CLAIMS.values())), st.booleans()), max_size=25))
def test_an_index_grown_step_by_step_finds_what_one_made_at_once_finds(steps: list[tuple[int, str, bool]]) -> None:
    grown, now = Index(DIMENSIONS), {}
    for key, text, gone in steps:
        grown = grown.extended([Entry(key, packed_words([]))] if gone else [entry(key, text)])
        now[key] = None if gone else text
    at_once = Index(DIMENSIONS).extended(
        entry(key, text) if text else Entry(key, packed_words([])) for key, text in now.items()
    )
    weights = dict.fromkeys(words_of("the army lost drones in Holm on Sundays"), 1.0)
    keys = [{hit.key for hit in index.nearest(weights, None, count=30, meaning=0.3)} for index in (grown, at_once)]
    assert keys[0] == keys[1]
    assert len(grown) == len(now)
    assert grown.rarity(weights) == pytest.approx(at_once.rarity(weights))


def test_large_segments_stay_and_small_ones_are_joined() -> None:
    index = Index(DIMENSIONS).extended(entry(key, f"claim {key} of the harbour") for key in range(5000))
    for key in range(5000, 5010):
        index = index.extended([entry(key, f"claim {key} of the quay")])
    index = index.extended([entry(3, "claim 3 is now about a lighthouse")])
    assert [len(part.keys) for part in index.segments] == [5000, 11]
    assert len(index) == 5010
    assert [
        hit.key for hit in index.nearest(dict.fromkeys(words_of("lighthouse"), 1.0), None, count=5, meaning=0.3)
    ] == [3]
