"""`manage.py ingest PATH_OR_URL... [--wait]`: take stories in; one JSON object each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from articles.choices import Origin
from articles.ingest.decode import MAX_BYTES
from articles.progress import wait_for_evidence
from articles.selectors.article import article_summary
from articles.services.article import Ingested, article_ingest
from articles.services.fetch import FETCHED_TYPES, is_address
from articles.services.local import outbound_client
from factcheck.core.commands import JsonLinesCommand, Question
from factcheck.core.inputs import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.management.base import CommandParser

HELP: Final = """Take stories in from files, addresses or standard input (-).

Claims and evidence are worked out by the workers; --wait shows the progress until every source was
consulted or said not to be, and works on them itself as well."""


class Command(JsonLinesCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--wait", action="store_true", help="wait until the evidence is in")

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        for path in options["paths"]:
            yield self._question(path, wait=options["wait"])

    def _question(self, path: str, *, wait: bool) -> Question:
        return Question(key=lambda: {"path": path}, answer=lambda: self._take_in(path, wait=wait))

    def _take_in(self, path: str, *, wait: bool) -> Mapping[str, object]:
        taken = _from_address(path) if is_address(path) else self._from_file(path)
        if wait:
            wait_for_evidence(taken.article, self.stderr)
        article = taken.article
        return {
            "path": path,
            "id": article.pk,
            "title": article.title,
            "created": taken.created,
            "revision": taken.revision.number,
            "sha256": taken.revision.sha256,
            **article_summary(article),
        }

    def _from_file(self, path: str) -> Ingested:
        data = read_bytes(path, self.stdin, limit=MAX_BYTES)
        return article_ingest(data, name=path.removesuffix(".gz"))


def _from_address(url: str) -> Ingested:
    page = outbound_client().get(url, accept=FETCHED_TYPES, max_bytes=MAX_BYTES)
    return article_ingest(page.content, url=page.url, content_type=page.content_type, origin=Origin.URL)
