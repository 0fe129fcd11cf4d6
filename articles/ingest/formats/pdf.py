"""PDF files: pages joined into paragraphs, without what the printer added to every page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from articles.ingest.decode import MAX_BYTES
from articles.ingest.formats.common import Entry, article_of
from articles.ingest.lines import clean_line, ends_sentence
from articles.ingest.pieces import Piece, drop
from articles.ingest.wire import Header
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.ingest.model import ParsedArticle

FORM: Final = "PDF"
PAGES: Final = Path(__file__).with_name("pdf_pages.py")
"""Run and never imported: pypdf takes 16 MB, which no worker needs to hold."""

CPU_SECONDS: Final = 30
SECONDS: Final = CPU_SECONDS + 30
EDGE_LINES: Final = 2  # how many lines at the top and the bottom of a page the printer may have added
NUMBER: Final = re.compile(
    r"(?:page|seite|p\.|стр\.)?\s?[-–—|]?\s?\d{1,4}\s?(?:(?:of|/|von|из)\s?\d{1,4})?\s?[-–—|]?$", re.I
)
DIGITS: Final = re.compile(r"\d+")
HYPHENATED: Final = re.compile(r"[^\W\d_]{2,}[-\u00ad\u2010]$")
MIN_WIDTH: Final = 50  # a column is hardly narrower; a page of short lines only has no full ones
FULL: Final = 0.75  # a shorter line that ends a sentence ends a paragraph


def read_pdf(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    """The story of a PDF. Runs a process of its own, for at most `CPU_SECONDS` of CPU time.

    Raises `Invalid`: article.too_large, article.malformed, article.encrypted, article.hostile,
    article.scanned (no text on any page), article.no_body.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Invalid("article.empty")
    found = _pages(data)
    pages = [[line for line in map(clean_line, page.split("\n")) if line] for page in found["pages"]]
    if not any(pages):
        raise Invalid("article.scanned")
    kept, dropped = without_running_lines(pages)
    header = Header(paragraphs(kept))
    title, rest = _title(clean_line(found["title"]), header)
    return article_of(
        Entry(
            title=title,
            pieces=(*dropped, *rest),
            published_at=header.stamp.published_at or header.day,
            modified_at=header.stamp.modified_at,
            url=url,
        )
    )


def _pages(data: bytes) -> dict[str, Any]:
    """What `pdf_pages` says, or the error it says; a process that was stopped is an answer too."""
    command = [sys.executable, "-P", str(PAGES), str(CPU_SECONDS)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Invalid("article.hostile", detail="reading it takes too long") from error
    if done.returncode != 0:
        raise Invalid("article.hostile", detail="reading it takes too much time or memory")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise Invalid(answer["error"], format=FORM, detail=answer["detail"])
    return answer


def _title(named: str, header: Header) -> tuple[str, list[Piece]]:
    """The first line if it reads like a headline, else the document's own title where the text repeats it."""
    rest = [piece for piece in header.pieces if piece.kind != "headline"]
    return header.title or (named if any(piece.text == named for piece in rest) else ""), rest


def without_running_lines(pages: list[list[str]]) -> tuple[list[list[str]], list[Piece]]:
    """Pages without headers, footers and page numbers, and these with their reason, each once.

    A running line stands near the edge of at least half the pages, numbers aside; two pages are too few to tell.
    """
    seen = Counter(key for page in pages for key in {_key(page[index]) for index in _edges(page)})
    running = {key for key, count in seen.items() if len(pages) > 2 and count >= len(pages) / 2}
    dropped: dict[str, Piece] = {}
    kept = []
    for page in pages:
        edges = _edges(page)
        gone = {index for index in edges if _key(page[index]) in running or _is_number(page, index)}
        for index in gone:
            reason = "page number" if NUMBER.match(page[index]) else "page header or footer"
            dropped.setdefault(
                _key(page[index]),
                drop(page[index], "page number" if reason == "page number" else "page header or footer"),
            )
        kept.append([line for index, line in enumerate(page) if index not in gone])
    return kept, list(dropped.values())


def _edges(page: list[str]) -> set[int]:
    size = len(page)
    return {*range(min(EDGE_LINES, size)), *range(max(0, size - EDGE_LINES), size)}


def _is_number(page: list[str], index: int) -> bool:
    return index in {0, len(page) - 1} and len(page) > 1 and bool(NUMBER.match(page[index]))


def _key(line: str) -> str:
    return DIGITS.sub("#", line.casefold())


def paragraphs(pages: Iterable[list[str]]) -> list[str]:
    """Lines joined into paragraphs, also over the edge of a page; words cut by a hyphen made whole."""
    lines = [line for page in pages for line in page]
    widths = sorted(map(len, lines))
    width = max(MIN_WIDTH, widths[int(len(widths) * 0.9)]) if widths else MIN_WIDTH
    joined: list[str] = lines[:1]
    for line, following in pairwise(lines):
        if _goes_on(line, following, width):
            joined[-1] = _join(joined[-1], following)
        else:
            joined.append(following)
    return joined


def _goes_on(line: str, following: str, width: int) -> bool:
    if following[0].islower() or HYPHENATED.search(line):
        return True
    return len(line) >= FULL * width and not (ends_sentence(line) and len(line) < 0.9 * width)


def _join(line: str, following: str) -> str:
    """ "govern-" and "ment" are one word; "Franco-" and "German" are two."""
    if HYPHENATED.search(line) and following[0].islower():
        return line[:-1] + following
    return line + following if line.endswith("-") else f"{line} {following}"
