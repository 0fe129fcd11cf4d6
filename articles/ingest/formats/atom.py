"""Entries of Atom (RFC 4287)."""

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
from articles.ingest.formats.xml_tree import LANG, child, children, local, own_child, text_of, to_html

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_atom(root: Element, *, url: str) -> list[Entry]:
    """Every entry of a feed, or a lone entry; `url` is where the file came from."""
    entries = [root] if local(root) == "entry" else list(children(root, "entry"))
    return [_entry(entry, root, url) for entry in entries]


def _entry(entry: Element, feed: Element, url: str) -> Entry:
    published = moment(text_of(child(entry, "published")))
    updated = moment(text_of(child(entry, "updated")))
    authors = list(children(entry, "author")) or list(children(feed, "author"))
    language = entry.get(LANG) or feed.get(LANG) or ""
    publisher = (
        text_of(own_child(feed, "title")) if local(feed) == "feed" else text_of(child(entry, "source", "title"))
    )
    content, summary = _markup(own_child(entry, "content")), _markup(own_child(entry, "summary"))
    return Entry(
        title=plain(text_of(own_child(entry, "title"))),
        pieces=text_pieces(content or summary),
        summary=summary if content else "",
        authors=people(text_of(child(author, "name")) for author in authors),
        published_at=published or updated,
        modified_at=updated,
        language=language_code(language),
        publisher=plain(publisher),
        url=_link(entry) or url,
        external_id=text_of(child(entry, "id")),
    )


def _markup(content: Element | None) -> str:
    """Content as HTML or text: XHTML stands in it as elements, HTML as escaped text."""
    if content is None:
        return ""
    return to_html(content) if len(content) else text_of(content)


def _link(entry: Element) -> str:
    links = (link for link in children(entry, "link") if link.get("rel", "alternate") == "alternate")
    return next((address for link in links if (address := web_address(link.get("href", "")))), "")
