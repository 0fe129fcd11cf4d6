"""Which blocks are captions: a caption stands next to a credit and reads like one; a second copy goes."""

from __future__ import annotations

import re
from typing import Final

from articles.ingest.credits import credit_key
from articles.ingest.lines import ends_sentence
from articles.ingest.pieces import Piece, drop

MAX_CAPTION: Final = 300
SHORT_CAPTION: Final = 200
ENOUGH: Final = 2
PICTURE_WORDS: Final = re.compile(
    r"\b(?:file (?:photo|image|picture)|pictured|photo(?:graph)?|image|screenshot|seen (?:in|on|at|here)"
    r"|poses?|attends?|arrives?|walks?|stands?|speaks|shows|waves?)\b|\((?:left|right|centre|center|[LRC])\)",
    re.IGNORECASE,
)
ENDS_IN_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b\W*$")
INNER_STOP: Final = re.compile(r"[.!?]\s+[\"“A-ZА-ЯІЇЄҐ]")
QUOTES: Final = '"“”„«»'
NEIGHBOURS: Final = 3  # how many dropped pieces may stand between a credit and its caption


def name_captions(pieces: list[Piece]) -> list[Piece]:
    """Mark captions and drop the second copy of each."""
    return _without_copies(_beside_credits(_with_copies_marked(pieces)))


def caption_key(text: str) -> str:
    """A caption as it is compared: case and closing punctuation do not count."""
    return text.casefold().rstrip(" .…/")


def _with_copies_marked(pieces: list[Piece]) -> list[Piece]:
    known = {caption_key(piece.text) for piece in pieces if piece.kind == "caption"}
    return [
        Piece(piece.text, "caption") if piece.is_open and caption_key(piece.text) in known else piece
        for piece in pieces
    ]


def _beside_credits(pieces: list[Piece]) -> list[Piece]:
    """A credit alone on its line belongs to the line before or behind it that reads like a caption."""
    marked = list(pieces)
    settled: set[str] = set()
    for index, piece in enumerate(pieces):
        if piece.reason != "credit":
            continue
        beside = [_neighbour(marked, index, 1), _neighbour(marked, index, -1)]
        key = credit_key(piece.text)
        chosen = None
        if key not in settled and not any(_is_caption(marked, at) for at in beside):
            chosen = _most_like_caption(marked, beside)
        if chosen is not None:
            marked[chosen] = Piece(marked[chosen].text, "caption")
        settled.add(key)
    return marked


def _neighbour(pieces: list[Piece], index: int, step: int) -> int | None:
    """The next kept piece in one direction, over a few dropped ones."""
    for at in range(index + step, index + step * (NEIGHBOURS + 2), step):
        if not 0 <= at < len(pieces):
            return None
        if not pieces[at].reason:
            return at
    return None


def _is_caption(pieces: list[Piece], at: int | None) -> bool:
    return at is not None and pieces[at].kind == "caption"


def _most_like_caption(pieces: list[Piece], beside: list[int | None]) -> int | None:
    """The better of the candidates, if it is good enough; the first of two equals."""
    scored = [
        (_likeness(pieces[at].text), -order, at)
        for order, at in enumerate(beside)
        if at is not None and pieces[at].is_open
    ]
    best = max(scored, default=(0, 0, None))
    return best[2] if best[0] >= ENOUGH else None


def _likeness(text: str) -> int:
    """Points for what captions have: no full stop, picture words, one short sentence, a year at the end."""
    if len(text) > MAX_CAPTION or any(mark in text for mark in QUOTES):
        return 0
    points = 2 * (not ends_sentence(text)) + 2 * bool(PICTURE_WORDS.search(text))
    one_short = len(text) <= SHORT_CAPTION and not INNER_STOP.search(text)
    return points + one_short + bool(ENDS_IN_YEAR.search(text))


def _without_copies(pieces: list[Piece]) -> list[Piece]:
    seen: set[str] = set()
    kept: list[Piece] = []
    for piece in pieces:
        key = caption_key(piece.text)
        is_copy = piece.kind == "caption" and key in seen
        kept.append(drop(piece.text, "repeated caption") if is_copy else piece)
        if piece.kind == "caption":
            seen.add(key)
    return kept
