"""`manage.py parse_article PATH... [--url U]`: what the desk reads out of a file, one JSON object a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.ingest.decode import MAX_BYTES
from articles.ingest.readers import read_bytes
from articles.ingest.serialise import parsed_to_json
from factcheck.core.commands import JsonLinesCommand, document_questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.management.base import CommandParser

    from factcheck.core.commands import Question


class Command(JsonLinesCommand):
    help = "Print title, times, dateline, text and blocks of stories as JSON Lines. Touches no database."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--url", default="", help="the address the story was taken from")

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        def answer(data: bytes, path: str) -> Mapping[str, object]:
            parsed = read_bytes(data, name=document_name(path), url=options["url"])
            return parsed_to_json(parsed, path)

        return document_questions(options["paths"], self.stdin, answer, limit=MAX_BYTES)


def document_name(path: str) -> str:
    """The name that tells the format: "story.txt" for "story.txt.gz"."""
    return path.removesuffix(".gz")
