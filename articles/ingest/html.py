"""A news page as it was fetched, read into an article. Nothing is fetched from here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from lxml.etree import LxmlError
from trafilatura.settings import Document

from articles.ingest.html_body import Found, story_lines
from articles.ingest.html_captions import caption_pieces
from articles.ingest.html_lines import kind_of
from articles.ingest.html_meta import PageMeta, read_meta
from articles.ingest.html_page import Known
from articles.ingest.language import detect_language
from articles.ingest.lines import clean_line, clean_lines
from articles.ingest.model import ParsedArticle
from articles.ingest.pieces import Piece, build, drop
from articles.ingest.story import read_story
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DECLARED: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
DECLARED_WITHIN: Final = 4_096
XML_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
NO_NAME: Final = re.compile(r"[\x00]")
ENOUGH: Final = 400  # characters of story below which a second opinion is asked for


def declared_charset(data: bytes) -> str:
    """The charset a page names in its first bytes, or ""."""
    match = DECLARED.search(data, 0, DECLARED_WITHIN)
    return match[1].decode("ascii", "ignore").lower() if match else ""


def parse_html(source: str, *, url: str = "") -> ParsedArticle:
    """Read a page: what it says about itself, and its main text as blocks, captions apart from paragraphs.

    `url` is where it was fetched from; the page's own canonical address is believed on the same host only.
    Raises `Invalid` (article.no_body) when no main text can be told from the rest of the page.
    """
    tree = _tree(source)
    meta = read_meta(tree)
    return article_of_page(meta, _story(tree, meta), url=url)


def article_of_page(meta: PageMeta, pieces: Iterable[Piece], *, url: str) -> ParsedArticle:
    """What a page says about itself and the pieces of its text as one article; raises article.no_body."""
    story = read_story([*_headline(meta.title), *pieces])
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
        publisher=meta.publisher or host_of(url) or story.dateline.agency,
        dateline=story.dateline,
        url=_address(url, meta.canonical),
    )


def html_pieces(source: str) -> list[Piece]:
    """The pieces of a fragment of HTML that holds nothing but a story, as feeds and interfaces send it."""
    body = _tree(f"<div>{source}</div>").find("body")
    return [] if body is None else list(_pieces(story_lines(body, Known(is_whole=True))))


def _tree(source: str) -> Any:
    try:
        # lxml refuses str that names an encoding of its own; it is characters already.
        return lxml.html.document_fromstring(XML_DECLARATION.sub("", NO_NAME.sub("", source)))
    except (LxmlError, ValueError, AssertionError) as error:
        raise Invalid("article.no_body") from error


def _story(tree: Any, meta: PageMeta) -> list[Piece]:
    """The page's text by our own reading; where that is thin, what JSON-LD or trafilatura have if it is more."""
    body = tree.find("body")
    known = Known(meta.titles, meta.description, meta.body, is_live=meta.is_live)
    pieces = list(_pieces(story_lines(body, known))) if body is not None else []
    size = _size(pieces)
    said = [Piece(line) for line in clean_lines(meta.body) if _is_text(line)]
    if _size(said) > max(ENOUGH, 2 * size):
        return said
    if size < ENOUGH:
        other = _second_opinion(tree)
        return other if _size(other) > 1.5 * size else pieces
    return pieces


def _is_text(line: str) -> bool:
    return 2 * sum(map(str.isalpha, line)) > len(line)


def _size(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if not piece.reason)


def _pieces(found: Iterable[Found]) -> Iterator[Piece]:
    for item in found:
        text = item.line.text
        if item.reason:
            yield drop(text, item.reason)
        elif item.role == "credit":
            yield drop(text, "credit")
        elif item.role == "caption":
            yield from caption_pieces(text)
        else:
            yield Piece(text, kind_of(item.line))


def _second_opinion(tree: Any) -> list[Piece]:
    document = trafilatura.bare_extraction(tree, with_metadata=False, include_comments=False)
    text = document.text if isinstance(document, Document) else ""
    return [Piece(line) for line in map(clean_line, (text or "").split("\n")) if line]


def _headline(title: str) -> list[Piece]:
    return [Piece(title, "headline")] if title else []


def host_of(url: str) -> str:
    """The host without www, "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _address(url: str, canonical: str) -> str:
    """Where the story lives. A page may name a better address of its own host, never that of another."""
    if not canonical.startswith(("https://", "http://")):
        return url
    return canonical if not url or host_of(canonical) == host_of(url) else url
