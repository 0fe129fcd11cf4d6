"""What became of each sentence of a text in its next version: the same, said elsewhere, in other words, or gone.

Unlike a claim, a sentence that was rewritten has a successor: what stands where it stood, between the same
neighbours. It is shown beside the old one for a person to judge, and nothing is concluded from it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz

from articles.anchoring.reanchor import Anchor, Outcome, State, reanchor

if TYPE_CHECKING:
    from collections.abc import Sequence

Span = tuple[int, int]
AROUND = 32  # code points before and behind that tell equal sentences apart
ALIKE = 60.0
"""Least `fuzz.ratio` (0 to 100, rapidfuzz) of two sentences shown beside each other where the counts differ."""


@dataclass(frozen=True, slots=True)
class Followed:
    """`span` is a sentence of the new text; None where the sentence is gone.

    `kept` is the same sentence for sure. `moved` has its words, but which of several equal ones, or whether it is
    the same statement in its new place, the text does not tell.
    """

    kind: Literal["kept", "moved", "changed", "gone"]
    span: Span | None = None


GONE = Followed("gone")


def follow(old: str, new: str, before: Sequence[Span], after: Sequence[Span]) -> list[Followed]:
    """One answer for each sentence of `before`, in their order; both lists are spans in text order."""
    anchors = [
        Anchor(start, end, old[start:end], old[max(0, start - AROUND) : start], old[end : end + AROUND])
        for start, end in before
    ]
    told = [
        _placed(anchor, one, new, after) for anchor, one in zip(anchors, reanchor(old, new, anchors), strict=True)
    ]
    return _with_successors(told, [anchor.quote for anchor in anchors], new, after)


def _placed(anchor: Anchor, one: Outcome, new: str, after: Sequence[Span]) -> Followed:
    if one.state is State.ORPHAN:
        return GONE
    if one.state is State.KEPT and _has(after, (one.start, one.end)):
        return Followed("kept", (one.start, one.end))
    span = _nearest(after, (one.start, one.end))
    if span is None:
        return GONE
    return Followed("moved" if new[slice(*span)] == anchor.quote else "changed", span)


def _has(after: Sequence[Span], span: Span) -> bool:
    at = bisect_left(after, span)
    return at < len(after) and after[at] == span


def _nearest(after: Sequence[Span], span: Span) -> Span | None:
    """The sentence that has most of these characters."""
    shared = [(min(span[1], end) - max(span[0], start), (start, end)) for start, end in after]
    most, found = max(shared, default=(0, (0, 0)))
    return found if most > 0 else None


def _with_successors(told: list[Followed], words: Sequence[str], new: str, after: Sequence[Span]) -> list[Followed]:
    """Sentences that are gone, in a row, are what new ones between the same neighbours replace.

    As many as there were are taken one for one; else each finds the next one that is like it.
    """
    taken = {one.span for one in told}
    found = list(told)
    at = 0
    while at < len(told):
        if told[at] != GONE:
            at += 1
            continue
        last = next((n for n in range(at, len(told)) if told[n] != GONE), len(told))
        left = told[at - 1].span if at else None
        right = told[last].span if last < len(told) else None
        between = [one for one in after if one not in taken and (left is None or one[0] >= left[1])
                   and (right is None or one[1] <= right[0])]  # fmt: skip
        if len(between) == last - at:
            found[at:last] = [Followed("changed", span) for span in between]
        else:
            found[at:last] = _alike(words[at:last], new, between)
        at = last
    return found


def _alike(words: Sequence[str], new: str, between: Sequence[Span]) -> list[Followed]:
    """In text order, each old sentence with the first one left that is `ALIKE` to it."""
    found, first = [], 0
    for old in words:
        at = next((n for n in range(first, len(between)) if fuzz.ratio(old, new[slice(*between[n])]) >= ALIKE), None)
        found.append(GONE if at is None else Followed("changed", between[at]))
        first = first if at is None else at + 1
    return found
