"""Everything published as a ZIP: whole, with its licence, and without what was taken back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.selectors import dump
from reviews.services.correction import publication_correct, publication_retract
from tests.publishing import STATEMENT, approved, claim, person, published

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def opened(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def fetched(**headers: str) -> Any:
    return Client().get("/feeds/archive.zip", headers=headers)


def test_dump_holds_reviews_tables_corrections_readme_and_licence(settings: Any) -> None:
    settings.DATA_LICENCE = "https://licence.example/open"
    live, gone = published(), published(claim(statement=f"{STATEMENT} again"))
    approved(claim(statement="A draft nobody has seen"))
    publication_correct(publication=live, actor=person("Publisher"), change="update", note="=Newer figures.")
    publication_retract(publication=gone, actor=person("Publisher"), note="Another plant was meant.")
    answer = fetched()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    files = opened(answer.getvalue())
    assert list(files) == ["README.txt", "LICENCE.txt", "claimreview.jsonl", "verdicts.csv", "corrections.csv"]
    assert "https://licence.example/open" in files["LICENCE.txt"]
    (document,) = [json.loads(line) for line in files["claimreview.jsonl"].splitlines()]
    assert (document["url"], document["sdLicense"]) == (
        f"{settings.BASE_URL}{live.get_absolute_url()}",
        "https://licence.example/open",
    )
    rows = list(csv.DictReader(io.StringIO(files["verdicts.csv"])))
    assert [(row["retracted"], row["label"]) for row in rows] == [("False", "Misleading"), ("True", "")]
    notes = [row["note"] for row in csv.DictReader(io.StringIO(files["corrections.csv"]))]
    assert notes == ["Another plant was meant.", "'=Newer figures."]
    assert "A draft nobody has seen" not in "".join(files.values())


def test_readme_says_from_where_to_follow_the_changes() -> None:
    published()
    since = opened(fetched().getvalue())["README.txt"].partition("?since=")[2].split()[0]
    assert Client().get(f"/api/v1/changes/?since={since}").json()["results"] == []
    published(claim(statement=f"{STATEMENT} again"))
    assert len(Client().get(f"/api/v1/changes/?since={since}").json()["results"]) == 1


def test_empty_desk_has_a_dump_too() -> None:
    files = opened(fetched().getvalue())
    assert files["claimreview.jsonl"] == ""
    assert files["verdicts.csv"].count("\n") == 1


def test_who_has_it_is_not_sent_it_again() -> None:
    page = published()
    tag = fetched()["ETag"]
    assert fetched(**{"If-None-Match": tag}).status_code == 304
    publication_retract(publication=page, actor=person("Publisher"), note="Another plant was meant.")
    assert fetched(**{"If-None-Match": tag}).status_code == 200


def test_one_address_may_have_it_a_few_times_a_minute() -> None:
    answers = [fetched() for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 200, 429]
    assert "minute" in answers[-1].content.decode()


def test_it_is_made_in_parts_with_the_same_questions_however_much_there_is(monkeypatch: Any) -> None:
    monkeypatch.setattr(dump, "_PART", 200)
    counts = []
    for number in range(3):
        published(claim(statement=f"{STATEMENT}, part {number}"))
        with CaptureQueriesContext(connection) as queries:
            parts = list(dump.dump_parts())
        counts.append(len(queries))
        assert len(parts) > 1
        opened(b"".join(parts))
    assert len(set(counts)) == 1


def test_command_writes_a_whole_file_or_none(tmp_path: Path, monkeypatch: Any) -> None:
    published()
    target = tmp_path / "out.zip"
    call_command("dump_archive", str(target))
    assert "verdicts.csv" in opened(target.read_bytes())
    before = target.read_bytes()

    def breaks() -> Any:
        yield b"PK"
        raise OSError("the disk is full")

    monkeypatch.setattr("reviews.management.commands.dump_archive.dump_parts", breaks)
    with pytest.raises(OSError, match="full"):
        call_command("dump_archive", str(target))
    assert target.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["out.zip"]
