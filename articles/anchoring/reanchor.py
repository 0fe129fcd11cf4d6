"""Claims taken over into the next version of a text: silently where the words are surely the same, else asked.

A quotation that stands in the text once, before and after, has moved there. One that stands there more than once
is told apart by the words around it, or by the stretch of text it moved with; where these do not decide, a person
does. Nearly the same words are only ever proposed. Everything else is an orphan.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import fuzz

from articles.anchoring.alignment import Alignment, Span, align
from articles.llm.anchoring import is_negated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NEARLY: Final = 90.0
"""Least `fuzz.ratio` (0 to 100, rapidfuzz) of new words that are proposed for old ones."""

AROUND: Final = 500  # code points on either side of the expected place that are looked at
LEAST_CONTEXT: Final = 8  # code points; fewer before or behind a quotation tell nothing apart
_LEAD_IN: Final = re.compile(r"[^.!?\n]*\Z")
_LOOSE: Final = 0.25  # share of its length by which a reworded quotation may be shorter or longer


class State(StrEnum):
    KEPT = "kept"
    CHANGED = "changed"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Anchor:
    """`quote` is `old_text[start:end]`; `prefix` and `suffix` are the words right before and behind it."""

    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an anchor.

    KEPT: `new_text[start:end]` is the quotation. CHANGED: `quote` is `new_text[start:end]`, proposed with a
    `score` of 0 to 100 and for a person to decide. ORPHAN: no place. `how` names what decided.
    """

    state: State
    how: str
    start: int = 0
    end: int = 0
    quote: str = ""
    score: float = 0.0


def reanchor(old_text: str, new_text: str, anchors: Sequence[Anchor]) -> list[Outcome]:
    """One outcome for each anchor, in their order.

    Raises ValueError for an anchor whose quotation is not the old text's.
    """
    texts = _Texts(old_text, new_text, align(old_text, new_text))
    for anchor in anchors:
        if old_text[anchor.start : anchor.end] != anchor.quote or anchor.start >= anchor.end:
            raise ValueError(f"characters {anchor.start} to {anchor.end} are not the quotation")
    return _told_apart(anchors, [texts.place(anchor) for anchor in anchors])


