"""extract_claims, score_sentences and train_checkworthiness, run as programs run them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

STORY = Path(__file__).parents[1] / "data" / "stories" / "denial.txt"


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def give(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    data = "\n".join(lines).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_a_story_is_answered_with_its_path(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("extract_claims", str(STORY))
    (answer,) = answers(capsys)
    assert set(answer) == {"path", "text", "sentences", "claims", "attributions"}
    text, claims = str(answer["text"]), answer["claims"]
    assert isinstance(claims, list)
    assert all(claim["quote"] == text[claim["start"] : claim["end"]] for claim in claims)


def test_plain_text_keeps_its_offsets(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  \n Prices rose by 5 percent. 🎉 Mayor Jane Roe said the bridge was closed."
    give(monkeypatch, json.dumps({"id": 7, "text": text}))
    call_command("extract_claims", "--text", "-")
    (answer,) = answers(capsys)
    assert (answer["id"], answer["text"]) == (7, text)
    assert answer["sentences"] == [[4, 29], [30, len(text)]]


def test_a_bad_line_is_answered_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, "{bad", '{"id": 1}', '{"id": 2, "text": 5}', '{"id": 3, "text": "Prices rose by 5 percent."}')
    with pytest.raises(CommandError):
        call_command("score_sentences")
    found = answers(capsys)
    assert [answer["id"] for answer in found] == [None, 1, 2, 3]
    assert [answer.get("error", {}).get("code") for answer in found] == [
        "input.not_json",
        "input.missing_field",
        "input.wrong_type",
        None,
    ]
    assert set(found[3]) == {"id", "score", "check_worthy", "verifiable", "reasons"}


def test_a_folder_is_named_as_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("extract_claims", str(tmp_path))
    (answer,) = answers(capsys)
    assert answer["error"]["code"] == "input.is_folder"  # type: ignore[index]


def test_weights_are_trained_from_rows_without_those_held_out(tmp_path: Path) -> None:
    rows, held, out = tmp_path / "rows.jsonl", tmp_path / "held.jsonl", tmp_path / "weights.json"
    fact = {"text": "Prices rose by 5 percent.", "label": 1, "class": "check-worthy factual"}
    noise = {"text": "Thank you very much.", "label": 0, "class": "non-factual"}
    other = {**noise, "text": "Nobody is sure what happens next."}
    rows.write_text("\n".join(json.dumps(row) for row in [fact, noise, other] * 40))
    held.write_text(json.dumps({**noise, "text": "thank you  very much."}))
    call_command("train_checkworthiness", str(rows), "--without", str(held), "--out", str(out))
    weights = json.loads(out.read_text())["weights"]
    assert weights["greeting or thanks"][0] == 0  # our own sentences teach the second column only
    assert "share or rate" in weights
