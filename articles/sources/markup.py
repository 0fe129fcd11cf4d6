"""Mark-up to plain text: paragraphs kept apart by an empty line, scripts and styles gone, nothing run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_SILENT: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"})
_BLOCK_NAMES = """
p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article figure figcaption hr pre
"""
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_SPACES: Final = re.compile(r"[^\S\n]+")
_BREAKS: Final = re.compile(r"\s*\n\s*")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain_text(markup: str) -> str:
    """The readable words of an HTML fragment."""
    reader = _Text()
    reader.feed(markup)
    reader.close()
    lines = _SPACES.sub(" ", "".join(reader.parts).replace("\r", "\n"))
    return _BREAKS.sub("\n\n", lines).strip()


def one_line(markup: str) -> str:
    """The readable words of a title or snippet, on one line."""
    return " ".join(plain_text(markup).split())
