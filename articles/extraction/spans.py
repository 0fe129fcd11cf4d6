"""From reports and clauses to the verbatim span of each claim."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction import cues, verbs
from articles.extraction.clauses import split_clauses
from articles.extraction.quotes import CLOSERS
from articles.extraction.subjects import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from articles.extraction.attribution import Said
    from articles.extraction.base import Attribution, Span
    from articles.extraction.patterns import Line
    from articles.extraction.subjects import Range

_OPENING: Final = '"“„«「『'
_EDGE_LEFT: Final = re.compile(r"[\s\"'“”„«»‘’,;:()\[\]—–-]+")
_EDGE_RIGHT: Final = " \t\n\u00a0\"'“”„«»‘’,;:()[]—–-.!?"
_TRAILS: Final = re.compile(r"[\s,]+(?:and|but|or|while|whereas|although|though|yet|so)$", re.IGNORECASE)
_LEADS: Final = re.compile(r"(?:that|and|but)\b[\s,]+", re.IGNORECASE)
_SHELL: Final = re.compile(cues.FIRST_PERSON_SHELLS, re.IGNORECASE)
_ACRONYM_END: Final = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$")
_FEWEST_WORDS: Final = 3
_FEWEST_ABROAD: Final = 2
_WORDLESS: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FEWEST_SIGNS: Final = 4
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean letters; most of them part words with no space."""

_START: Final = attrgetter("start")


class Piece(NamedTuple):
    """One proposed claim before wording: its place, whose it is, and the subject said before it, if any."""

    start: int
    end: int
    report: Attribution | None
    subject: Span | None = None
    reporting: str = ""
    noun: str = ""


def pieces_of(text: str, span: Span, line: Line, said: Sequence[Said]) -> list[Piece]:
    """The pieces of one sentence in text order, each trimmed of marks and wrapping, none twice."""
    found = [*_reported(text, line, said), *_own(text, span, line, said)]
    trimmed = [piece for raw in found if (piece := trim(text, raw)) is not None]
    unique = {(piece.start, piece.end): piece for piece in reversed(trimmed)}
    return sorted(unique.values(), key=lambda piece: (piece.start, piece.end))


def pieces_abroad(text: str, span: Span, said: Sequence[Said]) -> list[Piece]:
    """The pieces of a sentence in another language: what is reported, or the sentence; denials as events too."""
    found = [Piece(*part, one.attribution) for one in said for part in one.attribution.content]
    found += [
        Piece(*span, None, reporting=text[slice(*one.attribution.cue[0])].lower())
        for one in said
        if one.attribution.stance == "denies"
    ]
    whole = [Piece(*span, None)]
    trimmed = [piece for raw in found or whole if (piece := trim(text, raw, fewest=_FEWEST_ABROAD)) is not None]
    unique = {(piece.start, piece.end): _with_opening_mark(text, piece) for piece in reversed(trimmed)}
    return sorted(unique.values(), key=lambda piece: (piece.start, piece.end))


def _with_opening_mark(text: str, piece: Piece) -> Piece:
    """`"No", she said` keeps the mark whose partner stands inside."""
    before = text[piece.start - 1 : piece.start]
    closes = CLOSERS[before] if before and before in _OPENING else ""
    is_open = bool(before) and any(mark in text[piece.start : piece.end - 1] for mark in closes)
    return piece._replace(start=piece.start - 1) if is_open else piece


def trim(text: str, piece: Piece, *, fewest: int = _FEWEST_WORDS) -> Piece | None:
    """Without quotation marks, final stop, "that" and first-person wrapping; None when too little is left."""
    start, end = piece.start, piece.end
    while start < end and (match := _EDGE_LEFT.match(text, start, end) or _LEADS.match(text, start, end)):
        start = match.end()
    if piece.report is not None and (match := _SHELL.match(text, start, end)):
        start = match.end()
    is_question = "?" in text[max(start, end - 3) : end]
    while end > start and text[end - 1] in _EDGE_RIGHT and not _ACRONYM_END.search(text, max(start, end - 12), end):
        if is_question and text[end - 1] == "?":
            break
        end -= 1
    if match := _TRAILS.search(text, max(start, end - 12), end):
        end = match.start()
    if len(text[start:end].split()) < fewest and len(_WORDLESS.findall(text, start, end)) < _FEWEST_SIGNS:
        return None
    return piece._replace(start=start, end=_with_closing_mark(text, start, end))


