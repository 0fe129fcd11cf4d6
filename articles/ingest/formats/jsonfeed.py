"""JSON Feed 1.0 and 1.1, whole feeds and single items."""

from __future__ import annotations

from typing import Any

from articles.ingest.formats.common import (
    Entry,
    language_code,
    moment,
    people,
    plain,
    text_pieces,
    web_address,
)
from articles.ingest.formats.values import items, text


def is_feed(value: dict[str, Any]) -> bool:
    return "jsonfeed.org" in text(value.get("version")) and isinstance(value.get("items"), list)


def is_item(value: dict[str, Any]) -> bool:
    return "id" in value and ("content_html" in value or "content_text" in value)


def read_feed(feed: dict[str, Any], *, url: str) -> list[Entry]:
    """Every item; items without the id that the format demands are left out, as it demands too."""
    return [read_item(item, url=url, feed=feed) for item in items(feed.get("items")) if is_item(item)]


def read_item(item: dict[str, Any], *, url: str, feed: dict[str, Any] | None = None) -> Entry:
    """One item; `feed` is the feed around it, which says who publishes and in which language."""
    around = feed or {}
    authors = items(item.get("authors") or item.get("author") or around.get("authors") or around.get("author") or [])
    return Entry(
        title=plain(text(item.get("title"))),
        pieces=text_pieces(text(item.get("content_html")) or text(item.get("content_text"))),
        authors=people(text(author.get("name")) for author in authors),
        published_at=moment(text(item.get("date_published"))),
        modified_at=moment(text(item.get("date_modified"))),
        language=language_code(text(item.get("language")) or text(around.get("language"))),
        publisher=plain(text(around.get("title"))),
        url=web_address(text(item.get("url"))) or url,
        external_id=text(item.get("id")),
        summary=text(item.get("summary")),
    )
