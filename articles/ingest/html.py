"""A news page as it was fetched, read into an article. Nothing is fetched from here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from lxml.etree import LxmlError
from trafilatura.settings import Document

from articles.ingest.boilerplate import boilerplate_reason
from articles.ingest.html_meta import PageMeta, read_meta, without_site
from articles.ingest.language import detect_language
from articles.ingest.lines import clean_line
from articles.ingest.model import ParsedArticle
from articles.ingest.names import split_names
from articles.ingest.pieces import Piece, build, drop
from articles.ingest.stamps import read_iso
from articles.ingest.story import read_story
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.ingest.model import BlockKind

DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
DECLARED_WITHIN: Final = 4_096
XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
NO_NAME: Final = re.compile(r"[\x00]")
KINDS: Final[dict[str, BlockKind | None]] = {"p": None, "head": "heading", "quote": "quote", "item": "list"}
CONTAINERS: Final = frozenset({"p", "head", "quote", "item", "list", "table", "row", "cell", "code", "ab"})


def declared_charset(data: bytes) -> str:
    """The charset a page names in its first bytes, or ""."""
    match = DECLARED.search(data, 0, DECLARED_WITHIN)
    return match[1].decode("ascii", "ignore").lower() if match else ""


def parse_html(source: str, *, url: str = "") -> ParsedArticle:
    """Read a page: what it says about itself, and its main text as blocks.

    Pictures' captions are left out together with their credits, as is all navigation. Raises `Invalid`
    (article.no_body) when no main text can be told from the rest of the page.
    """
    tree = _tree(source)
    meta = read_meta(tree)
    document = _main_text(source, url)
    meta = _completed(meta, document, url)
    story = read_story([*_headline(meta.title), *_pieces(document.body)])
    text, blocks, dropped = build(story.pieces)
    if all(block.kind == "headline" for block in blocks):
        raise Invalid("article.no_body")
    return ParsedArticle(
        title=meta.title,
        text=text,
        blocks=blocks,
        dropped=dropped,
        authors=meta.authors or story.authors,
        published_at=meta.published_at,
        modified_at=meta.modified_at,
        language=meta.language or detect_language(text),
        publisher=meta.publisher or story.dateline.agency or _host(url),
        dateline=story.dateline,
        url=url,
    )


def _tree(source: str) -> Any:
    try:
        # lxml refuses str that names an encoding of its own; it is characters already.
        return lxml.html.document_fromstring(XML_DECLARATION.sub("", NO_NAME.sub("", source)))
    except (LxmlError, ValueError) as error:
        raise Invalid("article.no_body") from error


def _main_text(source: str, url: str) -> Document:
    document = trafilatura.bare_extraction(
        source, url=url or None, with_metadata=True, include_comments=False, favor_precision=True
    )
    if not isinstance(document, Document) or document.body is None:
        raise Invalid("article.no_body")
    return document


def _completed(meta: PageMeta, document: Document, url: str) -> PageMeta:
    """Where the page is silent, what trafilatura makes of it."""
    site = meta.publisher or document.sitename or _host(url)
    return replace(
        meta,
        title=meta.title or without_site(clean_line(document.title or ""), site),
        authors=meta.authors or split_names(clean_line(document.author or "")),
        published_at=meta.published_at or read_iso(document.date or ""),
        publisher=meta.publisher or clean_line(document.sitename or ""),
    )


def _headline(title: str) -> list[Piece]:
    return [Piece(title, "headline")] if title else []


def _pieces(body: Any) -> Iterator[Piece]:
    """The lines of trafilatura's tree, with the kind its element says."""
    for kind, line in _lines(body, None):
        reason = boilerplate_reason(line) if kind else ""
        yield drop(line, reason) if reason else Piece(line, kind)


def _lines(element: Any, kind: BlockKind | None) -> Iterator[tuple[BlockKind | None, str]]:
    """(kind, line) of an element and what it contains, in order; `lb` breaks a line."""
    words = element.text or ""
    for child in element:
        if child.tag in CONTAINERS:
            yield from _split(kind, words)
            yield from _lines(child, KINDS.get(child.tag) or kind)
            words = child.tail or ""
        else:
            words += ("\n" if child.tag == "lb" else "".join(child.itertext())) + (child.tail or "")
    yield from _split(kind, words)


def _split(kind: BlockKind | None, words: str) -> Iterator[tuple[BlockKind | None, str]]:
    for line in map(clean_line, words.split("\n")):
        if line:
            yield kind, line


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