def _with_closing_mark(text: str, start: int, end: int) -> int:
    """`called it "a gift` gets its last mark back."""
    tail = text[end : end + 2].lstrip(".,!?")
    inside = text[start:end]
    opened = (
        inside.count("“") > inside.count("”") or inside.count('"') % 2 == 1 or inside.count("«") > inside.count("»")
    )
    if opened and tail and tail[0] in '”"»':
        return text.index(tail[0], end) + 1
    return end


def _reported(text: str, line: Line, said: Sequence[Said]) -> Iterator[Piece]:
    for one in said:
        for content in one.attribution.content:
            part = _token_range(line, content)
            if verbs.first_finite(line.tokens, *part) is not None and line.tokens[part[0]].low != "to":
                yield from _content_pieces(line, part, one)


def _content_pieces(line: Line, part: Range, one: Said) -> Iterator[Piece]:
    for clause in split_clauses(line, *part):
        start, end = line.tokens[clause.start].start, line.tokens[clause.end - 1].end
        subject = _chars(line, clause.subject)
        own = clause.aside and one.attribution.speech == "indirect"
        yield Piece(start, end, None if own else one.attribution, subject, noun=one.noun)


def _own(text: str, span: Span, line: Line, said: Sequence[Said]) -> Iterator[Piece]:
    """What the article says itself: denials as events, and the words no report covers."""
    for one in said:
        if one.attribution.stance == "denies" and one.attribution.source:
            verb = text[slice(*one.attribution.cue[0])].lower()
            yield Piece(one.attribution.source[0][0], one.attribution.content[-1][1], None, reporting=verb)
    covered = _covered(line, said)
    for start, end in _gaps(covered):
        if end < len(line.tokens) and line.tokens[end - 1].text not in MARKS:
            continue  # "Officials pointed to" leads into a report and says nothing itself
        if end - start >= _FEWEST_WORDS and verbs.first_finite(line.tokens, start, end) is not None:
            yield from _own_pieces(line, start, end)
    if said and not any(_has_verb(line, content) for one in said for content in one.attribution.content):
        cue = text[slice(*said[0].attribution.cue[0])].lower() if said[0].attribution.cue else ""
        yield Piece(span[0], span[1], None, reporting=cue)


def _has_verb(line: Line, content: Span) -> bool:
    return verbs.first_finite(line.tokens, *_token_range(line, content)) is not None


def _own_pieces(line: Line, start: int, end: int) -> Iterator[Piece]:
    for clause in split_clauses(line, start, end):
        first, last = line.tokens[clause.start].start, line.tokens[clause.end - 1].end
        denial = next((t.low for t in line.tokens[clause.start : clause.end] if t.low in cues.BARE_DENIALS), "")
        yield Piece(first, last, None, _chars(line, clause.subject), reporting=denial)


def _covered(line: Line, said: Sequence[Said]) -> list[bool]:
    """Tokens that belong to a report. The clause before ", saying that" is the article's own."""
    covered = [False] * len(line.tokens)
    for one in said:
        attribution = one.attribution
        trailing = _is_trailing(line, attribution)
        for spans in (attribution.cue, attribution.content, () if trailing else attribution.source):
            for part in spans:
                start, end = _token_range(line, part)
                covered[start:end] = [True] * (end - start)
    return covered


def _is_trailing(line: Line, attribution: Attribution) -> bool:
    if not attribution.cue or not attribution.source:
        return False
    cue = _token_range(line, attribution.cue[0])[0]
    source = _token_range(line, attribution.source[0])[1]
    return cue < len(line.tokens) and line.tokens[cue].low.endswith("ing") and cue - source > 1


def _gaps(covered: list[bool]) -> Iterator[Range]:
    start = 0
    for i, is_covered in enumerate([*covered, True]):
        if is_covered:
            if i > start:
                yield start, i
            start = i + 1


def _token_range(line: Line, span: Span) -> Range:
    first, last = (bisect_left(line.tokens, place, key=_START) for place in span)
    return first, last


def _chars(line: Line, part: Range | None) -> Span | None:
    return (line.tokens[part[0]].start, line.tokens[part[1] - 1].end) if part else None
