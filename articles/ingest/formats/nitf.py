"""NITF 3.x, with its namespace or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.ingest.formats.common import Entry, language_code, moment, people, text_pieces
from articles.ingest.formats.xml_tree import LANG, below, child, text_of, to_html
from articles.ingest.model import Dateline
from articles.ingest.pieces import Piece

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree.ElementTree import Element


WITHDRAWN: Final = frozenset({"canceled", "cancelled", "withheld", "killed"})
# NITF's own elements under the names that the reader of pages knows.
RENAMED: Final = {
    "hl2": "h2", "hl1": "h2", "bq": "blockquote", "block": "div", "media": "figure", "media-caption": "figcaption",
    "media-producer": "cite-credit", "media-reference": "img", "media-metadata": "meta", "media-object": "object",
}  # fmt: skip


def read_nitf(root: Element, *, url: str) -> list[Entry]:
    """The one story of an nitf document."""
    return [entry_of(root, url=url)]


def entry_of(root: Element, *, url: str) -> Entry:
    """A story as NITF tells it; also called for NITF inside of NewsML-G2."""
    data = child(root, "head", "docdata")
    top = child(root, "body", "body.head")
    return Entry(
        title=text_of(child(top, "hedline", "hl1")) or text_of(child(root, "head", "title")),
        pieces=(*_summary(top), *body_pieces(root)),
        authors=_authors(top),
        published_at=_norm(data, "date.issue") or _story_date(top),
        modified_at=_norm(data, "date.release"),
        language=language_code(root.get(LANG, "")),
        publisher=text_of(child(top, "distributor")),
        dateline=Dateline(text_of(child(top, "dateline", "location"))),
        url=url,
        external_id=_attribute(data, "doc-id", "id-string"),
        edition=_attribute(data, "du-key", "version"),
        version_at=_norm(data, "date.release") or _norm(data, "date.issue"),
        summary=" ".join(text_of(child(top, "abstract")).split()),
        withdrawn=(data.get("management-status", "") if data is not None else "").lower() in WITHDRAWN,
    )


def body_pieces(root: Element) -> tuple[Piece, ...]:
    """The text of body.content."""
    content = next(below(root, "body.content"), None)
    return text_pieces(to_html(content, {**RENAMED, "body.content": "div"})) if content is not None else ()


def _summary(top: Element | None) -> tuple[Piece, ...]:
    second = text_of(child(top, "hedline", "hl2"))
    return (Piece(" ".join(second.split()), "heading"),) if second else ()


def _authors(top: Element | None) -> tuple[str, ...]:
    byline = child(top, "byline")
    named = [text_of(person) for person in below(byline, "person")]
    return people(named or [text_of(byline)])


def _norm(data: Element | None, name: str) -> datetime | None:
    return moment(_attribute(data, name, "norm"))


def _story_date(top: Element | None) -> datetime | None:
    return moment(_attribute(child(top, "dateline"), "story.date", "norm"))


def _attribute(parent: Element | None, name: str, attribute: str) -> str:
    found = child(parent, name)
    return found.get(attribute, "") if found is not None else ""
