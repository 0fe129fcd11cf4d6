"""`manage.py extract_claims PATH...` and `--text`: sentences, claims and who says what, as JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.extraction.base import Story
from articles.extraction.pipeline import extract
from articles.extraction.reading import story_of
from articles.extraction.serialise import extraction_to_json
from articles.ingest.decode import MAX_BYTES
from articles.ingest.readers import read_bytes
from articles.management.commands.parse_article import document_name
from factcheck.core.commands import JsonLinesCommand, document_questions, line_questions
from factcheck.core.inputs import text_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.core.management.base import CommandParser

    from factcheck.core.commands import Question
    from factcheck.core.inputs import Row

NEEDS = '"id" and "text"'


class Command(JsonLinesCommand):
    help = "Print the claims of stories, or with --text of plain texts, as JSON Lines. Touches no database."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--text",
            action="store_true",
            help='the input is JSON Lines of {"id", "text"}; offsets count in each text unchanged',
        )
        parser.add_argument("--url", default="", help="the address the story was taken from")

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        if options["text"]:
            return line_questions(options["paths"], self.stdin, answer_row)
        url = options["url"]
        return document_questions(
            options["paths"], self.stdin, lambda data, path: answer_document(data, path, url), limit=MAX_BYTES
        )


def answer_row(row: Row) -> Mapping[str, object]:
    """The claims of one plain text. Raises `Invalid` when "text" is missing or no string."""
    text = text_field(row, "text", needs=NEEDS)
    return dict(extraction_to_json(text, extract(Story(text=text))))


def answer_document(data: bytes, path: str, url: str) -> Mapping[str, object]:
    """The claims of one document in any format that can be read; raises `Invalid` as `read_bytes` does."""
    parsed = read_bytes(data, name=document_name(path), url=url)
    return {"path": path, **extraction_to_json(parsed.text, extract(story_of(parsed)))}
