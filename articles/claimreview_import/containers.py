"""Files of claim reviews, one review at a time: JSON Lines, arrays, @graph, DataFeed, HTML pages, CSV.

What a file is, is read from its first bytes, not from its name (except that .csv is a table). Large files are
streamed: no more than one review of a feed or array is held at a time.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import ijson  # type: ignore[import-untyped]  # it ships none
import lxml.etree
import lxml.html

from articles.claimreview_import.review import Refusal, is_claim_review
from articles.claimreview_import.table import nested
from articles.claimreview_import.values import first, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.claimreview_import.values import Json

# Of a first line longer than this (a whole feed without line breaks) nothing is held.
_FIRST_LINE: Final = 1 << 20
_WHOLE_DOCUMENT: Final = 8 << 20
_MARK: Final = "\ufeff".encode()
_LISTS: Final = ("@graph", "dataFeedElement", "itemListElement")
_LONGEST_CELL: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Found:
    """An object that should be a claim review, not yet looked at. `deleted`: its feed has taken it back."""

    item: Json
    deleted: bool = False


def reviews_in(stream: BinaryIO, name: str) -> Iterator[Found | Refusal]:
    """Every claim review in `stream`; what cannot be read comes as a `Refusal` and the rest goes on.

    Raises OSError, EOFError and zlib.error of the stream itself.
    """
    with _seekable(stream) as source:
        head = _head(source)
        if name.lower().removesuffix(".gz").endswith(".csv"):
            yield from _table(source)
        elif head.startswith(b"<"):
            yield from _page(source)
        elif head.startswith(b"[") or not _is_lines(source):
            yield from _document(source)
        else:
            yield from _lines(source)


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself, or (a pipe) a temporary file with its content."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast("BinaryIO", copy)


def _head(source: BinaryIO) -> bytes:
    """The first bytes that say something; the source stands where the content begins (a byte order mark gone)."""
    start = len(_MARK) if source.read(len(_MARK)) == _MARK else 0
    source.seek(start)
    head = source.read(4096).lstrip()
    source.seek(start)
    return head


def _is_lines(source: BinaryIO) -> bool:
    """Whether the first line is a JSON value of its own. The source is left where it stood."""
    start = source.tell()
    line = b"\n"
    while line and not line.strip():
        line = source.readline(_FIRST_LINE)
    source.seek(start)
    return len(line) < _FIRST_LINE and not isinstance(_loaded(line), Refusal)


def _loaded(content: bytes | str) -> Json | Refusal:
    try:
        return cast("Json", json.loads(content, strict=False))
    except (ValueError, RecursionError) as error:
        return Refusal("not_json", str(error)[:200])


def _lines(source: BinaryIO) -> Iterator[Found | Refusal]:
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        value = _loaded(line)
        if isinstance(value, Refusal):
            yield Refusal(value.reason, f"line {number}: {value.detail}")
        else:
            yield from expanded(value)


def _page(source: BinaryIO) -> Iterator[Found | Refusal]:
    """Every ld+json block of an HTML page, each read on its own: a broken one does not lose the others."""
    try:
        tree = lxml.html.parse(source, parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError) as error:
        yield Refusal("not_json", f"not an HTML page: {error}"[:200])
        return
    root = tree.getroot()
    for block in () if root is None else root.iterfind(".//script"):
        if (block.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            yield from _block(block.text or "")


def _block(text: str) -> Iterator[Found | Refusal]:
    bare = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    bare = bare.removesuffix("-->").removesuffix("//]]>").removesuffix("]]>").strip().rstrip(";")
    value = _loaded(bare)
    if isinstance(value, Refusal):
        yield value
        return
    # A page's other markup (its article, its organisation) is not refused: it was never offered as a review.
    yield from (found for found in expanded(value) if not isinstance(found.item, dict) or is_claim_review(found.item))


def _document(source: BinaryIO) -> Iterator[Found | Refusal]:
    """An array, a feed, or one document over many lines; streamed unless it is small."""
    start = source.tell()
    whole = source.read(_WHOLE_DOCUMENT)
    source.seek(start)
    if len(whole) < _WHOLE_DOCUMENT:
        value = _loaded(whole)
        if not isinstance(value, Refusal):
            yield from expanded(value)
            return
    del whole
    yield from _streamed(source, start)


def _streamed(source: BinaryIO, start: int) -> Iterator[Found | Refusal]:
    try:
        prefix = _list_prefix(source)
        source.seek(start)
        for value in ijson.items(source, prefix, use_float=True, multiple_values=True):
            yield from _element(value, prefix)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        yield Refusal("not_json", f"broken off: {error}"[:200])


def _list_prefix(source: BinaryIO) -> str:
    """Where in the document its reviews are: "item" of an array, "dataFeedElement.item", or "" (the whole)."""
    for prefix, event, _ in ijson.parse(source, multiple_values=True):
        if event == "start_array" and prefix in ("", *_LISTS):
            return f"{prefix}.item".removeprefix(".")
    return ""


def _element(value: Json, prefix: str) -> Iterator[Found]:
    if prefix.startswith("dataFeedElement"):
        yield from _feed_element(value)
    else:
        yield from expanded(value)


def expanded(value: Json) -> Iterator[Found]:
    """The reviews in a parsed document: itself, or those in its list, graph or feed; anything else as it is."""
    if isinstance(value, list):
        for item in value:
            yield from expanded(item)
    elif not isinstance(value, dict) or is_claim_review(value):
        yield Found(value)
    else:
        yield from _contained(value)


def _contained(value: dict[str, Any]) -> Iterator[Found]:
    if "dataFeedElement" in value:
        for element in listed(value["dataFeedElement"]):
            yield from _feed_element(element)
    elif "@graph" in value:
        yield from _graph(listed(value["@graph"]))
    elif "itemListElement" in value:
        yield from expanded(listed(value["itemListElement"]))
    elif isinstance(value.get("item"), dict | list):
        yield from _feed_element(value)
    else:
        yield Found(value)


def _graph(nodes: list[Json]) -> Iterator[Found]:
    """The reviews of a graph, with references to other nodes of it (`{"@id": ...}`) put in."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node, dict) and isinstance(node.get("@id"), str)}
    for node in nodes:
        if isinstance(node, dict) and is_claim_review(node):
            yield Found({key: _resolved(value, by_id) for key, value in node.items()})


def _resolved(value: Json, by_id: dict[str, Any]) -> Json:
    if isinstance(value, dict) and value.keys() == {"@id"}:
        return cast("Json", by_id.get(value["@id"], value))
    return value


def _feed_element(element: Json) -> Iterator[Found]:
    """A DataFeedItem: its `item` is a list or an object, and may be missing."""
    if not isinstance(element, dict) or is_claim_review(element):
        yield Found(element)
        return
    items = listed(element.get("item"))
    for item in items:
        yield Found(item, deleted=first(element.get("dateDeleted")) is not None)
    if not items:
        yield Found(None)


def _table(source: BinaryIO) -> Iterator[Found | Refusal]:
    csv.field_size_limit(_LONGEST_CELL)
    text = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="")
    try:
        for row in csv.DictReader(text):
            yield Found(nested({str(name): value for name, value in row.items() if isinstance(value, str)}))
    except csv.Error as error:
        yield Refusal("not_json", f"not a table: {error}"[:200])
    finally:
        text.detach()
