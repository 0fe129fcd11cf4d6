"""Word lists as they are easiest to read and to review: words in lines."""

from __future__ import annotations


def word_set(*lines: str) -> frozenset[str]:
    """All words of the lines."""
    return frozenset(word for line in lines for word in line.split())
