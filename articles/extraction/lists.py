"""Word lists as they are easiest to read: a few lines of words with spaces between."""

from __future__ import annotations


def words(*lines: str) -> frozenset[str]:
    """The words of all lines."""
    return frozenset(word for line in lines for word in line.split())


def holds_any(text: str, parts: tuple[str, ...]) -> bool:
    """Whether one of the parts stands in the text: asked before a pattern that needs one of them is tried."""
    for part in parts:  # noqa: SIM110 - any() takes twice as long, and this is asked a hundred times a sentence
        if part in text:
            return True
    return False
