"""What a watched place is asked, and what it answers. No database, and no way out but the guarded client."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from articles.ingest.formats.common import Entry
    from factcheck.core.http import Response

MOST_FOUND: Final = 1_000
"""Stories taken from one look, the newest first; a news sitemap may list that many."""
MAX_LISTING: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: its address, what it said last time, and since when changes are of interest."""

    url: str
    etag: str = ""
    modified: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One story that a place lists.

    `key` names it for good within its place; `fingerprint` is another one when the story has changed. `entry`
    is the story where the place holds its text, else it must be fetched from `url`.
    """

    key: str
    url: str
    title: str
    fingerprint: str
    published_at: datetime | None = None
    changed_at: datetime | None = None
    entry: Entry | None = None

    @property
    def words(self) -> str:
        """What filter words are looked for in."""
        pieces = self.entry.pieces if self.entry else ()
        return " ".join([self.title, *(piece.text for piece in pieces)])


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a place gave. `moved_to` is its new address where it moved for good."""

    found: Sequence[Found] = ()
    not_modified: bool = False
    moved_to: str = ""
    etag: str = ""
    modified: str = ""
    seen_until: datetime | None = field(default=None)


class Asking(Protocol):
    """The part of `HttpClient` that a look uses; each request waits for its turn at the host."""

    def get(self, url: str, **how: Any) -> Response: ...


class WatchKind(Protocol):
    """One kind of place. Raises what `HttpClient.get` does, and Invalid (article.*) for what it cannot read."""

    label: str

    def look(self, http: Asking, place: Place) -> Look: ...


def look_of(response: Response, found: Sequence[Found]) -> Look:
    return Look(
        found=found[:MOST_FOUND],
        not_modified=response.not_modified,
        moved_to=response.moved_to,
        etag=response.headers.get("etag", "")[:300],
        modified=response.headers.get("last-modified", "")[:100],
    )


def found_of(entry: Entry) -> Found:
    """A listed entry; its fingerprint covers its words and what it says about its use."""
    said = [entry.title, *(piece.text for piece in entry.pieces), str(entry.modified_at), str(entry.withdrawn),
            str(entry.embargoed_until)]  # fmt: skip
    return Found(
        key=entry.story_id or entry.url,
        url=entry.url,
        title=entry.title,
        fingerprint=digest("\n".join(said)),
        published_at=entry.published_at,
        changed_at=entry.modified_at or entry.published_at,
        entry=entry,
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
