"""From the lines of a story to its blocks: what goes, what is a caption, where the dateline ends.

Every step takes all pieces and gives all pieces back; words are only ever dropped with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from articles.ingest.boilerplate import boilerplate_reason, byline_authors, sign_off_authors
from articles.ingest.captions import name_captions
from articles.ingest.credits import copies_of, split_credit, split_inner, split_trailing, starts_with_credit
from articles.ingest.dateline import read_dateline
from articles.ingest.lines import ends_sentence
from articles.ingest.model import Dateline
from articles.ingest.pieces import Piece, drop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.ingest.model import BlockKind

MAX_CAPTION: Final = 500
MAX_HEADING: Final = 100
MAX_HEADING_WORDS: Final = 14
MIN_HEADING_LETTERS: Final = 3
MAX_RELATED: Final = 200
BYLINE_LINES: Final = 8  # a byline stands above the story, or in its last lines
BULLET: Final = re.compile(r"(?:[•‣▪◦●■·*]|\d{1,2}[.)]|-)\s+(?=\S)")
QUOTE_MARK: Final = re.compile(r"(?:>\s?)+")
WHOLE_QUOTE: Final = re.compile(r"(?:[\"“„«][^\"“”„«»]+[\"”“»])[.,]?$")


@dataclass(frozen=True, slots=True)
class Story:
    pieces: tuple[Piece, ...]
    authors: tuple[str, ...]
    dateline: Dateline


def read_story(pieces: list[Piece]) -> Story:
    """Everything the lines say, headline first; `pieces` are in the order of the source."""
    pieces = _without_repeated_headline(pieces)
    pieces = _without_related(pieces)
    pieces, authors = _without_boilerplate(pieces)
    pieces = name_captions(_without_credits(pieces))
    pieces, dateline = _without_datelines(pieces)
    pieces = [*_kinds(pieces)]
    headlines = [piece for piece in pieces if piece.kind == "headline"]
    others = [piece for piece in pieces if piece.kind != "headline"]
    return Story((*headlines, *others), authors, dateline)


def _without_repeated_headline(pieces: list[Piece]) -> list[Piece]:
    titles = {piece.text.casefold() for piece in pieces if piece.kind == "headline"}
    return [
        drop(piece.text, "repeated headline")
        if piece.kind in {None, "heading"} and not piece.reason and piece.text.casefold() in titles
        else piece
        for piece in pieces
    ]


def _without_related(pieces: list[Piece]) -> list[Piece]:
    """A headline with a time under it, in the middle of the text, is a link to another story."""
    return [
        drop(piece.text, "related story") if _is_related(piece, after) else piece
        for piece, after in zip_longest(pieces, pieces[1:], fillvalue=Piece(""))
    ]


def _is_related(piece: Piece, after: Piece) -> bool:
    is_title = piece.is_open and len(piece.text) <= MAX_RELATED and not ends_sentence(piece.text)
    is_link = is_title and after.is_open and boilerplate_reason(after.text) == "time stamp"
    return is_link and not starts_with_credit(piece.text) and not boilerplate_reason(piece.text)


def _without_boilerplate(pieces: list[Piece]) -> tuple[list[Piece], tuple[str, ...]]:
    bylines: list[str] = []
    reporters: list[str] = []
    kept: list[Piece] = []
    for index, piece in enumerate(pieces):
        near_edge = index < BYLINE_LINES or index >= len(pieces) - 2
        names = byline_authors(piece.text) if piece.is_open and near_edge else ()
        reason = boilerplate_reason(piece.text) if piece.is_open else ""
        if reason == "sign-off":
            reporters.extend(sign_off_authors(piece.text))
        bylines.extend(names)
        kept.append(drop(piece.text, "byline" if names else reason) if names or reason else piece)
    return kept, tuple(dict.fromkeys(bylines or reporters))


def _without_credits(pieces: list[Piece]) -> list[Piece]:
    parts = [part for piece in pieces for part in _cut(piece)]
    copies = copies_of([part.text for part in parts if part.is_open])
    kept: list[Piece] = []
    for part in parts:
        if not part.is_open:
            kept.append(part)
        elif starts_with_credit(part.text):
            split = split_credit(part.text, copies)
            kept += [drop(split.credit, "credit"), Piece(split.caption, "caption")]
        else:
            kept += _without_trailing_credit(part)
    return [piece for piece in kept if piece.text]


def _cut(piece: Piece) -> list[Piece]:
    return [Piece(part) for part in split_inner(piece.text)] if piece.is_open else [piece]


def _without_trailing_credit(piece: Piece) -> list[Piece]:
    split = split_trailing(piece.text)
    if split is None:
        return [piece]
    kind: BlockKind | None = "caption" if len(split.caption) <= MAX_CAPTION else None
    return [Piece(split.caption, kind), drop(split.credit, "credit")]


def _without_datelines(pieces: list[Piece]) -> tuple[list[Piece], Dateline]:
    """Take the dateline off every paragraph; a round-up has several, and the first is the story's."""
    found = Dateline()
    first = True
    kept: list[Piece] = []
    for piece in pieces:
        opening = read_dateline(piece.text, first=first) if piece.is_open else None
        first = first and not piece.is_open
        if opening is None:
            kept.append(piece)
            continue
        found = opening.dateline if found == Dateline() else found
        kept += [drop(opening.words, "dateline"), replace(piece, text=opening.rest)]
    return kept, found


def _kinds(pieces: list[Piece]) -> Iterator[Piece]:
    marked = sum(piece.is_open and bool(BULLET.match(piece.text)) for piece in pieces)
    last = max((index for index, piece in enumerate(pieces) if piece.is_open), default=-1)
    for index, piece in enumerate(pieces):
        yield _with_kind(piece, in_list=marked > 1, is_last=index == last) if piece.is_open else piece


def _with_kind(piece: Piece, *, in_list: bool, is_last: bool) -> Piece:
    if in_list and (bullet := BULLET.match(piece.text)):
        return Piece(piece.text[bullet.end() :].strip(), "list")
    if mark := QUOTE_MARK.match(piece.text):
        return Piece(piece.text[mark.end() :].strip(), "quote")
    if WHOLE_QUOTE.match(piece.text):
        return Piece(piece.text, "quote")
    return Piece(piece.text, "heading" if not is_last and _is_heading(piece.text) else "paragraph")


def _is_heading(text: str) -> bool:
    """Short, begins like a sentence, does not end like one."""
    if len(text) > MAX_HEADING or len(text.split()) > MAX_HEADING_WORDS or ends_sentence(text):
        return False
    has_words = sum(map(str.isalpha, text)) >= MIN_HEADING_LETTERS
    return has_words and not text[0].islower() and text[-1] not in ",-–—"
