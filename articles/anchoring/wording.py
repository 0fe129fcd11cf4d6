"""What differs between the old and the new words of a claim, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

_PARTS: Final = re.compile(r"\w+|\s+|[^\w\s]")


class Part(NamedTuple):
    kind: Literal["same", "old", "new"]
    text: str


def parts(old: str, new: str) -> list[Part]:
    """Both wordings in one: what stayed, what is only in the old, what is only in the new."""
    before, after = _PARTS.findall(old), _PARTS.findall(new)
    told: list[Part] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            told.append(Part("same", "".join(before[i:j])))
            continue
        told += [Part("old", "".join(before[i:j]))] if j > i else []
        told += [Part("new", "".join(after[k:m]))] if m > k else []
    return told


def gist(old: str, new: str) -> tuple[str, str]:
    """The old and the new words between what both begin and end with."""
    before, after = old.split(), new.split()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return " ".join(before), " ".join(after)
