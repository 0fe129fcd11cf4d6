"""Feeds and collections: RSS, Atom, JSON Feed, arrays of ninjs, NewsML-G2 messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.ingest.formats.common import Entry, text_pieces
from articles.ingest.readers import read_entries
from articles.sources.entries import read_feed
from articles.watching.base import MAX_LISTING, Look, found_of, look_of
from factcheck.core.errors import Invalid, Permanent

if TYPE_CHECKING:
    from articles.watching.base import Asking, Place
    from factcheck.core.http import Response

ACCEPTED: Final = ("application/*", "text/xml", "text/plain", "text/html", "*/*+xml", "*/*+json")


class FeedWatch:
    label = "Feed (RSS, Atom, JSON Feed, ninjs, NewsML-G2)"

    def look(self, http: Asking, place: Place) -> Look:
        response = http.get(
            place.url, accept=ACCEPTED, max_bytes=MAX_LISTING, etag=place.etag, modified=place.modified
        )
        if response.not_modified:
            return look_of(response, ())
        listed = [found_of(entry) for entry in _entries(response)]
        return look_of(response, [found for found in listed if found.key])


def _entries(response: Response) -> list[Entry]:
    """Strictly first; feeds that are not well formed, as real ones often are, by a lenient reader."""
    try:
        # A feed's own address is no story's: an entry without a link has none.
        return read_entries(response.content, content_type=response.content_type)
    except Invalid as strict:
        if strict.code != "article.malformed":
            raise
        return _lenient(response, strict)


def _lenient(response: Response, strict: Invalid) -> list[Entry]:
    try:
        feed = read_feed(response.content, response.content_type, url=response.url)
    except Permanent as error:
        raise strict from error
    return [
        Entry(
            title=one.title, pieces=text_pieces(one.text), published_at=one.published_at, publisher=feed.title,
            authors=(one.author,) if one.author else (), url=one.url, external_id=one.identity,
        )
        for one in feed.entries
    ]  # fmt: skip
