"""Word lists as they are easiest to read: a few lines of words with spaces between."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of all lines."""
    return frozenset(word for line in lines for word in line.split())
