"""Thousands of stories at once: every one answered, none twice, whatever else lies in the folder."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.choices import Urgency
from articles.ingest import batches, readers
from articles.models import Article, Desk, PrefillRun, Revision, Source
from articles.services import bulk
from articles.services.article import article_ingest
from articles.services.extraction import extraction_sweep, revision_extract
from factcheck.audit.selectors import chain_check
from factcheck.core.inputs import read_lines
from factcheck.launch import processes
from tests.services import database_url, wait_until

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ROOT / "tests" / "data" / "ingest"

pytestmark = pytest.mark.django_db


def story(number: int) -> str:
    return (
        f"Harbour of Almar counts {number} boats\n\nPORT ALMAR (Tessel) - The harbour master counted {number} boats. "
        f"The council paid {number * 3} crowns for the count, the mayor said on Monday.\n"
    )


def row(number: int, **more: object) -> str:
    return json.dumps({"title": f"Boats {number}", "text": story(number).partition("\n\n")[2], **more})


def ingest(*arguments: str) -> tuple[list[dict[str, Any]], str, bool]:
    """The answers, what was told, and whether the exit status is 0."""
    out, told = io.StringIO(), io.StringIO()
    ok = True
    try:
        call_command("ingest", *arguments, stdout=out, stderr=told)
    except CommandError as error:
        ok = error.returncode != 1
    return [json.loads(line) for line in out.getvalue().splitlines()], told.getvalue(), ok


def test_a_folder_is_gone_through_with_the_folders_below_it(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "z.txt").write_text(story(1))
    (tmp_path / "b" / "c" / "y.md").write_text("# Boats\n\nThe harbour has 7 boats, the mayor said.\n")
    (tmp_path / "b" / "x.txt.gz").write_bytes(gzip.compress(story(2).encode()))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("[core]")
    (tmp_path / ".DS_Store").write_bytes(b"\x00\x00")
    answers, told, ok = ingest(str(tmp_path))
    assert ok
    assert [Path(one["path"]).name for one in answers] == ["y.md", "x.txt.gz", "z.txt"]
    assert all(one["created"] and one["claims"] == 0 for one in answers)
    assert "100 %, 3 taken in, 0 known, 0 refused" in told
    assert set(Article.objects.values_list("origin", flat=True)) == {"bulk"}


def test_a_folder_with_every_format_comes_in():
    found = [path for path in FORMATS.rglob("*") if path.suffix in readers.SUFFIXES]
    answers, _, _ = ingest(str(FORMATS))
    assert {Path(one["path"]).suffix for one in answers if "error" not in one} >= {path.suffix for path in found}


def test_a_file_with_several_stories_gives_each_and_one_bad_one_does_not_spoil_the_others(tmp_path):
    posts: list[dict[str, Any]] = [
        {"id": n, "link": f"https://almar.example/{n}/", "title": {"rendered": f"Boats {n}"}, "status": "publish",
         "date_gmt": "2026-11-19T08:42:00", "content": {"rendered": f"<p>There are {n} boats.</p>"}}
        for n in (1, 2, 3)
    ]  # fmt: skip
    posts[1]["content"] = {"rendered": "", "protected": True}
    (tmp_path / "posts.json").write_text(json.dumps(posts))
    answers, _, ok = ingest(str(tmp_path))
    assert not ok
    assert [(one["item"], one.get("error", {}).get("code")) for one in answers] == [
        (1, None), (2, "article.encrypted"), (3, None),
    ]  # fmt: skip
    again, _, _ = ingest(str(tmp_path))
    assert [one.get("created") for one in again] == [False, None, False]


def test_lines_are_read_as_any_of_the_json_formats(tmp_path):
    lines = [
        row(1, url="https://almar.example/1", authors=["Jona Besk", {"name": "Ada Lorn"}],
            published_at="2026-11-19T09:42:00+01:00", publisher="Tessel", language="en-GB", id="a1"),
        json.dumps({"text": story(2)}),
        json.dumps({"html": f"<html><body><h1>Boats</h1><p>{story(3) * 3}</p></body></html>"}),
        json.dumps({"uri": "urn:almar:4", "headline": "Boats 4", "body_text": "There are 4 boats in the harbour."}),
    ]  # fmt: skip
    path = tmp_path / "archive.jsonl.gz"
    path.write_bytes(gzip.compress("\n\n".join(lines).encode()))
    answers, told, ok = ingest(str(path))
    assert ok, answers
    assert [one["line"] for one in answers] == [1, 3, 5, 7]
    first = Article.objects.get(pk=answers[0]["id"])
    assert (first.url, first.authors, first.publisher) == (
        "https://almar.example/1", ["Jona Besk", "Ada Lorn"], "Tessel",
    )  # fmt: skip
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2026-11-19T08:42:00+00:00"
    second = Article.objects.get(pk=answers[1]["id"])
    assert (second.title, second.dateline_agency) == ("Harbour of Almar counts 2 boats", "Tessel")
    assert "4 taken in" in told


def test_what_parse_article_prints_can_be_taken_in(tmp_path):
    (tmp_path / "a.txt").write_text(story(5))
    out = io.StringIO()
    call_command("parse_article", str(tmp_path / "a.txt"), stdout=out)
    (tmp_path / "parsed.jsonl").write_text(out.getvalue())
    answers, _, ok = ingest(str(tmp_path / "parsed.jsonl"))
    assert ok
    assert Revision.objects.get(pk=Article.objects.get(pk=answers[0]["id"]).current_id).text == json.loads(
        out.getvalue()
    )["text"]  # fmt: skip


BAD_LINES = {
    "no JSON": ("{", "input.not_json"),
    "not UTF-8": ("\udcff", "input.not_json"),
    "a list": ("[1]", "input.not_json"),
    "a number that is none": ('{"text": NaN}', "input.not_json"),
    "no story": ('{"x": 1}', "article.no_story"),
    "no words": ('{"text": " "}', "article.no_body"),
    "only a headline": ('{"title": "Boats", "text": "Boats"}', "article.no_body"),
    "text of another kind": ('{"text": 7}', "input.wrong_type"),
    "a time that is none": ('{"text": "There are 7 boats.", "published_at": "soon"}', "article.bad_time"),
    "too long": ('{"text": "' + "x" * (11 << 20) + '"}', "input.line_too_long"),
    "nested without end": ('{"text": "There are 7 boats.", "a": ' + "[" * 99_999, "input.not_json"),
}  # fmt: skip


def test_bad_lines_are_answered_and_reported_and_the_rest_goes_on(tmp_path):
    lines = [row(0), *(line for line, _ in BAD_LINES.values()), row(1)]
    path, report = tmp_path / "rows.ndjson", tmp_path / "report.jsonl"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    answers, told, ok = ingest(str(path), "--report", str(report))
    assert not ok
    codes = [one.get("error", {}).get("code") for one in answers]
    assert codes == [None, *(code for _, code in BAD_LINES.values()), None]
    reported = [json.loads(line) for line in report.read_text().splitlines()]
    assert [(one["path"], one["line"], one["code"]) for one in reported] == [
        (str(path), at + 2, code) for at, (_, code) in enumerate(BAD_LINES.values())
    ]
    assert all(one["detail"] for one in reported)
    assert f"2 taken in, 0 known, {len(BAD_LINES)} refused" in told


def _nothing(folder: Path) -> str:
    return str(folder / "not-there")


def _empty_folder(folder: Path) -> str:
    (folder / "empty").mkdir()
    return str(folder / "empty")


def _empty_lines(folder: Path) -> str:
    (folder / "empty.jsonl").write_text("\n \n")
    return str(folder / "empty.jsonl")


def _missing_lines(folder: Path) -> str:
    return str(folder / "missing.jsonl")


def _no_gzip(folder: Path) -> str:
    (folder / "a.jsonl.gz").write_text("plain")
    return str(folder / "a.jsonl.gz")


def _pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.txt")
    return str(folder)


def _dangling(folder: Path) -> str:
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    return str(folder)


def _rubbish(folder: Path) -> str:
    (folder / "a.txt").write_bytes(bytes(range(256)) * 20)
    return str(folder)


def _picture(folder: Path) -> str:
    (folder / "a.png").write_bytes(b"\x89PNG\r\n")
    return str(folder)


def _circle(folder: Path) -> str:
    (folder / "again").symlink_to(folder, target_is_directory=True)
    return str(folder)


WRONG = [
    (_nothing, "input.not_found"),
    (_empty_folder, "input.no_stories"),
    (_empty_lines, "input.no_stories"),
    (_missing_lines, "input.not_found"),
    (_no_gzip, "input.bad_gzip"),
    (_pipe, "input.not_a_file"),
    (_dangling, "input.not_found"),
    (_rubbish, "article.binary"),
    (_picture, "article.unknown_format"),
    (_circle, "input.not_a_file"),
]


@pytest.mark.parametrize(("make", "code"), WRONG, ids=[make.__name__.strip("_") for make, _ in WRONG])
def test_what_cannot_be_taken_in_is_said_with_a_code(tmp_path, make, code):
    [answer], _, ok = ingest(make(tmp_path))
    assert not ok
    assert answer["error"]["code"] == code
    assert str(tmp_path) in answer["path"]
    assert Article.objects.count() == 0


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(story(1))
    (tmp_path / "locked").mkdir()
    real = os.scandir

    def scandir(path: str) -> Any:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(batches.os, "scandir", scandir)
    answers, _, ok = ingest(str(tmp_path))
    assert not ok
    assert [one.get("error", {}).get("code") for one in answers] == [None, "input.unreadable"]


def test_the_same_story_in_another_file_is_the_article_the_desk_has(tmp_path):
    (tmp_path / "a.txt").write_text(story(1))
    (tmp_path / "b.txt").write_text(story(1))
    answers, told, ok = ingest(str(tmp_path))
    assert ok
    assert [one["created"] for one in answers] == [True, False]
    assert answers[0]["id"] == answers[1]["id"]
    assert "1 taken in, 1 known" in told


def test_what_is_known_by_its_bytes_is_not_read_again(tmp_path, monkeypatch):
    (tmp_path / "rows.jsonl").write_text("\n".join(row(n) for n in range(5)))
    first, _, _ = ingest(str(tmp_path / "rows.jsonl"))
    monkeypatch.setattr(bulk, "article_of", None)  # whoever reads, fails
    again, told, ok = ingest(str(tmp_path / "rows.jsonl"))
    assert ok
    assert [one["id"] for one in again] == [one["id"] for one in first]
    assert "0 taken in, 5 known" in told


def test_a_fault_in_a_reader_costs_one_story_and_says_so(tmp_path, monkeypatch):
    for n in (1, 2, 3):
        (tmp_path / f"{n}.txt").write_text(story(n))
    real = bulk.read_bytes

    def read(data: bytes, *, name: str) -> Any:
        if name.endswith("2.txt"):
            raise ZeroDivisionError("a rule divided by zero")
        return real(data, name=name)

    monkeypatch.setattr(bulk, "read_bytes", read)
    answers, _, ok = ingest(str(tmp_path))
    assert not ok
    assert [one.get("error", {}).get("code") for one in answers] == [None, "article.failed", None]


def test_they_go_to_the_desk_that_is_named(tmp_path):
    desk = Desk.objects.create(name="Science", slug="science")
    (tmp_path / "a.txt").write_text(story(1))
    ingest(str(tmp_path), "--desk", "science")
    ingest(str(tmp_path / "a.txt"), "--desk", "science")
    ingest(str(tmp_path))
    assert list(Article.objects.order_by("pk").values_list("desk", flat=True)) == [desk.pk, 1]
    with pytest.raises(CommandError, match=r"no desk named 'sport'.*science"):
        call_command("ingest", str(tmp_path), "--desk", "sport", stdout=io.StringIO())


def test_the_report_must_be_writable(tmp_path):
    (tmp_path / "a.txt").write_text(story(1))
    with pytest.raises(CommandError, match=r"input\.unreadable"):
        call_command("ingest", str(tmp_path), "--report", str(tmp_path / "no" / "r.jsonl"), stdout=io.StringIO())
    assert Article.objects.count() == 0


def test_file_names_of_any_bytes_and_halves_of_characters_come_through(tmp_path):
    Path(os.fsdecode(bytes(tmp_path) + b"/b\xff.txt")).write_text(story(1))
    (tmp_path / "rows.jsonl").write_text(
        '{"title": "B\\ud800 \\u0000oats", "text": "Half \\udc00 of 7 boats \\u0000."}'
    )
    answers, _, ok = ingest(str(tmp_path))
    assert ok, answers
    assert sorted(Article.objects.values_list("title", flat=True)) == ["B oats", "Harbour of Almar counts 1 boats"]


def test_lines_come_from_standard_input_too(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{row(1)}\n{row(2)}\n".encode())))
    answers, _, ok = ingest("--lines", "-")
    assert ok
    assert [(one["path"], one["line"]) for one in answers] == [("-", 1), ("-", 2)]


def test_a_line_that_is_too_long_is_never_held():
    class Endless(io.RawIOBase):
        longest = 0
        left = 50

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            Endless.longest = max(Endless.longest, size)
            Endless.left -= 1
            return b"x" * size if Endless.left > 0 else b"end\n" if Endless.left == 0 else b""

    found = list(read_lines(["-"], Endless(), limit=100))  # type: ignore[arg-type]
    assert [line.error.code for line in found if line.error] == ["input.line_too_long"]
    assert len(found) == 1
    assert Endless.longest == 101


def test_they_wait_for_the_sweeper_behind_what_came_by_itself(tmp_path, monkeypatch):
    sent: list[int] = []
    for module in ("article", "extraction"):
        monkeypatch.setattr(f"articles.services.{module}.enqueue", lambda _name, pk: sent.append(pk))
    (tmp_path / "rows.jsonl").write_text("\n".join(row(n) for n in range(3)))
    ingest(str(tmp_path / "rows.jsonl"))
    assert sent == []
    alone = article_ingest(story(9).encode(), name="a.txt").revision.pk
    assert sent == [alone]
    many = list(Revision.objects.exclude(pk=alone).order_by("pk").values_list("pk", flat=True))
    sent.clear()
    assert extraction_sweep(older_than_seconds=0, most=3) == 3
    assert sent == [alone, *many[:2]]


def test_their_questions_come_after_those_of_what_came_by_itself(tmp_path):
    Source.objects.create(name="Archive", kind="archive")
    (tmp_path / "a.txt").write_text(story(1))
    ingest(str(tmp_path))
    revision_extract(revision_id=Revision.objects.get().pk)
    assert set(PrefillRun.objects.values_list("urgency", flat=True)) == {Urgency.LATER}


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path):
    total, path = 400, tmp_path / "rows.jsonl"
    path.write_text("\n".join(row(n) for n in range(total)))
    argv = [sys.executable, str(ROOT / "manage.py"), "ingest", str(path)]
    environment = {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("wb") as log:
        process = processes.spawn(argv, output=log, env=environment, cwd=tmp_path)
    wait_until(lambda: Article.objects.count() >= 20, seconds=60, what="the first twenty")
    processes.kill_group(process)
    stored = Article.objects.count()
    assert 20 <= stored < total
    assert Revision.objects.count() == stored
    answers, told, ok = ingest(str(path))
    assert ok
    assert f"{total - stored} taken in, {stored} known" in told
    assert len({one["id"] for one in answers}) == total == Article.objects.count() == Revision.objects.count()
    assert chain_check().broken_at is None
