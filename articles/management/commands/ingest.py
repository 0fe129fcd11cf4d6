"""`manage.py ingest PATH_OR_URL... [--wait]`: take stories in; one JSON object each."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, Final

from articles.choices import Origin
from articles.ingest.batches import Found, found_in, is_batch, size_of
from articles.ingest.decode import MAX_BYTES
from articles.models import DEFAULT_DESK
from articles.progress import wait_for_evidence
from articles.selectors.article import article_summary
from articles.services.article import Ingested, article_ingest
from articles.services.bulk import Arriving, desk_named, stories_of, story_take
from articles.services.fetch import FETCHED_TYPES, is_address
from articles.services.local import outbound_client
from factcheck.core.commands import JsonLinesCommand, Question, to_json_line
from factcheck.core.errors import FactcheckError, Invalid
from factcheck.core.inputs import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.core.management.base import CommandParser, OutputWrapper

HELP: Final = """Take stories in from files, addresses or standard input (-).

A folder is gone through with the folders below it, and a file ending in .jsonl or .ndjson (or .gz of them) has one
story a line. A run that was stopped is begun again with the same words: what is on the desk already is known by its
bytes and not read again.

Claims and evidence are worked out by the workers; --wait shows the progress until every source was
consulted or said not to be, and works on them itself as well."""
STOPPED: Final = 130
DRAWN_EVERY: Final = 0.5  # seconds, on a terminal
TOLD_EVERY: Final = 1_000  # stories, in a log


class Command(JsonLinesCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--wait", action="store_true", help="wait until the evidence is in")
        parser.add_argument("--desk", default="", metavar="SLUG", help="the desk that checks them, else the first")
        parser.add_argument("--lines", action="store_true", help="read every path as JSON Lines, whatever its name")
        parser.add_argument(
            "--report", default="", metavar="FILE", help="write what was refused to FILE: path, line, code, detail"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.desk = desk_named(options["desk"]) if options["desk"] else DEFAULT_DESK
        with ExitStack() as stack:
            self.report = stack.enter_context(_opened(options["report"])) if options["report"] else None
            try:
                super().handle(*args, **options)
            except KeyboardInterrupt:
                self.stderr.write("\nStopped. Begin it again with the same words and it goes on from here.")
                sys.exit(STOPPED)

    def questions(self, options: dict[str, Any]) -> Iterator[Question]:
        for path in options["paths"]:
            if options["lines"] or (not is_address(path) and is_batch(path)):
                yield from self._batch(path, options)
            else:
                yield self._question({"path": path}, lambda path=path: self._one(path), wait=options["wait"])  # type: ignore[misc]

    def _batch(self, path: str, options: dict[str, Any]) -> Iterator[Question]:
        told = Told(path, self.stderr)
        for found in found_in(path, self.stdin, lines=options["lines"]):
            for arriving in stories_of(found):
                taking = self._taking(arriving, told)
                yield self._question(_key(arriving), taking, wait=options["wait"], told=told)
            told.read(found)
        told.end()

    def _taking(self, arriving: Arriving, told: Told) -> Callable[[], Ingested]:
        def take() -> Ingested:
            taken = story_take(arriving, desk=self.desk)
            told.fresh += taken.created
            told.known += not taken.created
            return taken

        return take

    def _one(self, path: str) -> Ingested:
        if is_address(path):
            page = outbound_client().get(path, accept=FETCHED_TYPES, max_bytes=MAX_BYTES)
            return article_ingest(
                page.content, url=page.url, content_type=page.content_type, origin=Origin.URL, desk=self.desk
            )
        data = read_bytes(path, self.stdin, limit=MAX_BYTES)
        return article_ingest(data, name=path.removesuffix(".gz"), desk=self.desk)

    def _question(
        self, key: dict[str, object], take: Callable[[], Ingested], *, wait: bool, told: Told | None = None
    ) -> Question:
        def answer() -> Mapping[str, object]:
            try:
                taken = take()
            except FactcheckError as error:
                self._refused(key, error, told)
                raise
            if wait:
                wait_for_evidence(taken.article, self.stderr)
            return key | _answer(taken, waiting=told is not None and not wait)

        return Question(key=lambda: key, answer=answer)

    def _refused(self, key: dict[str, object], error: FactcheckError, told: Told | None) -> None:
        if told is not None:
            told.refused += 1
        if self.report is not None:
            self.report.write(to_json_line(key | {"code": error.code, "detail": error.detail}) + "\n")
            self.report.flush()  # a run that is killed leaves what it knew


def _key(arriving: Arriving) -> dict[str, object]:
    """What names a story in its answer: the path, and where it stands in the file."""
    found = arriving.found
    key: dict[str, object] = {"path": found.path}
    if found.line:
        key["line"] = found.line
    if arriving.item:
        key["item"] = arriving.item
    return key


def _answer(taken: Ingested, *, waiting: bool) -> dict[str, object]:
    """With `waiting` a new article is one of many that wait to be read, so there is nothing to count yet."""
    fresh = waiting and taken.created and taken.revision.number == 1
    counts = {"claims": 0, "evidence": 0, "sources": []} if fresh else article_summary(taken.article)
    return {
        "id": taken.article.pk,
        "title": taken.article.title,
        "created": taken.created,
        "revision": taken.revision.number,
        "sha256": taken.revision.sha256,
        **counts,
    }


def _opened(path: str) -> IO[str]:
    try:
        return open(path, "w", encoding="utf-8")  # noqa: PTH123  (closed by the caller)
    except OSError as error:
        raise Invalid("input.unreadable", path=path, detail=error.strerror or str(error)) from error


class Told:
    """What is told of a batch while it runs: one moving line on a terminal, a line a thousand stories in a log."""

    def __init__(self, path: str, out: OutputWrapper) -> None:
        self.path, self.out = path, out
        self.fresh = self.known = self.refused = self.size = 0
        self.total = size_of(path)
        self.began = self.drawn = time.monotonic()
        self.next = TOLD_EVERY

    def read(self, found: Found) -> None:
        self.size += found.size
        now = time.monotonic()
        if self.out.isatty():
            if now - self.drawn >= DRAWN_EVERY:
                self.drawn = now
                self.out.write(f"\r{self._line()}\x1b[K", ending="")
                self.out.flush()
        elif self.count >= self.next:
            self.next += TOLD_EVERY
            self.out.write(self._line())

    def end(self) -> None:
        self.size = self.total
        self.out.write(("\r" if self.out.isatty() else "") + self._line())

    @property
    def count(self) -> int:
        return self.fresh + self.known + self.refused

    def _line(self) -> str:
        rate = self.count / max(time.monotonic() - self.began, 0.001)
        share = f"{min(self.size * 100 // self.total, 100)} %, " if self.total else ""
        counts = f"{self.fresh:,} taken in, {self.known:,} known, {self.refused:,} refused"
        return f"{self.path}: {share}{counts}, {rate:,.0f} a second"
