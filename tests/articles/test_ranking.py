"""Ranking passages against a claim, the stance suggested, and the command that answers with both."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.management.commands import rank_evidence
from articles.ranking import rank, share, suggest
from articles.ranking.signals import sentences_of
from articles.ranking.stance import compare, signs
from articles.ranking.weights import WEIGHTS
from articles.ranking.words import stem, words_of

OTHER_FIGURE = "The port of Varnholm handled 3.2 million passengers in 2019."
DENIED = "He denied that the minister spoke with the president."
CLAIM = "The port of Varnholm handled 4.1 million passengers in 2019."
PASSAGES = [
    "Ferries leave the harbour twice a day in summer.",
    "The weather in the region is mild.",
    "In 2019 the port of Varnholm handled 4.1 million passengers, more than ever before.",
    "Varnholm has a cathedral from 1411.",
    "",
]


def test_the_passage_that_says_it_comes_first() -> None:
    ranking = rank(CLAIM, PASSAGES)
    assert ranking.order[0] == 2
    assert ranking.order[1] == 3
    assert sorted(ranking.order) == list(range(len(PASSAGES)))


def test_after_the_best_passage_comes_what_it_did_not_say() -> None:
    claim = "The Ostrel plant opened in 2019 and its output doubled within a year"
    passages = [
        "Its output doubled within a year, the Ostrel plant said.",
        "The output of the Ostrel plant doubled within the year.",
        "It opened in 2019.",
        "Nothing of the kind.",
    ]
    assert rank(claim, passages).order == (1, 2, 0, 3)


def test_scores_follow_the_order_and_mean_a_share_of_the_claim() -> None:
    ranking = rank(CLAIM, PASSAGES)
    ordered = [ranking.scores[index] for index in ranking.order]
    assert ordered == sorted(ordered, reverse=True)
    assert ordered[0] == pytest.approx(share(CLAIM, PASSAGES[2]), abs=1e-3)
    assert all(0 <= score <= 1 for score in ordered)


def test_nothing_in_common_scores_nothing() -> None:
    assert rank(CLAIM, ["Quite another matter."]).scores == (0.0,)


def test_the_same_input_gives_the_same_answer() -> None:
    assert rank(CLAIM, PASSAGES) == rank(CLAIM, list(PASSAGES))


def test_the_order_of_equals_is_the_order_they_came_in() -> None:
    assert rank(CLAIM, ["same", "same", "same"]).order == (0, 1, 2)


@pytest.mark.parametrize("claim", ["", "...", "the of", "🎈🎈", "مرحبا بالعالم", "\x00\ud800"])
@pytest.mark.parametrize("passages", [[], [""], ["🎈", "مرحبا بالعالم", "\n\n"], ["a" * 100_000]])
def test_odd_input_is_ranked_too(claim: str, passages: list[str]) -> None:
    ranking = rank(claim, passages)
    assert len(ranking.order) == len(ranking.stances) == len(ranking.sentences) == len(passages)


def seconds_for(count: int) -> float:
    words = ["port", "harbour", "ferry", "city", "council", "budget", "2019", "million", "minister", "said"]
    passages = [" ".join(words[(n * k) % len(words)] for k in range(1, 25)) + f" {n}." for n in range(count)]
    started = time.perf_counter()
    rank(CLAIM, passages)
    return time.perf_counter() - started


def test_ranking_grows_with_the_passages_and_not_with_their_square() -> None:
    seconds_for(10)
    # Ten times the passages; a square would be a hundred times the work.
    assert min(seconds_for(1000) for _ in range(2)) < 40 * min(seconds_for(100) for _ in range(2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elections", "election"),
        ("vaccinations", "vaccination"),
        ("running", "run"),
        ("cities", "city"),
        ("reported", "reports"),
    ],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_numbers_and_countries_have_one_spelling() -> None:
    assert words_of("1,200 people in the U.S.") == words_of("1200 people in the United States")
    assert words_of("three ships") == words_of("3 ships")
    assert "usa" not in words_of("tell us more")


# --- stance ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "passage", "stance", "reason"),
    [
        (CLAIM, PASSAGES[2], "supports", "words"),
        (CLAIM, OTHER_FIGURE, "refutes", "3.2 where the claim has 4.1"),
        ("The bridge was closed in March.", "The bridge was not closed in March.", "refutes", "negation"),
        ("The bridge was not closed in March.", "The bridge was closed in March.", "refutes", "negation"),
        ("The minister spoke with the president.", DENIED, "refutes", "“denied”"),
        ("The bridge was closed in March.", "The weather was mild.", "neutral", "no word"),
        (CLAIM, CLAIM, "supports", "nothing in it differs"),
        ("The Ostrel plant supplied 1 gigawatt-hours in 2026.",) * 2 + ("supports", "nothing in it differs"),
        (CLAIM, "Port of Varnholm opens a museum", "neutral", "too short"),
        (CLAIM, "", "neutral", "no word"),
        ("", "Anything at all.", "neutral", "no word"),
    ],
)  # fmt: skip
def test_a_stance_comes_with_its_reason(claim: str, passage: str, stance: str, reason: str) -> None:
    suggestion = suggest(claim, passage)
    assert (suggestion.stance, reason in suggestion.reason) == (stance, True)


def test_a_passage_with_a_number_of_the_claim_is_not_said_to_refute_it_with_its_others() -> None:
    """The passage confirms the price, and its count of jobs was held against it."""
    claim = "The state line carries 2.1 million passengers a year and was sold for 310 million crowns"
    for passage in (
        "The cabinet agreed on 7 September to sell the line for 310 million crowns. The contract obliges the buyer "
        "to keep all 640 jobs until the end of 2028.",
        "The line carried 2.06 million passengers in 2023 and 2.1 million passengers in 2024. It lost 22 million "
        "crowns in 2025 according to the ministry; in 2024 it had lost 9 million crowns.",
    ):
        assert suggest(claim, passage).stance != "refutes", passage


def test_the_sentence_it_was_read_from_is_verbatim() -> None:
    passage = "A grey morning. The port of Varnholm handled 4.1 million passengers in 2019! More follows."
    suggestion = suggest(CLAIM, passage)
    assert suggestion.sentence == "The port of Varnholm handled 4.1 million passengers in 2019!"
    assert suggestion.sentence in passage


def test_sentences_end_where_they_end() -> None:
    assert sentences_of("It rose by 4.1 percent. Then it fell.\nNews") == (
        "It rose by 4.1 percent.",
        "Then it fell.",
        "News",
    )


def test_every_sign_has_a_weight_and_stays_between_nothing_and_one() -> None:
    found = signs(compare(CLAIM, "The port did not handle 9 million passengers in 2018, contrary to rumours."))
    assert set(found) == set(WEIGHTS["supports"]) == set(WEIGHTS["refutes"])
    assert all(0 <= value <= 1 for value in found.values())


# --- the command -----------------------------------------------------------------------------------------


def answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *lines: str) -> list[dict[str, Any]]:
    stdin = io.BytesIO("\n".join(lines).encode())
    monkeypatch.setattr(rank_evidence.Command, "stdin", stdin)
    call_command("rank_evidence")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_answers_a_line_with_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps({"id": "a", "claim": CLAIM, "passages": PASSAGES})
    (answer,) = answers(monkeypatch, capsys, line)
    assert answer["id"] == "a"
    assert answer["ranking"][0] == 2
    assert len(answer["scores"]) == len(answer["stances"]) == len(answer["reasons"]) == len(PASSAGES)
    assert set(answer["stances"]) <= {"supports", "refutes", "neutral"}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"id": 1, "passages": []}, "input.missing_field"),
        ({"id": 1, "claim": "x"}, "input.missing_field"),
        ({"id": 1, "claim": 7, "passages": []}, "input.wrong_type"),
        ({"id": 1, "claim": "x", "passages": "y"}, "input.wrong_type"),
        ({"id": 1, "claim": "x", "passages": [1]}, "input.wrong_type"),
    ],
)
def test_a_bad_line_is_answered_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: dict[str, Any], code: str
) -> None:
    good = json.dumps({"id": 2, "claim": CLAIM, "passages": PASSAGES})
    with pytest.raises(CommandError):
        answers(monkeypatch, capsys, json.dumps(row), good)
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["id"], first["error"]["code"], second["id"]) == (1, code, 2)
