"""The words of what was retrieved, whatever it came as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from articles.ingest.decode import decode
from articles.ingest.html import declared_charset
from articles.ingest.readers import CONTENT_TYPES, SIGNS, read_bytes
from articles.sources.markup import plain_text
from factcheck.core.errors import FactcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_WORDS: Final = 400_000
_DEEPEST: Final = 40
_MARKUP: Final = frozenset({".html", ".htm", ".xml"})
_PLAIN: Final = frozenset({".txt", ".md", ""})


def words_of(content: bytes, content_type: str, *, url: str = "", whole: bool = False) -> str:
    """What a person would read in it, at most `MOST_WORDS` characters; nothing where there are no words.

    Of a web page that is the article, or with `whole` every word of the page. JSON gives its texts and numbers,
    a line each. Text is given as it is.
    """
    suffix = _suffix(content, content_type)
    if suffix == ".json":
        found = _of_json(content)
    elif suffix in _MARKUP:
        found = (not whole and _article(content, suffix, url)) or plain_text(_decoded(content))
    elif suffix in _PLAIN:
        found = _decoded(content)
    else:
        found = _article(content, suffix, url)
    return found.replace("\x00", "")[:MOST_WORDS]


def _suffix(content: bytes, content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        return ".json"
    if kind == "text/plain":
        return ".txt"
    stated = CONTENT_TYPES.get(kind)
    if stated:
        return stated
    start = content[:1_000].lstrip()
    return next((suffix for sign, suffix in SIGNS if sign.match(start)), "")


def _article(content: bytes, suffix: str, url: str) -> str:
    try:
        return read_bytes(content, name=f"page{suffix}", url=url).text
    except FactcheckError:  # not a story; the caller takes all of its words, or none
        return ""


def _decoded(content: bytes) -> str:
    try:
        return decode(content, declared=declared_charset(content))
    except FactcheckError:  # empty, or bytes that are no text
        return ""


def _of_json(content: bytes) -> str:
    try:
        return "\n".join(_texts(json.loads(content), 0))
    except (ValueError, RecursionError):
        return _decoded(content)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict | list):
        for one in _inside(value):
            yield from _texts(one, depth + 1)
    elif isinstance(value, str):
        yield plain_text(value) if "<" in value or "&" in value else value.strip()
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _inside(value: dict[str, Any] | list[Any]) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
        return
    for name, one in value.items():
        if not name.isidentifier():  # data and no name of a field: the period of a figure, say
            yield name
        yield one
