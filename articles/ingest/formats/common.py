"""What every format hands over before it is read as a story, and the small parts they share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Final

from articles.ingest.html import html_pieces
from articles.ingest.language import detect_language
from articles.ingest.lines import clean_line, clean_lines
from articles.ingest.model import Dateline, ParsedArticle
from articles.ingest.names import split_names
from articles.ingest.pieces import Piece, build, drop
from articles.ingest.stamps import read_iso, read_moment
from articles.ingest.story import read_story
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TAGGED: Final = re.compile(r"<[a-zA-Z!/][^<>]*>")
BY: Final = re.compile(r"^(?:by|von|par|por|от|von:|by:)\s+", re.IGNORECASE)
MAILBOX: Final = re.compile(r"^\S+@\S+\s*\((?P<name>[^()]+)\)$|^(?P<before>[^<>@]+?)\s*<[^<>]*>$")
URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?![a-z])")


@dataclass(frozen=True, slots=True)
class Entry:
    """A story as its format says it; empty where it is silent. `pieces` are its text without the headline."""

    title: str = ""
    pieces: tuple[Piece, ...] = ()
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    publisher: str = ""
    dateline: Dateline = field(default_factory=Dateline)
    url: str = ""
    external_id: str = ""
    version: str = ""  # what external_id ends in, where it does
    # The number of this version, and when its sender made it, where the format numbers or dates its versions.
    edition: str = ""
    version_at: datetime | None = None
    # What the sender says of the story beside its text; named among what was dropped.
    summary: str = ""
    withdrawn: bool = False
    embargoed_until: datetime | None = None
    # The code of what keeps its text from being read, such as article.encrypted; told when it is read as an article.
    unreadable: str = ""

    @property
    def story_id(self) -> str:
        """What its sender calls the story in every version of it."""
        return self.external_id.removesuffix(f":{self.version}") if self.version else self.external_id


def article_of(entry: Entry) -> ParsedArticle:
    """The entry as an article; what its format does not say is read from its words.

    Raises `Invalid`: what makes the entry unreadable, or article.no_body where nothing but a headline is left. A
    withdrawn item may be empty: agencies send nothing but the notice.
    """
    if entry.unreadable:
        raise Invalid(entry.unreadable, format="post")
    title = clean_line(entry.title)
    story = read_story([*([Piece(title, "headline")] if title else []), *entry.pieces])
    text, blocks, dropped = build([*story.pieces, *_beside(entry, story.pieces)])
    if all(block.kind == "headline" for block in blocks) and not (entry.withdrawn and blocks):
        raise Invalid("article.no_body")
    given = Dateline(clean_line(entry.dateline.place), clean_line(entry.dateline.agency))
    dateline = Dateline(given.place or story.dateline.place, given.agency or story.dateline.agency)
    return ParsedArticle(
        title=title,
        text=text,
        blocks=blocks,
        dropped=dropped,
        authors=entry.authors or story.authors,
        published_at=entry.published_at,
        modified_at=entry.modified_at,
        language=entry.language or detect_language(text),
        publisher=clean_line(entry.publisher) or dateline.agency,
        dateline=dateline,
        url=entry.url,
        external_id=clean_line(entry.external_id),
        wire_id=_wire_id(entry),
        version=clean_line(entry.edition),
        version_at=entry.version_at,
        withdrawn=entry.withdrawn,
        embargoed_until=entry.embargoed_until,
    )


def _beside(entry: Entry, pieces: Iterable[Piece]) -> list[Piece]:
    """The summary among what was dropped, unless it is how the text begins."""
    summary = plain(entry.summary)
    said = " ".join(piece.text for piece in pieces)
    return [drop(summary, "summary")] if summary and summary.rstrip(" .…[]") not in said else []


def _wire_id(entry: Entry) -> str:
    """What names a story in the whole world: its URI, or the number its sender gave it together with the sender."""
    if entry.version_at is None:
        return ""
    named = clean_line(entry.story_id)
    if not named or URI.match(named):
        return named
    return f"{clean_line(entry.publisher)}:{named}" if entry.publisher else ""


def text_pieces(value: str) -> tuple[Piece, ...]:
    """The pieces of a field that may hold HTML or plain text."""
    if TAGGED.search(value):
        return tuple(html_pieces(value))
    return tuple(Piece(line) for line in clean_lines(unescape(value)))


def plain(value: str) -> str:
    """One line of a field that may hold HTML, such as a headline."""
    return clean_line(unescape(TAGGED.sub("", value)))


def people(values: Iterable[str]) -> tuple[str, ...]:
    """Names of authors out of fields such as "By Jane Roe and John Doe" or "j@a.example (Jane Roe)"."""
    found: list[str] = []
    for value in values:
        name = BY.sub("", _without_mailbox(plain(value)))
        found.extend(split_names(name) if "@" not in name else ())
    return tuple(dict.fromkeys(found))


def _without_mailbox(value: str) -> str:
    match = MAILBOX.match(value)
    return (match["name"] or match["before"]).strip(' "') if match else value


def moment(value: str) -> datetime | None:
    """A time as feeds and wires write it (ISO 8601, RFC 5322, prose), in UTC; None when it is no such thing."""
    value = value.strip()
    return read_iso(value) or _mail_date(value) or read_moment(value) if value else None


def _mail_date(value: str) -> datetime | None:
    try:
        return read_iso(parsedate_to_datetime(value).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def language_code(value: str) -> str:
    """The first part of "en-GB"; "" for anything else."""
    match = LANGUAGE.match(value.strip().lower())
    return match.group() if match else ""


def web_address(value: str) -> str:
    """The value if it is an address a reader could open, else ""."""
    value = clean_line(value)
    return value if value.startswith(("https://", "http://")) else ""


def the_only(articles: list[ParsedArticle]) -> ParsedArticle:
    """The one story of a file. Raises article.several, which names the way out, or article.no_body."""
    if not articles:
        raise Invalid("article.no_body")
    if len(articles) > 1:
        raise Invalid("article.several", count=len(articles))
    return articles[0]
