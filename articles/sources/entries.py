"""Reading RSS, Atom and JSON Feed without trusting them.

feedparser expands entities and opens what it is given as a path, so it only ever sees bytes that were decoded
here, hold no DOCTYPE, and are handed over in a BytesIO. JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)
is read here, since feedparser does not know it.
"""

from __future__ import annotations

import calendar
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import defusedxml.ElementTree
import feedparser
from defusedxml.common import DefusedXmlException

from articles.sources.markup import one_line, plain_text
from factcheck.core.errors import Permanent

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ENTRIES: Final = 500
_JSON_FEED: Final = "https://jsonfeed.org/version/1"
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*?\?>", re.IGNORECASE)
_STATED: Final = re.compile(rb"\A\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Only encodings in which "<!DOCTYPE" looks like itself; others could hide it from the check.
_ENCODINGS: Final = ("utf-8", "iso-8859-1", "iso-8859-15", "us-ascii", "windows-1252", "windows-1251", "koi8-r")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: `identity` is its stable id, `text` plain paragraphs parted by empty lines."""

    identity: str
    title: str
    url: str
    text: str
    published_at: datetime | None
    author: str = ""

    @property
    def sortable(self) -> datetime:
        return self.published_at or _EPOCH


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read; items without id, link and words are left out."""

    title: str
    language: str
    entries: tuple[Entry, ...]


def read_feed(content: bytes, content_type: str, *, url: str) -> Feed:
    """Read a feed of any of the three kinds; relative links are resolved against `url`.

    Raises Permanent `source.bad_answer` for what is none, and for XML with a DOCTYPE or entities of its own.
    """
    host = urlsplit(url).hostname or url
    if "json" in content_type.lower() or content.lstrip()[:1] == b"{":
        return _json_feed(content, url, host)
    return _xml_feed(content, url, host)


def _bad(host: str, detail: str) -> Permanent:
    return Permanent("source.bad_answer", host=host, detail=detail)


def _xml_feed(content: bytes, url: str, host: str) -> Feed:
    text = _safe_xml(content, host)
    parsed = feedparser.parse(
        io.BytesIO(text.encode()), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not parsed.get("version") and not parsed.entries:
        raise _bad(host, "it is not a feed")
    entries = (_xml_entry(entry, url) for entry in parsed.entries[:MOST_ENTRIES])
    language = str(parsed.feed.get("language", "")).lower()
    return Feed(one_line(str(parsed.feed.get("title", ""))), language, _kept(entries))


def _safe_xml(content: bytes, host: str) -> str:
    """The document as text without its declaration, which would name an encoding it no longer has."""
    text = _DECLARATION.sub("", _decoded(content, host))
    if _FORBIDDEN.search(text):
        raise _bad(host, "it defines entities of its own, which feeds have no need of")
    try:
        defusedxml.ElementTree.fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise _bad(host, "it defines entities of its own, which feeds have no need of") from error
    except defusedxml.ElementTree.ParseError:
        # Not well formed, as real feeds often are: feedparser's lenient reader takes it. No DOCTYPE is in it.
        return text
    return text


def _decoded(content: bytes, host: str) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    stated = _STATED.match(content)
    encoding = stated.group(1).decode().lower() if stated else "utf-8"
    if encoding not in _ENCODINGS:
        raise _bad(host, f"its encoding {encoding!r} is not read")
    return content.decode(encoding, errors="replace")


def _xml_entry(entry: Mapping[str, Any], base: str) -> Entry | None:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    body = max([*contents, str(entry.get("summary", ""))], key=len)
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    return _entry(
        identity=str(entry.get("id") or entry.get("link") or ""),
        title=str(entry.get("title", "")),
        link=str(entry.get("link", "")),
        base=base,
        text=plain_text(body),
        published_at=datetime.fromtimestamp(calendar.timegm(when), UTC) if when else None,
        author=str(entry.get("author", "")),
    )


def _entry(
    *, identity: str, title: str, link: str, base: str, text: str, published_at: datetime | None, author: str
) -> Entry | None:
    headline = one_line(title) or text[:80]
    if not identity or not (headline or text):
        return None
    address = urljoin(base, link) if link else ""
    safe = address if urlsplit(address).scheme in {"http", "https"} else ""
    return Entry(identity, headline, safe, text, published_at, one_line(author))


def _kept(entries: Any) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry is not None)


def _json_feed(content: bytes, url: str, host: str) -> Feed:
    try:
        feed = json.loads(content)
    except ValueError as error:
        raise _bad(host, "it is not JSON") from error
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_JSON_FEED):
        raise _bad(host, "it is JSON, but no JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise _bad(host, "it has no list of items")
    entries = (_json_entry(item, url) for item in items[:MOST_ENTRIES] if isinstance(item, dict))
    return Feed(one_line(str(feed.get("title", ""))), str(feed.get("language", "")).lower(), _kept(entries))


def _json_entry(item: Mapping[str, Any], base: str) -> Entry | None:
    text = item.get("content_text")
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return _entry(
        identity=str(item.get("id") or ""),
        title=str(item.get("title") or ""),
        link=str(item.get("url") or ""),
        base=base,
        text=str(text).strip() if text else plain_text(str(item.get("content_html") or item.get("summary") or "")),
        published_at=_moment(item.get("date_published") or item.get("date_modified")),
        author=str(first.get("name", "")),
    )


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
