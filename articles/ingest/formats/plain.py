"""A story as a plain JSON object, as archives are dumped and as `parse_article` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from articles.ingest.formats.common import Entry, language_code, moment, people, web_address
from articles.ingest.formats.values import inner, text
from articles.ingest.html import parse_html
from articles.ingest.lines import clean_line, clean_lines
from articles.ingest.model import Dateline
from articles.ingest.pieces import Piece, drop
from articles.ingest.wire import parse_wire
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime

    from articles.ingest.model import ParsedArticle
    from articles.ingest.pieces import Reason

STRINGS: Final = ("text", "html", "title", "url", "published_at", "modified_at", "language", "publisher")


def is_plain(value: dict[str, Any]) -> bool:
    return "text" in value or "html" in value


def read_plain(item: dict[str, Any], *, url: str) -> Entry:
    """An object with `text` or `html`, and what else is known of it.

    Known are title, url, id, authors (names, or objects with a name), published_at, modified_at, language, publisher
    and dateline ({place, agency}); what is not given is read from the words. Raises Invalid (input.wrong_type,
    article.bad_time, article.no_body) and what the readers of wire text and pages raise.
    """
    for name in STRINGS:
        if item.get(name) is not None and not isinstance(item[name], str):
            raise Invalid("input.wrong_type", field=name, needs="a string")
    address = web_address(text(item.get("url"))) or url
    title = clean_line(text(item.get("title")))
    read = _read(item, title, address)
    return Entry(
        title=title or read.title,
        pieces=read.pieces,
        authors=_authors(item) or read.authors,
        published_at=_time(item, "published_at") or read.published_at,
        modified_at=_time(item, "modified_at") or read.modified_at,
        language=language_code(text(item.get("language"))) or read.language,
        publisher=text(item.get("publisher")) or read.publisher,
        dateline=Dateline(
            text(inner(item, "dateline", "place")) or read.dateline.place,
            text(inner(item, "dateline", "agency")) or read.dateline.agency,
        ),
        url=address or read.url,
        external_id=text(item.get("id")),
    )


def _read(item: dict[str, Any], title: str, url: str) -> Entry:
    html = text(item.get("html"))
    if html:
        return entry_of(parse_html(html, url=url))
    if title:  # then the text begins with the story, not with a header
        return Entry(pieces=tuple(Piece(line) for line in clean_lines(text(item.get("text")))))
    return entry_of(parse_wire(text(item.get("text")), url=url))


def entry_of(parsed: ParsedArticle) -> Entry:
    """What was read already, to be completed by what its format says beside the text."""
    blocks = (Piece(parsed.text[one.start : one.end], one.kind) for one in parsed.blocks if one.kind != "headline")
    return Entry(
        title=parsed.title,
        pieces=(*blocks, *(drop(one.text, cast("Reason", one.reason)) for one in parsed.dropped)),
        authors=parsed.authors,
        published_at=parsed.published_at,
        modified_at=parsed.modified_at,
        language=parsed.language,
        publisher=parsed.publisher,
        dateline=parsed.dateline,
        url=parsed.url,
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    given = item.get("authors") or item.get("author") or []
    given = given if isinstance(given, list) else [given]
    names = [text(one.get("name")) if isinstance(one, dict) else text(one) for one in given]
    return people(name for name in names if name)


def _time(item: dict[str, Any], name: str) -> datetime | None:
    said = text(item.get(name)).strip()
    found = moment(said) if said else None
    if said and found is None:
        raise Invalid("article.bad_time", field=name, value=said[:60])
    return found
