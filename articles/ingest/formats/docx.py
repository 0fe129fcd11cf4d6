"""Word documents (.docx): the words as they would print, tracked insertions in and deletions out."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from lxml.etree import LxmlError

from articles.ingest.decode import MAX_BYTES
from articles.ingest.formats.archive import checked_zip
from articles.ingest.formats.common import Entry, article_of, language_code
from articles.ingest.lines import clean_line
from articles.ingest.pieces import Piece
from articles.ingest.stamps import read_iso
from articles.ingest.wire import Header
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.ingest.model import BlockKind, ParsedArticle

FORM: Final = "Word document"
MAIN_PART: Final = "word/document.xml"
DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT: Final = frozenset({f"{W}del", f"{W}moveFrom", FALLBACK})
BREAKS: Final = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
STYLES: Final[tuple[tuple[str, BlockKind], ...]] = (
    ("title", "headline"), ("heading", "heading"), ("subtitle", "heading"), ("list", "list"), ("quote", "quote"),
    ("intense quote", "quote"), ("caption", "caption"),
)  # fmt: skip


def read_docx(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    """The story of a Word document; its title is what has the style Title, else its first heading or line.

    Raises `Invalid`: article.too_large, article.malformed, article.encrypted, article.hostile, article.no_body.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Invalid("article.empty")
    _check(data)
    document = _open(data)
    pieces = [piece for piece in _pieces(document) if piece.text]
    title, rest, header = _split_title(pieces)
    properties = document.core_properties
    return article_of(
        Entry(
            title=title,
            pieces=tuple(rest),
            published_at=header.stamp.published_at or header.day if header else None,
            modified_at=read_iso(properties.modified.isoformat()) if properties.modified else None,
            language=language_code(properties.language or ""),
            url=url,
        )
    )


def _check(data: bytes) -> None:
    with checked_zip(data, form=FORM) as archive:
        if MAIN_PART not in archive.namelist():
            raise Invalid("article.malformed", format=FORM, detail="it has no text part")
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")) and DOCTYPE.search(
                _bytes(archive, part).replace(b"\0", b"")
            ):
                raise Invalid("article.hostile", detail="it defines entities of its own")


def _bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(part)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Invalid("article.malformed", format=FORM, detail=str(error)) from error


def _open(data: bytes) -> Any:
    try:
        return docx.Document(io.BytesIO(data))
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise Invalid("article.malformed", format=FORM, detail=str(error)) from error


def _pieces(document: Any) -> Iterator[Piece]:
    kinds: dict[str | None, BlockKind | None] = {}  # python-docx walks all styles to find one by its id
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (Piece(_row(row), "list") for row in block._tbl.iter(f"{W}tr"))
        else:
            style = block._p.style
            if style not in kinds:
                kinds[style] = _kind(block)
            kind = kinds[style]
            yield from (Piece(clean_line(line), kind) for line in _text(block._p).split("\n"))


def _row(row: Any) -> str:
    return clean_line(" ".join(_text(cell) for cell in row.iter(f"{W}tc")))


def _text(element: Any) -> str:
    """The words below an element. python-docx leaves out what was inserted with tracked changes; a reader
    of the printed page would not."""
    shown = (
        node for node in element.iter(f"{W}t", *BREAKS) if not any(up.tag in LEFT_OUT for up in node.iterancestors())
    )
    return "".join(BREAKS.get(node.tag) or node.text or "" for node in shown)


def _kind(paragraph: Any) -> BlockKind | None:
    style = paragraph.style.name.lower() if paragraph.style is not None and paragraph.style.name else ""
    return next((kind for name, kind in STYLES if style.startswith(name)), None)


def _split_title(pieces: list[Piece]) -> tuple[str, list[Piece], Header | None]:
    """The title, the other pieces, and the header of a document that has no styles at all."""
    named = [piece for piece in pieces if piece.kind == "headline"] or [p for p in pieces[:1] if p.kind == "heading"]
    if named:
        rest = [Piece(p.text, "heading") if p.kind == "headline" else p for p in pieces if p is not named[0]]
        return named[0].text, rest, None
    plain = next((index for index, piece in enumerate(pieces) if piece.kind), len(pieces))
    header = Header([piece.text for piece in pieces[:plain]])
    return header.title, [p for p in [*header.pieces, *pieces[plain:]] if p.kind != "headline"], header
