"""NewsML-G2 news items, alone or in a news message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.ingest.formats import nitf
from articles.ingest.formats.common import Entry, language_code, moment, people, text_pieces, web_address
from articles.ingest.formats.xml_tree import LANG, below, child, children, local, text_of, to_html
from articles.ingest.model import Dateline

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from articles.ingest.pieces import Piece

WITHDRAWN: Final = frozenset({"canceled", "cancelled", "withheld"})


def read_newsml_g2(root: Element, *, url: str) -> list[Entry]:
    """Every text item of a message, or a lone item. Pictures and video in the same message are no stories."""
    items = [root] if local(root) == "newsItem" else list(below(root, "newsItem"))
    texts = [item for item in items if _item_class(item) in {"", "text"}]
    return [_entry(item, url) for item in texts or items]


def _item_class(item: Element) -> str:
    return _code(child(item, "itemMeta", "itemClass"))


def _entry(item: Element, url: str) -> Entry:
    meta, about = child(item, "itemMeta"), child(item, "contentMeta")
    version = item.get("version", "")
    dateline = text_of(child(about, "dateline")) or _name(child(about, "located"))
    return Entry(
        title=_headline(about),
        pieces=_body(item),
        authors=_authors(about),
        published_at=_time(meta, "versionCreated") or _time(meta, "firstCreated"),
        modified_at=_time(meta, "versionCreated"),
        language=language_code(item.get(LANG, "") or _language(about)),
        publisher=_name(child(meta, "provider")),
        dateline=Dateline(dateline),
        url=next((link for part in below(item, "remoteInfo") if (link := web_address(part.get("href", "")))), url),
        external_id=f"{item.get('guid', '')}:{version}" if version else item.get("guid", ""),
        version=version,
        edition=version,
        version_at=_time(meta, "versionCreated"),
        summary=text_of(child(about, "description")),
        withdrawn=_code(child(meta, "pubStatus")) in WITHDRAWN,
        embargoed_until=_time(meta, "embargoed"),
    )


def _headline(about: Element | None) -> str:
    headlines = list(children(about, "headline"))
    main = [found for found in headlines if found.get("role", "").endswith(("main", "headline"))]
    return text_of((main or headlines)[0]) if headlines else text_of(child(about, "slugline"))


def _body(item: Element) -> tuple[Piece, ...]:
    """inlineXML as NITF or XHTML, else inlineData; the first of several renditions that holds text."""
    for part in children(child(item, "contentSet"), "inlineXML"):
        if next(below(part, "body.content"), None) is not None:
            return nitf.body_pieces(part)
        body = next(below(part, "body"), part)
        return text_pieces(to_html(body, {**nitf.RENAMED, "body": "div", "inlineXML": "div"}))
    data = child(item, "contentSet", "inlineData")
    return text_pieces(text_of(data)) if data is not None else ()


def _authors(about: Element | None) -> tuple[str, ...]:
    bylines = [text_of(by) for by in children(about, "by")]
    return people(bylines or [_name(creator) for creator in children(about, "creator")])


def _time(meta: Element | None, name: str) -> datetime | None:
    return moment(text_of(child(meta, name)))


def _code(element: Element | None) -> str:
    """ "usable" of qcode="stat:usable" or of a uri that ends in it."""
    if element is None:
        return ""
    said = element.get("qcode") or element.get("uri") or ""
    return said.replace("/", ":").rpartition(":")[2].lower()


def _name(element: Element | None) -> str:
    if element is None:
        return ""
    name = text_of(child(element, "name")) or text_of(element)
    return name or element.get("literal", "") or element.get("qcode", "").rpartition(":")[2]


def _language(about: Element | None) -> str:
    found = child(about, "language")
    return found.get("tag", "") if found is not None else ""
