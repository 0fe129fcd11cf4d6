"""Where sentences end. Offsets are kept; the text is never changed.

A candidate is a terminator with its closing quotes, followed by white space or the end (Chinese, Japanese,
Devanagari and Arabic marks need no space). What stands on both sides decides. Time is linear: each
candidate looks at a bounded neighbourhood, and a stretch without any terminator is cut at `LONGEST`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from articles.extraction import cues
from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from articles.extraction.base import Span
    from articles.ingest.model import Block

LONGEST: Final = 2500
"""No sentence is longer, in code points, so that work inside a sentence stays bounded."""

_CLOSERS: Final = "\"'”’»›)\\]“」』*_"
_CANDIDATE: Final = re.compile(
    rf"(?P<mark>[.!?…‽]+)(?P<close>[{_CLOSERS}]*)(?P<note>(?:\s?\[\d{{1,3}}\])*)(?P<space>\s+|$)"
    rf"|(?P<full>[。！？｡؟۔।॥։።]+)(?P<fullclose>[{_CLOSERS}]*)\s*"
)
_LINES: Final = re.compile(r"[^\n]+")
_BLANK: Final = re.compile(r"\n[ \t\r]*\n\s*|\x0c")
_OPENERS: Final = "\"'“‘«„‹([「『*_-–—•"
_LAST_WORD: Final = re.compile(r"(\S+)$")

TITLES: Final = word_list(
    "mr mrs ms dr prof gen col sgt lt maj capt cmdr adm sen rep reps sens gov pres hon rev st ste mt ft messrs"
    " mme mlle sr sra srta hr fr pfc cpl brig supt det insp amb atty asst assoc dept vs v cf eg ie viz approx"
    " no nos art sec fig figs vol pp p ed eds trans ca c al bzw z.b d.h u.a г ул им т.е п"
)
"""Abbreviations that are followed by a name or a number, so that a capital after them proves nothing."""

MAY_END: Final = word_list(
    "inc corp ltd co bros jr u.s u.k u.n e.u d.c a.m p.m u.s.a etc ph.d m.d b.a m.a esq llc plc est"
    " ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " calif fla tex mass conn pa va md mich ill ind wash ore ariz colo minn wis mo tenn ala ga okla kan neb nev"
    " gmbh s.a n.v b.v р руб тыс млн млрд etc usw"
)
"""Abbreviations that may also close a sentence: the next word decides."""

_STARTERS: Final = word_list(
    "the a an he she it they we i you this that these those there in on at by for from with as but and or so if"
    " when while after before since although though however meanwhile also his her its their our my your what"
    " who why how where no not one some many most all both each according last earlier asked he's she's it's"
    " they're we're i'm you're then now still yet even only because during under over between among"
)


def split_sentences(text: str, blocks: Iterable[Block] = ()) -> tuple[Span, ...]:
    """Spans of the sentences of `text` in order, without the white space around them.

    With `blocks`, a sentence never crosses a block; without, a blank line or a line break that does not
    look like mere wrapping is a border.
    """
    stretches = [(block.start, block.end) for block in blocks] or paragraphs(text)
    return tuple(span for start, end in stretches for span in _split_stretch(text, start, end))


def paragraphs(text: str) -> list[Span]:
    """Stretches between borders of plain text: blank lines, and line ends after which a new line begins."""
    found: list[Span] = []
    for match in _LINES.finditer(text):
        span = _trim(text, match.start(), match.end())
        if span is None:
            continue
        if found and _is_wrapped(text, found[-1], span):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return found


def _is_wrapped(text: str, before: Span, line: Span) -> bool:
    between = text[before[1] : line[0]]
    if _BLANK.search(between) or not text[line[0]].islower():
        return False
    return text[before[1] - 1].isalnum() or text[before[1] - 1] in ",;-–—"


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _split_stretch(text: str, start: int, end: int) -> Iterator[Span]:
    begin = start
    for match in _CANDIDATE.finditer(text, start, end):
        if not _is_border(text, begin, match, end):
            continue
        stop = match.start("space") if match.group("mark") else match.end("fullclose")
        yield from _bounded(text, begin, stop)
        begin = match.end()
    yield from _bounded(text, begin, end)


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    span = _trim(text, start, end)
    while span is not None and span[1] - span[0] > LONGEST:
        cut = text.rfind(" ", span[0] + LONGEST // 2, span[0] + LONGEST)
        cut = span[0] + LONGEST if cut < 0 else cut
        head = _trim(text, span[0], cut)
        if head is not None:
            yield head
        span = _trim(text, cut, span[1])
    if span is not None:
        yield span


def _is_border(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    if match.group("full"):
        return True
    after = text[match.end() : min(end, match.end() + 60)]
    if not after.strip():
        return True
    following = after.lstrip(_OPENERS + " ")
    if not following:
        return True
    if match.group("mark") == ".":
        return _period_ends(text, begin, match, after, following)
    return _mark_ends(match, following)


def _mark_ends(match: re.Match[str], following: str) -> bool:
    """A small letter goes on after "..." and after a closing quote, and so does `"Why?" Smith asked`."""
    if following[0].islower():
        return not match.group("close") and match.group("mark")[-1] in "!?"
    return not (match.group("close") and _is_reporting_tail(following))


def _is_reporting_tail(following: str) -> bool:
    words = re.findall(r"[\w'’-]+", following)[:4]
    return any(word.lower() in cues.SAY for word in words[1:]) and words[0][0].isupper()


def _period_ends(text: str, begin: int, match: re.Match[str], after: str, following: str) -> bool:
    found = _LAST_WORD.search(text[max(begin, match.start() - 40) : match.start()])
    word = found.group(1).lstrip(_OPENERS) if found else ""
    if match.group("close").strip("*_") and not following[0].islower():
        return True
    if following[0].islower():
        return _ends_before_small_letter(word, match)
    low = word.lower()
    if low == "no" and not following[0].isdigit():
        return True
    if low in TITLES or _is_list_number(text, begin, match, word):
        return False
    if _is_initial(word) or low in MAY_END or _is_acronym(word):
        return _starts_sentence(following, low)
    return True


def _ends_before_small_letter(word: str, match: re.Match[str]) -> bool:
    """Careless writers begin small: believed only after an ordinary word of some length."""
    low = word.lower()
    if match.group("close") or low in TITLES or low in MAY_END or "." in word:
        return False
    return word.isalpha() and word.islower() and len(word) > 3


def _is_list_number(text: str, begin: int, match: re.Match[str], word: str) -> bool:
    return (word.isdigit() or len(word) == 1) and match.start() - begin <= len(word) + 1 and len(word) <= 3


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word.isupper() and word != "I"


def _is_acronym(word: str) -> bool:
    return bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word))


def _starts_sentence(following: str, low: str) -> bool:
    first = re.match(r"[\w'’]+", following)
    if first is None:
        return False
    if first.group()[0].isdigit():
        return low in {"a.m", "p.m"}
    return first.group().lower().replace("’", "'") in _STARTERS


def sentence_texts(text: str, spans: Sequence[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]
