"""parse_article: one line out per path, errors as lines, the exit status, and no database."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command

from articles.ingest.decode import MAX_BYTES
from factcheck.core.commands import to_json_line
from factcheck.core.errors import Invalid
from factcheck.core.inputs import Line, read_lines, read_row, text_field, text_list_field

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
STORY = "Fish market to close\nThe council agreed on Monday to close it. Größe: 7 m².\n"

Answers = list[dict[str, Any]]


def run(*arguments: str) -> tuple[Answers, str]:
    """The answers, and what the command said in the end if it failed."""
    out = io.StringIO()
    try:
        call_command("parse_article", *arguments, stdout=out)
    except CommandError as error:
        return _answers(out.getvalue()), f"{error} [{error.returncode}]"
    return _answers(out.getvalue()), ""


def _answers(printed: str) -> Answers:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


def test_every_path_is_answered_in_order_without_a_database(story: Path) -> None:
    answers, problem = run(str(story), str(story), "--url", "https://gazette.example/")
    assert problem == ""
    assert [answer["path"] for answer in answers] == [str(story), str(story)]
    assert answers[0]["title"] == "Fish market to close"
    assert answers[0]["text"].endswith("Größe: 7 m².")


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "story.txt.gz"
    path.write_bytes(gzip.compress(STORY.encode()))
    assert run(str(path))[0][0]["title"] == "Fish market to close"


def _folder(path: Path) -> None:
    path.mkdir()


def _writer(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("missing.txt", lambda path: None, "input.not_found"),
        ("folder.txt", _folder, "input.is_folder"),
        ("loop.txt", lambda path: path.symlink_to(path), "input.unreadable"),
        ("plain.txt.gz", _writer(STORY.encode()), "input.bad_gzip"),
        ("cut.txt.gz", _writer(gzip.compress(STORY.encode() * 50)[:40]), "input.bad_gzip"),
        ("damaged.txt.gz", _writer(gzip.compress(STORY.encode())[:12] + b"\xff" * 40), "input.bad_gzip"),
        ("bomb.txt.gz", _writer(gzip.compress(b"a" * (2 * MAX_BYTES))), "article.too_large"),
        ("binary.txt", _writer(b"\x7fELF\x00"), "article.binary"),
        ("empty.txt", _writer(b""), "article.empty"),
        ("latin.txt", _writer("Größe".encode("latin-1")), "article.encoding"),
        ("story.odt", _writer(STORY.encode()), "article.unknown_format"),
    ],
)
def test_a_bad_path_is_answered_with_its_error_and_the_rest_goes_on(
    tmp_path: Path, story: Path, name: str, make: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / name
    make(path)
    answers, problem = run(str(path), str(story))
    assert answers[0]["path"] == str(path)
    assert answers[0]["error"]["code"] == code
    assert set(answers[0]["error"]) == {"code", "detail"}
    assert answers[1]["title"] == "Fish market to close"
    assert problem == "1 of 2 could not be answered. [1]"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_an_error(story: Path) -> None:
    story.chmod(0)
    assert run(str(story))[0][0]["error"]["code"] == "input.unreadable"


def _process(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command as people run it, with a database that cannot be reached."""
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "manage.py", "parse_article", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=stdin, capture_output=True, env=environment, timeout=60, check=False
    )


def test_standard_input_is_read_and_answers_are_utf8_in_any_locale() -> None:
    done = _process("-", stdin=STORY.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout.decode("utf-8"))
    assert (answer["path"], answer["title"]) == ("-", "Fish market to close")
    assert "Größe" in done.stdout.decode("utf-8")


def test_the_exit_status_tells_of_failure_and_only_answers_are_on_standard_output(story: Path) -> None:
    done = _process(str(story), str(story.parent))
    assert done.returncode == 1
    assert [json.loads(line).get("error", {}).get("code") for line in done.stdout.splitlines()] == [
        None,
        "input.is_folder",
    ]
    assert b"1 of 2 could not be answered." in done.stderr


def test_a_reader_that_goes_away_ends_the_command_quietly(story: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "parse_article", *[str(story)] * 50],
            cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"")


def rows(content: bytes, tmp_path: Path) -> list[Line]:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(content)
    return list(read_lines([str(path)], io.BytesIO()))


def test_lines_are_read_one_by_one_and_blank_ones_passed_over(tmp_path: Path) -> None:
    lines = rows(b'\xef\xbb\xbf{"id": 1}\n\n  \r\n{"id": "\xc3\xa9"}', tmp_path)
    assert [line.number for line in lines] == [1, 4]
    assert [read_row(line) for line in lines] == [{"id": 1}, {"id": "é"}]


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"7", b'"a"', b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"]
)  # fmt: skip
def test_a_line_that_is_no_object_is_refused(content: bytes, tmp_path: Path) -> None:
    [line] = rows(content, tmp_path)
    with pytest.raises(Invalid) as caught:
        read_row(line)
    assert caught.value.code == "input.not_json"


def test_lines_read_before_the_damage_are_answered(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": 1}\n', mtime=0) + gzip.compress(os.urandom(5000))[:-3000])
    lines = list(read_lines([str(path), "-"], io.BytesIO(b'{"id": 2}\n')))
    assert read_row(lines[0]) == {"id": 1}
    assert [line.error.code for line in lines if line.error] == ["input.bad_gzip"]
    assert read_row(lines[-1]) == {"id": 2}


def test_fields_are_checked_by_name_and_type() -> None:
    row: dict[str, object] = {"text": "a", "before": None, "passages": ["a", 1]}
    assert text_field(row, "text", needs="text") == "a"
    assert text_field(row, "before", needs="text", default="") == ""
    for check, code in [
        (lambda: text_field(row, "speaker", needs="text"), "input.missing_field"),
        (lambda: text_field(row, "before", needs="text"), "input.wrong_type"),
        (lambda: text_list_field(row, "passages", needs="passages"), "input.wrong_type"),
        (lambda: text_list_field(row, "others", needs="passages"), "input.missing_field"),
    ]:
        with pytest.raises(Invalid) as caught:
            check()
        assert caught.value.code == code


def test_a_lone_surrogate_is_escaped_and_nothing_else_is() -> None:
    line = to_json_line({"text": "é🎉\ud800\n"})
    assert line == '{"text": "é🎉\\ud800\\n"}'
    assert json.loads(line) == {"text": "é🎉\ud800\n"}
