"""Which reader takes which file: one line here and one module make a new format."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Protocol

from articles.ingest.decode import decode
from articles.ingest.html import declared_charset, parse_html
from articles.ingest.wire import parse_wire
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

SNIFFED: Final = 1_000
HTML_SIGNS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<article")


class Reader(Protocol):
    def __call__(self, data: bytes, *, url: str, charset: str) -> ParsedArticle: ...


def read_wire(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    return parse_wire(decode(data, declared=charset), url=url)


def read_html(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    return parse_html(decode(data, declared=charset or declared_charset(data)), url=url)


READERS: Final[dict[str, Reader]] = {".txt": read_wire, ".html": read_html, ".htm": read_html}
CONTENT_TYPES: Final[dict[str, str]] = {
    "text/plain": ".txt",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
}


def read_bytes(data: bytes, *, name: str, url: str = "", content_type: str = "") -> ParsedArticle:
    """Read a whole file of at most `decode.MAX_BYTES` bytes into an article.

    `content_type` (as a server sends it, with or without a charset) says the format; without a known one
    the suffix of `name` does, and without a suffix a look at the first bytes.

    Raises `Invalid`: article.unknown_format, article.too_large, article.empty, article.binary,
    article.encoding, article.no_body.
    """
    media_type, charset = split_content_type(content_type)
    suffix = CONTENT_TYPES.get(media_type) or PurePath(name).suffix.lower() or _sniff(data)
    reader = READERS.get(suffix)
    if reader is None:
        raise Invalid("article.unknown_format", suffix=suffix, known=", ".join(READERS))
    parsed = reader(data, url=url, charset=charset)
    if not parsed.blocks:
        raise Invalid("article.no_body")
    return parsed


def split_content_type(value: str) -> tuple[str, str]:
    """The media type and the charset of a Content-Type header, both in lower case, "" where not given."""
    media_type, *parameters = (part.strip().lower() for part in value.split(";"))
    charsets = [part.removeprefix("charset=").strip("\"' ") for part in parameters if part.startswith("charset=")]
    return media_type, charsets[0] if charsets else ""


def _sniff(data: bytes) -> str:
    head = data[:SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return ".html" if head.startswith(HTML_SIGNS) else ".txt"