def _told_apart(anchors: Sequence[Anchor], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Two different places of the old text never become one of the new text silently."""
    origins: dict[Span, set[Span]] = defaultdict(set)
    for anchor, outcome in zip(anchors, outcomes, strict=True):
        if outcome.state is State.KEPT:
            origins[outcome.start, outcome.end].add((anchor.start, anchor.end))
    return [
        replace(one, state=State.CHANGED, how="one of several")
        if one.state is State.KEPT and len(origins[one.start, one.end]) > 1
        else one
        for one in outcomes
    ]


class _Near(NamedTuple):
    score: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Texts:
    old: str
    new: str
    alignment: Alignment

    def place(self, anchor: Anchor) -> Outcome:
        images = {span for span in self.alignment.images(anchor.start, anchor.end) if self._is(anchor, span)}
        if not images:
            return self._by_words(anchor)
        place, old = min(images), (anchor.start, anchor.end)
        if len(images) > 1 or self.alignment.is_elsewhere(*place, old):
            return self._proposed(anchor, *place, 100.0, "one of several")
        return self._kept(anchor, place, "same place" if place == old else "moved with its text")

    def _by_words(self, anchor: Anchor) -> Outcome:
        here = list(self._whole(self.new, anchor))
        if len(here) == 1 and sum(1 for _ in self._whole(self.old, anchor)) == 1:
            return self._kept(anchor, here[0], "only place")
        decided = self._by_context(anchor, here) if here else None
        if decided is not None:
            return self._kept(anchor, decided, "words around it")
        return self._nearly(anchor)

    def _is(self, anchor: Anchor, span: Span) -> bool:
        start, end = span
        return self.new[start:end] == anchor.quote and _is_whole(self.new, span, self.old, (anchor.start, anchor.end))

    def _whole(self, text: str, anchor: Anchor) -> Iterator[Span]:
        """Every place of the quotation in the text that is not within a longer word or number."""
        at = text.find(anchor.quote)
        while at >= 0:
            span = (at, at + len(anchor.quote))
            if _is_whole(text, span, self.old, (anchor.start, anchor.end)):
                yield span
            at = text.find(anchor.quote, at + 1)

    def _by_context(self, anchor: Anchor, here: Sequence[Span]) -> Span | None:
        """The place that has the words around it, where only one place has them before and after."""
        decided: set[Span] = set()
        there = list(self._whole(self.old, anchor))
        for prefix, suffix in ((anchor.prefix, anchor.suffix), (anchor.prefix, ""), ("", anchor.suffix)):
            if len(prefix) + len(suffix) < LEAST_CONTEXT:
                continue
            found = [span for span in here if _has(self.new, span, prefix, suffix)]
            if len(found) == 1 and sum(_has(self.old, span, prefix, suffix) for span in there) == 1:
                decided.add(found[0])
        return decided.pop() if len(decided) == 1 else None

    def _kept(self, anchor: Anchor, span: Span, how: str) -> Outcome:
        """Silently, unless what leads to the words in their sentence now denies them, or no longer does."""
        start, end = span
        if is_negated(_lead_in(self.old, anchor.start)) != is_negated(_lead_in(self.new, start)):
            return self._proposed(anchor, start, end, 100.0, "denied or not")
        return Outcome(State.KEPT, how, start, end, anchor.quote, 100.0)

    def _proposed(self, anchor: Anchor, start: int, end: int, score: float, how: str) -> Outcome:
        return Outcome(State.CHANGED, how, start, end, self.new[start:end], score)

    # --- nearly the same words ---------------------------------------------------------------------------
    def _nearly(self, anchor: Anchor) -> Outcome:
        for start, end in self._windows(anchor):
            found = self._likest(anchor, start, end)
            if found is None:
                continue
            rest = ((start, found.start), (found.end, end))
            if any(self._likest(anchor, *part) for part in rest):
                return Outcome(State.ORPHAN, "several alike")
            return self._proposed(anchor, found.start, found.end, found.score, "nearly the same")
        return Outcome(State.ORPHAN, "not found")

    def _windows(self, anchor: Anchor) -> Iterator[Span]:
        """Where to look: between the neighbours that stayed, then around where they are."""
        before, after = self.alignment.neighbourhood(anchor.start, anchor.end)
        length = anchor.end - anchor.start
        if before is not None and after is not None and before < after <= before + 2 * length + AROUND:
            yield before, after
        if before is not None:
            yield max(0, before - AROUND), min(len(self.new), before + length + AROUND)
        if after is not None:
            yield max(0, after - length - AROUND), min(len(self.new), after + AROUND)
        if before is None and after is None:
            yield max(0, anchor.start - AROUND), min(len(self.new), anchor.end + AROUND)

    def _likest(self, anchor: Anchor, start: int, end: int) -> _Near | None:
        """The stretch of whole words in `new[start:end]` most like the quotation, if it is like enough."""
        rough = fuzz.partial_ratio_alignment(anchor.quote, self.new[start:end], score_cutoff=NEARLY * 0.8)
        if rough is None or end - start < len(anchor.quote) * (1 - _LOOSE):
            return None
        centre = (start + rough.dest_start, start + rough.dest_end)
        found = max(self._around(anchor.quote, centre, (start, end)), default=None)
        if found is None or found.score < NEARLY:
            return None
        old = (anchor.start, anchor.end)
        return None if self.alignment.is_elsewhere(found.start, found.end, old) else found

    def _around(self, quote: str, centre: Span, within: Span) -> Iterator[_Near]:
        """Stretches of whole words that begin and end near those of `centre`."""
        words, slack = self.alignment.new, max(12, round(len(quote) * _LOOSE))
        starts = [
            words.starts[at] for at in range(*words.covering(max(within[0], centre[0] - slack), centre[0] + 12))
        ]
        ends = [words.ends[at] for at in range(*words.covering(centre[1] - 12, min(within[1], centre[1] + slack)))]
        for start in starts:
            for end in ends:
                if within[0] <= start < end <= within[1]:
                    yield _Near(fuzz.ratio(quote, self.new[start:end], score_cutoff=NEARLY), start, end)


def _has(text: str, span: Span, prefix: str, suffix: str) -> bool:
    return text.endswith(prefix, 0, span[0]) and text.startswith(suffix, span[1])


def _lead_in(text: str, start: int) -> str:
    """The words of the sentence before the place, at most 80 code points of them."""
    found = _LEAD_IN.search(text[max(0, start - 80) : start])
    return found.group() if found else ""


def _is_whole(text: str, span: Span, old_text: str, old_span: Span) -> bool:
    """Whether the place begins and ends where words or numbers do, or as the old one did."""
    return (not _joined(text, span[0]) or _joined(old_text, old_span[0])) and (
        not _joined(text, span[1]) or _joined(old_text, old_span[1])
    )


def _joined(text: str, at: int) -> bool:
    """Whether the place lies within a word or number: "12", "1.2", "1,200", "-2", "2%"."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if left.isalnum() and right.isalnum():
        return _spells(left) and _spells(right)
    if right.isdigit():
        return left in "-−+$€£¥" or (left in ".," and at > 1 and text[at - 2].isdigit())
    return left.isdigit() and (right in "%‰" or (right in ".," and text[at + 1 : at + 2].isdigit()))


def _spells(char: str) -> bool:
    """Scripts without spaces have no places within words."""
    return char.isdigit() or char.lower() != char.upper()
