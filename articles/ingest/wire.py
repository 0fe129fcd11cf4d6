"""Plain wire text, as agencies send it and scrapers leave it, read into an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.ingest.boilerplate import boilerplate_reason, byline_authors
from articles.ingest.credits import starts_with_credit
from articles.ingest.dateline import read_dateline
from articles.ingest.language import detect_language
from articles.ingest.lines import clean_lines, ends_sentence
from articles.ingest.model import ParsedArticle
from articles.ingest.pieces import Piece, build, drop
from articles.ingest.stamps import Stamp, cut_stamp, read_date_line, read_stamp
from articles.ingest.story import read_story

if TYPE_CHECKING:
    from datetime import datetime

HEADER_LINES: Final = 10
MAX_TITLE: Final = 300


class Header:
    """The top of a story: its title, the day and the times that stand in its first lines."""

    def __init__(self, lines: list[str]) -> None:
        self.title = ""
        self.day: datetime | None = None
        self.stamp = Stamp()
        self.pieces: list[Piece] = []
        self._read(lines)

    def _read(self, lines: list[str]) -> None:
        at = 0
        while at < min(len(lines), HEADER_LINES) and self._take(lines[at], is_last=at == len(lines) - 1):
            at += 1
        self.pieces += [Piece(line) for line in lines[at:]]

    def _take(self, line: str, *, is_last: bool) -> bool:
        """Read one line of the header; False when the story itself begins with it."""
        return self._take_day(line) or self._take_stamp(line) or self._take_words(line, is_last=is_last)

    def _take_day(self, line: str) -> bool:
        found = None if self.day else read_date_line(line)
        if found is None:
            return False
        words, self.day, rest = found
        self.pieces.append(drop(words, "date line"))
        if rest:
            self._take_title(rest)
        return True

    def _take_stamp(self, line: str) -> bool:
        stamp = read_stamp(line)
        if stamp is None:
            return self._take_glued(line)
        self._note(stamp, line)
        return True

    def _take_glued(self, line: str) -> bool:
        """ "Fish market to close 07:10 GMT 16.11.2026", above the story only."""
        glued = None if self.title else cut_stamp(line)
        if glued is None or not is_title(glued[0]):
            return False
        title, words, stamp = glued
        self._take_title(title)
        self._note(stamp, words)
        return True

    def _note(self, stamp: Stamp, words: str) -> None:
        self.stamp = Stamp(self.stamp.published_at or stamp.published_at, self.stamp.modified_at or stamp.modified_at)
        self.pieces.append(drop(words, "time stamp"))

    def _take_words(self, line: str, *, is_last: bool) -> bool:
        if boilerplate_reason(line) or byline_authors(line) or starts_with_credit(line):
            self.pieces.append(Piece(line))
            return True
        if self.title or is_last or not is_title(line):
            return False
        self._take_title(line)
        return True

    def _take_title(self, words: str) -> None:
        self.title = self.title or words
        self.pieces.append(Piece(words, "headline"))


def is_title(line: str) -> bool:
    """A first line that does not read like the first paragraph: short, no full stop, no dateline."""
    if len(line) > MAX_TITLE or read_dateline(line, first=True):
        return False
    return not ends_sentence(line) or line.rstrip("\"'”’»)")[-1:] in {"?", "!", "…"}


def parse_wire(text: str, *, url: str = "") -> ParsedArticle:
    """Read wire text: title and date line, times, credits and captions, datelines, paragraphs.

    Any text is taken, in time linear in its length; what cannot be told apart stays a paragraph. A text
    of nothing but white space, credits and navigation gives an article without blocks.
    """
    header = Header(clean_lines(text))
    story = read_story(header.pieces)
    body, blocks, dropped = build(story.pieces)
    return ParsedArticle(
        title=header.title,
        text=body,
        blocks=blocks,
        dropped=dropped,
        authors=story.authors,
        published_at=header.stamp.published_at or header.day,
        modified_at=header.stamp.modified_at,
        language=detect_language(body),
        publisher=story.dateline.agency,
        dateline=story.dateline,
        url=url,
    )
