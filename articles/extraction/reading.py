"""From a parsed article to the story that the extractor reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.extraction.base import Story

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle


def story_of(parsed: ParsedArticle) -> Story:
    """The story of `parsed`; relative dates count from the day it was published (UTC)."""
    return Story(
        text=parsed.text,
        blocks=parsed.blocks,
        title=parsed.title,
        written_on=parsed.published_at.date() if parsed.published_at else None,
        place=parsed.dateline.place,
        agency=parsed.dateline.agency,
        language=parsed.language or "en",
    )
