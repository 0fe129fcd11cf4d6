"""What every reader hands over: plain frozen values, no framework inside.

All offsets are Python string indices, that is Unicode code points, into `ParsedArticle.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

BlockKind = Literal["headline", "paragraph", "quote", "caption", "heading", "list"]


class BlockJson(TypedDict):
    kind: BlockKind
    start: int
    end: int


class DroppedJson(TypedDict):
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the text; `text[start:end]` has no surrounding white space."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Words of the source that are not part of the text to check, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dateline:
    place: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """A story as the desk reads it.

    `text` is the cleaned text that every offset counts in: blocks joined by one blank line.
    `published_at` and `modified_at` are aware datetimes in UTC, or None where the source does not say.
    `external_id` is the identity the sender gives the story (a guid, a uri, a Message-ID), "" without one.
    Wires send a story again and again: `wire_id` names it in every version, and `version` (a number, "" without one)
    and `version_at` say which this is; empty for formats that have no versions.
    `withdrawn` says that the sender has cancelled or withheld it; `embargoed_until` is when it may run.
    """

    title: str
    text: str
    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    publisher: str = ""
    dateline: Dateline = field(default_factory=Dateline)
    url: str = ""
    external_id: str = ""
    wire_id: str = ""
    version: str = ""
    version_at: datetime | None = None
    withdrawn: bool = False
    embargoed_until: datetime | None = None
