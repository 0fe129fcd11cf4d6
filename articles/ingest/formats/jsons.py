"""Any JSON file: which of the JSON formats it is, told by the names it uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from articles.ingest.decode import decode
from articles.ingest.formats.jsonfeed import is_feed, is_item, read_feed, read_item
from articles.ingest.formats.ninjs import is_ninjs, read_ninjs
from articles.ingest.formats.plain import is_plain, read_plain
from articles.ingest.formats.wordpress import is_post, read_post
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from articles.ingest.formats.common import Entry

KNOWN = "ninjs 1 to 3, JSON Feed, WordPress posts, objects with text or html"


def read_json(data: bytes, *, url: str, charset: str) -> list[Entry]:
    """Every story of a JSON file, also of an array of items.

    Raises `Invalid`: article.malformed, article.hostile (nested too deep), article.no_story.
    """
    value = _load(decode(data, declared=charset))
    if isinstance(value, dict) and is_feed(value):
        return read_feed(value, url=url)
    items = value if isinstance(value, list) else [value]
    found = [read_item_of(item, url=url) for item in items]
    if not found:
        raise Invalid("article.no_body")
    return found


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Invalid("article.malformed", format="JSON", detail=str(error)) from error
    except RecursionError as error:
        raise Invalid("article.hostile", detail="it is nested too deep") from error


def read_item_of(item: Any, *, url: str) -> Entry:
    """One object of any of the JSON formats; raises Invalid (article.no_story)."""
    if isinstance(item, dict):
        if is_post(item):
            return read_post(item, url=url)
        if is_item(item):
            return read_item(item, url=url)
        if is_ninjs(item):
            return read_ninjs(item, url=url)
        if is_plain(item):
            return read_plain(item, url=url)
    raise Invalid("article.no_story", format="JSON", known=KNOWN)
