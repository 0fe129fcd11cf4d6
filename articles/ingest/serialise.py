"""A parsed article as the JSON that `parse_article` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

    from articles.ingest.model import BlockJson, DroppedJson, ParsedArticle


class DatelineJson(TypedDict):
    place: str
    agency: str


class ArticleJson(TypedDict):
    path: str
    title: str
    authors: list[str]
    published_at: str | None
    modified_at: str | None
    language: str
    publisher: str
    dateline: DatelineJson
    text: str
    blocks: list[BlockJson]
    dropped: list[DroppedJson]


def parsed_to_json(parsed: ParsedArticle, path: str) -> ArticleJson:
    """The answer for `path`; times as "2026-11-19T08:42:00Z", offsets in code points of "text"."""
    return {
        "path": path,
        "title": parsed.title,
        "authors": list(parsed.authors),
        "published_at": iso_utc(parsed.published_at),
        "modified_at": iso_utc(parsed.modified_at),
        "language": parsed.language,
        "publisher": parsed.publisher,
        "dateline": {"place": parsed.dateline.place, "agency": parsed.dateline.agency},
        "text": parsed.text,
        "blocks": [{"kind": block.kind, "start": block.start, "end": block.end} for block in parsed.blocks],
        "dropped": [{"text": dropped.text, "reason": dropped.reason} for dropped in parsed.dropped],
    }


def iso_utc(moment: datetime | None) -> str | None:
    """ISO 8601 with a Z, or None."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
