"""Two revisions of a text, paragraph by paragraph: what stayed, what was reworded, what came in, what went."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from articles.anchoring.wording import Part, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALIKE: Final = 0.4
"""Least share of words that two paragraphs have in common for one to be the other reworded."""
LONGEST: Final = 4_000
MOST_COMPARED: Final = 200_000
"""Code points of one paragraph, and of all, that are compared word by word; the rest is shown whole."""


class Row(NamedTuple):
    """One paragraph of either text or of both; `parts` has both wordings in one."""

    kind: Literal["same", "changed", "added", "removed"]
    old: str
    new: str
    parts: tuple[Part, ...]


def rows(old_text: str, new_text: str) -> list[Row]:
    """Every paragraph of both texts in reading order. Takes time in proportion to what is compared, at most."""
    before, after = _cut(old_text), _cut(new_text)
    found: list[Row] = []
    budget = MOST_COMPARED
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_row("same", text, text) for text in before[i:j]]
            continue
        for old, new in _paired(before[i:j], after[k:m]):
            size = len(old) + len(new)
            told = _told(old, new, is_short=max(len(old), len(new)) <= LONGEST and size <= budget)
            budget -= size if told[0].kind == "changed" else 0
            found += told
    return found


def _cut(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """In their order, each with the first one behind that reads like it; the others alone."""
    at = 0
    for old in before:
        there = next((n for n in range(at, min(len(after), at + 5)) if _is_alike(old, after[n])), None)
        if there is None:
            yield old, ""
            continue
        yield from zip_longest((), after[at:there], fillvalue="")
        yield old, after[there]
        at = there + 1
    yield from zip_longest((), after[at:], fillvalue="")


def _is_alike(old: str, new: str) -> bool:
    one, other = set(old.split()), set(new.split())
    return len(one & other) >= ALIKE * max(len(one), len(other))


def _told(old: str, new: str, *, is_short: bool) -> list[Row]:
    if old and new and is_short:
        return [Row("changed", old, new, tuple(parts(old, new)))]
    removed = [_row("removed", old, "")] if old else []
    return removed + ([_row("added", "", new)] if new else [])


def _row(kind: Literal["same", "added", "removed"], old: str, new: str) -> Row:
    shown: Literal["same", "old", "new"] = "same" if kind == "same" else "new" if kind == "added" else "old"
    return Row(kind, old, new, (Part(shown, new or old),))
