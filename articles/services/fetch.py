"""What may be fetched as an article."""

from __future__ import annotations

from typing import Final

FETCHED_TYPES: Final = ("text/html", "application/xhtml+xml", "text/plain")


def is_address(text: str) -> bool:
    """Whether a command's argument is a web address rather than a path."""
    return text.lower().startswith(("http://", "https://"))
