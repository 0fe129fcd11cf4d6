"""Where the words a model quotes stand in the text. A model's word for it is never taken.

Exactly as quoted; else the same but for white space, typographic quotes and Unicode spelling; else nearly the
same, as long as no number and no negation differs. What is found is the text's own words. Anything else is
not there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from articles.extraction.base import Span

How = Literal["exact", "folded", "fuzzy"]

NEARLY: Final = 95.0
"""Least `partial_ratio` (0 to 100, rapidfuzz) of a quotation that is nearly the text's."""

SHORTEST: Final = 6  # code points; fewer could stand anywhere
LONGEST: Final = 400  # a claim is a sentence or a part of one, never a paragraph

_SAME: Final = {
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‘’‚‛‹›′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "…": "...",
}
_EDGES: Final = " \"'.,;:"
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|den(?:y|ies|ied)|ne|pas|jamais|aucun\w*|non"
    r"|nunca|jamás|sin|nicht|nie|niemals|kein\w*|ohne|não|sem|не|нет|ни|ні|немає|لا|لم|لن|ليس)\b|n['’]t\b",
    re.IGNORECASE,
)


class Anchor(NamedTuple):
    """Code points of the text, and how much liking it took to find them."""

    start: int
    end: int
    how: How


@dataclass(frozen=True, slots=True)
class Haystack:
    """A stretch of a text prepared for looking in; offsets handed out count in the whole text."""

    text: str
    offset: int
    folded: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def find(self, quote: str, *, within: Sequence[Span] = (), after: int = 0) -> Anchor | None:
        """The place of `quote`, or None where it is not there, not whole words, or in more than one paragraph.

        Where it stands more than once, a place inside one of `within` counts first, then one from `after` on, for
        models go through a text in order.
        """
        quote = quote.strip()
        if not SHORTEST <= len(quote) <= LONGEST:
            return None
        found = list(self._exact(quote)) or list(self._folded(quote)) or list(self._fuzzy(quote))
        whole = [anchor for anchor in found if "\n\n" not in self._words(anchor).strip()]
        return min(whole, key=lambda anchor: _rank(anchor, within, after), default=None)

    def _words(self, anchor: Anchor) -> str:
        return self.text[anchor.start - self.offset : anchor.end - self.offset]

    def _exact(self, quote: str) -> Iterator[Anchor]:
        for at in _places(self.text, quote):
            if _is_whole(self.text, at, at + len(quote)):
                yield Anchor(self.offset + at, self.offset + at + len(quote), "exact")

    def _folded(self, quote: str) -> Iterator[Anchor]:
        wanted = fold(quote)[0].strip(_EDGES)
        if len(wanted) < SHORTEST:
            return
        for at in _places(self.folded, wanted):
            if _is_whole(self.folded, at, at + len(wanted)):
                yield self._original(at, at + len(wanted), "folded")

    def _fuzzy(self, quote: str) -> Iterator[Anchor]:
        wanted = fold(quote)[0].strip(_EDGES)
        if not SHORTEST <= len(wanted) <= len(self.folded):
            return
        near = fuzz.partial_ratio_alignment(wanted, self.folded, score_cutoff=NEARLY)
        if near is None or near.dest_start == near.dest_end:
            return
        start, end = _to_whole_words(self.folded, near.dest_start, near.dest_end)
        if says_alike(wanted, self.folded[start:end]):
            yield self._original(start, end, "fuzzy")

    def _original(self, start: int, end: int, how: How) -> Anchor:
        return Anchor(self.offset + self.starts[start], self.offset + self.ends[end - 1], how)


def haystack(text: str, offset: int = 0) -> Haystack:
    """Prepare a stretch of a text that begins `offset` code points into the whole."""
    return Haystack(text, offset, *fold(text))


def fold(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """The text with white space, quotes, dashes and compatibility characters made alike.

    With it, for every character of the result, where the one it came from starts and ends in `text`.
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _alike(text[start:end]):
            if char == " " and characters and characters[-1] == " ":
                ends[-1] = end
                continue
            characters.append(char)
            starts.append(start)
            ends.append(end)
    return "".join(characters), tuple(starts), tuple(ends)


def _clusters(text: str) -> Iterator[Span]:
    """Characters with the combining marks that follow them."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


def _alike(cluster: str) -> str:
    if cluster.isspace():
        return " "
    if len(cluster) == 1 and cluster in _SAME:
        return _SAME[cluster]
    plain = unicodedata.normalize("NFKC", cluster)
    return "".join(" " if char.isspace() else _SAME.get(char, char) for char in plain)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    """Whether the place lies within a word or number; scripts without spaces have no such places."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if left.isdigit() and right in ".," and at + 1 < len(text) and text[at + 1].isdigit():
        return True
    return _spells(left) and _spells(right)


def _spells(char: str) -> bool:
    return char.isdigit() or char.lower() != char.upper()


def _to_whole_words(text: str, start: int, end: int) -> Span:
    while _joined(text, start):
        start -= 1
    while _joined(text, end):
        end += 1
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - (len(stretch) - len(stretch.rstrip()))


def _rank(anchor: Anchor, within: Sequence[Span], after: int) -> tuple[bool, bool, int]:
    inside = any(start <= anchor.start and anchor.end <= end for start, end in within)
    return not inside, anchor.start < after, anchor.start


def numbers(text: str) -> set[str]:
    """The numbers written in figures, without the marks that group their digits."""
    return {re.sub(r",(?=\d{3}\b)", "", found) for found in _NUMBER.findall(text)}


def is_negated(text: str) -> bool:
    return bool(_NEGATION.search(text))


def says_alike(first: str, second: str) -> bool:
    """Whether two wordings have the same numbers and agree on whether something is denied."""
    return numbers(first) == numbers(second) and is_negated(first) == is_negated(second)
