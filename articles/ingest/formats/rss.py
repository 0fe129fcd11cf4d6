"""Entries of RSS 2.0 and 1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from articles.ingest.formats.common import (
    Entry,
    language_code,
    moment,
    people,
    plain,
    text_pieces,
    web_address,
)
from articles.ingest.formats.xml_tree import below, child, children, own_child, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_rss(root: Element, *, url: str) -> list[Entry]:
    """Every item of a channel, or a lone item; `url` is where the file came from."""
    channel = child(root, "channel")
    items = [root] if root.tag.endswith("item") else list(below(root, "item"))
    return [_entry(item, channel, url) for item in items]


def _entry(item: Element, channel: Element | None, url: str) -> Entry:
    whole, described = text_of(child(item, "encoded")), text_of(own_child(item, "description"))
    guid = text_of(child(item, "guid"))
    link = web_address(text_of(own_child(item, "link")))
    authors = [text_of(person) for name in ("creator", "author") for person in children(item, name)]
    source = text_of(own_child(channel, "title")) if channel is not None else ""
    return Entry(
        title=plain(text_of(own_child(item, "title"))),
        pieces=text_pieces(whole or described),
        summary=described if whole else "",
        authors=people(authors),
        published_at=moment(text_of(child(item, "pubDate")) or text_of(child(item, "date"))),
        language=language_code(text_of(child(channel, "language"))),
        publisher=text_of(child(item, "source")) or source,
        url=link or (web_address(guid) if _is_permalink(item) else "") or url,
        external_id=guid or link,
    )


def _is_permalink(item: Element) -> bool:
    guid = child(item, "guid")
    return guid is not None and guid.get("isPermaLink", "true").lower() != "false"
