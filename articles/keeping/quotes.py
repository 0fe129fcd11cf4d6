"""Finding the words of a piece of evidence in what was kept, and naming them for a browser."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, urldefrag

_WORD: Final = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]?")
_FEWEST: Final = 4  # a run of fewer words may stand anywhere
_ENDS: Final = 5
_LONGEST: Final = 300

Span = tuple[int, int]


def places_of(passage: str, text: str) -> list[Span]:
    """Where the passage stands in the text, as ranges of code points in order; empty where it does not.

    The words decide, not their spacing, case or punctuation. Where the passage does not stand there in one piece,
    each of its sentences of four words and more is looked for; where it was put together from figures ("Vell:
    unemployment, 2025: 4.6"), each of its parts is, and all of them must be there.
    """
    words, spans = _words(text)
    whole = _run(_words(passage)[0], words, spans)
    if whole:
        return [whole]
    sentences = [_words(one)[0] for one in _SENTENCE.findall(passage)]
    found = [_run(one, words, spans) for one in sentences if len(one) >= _FEWEST]
    return sorted({one for one in found if one}) or _parts(passage, words, spans)


def _parts(passage: str, words: list[str], spans: list[Span]) -> list[Span]:
    parts = [one for part in re.split(r"[:;,()]\s|[()]|\s[–-]\s", passage) if (one := _words(part)[0])]
    found = [_run(one, words, spans) for one in parts]
    return sorted({one for one in found if one}) if len(parts) > 1 and all(found) else []


def _words(text: str) -> tuple[list[str], list[Span]]:
    found = list(_WORD.finditer(text))
    return [_COMMA.sub("", one.group()).casefold() for one in found], [one.span() for one in found]


def _run(wanted: list[str], words: list[str], spans: list[Span]) -> Span | None:
    """The first run of these very words."""
    size = len(wanted)
    if not size:
        return None
    at = -1
    while True:
        try:
            at = words.index(wanted[0], at + 1)
        except ValueError:
            return None
        if words[at : at + size] == wanted:
            return spans[at][0], spans[at + size - 1][1]


def fragment(url: str, passage: str) -> str:
    """The address with a text fragment, by which a browser scrolls to the words (WICG, text directive)."""
    sentence = next((one.strip() for one in _SENTENCE.findall(passage) if one.strip()), "")
    found = sentence.split()
    if not found or not url.startswith(("http://", "https://")):
        return url
    if len(sentence) <= _LONGEST and len(found) <= 2 * _ENDS:
        directive = _escaped(sentence)
    else:
        directive = f"{_escaped(' '.join(found[:_ENDS]))},{_escaped(' '.join(found[-_ENDS:]))}"
    return f"{urldefrag(url).url}#:~:text={directive}"


def _escaped(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def marked(text: str, spans: list[Span]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the places."""
    pieces, at = [], 0
    for start, end in spans:
        if start > at:
            pieces.append((text[at:start], False))
        if end > max(start, at):
            pieces.append((text[max(start, at) : end], True))
        at = max(at, end)
    return [*pieces, (text[at:], False)] if at < len(text) else pieces


def share_kept(before: str, after: str) -> float:
    """How much of the text is still there: the share of its runs of four words, between 0 and 1."""
    old, new = _runs(_words(before)[0]), _runs(_words(after)[0])
    return len(old & new) / len(old) if old else 1.0


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _FEWEST]) for at in range(max(1, len(words) - _FEWEST + 1))} if words else set()
