"""Everything published as one ZIP, made while it is sent: a million verdicts take no more memory than a few."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone

from reviews.selectors.changes import changes_newest
from reviews.selectors.page import all_rows, flat_values
from reviews.selectors.profile import desk_name
from reviews.selectors.published import absolute, publication_url
from reviews.selectors.versions import corrections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

COLUMNS: Final = (
    "url", "claim", "claimant", "label", "value", "best", "worst", "summary", "language", "published_at",
    "changed_at", "retracted", "note",
)  # fmt: skip
_PART: Final = 64 * 1024  # bytes gathered before they are sent
_README: Final = """{desk}: everything published
{line}

Made {made}, when change number {since} was the newest one. What became of verdicts since:
{changes}

claimreview.jsonl   one schema.org ClaimReview (JSON-LD) a line, as the page carries it; retracted ones are left out
verdicts.csv        every verdict, one a line; of a retracted one only that it is retracted, and why
corrections.csv     every change readers were told of, the newest first
LICENCE.txt         what you may do with it

All files are UTF-8. Times are in UTC. A cell that a spreadsheet would run as a formula begins with an apostrophe.
The shape of a ClaimReview: https://schema.org/ClaimReview
"""
_LICENCE: Final = """The data in this archive is published by {desk} under
{licence}

Quotations from others, and the works that are cited, stay under the terms of those who made them.
"""


def cell(value: Any) -> Any:
    """A cell that begins like a formula would be run by a spreadsheet; a leading apostrophe makes it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def dump_parts() -> Iterator[bytes]:
    """The ZIP, piece by piece."""
    now, sink = timezone.now(), _Sink()
    # Asked before anything is read: who follows the changes from there on misses nothing.
    since = changes_newest()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in _files(now, since):
            with archive.open(zipfile.ZipInfo(name, now.timetuple()[:6]), "w") as file:
                for line in lines:
                    file.write(line.encode())
                    if sink.held >= _PART:
                        yield sink.take()
    yield sink.take()


def _files(now: datetime, since: int) -> Iterator[tuple[str, Iterable[str]]]:
    desk = desk_name()
    title = f"{desk}: everything published"
    yield "README.txt", [_README.format(
        desk=desk, line="=" * len(title), made=f"{now:%Y-%m-%d %H:%M:%S} UTC", since=since,
        changes=absolute(f"/api/v1/changes/?since={since}"),
    )]  # fmt: skip
    yield "LICENCE.txt", [_LICENCE.format(desk=desk, licence=settings.DATA_LICENCE)]
    yield "claimreview.jsonl", _claimreviews()
    yield "verdicts.csv", _verdicts()
    yield "corrections.csv", _corrections()


def _claimreviews() -> Iterator[str]:
    for row in all_rows():
        if row.document:
            yield json.dumps({**row.document, "sdLicense": settings.DATA_LICENCE}, ensure_ascii=False) + "\n"


def _verdicts() -> Iterator[str]:
    return _table(COLUMNS, (flat_values(row).values() for row in all_rows()))


def _corrections() -> Iterator[str]:
    rows = (
        (publication_url(one.publication), one.number, one.change, one.note, one.published_at.isoformat())
        for one in corrections().iterator(chunk_size=500)
    )
    return _table(("url", "version", "change", "note", "at"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    write: Callable[[Iterable[Any]], object] = writer.writerow
    write(head)
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        write([cell(value) for value in row])
    yield line.getvalue()


class _Sink(io.RawIOBase):
    """Where the ZIP is written to: what has come is taken away from time to time."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.held = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self.held += len(data)
        return len(data)

    def take(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts, self.held = [], 0
        return whole
