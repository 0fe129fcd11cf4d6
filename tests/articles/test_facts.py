"""What states a fact at all: words and sentence vectors together, words alone without the encoder."""

from __future__ import annotations

import numpy as np
import pytest

from articles.extraction import facts
from articles.extraction.facts import fit_sense, states_fact
from articles.extraction.training import Example, read_taught, train


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The harbour master sold nine tugs to a firm in Rotterdam.", True),
        ("We will open a second clinic in Pell County next May.", True),
        ("Towns that lose their school lose their young families.", True),
        ("Let us never give up on each other.", False),
        ("What kind of country do we want to be?", False),
        ("I believe our best days are still ahead.", False),
    ],
)
def test_a_sentence_states_a_fact_or_not(text: str, fact: bool) -> None:
    assert states_fact(text) is fact


def test_words_decide_alone_without_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "embedder", lambda: None)
    assert states_fact("Unemployment fell to 4.3 percent in May 2019.")
    assert not states_fact("Thank you all very much, and good night.")


def test_another_language_is_judged_without_english_vectors() -> None:
    assert not states_fact("Спасибо вам всем.")


def test_our_own_sentences_are_labelled_and_said_once() -> None:
    taught = read_taught()
    assert len(taught) > 1000
    assert len({example.text for example in taught}) == len(taught)
    assert not any(example.check_worthy and not example.verifiable for example in taught)


def test_our_own_sentences_teach_only_what_a_fact_is() -> None:
    rows = [Example(f"Prices rose by {n} percent.", True, True) for n in range(30)]
    rows += [Example("Thank you very much indeed.", False, False)] * 30
    plain, taught = train(rows), train(rows, [Example("Thank you very much indeed.", True, True)] * 300)
    assert plain["bias"][""][0] == taught["bias"][""][0]
    assert plain["bias"][""][1] < taught["bias"][""][1]


def test_vectors_move_the_words_only_where_they_tell_more() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]] * 50)
    bias, weights = fit_sense(vectors, [0.0] * 100, [True, False] * 50, [1.0] * 100)
    assert weights[0] > 1 > -1 > weights[1]
    assert abs(bias) < 1e-3
    assert abs(fit_sense(vectors, [9.0, -9.0] * 50, [True, False] * 50, [1.0] * 100)[1]).max() < 0.1
