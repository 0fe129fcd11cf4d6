"""Which reader takes which file: one line here and one module make a new format."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Protocol

from articles.ingest.decode import decode
from articles.ingest.formats.common import article_of, the_only
from articles.ingest.formats.docx import read_docx
from articles.ingest.formats.jsons import read_json
from articles.ingest.formats.mail import read_mail
from articles.ingest.formats.markdown import read_markdown
from articles.ingest.formats.pdf import read_pdf
from articles.ingest.formats.xml import read_xml
from articles.ingest.html import declared_charset, parse_html
from articles.ingest.wire import parse_wire
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from articles.ingest.formats.common import Entry
    from articles.ingest.model import ParsedArticle

SNIFFED: Final = 1_000
XHTML: Final = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html[^>]*>\s*)?<html", re.IGNORECASE)
HEADERS: Final = rb"(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to):\s"
# The first bytes of formats whose files come without a name, the surest sign first.
SIGNS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = tuple(
    (re.compile(sign, re.IGNORECASE), suffix)
    for sign, suffix in (
        (rb"%PDF-", ".pdf"),
        (rb"PK\x03\x04", ".docx"),
        (XHTML.pattern, ".html"),
        (rb"<!doctype html|<(?:head|body|article)\b", ".html"),
        (rb"<\?xml|<(?:rss|feed|entry|item|nitf|newsitem|newsmessage|rdf)\b", ".xml"),
        (rb"[\[{]\s*[\"{]", ".json"),
        (HEADERS + rb"[^\n]*\n(?:[\w-]+:|[ \t])", ".eml"),
    )
)


class Reader(Protocol):
    def __call__(self, data: bytes, *, url: str, charset: str) -> ParsedArticle: ...


class ManyReader(Protocol):
    def __call__(self, data: bytes, *, url: str, charset: str) -> list[Entry]: ...


def read_wire(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    return parse_wire(decode(data, declared=charset), url=url)


def read_html(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    return parse_html(decode(data, declared=charset or declared_charset(data)), url=url)


READERS: Final[dict[str, Reader]] = {
    ".txt": read_wire,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".eml": read_mail,
    ".md": read_markdown,
    ".markdown": read_markdown,
}
# Formats whose files may hold several stories.
MANY: Final[dict[str, ManyReader]] = {".xml": read_xml, ".json": read_json}
CONTENT_TYPES: Final[dict[str, str]] = {
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/nitf+xml": ".xml",
    "application/vnd.iptc.g2.newsitem+xml": ".xml",
    "application/vnd.iptc.g2.newsmessage+xml": ".xml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
}
MISNAMED: Final = frozenset({".xml", ".html"})
SUFFIXES: Final = (*READERS, *MANY)


def read_bytes(data: bytes, *, name: str, url: str = "", content_type: str = "") -> ParsedArticle:
    """Read a whole file of at most `decode.MAX_BYTES` bytes into an article.

    `content_type` (as a server sends it, with or without a charset) says the format; without a known one
    the suffix of `name` does, and without a suffix a look at the first bytes. A feed is read when it holds
    exactly one story; for more there is `read_all`.

    Raises `Invalid`: article.unknown_format, article.too_large, article.empty, article.binary,
    article.encoding, article.malformed, article.hostile, article.encrypted, article.scanned,
    article.several, article.no_story, article.no_body.
    """
    return the_only(read_all(data, name=name, url=url, content_type=content_type))


def read_all(data: bytes, *, name: str, url: str = "", content_type: str = "") -> list[ParsedArticle]:
    """Every story of a file, in its order: the entries of a feed, the items of a message, or the only one.

    Raises as `read_bytes`, except article.several.
    """
    charset = split_content_type(content_type)[1]
    suffix = suffix_of(data, name=name, content_type=content_type)
    if suffix in MANY:
        found = [article_of(entry) for entry in MANY[suffix](data, url=url, charset=charset)]
    elif suffix in READERS:
        found = [READERS[suffix](data, url=url, charset=charset)]
    else:
        raise Invalid("article.unknown_format", suffix=suffix, known=", ".join(SUFFIXES))
    if not found or not all(map(_has_body, found)):
        raise Invalid("article.no_body")
    return found


def suffix_of(data: bytes, *, name: str, content_type: str = "") -> str:
    """The suffix of the format a file is read as, known or not."""
    media_type, _ = split_content_type(content_type)
    suffix = CONTENT_TYPES.get(media_type) or PurePath(name).suffix.lower() or _sniff(data)
    if suffix == ".txt" and not media_type and (sniffed := _sniff(data)) in MISNAMED:
        suffix = sniffed  # saved from a browser or a program under the wrong name
    is_page = suffix == ".xml" and XHTML.match(data[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n"))
    return ".html" if is_page else suffix


def read_entries(data: bytes, *, name: str = "", url: str = "", content_type: str = "") -> list[Entry]:
    """What a feed or message lists, not yet read as stories: one that is no story does not spoil the others.

    Raises `Invalid` where it is neither XML nor JSON that a reader knows.
    """
    media_type, charset = split_content_type(content_type)
    suffix = CONTENT_TYPES.get(media_type) or PurePath(name).suffix.lower()
    suffix = suffix if suffix in MANY else _sniff(data)
    if suffix not in MANY:
        raise Invalid("article.no_story", format="file", known=", ".join(MANY))
    return MANY[suffix](data, url=url, charset=charset)


def _has_body(parsed: ParsedArticle) -> bool:
    """More than a headline; a notice that a story is withdrawn may be no more than that."""
    return parsed.withdrawn or any(block.kind != "headline" for block in parsed.blocks)


def split_content_type(value: str) -> tuple[str, str]:
    """The media type and the charset of a Content-Type header, both in lower case, "" where not given."""
    media_type, *parameters = (part.strip().lower() for part in value.split(";"))
    charsets = [part.removeprefix("charset=").strip("\"' ") for part in parameters if part.startswith("charset=")]
    return media_type, charsets[0] if charsets else ""


def _sniff(data: bytes) -> str:
    head = data[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((suffix for sign, suffix in SIGNS if sign.match(head)), ".txt")
