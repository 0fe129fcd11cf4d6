"""What `evaluate` measures, and that it fails when a figure falls under its floor."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from articles.quality.floors import Floors, bound_of, broken, read_floors
from articles.quality.measures import (
    Counts,
    Speakers,
    Told,
    average_precision,
    count_borders,
    count_labels,
    count_told,
)
from articles.quality.speed import story_of_words

if TYPE_CHECKING:
    from pathlib import Path

FACT = {"id": "1", "text": "The unemployment rate fell to 4.1 percent in August.", "label": 1}
THANKS = {"id": "2", "text": "Thank you all very much.", "label": 0}


def test_labels_are_counted_four_ways() -> None:
    counts = count_labels([(True, True), (True, False), (False, True), (False, False), (True, True)])
    assert (counts.hit, counts.miss, counts.false, counts.right_no) == (2, 1, 1, 1)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.f1 == pytest.approx(2 / 3)
    assert counts.accuracy == pytest.approx(0.6)


def test_nothing_to_count_gives_nought() -> None:
    assert (Counts().f1, Counts().accuracy, average_precision([]), Speakers().f1) == (0, 0, 0, 0)


def test_average_precision_rewards_the_wanted_on_top() -> None:
    assert average_precision([(True, 0.9), (False, 0.5), (True, 0.4)]) == pytest.approx((1 + 2 / 3) / 2)


def test_borders_are_compared_without_white_space() -> None:
    counts = Counts()
    count_borders(["One two.", "Three."], ["One  two.", "Three", "."], counts)
    assert (counts.hit, counts.false, counts.miss) == (2, 1, 0)


def test_an_attribution_counts_by_sentence_and_its_speaker_by_overlap() -> None:
    counts, speakers = Counts(), Speakers()
    wanted = [Told([(0, 3)], [(10, 20)])]
    said = [Told([(0, 3)], [(12, 15)]), Told([(40, 43)], [(30, 35)])]
    count_told([(0, 25), (26, 50)], wanted, said, counts)
    speakers.add(wanted, said)
    assert (counts.hit, counts.false, counts.miss) == (1, 1, 0)
    assert (speakers.right, speakers.said, speakers.wanted) == (1, 2, 1)
    assert speakers.f1 == pytest.approx(2 * 0.5 / 1.5)


def test_a_figure_under_its_floor_or_over_its_ceiling_is_named() -> None:
    floors = Floors({"a.f1": 0.9}, {"speed.ms": 100.0})
    assert list(broken({"a.f1": 0.89, "speed.ms": 101.0, "other": 0.0}, floors)) == ["a.f1", "speed.ms"]
    assert list(broken({"a.f1": 0.9, "speed.ms": 100.0}, floors)) == []
    assert [bound_of(name, floors) for name in ("a.f1", "speed.ms", "other")] == [">= 0.9", "<= 100", ""]


def test_the_shipped_floors_can_be_read() -> None:
    floors = read_floors()
    assert floors.at_least["attribution.f1"] >= 0.85
    shares = {name: value for name, value in floors.at_least.items() if not name.startswith("speed.")}
    assert all(0 < value <= 1 for value in shares.values())


def test_a_story_of_600_words_repeats_what_there_is() -> None:
    assert len(story_of_words(["one two three\n\nfour five"], 12).split()) == 13
    assert story_of_words([], 12) == ""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "checkworthy"
    folder.mkdir()
    rows = [FACT, THANKS]
    (folder / "claimbuster-experts.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path


def test_evaluate_prints_figures_beside_their_floors(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate", "--data", str(data), "--only", "experts", "--only", "speeches")
    told = capsys.readouterr()
    assert "experts.f1                          1.0000  >= 0.912" in told.out
    assert "speeches: checkworthy/speeches.jsonl is not there, not measured" in told.err


def test_evaluate_measures_time_and_memory_too(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floors = data / "floors.toml"
    floors.write_text("")
    call_command("evaluate", "--data", str(data), "--floors", str(floors))
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"speed.ms_for_600_words", "memory.mb"} <= set(names)


def test_evaluate_fails_under_a_floor(data: Path) -> None:
    floors = data / "floors.toml"
    floors.write_text('[at_least]\n"experts.f1" = 1.01\n')
    with pytest.raises(CommandError, match=r"experts\.f1"):
        call_command("evaluate", "--data", str(data), "--floors", str(floors), "--only", "experts")


def test_evaluate_without_any_file_fails(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was measured"):
        call_command("evaluate", "--data", str(tmp_path))


def test_every_kind_of_labelled_row_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Mayor Jane Roe said the bridge was closed. It rained."
    told = {"id": "1", "text": text, "attributions": [{"source": [[0, 14]], "content": [[20, 41]]}]}
    split = {"id": "1", "text": text, "sentences": [text[:42], text[43:]]}
    for name, row in (("attribution/news-dev", told), ("sentences/gum-dev", split), ("sentences/ewt-dev", split)):
        path = tmp_path / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        _gzip(path.with_suffix(".jsonl.gz"), json.dumps(row))
    floors = tmp_path / "floors.toml"
    floors.write_text("")
    call_command("evaluate", "--data", str(tmp_path), "--floors", str(floors), "--only", "attribution",
                 "--only", "sentences_gum", "--only", "sentences_ewt")  # fmt: skip
    out = capsys.readouterr().out
    assert "attribution.speaker_f1              1.0000" in out
    assert "sentences_ewt.f1                    1.0000" in out


def _gzip(path: Path, line: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(line + "\n")
