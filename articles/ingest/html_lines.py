"""A page as the lines a reader sees, in order: each with its element, its kind, and how much of it is links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lxml.etree import iterwalk

from articles.ingest.html_roles import is_never_text
from articles.ingest.lines import clean_line, ends_sentence
from articles.ingest.words import word_set

if TYPE_CHECKING:
    from articles.ingest.model import BlockKind

INLINE: Final = word_set(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rb rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr nobr picture source",
)
CELLS: Final = frozenset({"td", "th"})
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
WORD: Final = re.compile(r"\w+")
SENTENCE: Final = 60  # a line of running text is longer
MAX_LINES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """Words between two block boundaries. `element` is the innermost block, `linked` counts linked characters."""

    text: str
    element: Any
    linked: int
    bold: int

    @property
    def link_share(self) -> float:
        return min(1.0, self.linked / max(1, len(self.text)))

    @property
    def is_prose(self) -> bool:
        """Running text, as far as one line alone can tell."""
        long_enough = len(self.text) >= SENTENCE and self.link_share < 0.4
        return long_enough and (ends_sentence(self.text) or len(self.text) >= 2 * SENTENCE)


class _Collector:
    """Words of the line that is being read, and the lines that are done."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Any] = []
        self.parts: list[str] = []
        self.links = 0
        self.bolds = 0
        self.linked = 0
        self.bold = 0
        self.is_broken = False  # a br was the last thing but white space

    def add(self, words: str | None) -> None:
        if not words:
            return
        self.parts.append(words)
        self.is_broken = self.is_broken and words.isspace()
        size = len(words) if self.links or self.bolds else 0
        self.linked += size if self.links else 0
        self.bold += size if self.bolds else 0

    def close(self) -> None:
        """End the line here."""
        if not self.parts:
            return
        joined = "".join(self.parts)
        if not joined.isspace() and self.blocks and (text := clean_line(joined)):
            self.lines.append(Line(text, self.blocks[-1], self.linked, self.bold))
        self.parts.clear()
        self.linked = self.bold = 0
        self.is_broken = False

    def line_break(self) -> None:
        """A `br` ends the line where a sentence ends, or where two stand together; else it is white space."""
        written = "".join(self.parts).rstrip(" \t\n\r")
        if self.is_broken or ends_sentence(written) or not written:
            self.close()
        else:
            self.parts.append("\n")
            self.is_broken = True

    def enter(self, element: Any) -> None:
        tag = element.tag
        if tag == "a":
            self.links += 1
        elif tag in {"b", "strong"}:
            self.bolds += 1
        elif tag == "br":
            self.line_break()
        elif tag in CELLS:
            self.parts.append(" ")  # a row is a line
        elif tag not in INLINE:
            self.close()
            self.blocks.append(element)
        self.add(element.text)

    def leave(self, element: Any) -> None:
        tag = element.tag
        if tag == "a":
            self.links -= 1
        elif tag in {"b", "strong"}:
            self.bolds -= 1
        elif tag != "br" and tag not in INLINE and tag not in CELLS:
            self.close()
            self.blocks.pop()


def page_lines(body: Any) -> list[Line]:
    """All lines below `body`, an element parsed by lxml, at most `MAX_LINES`. Takes no stack, however deep."""
    collector = _Collector()
    walk = iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if is_never_text(element):
                walk.skip_subtree()
            else:
                collector.enter(element)
                continue
        elif event == "end" and not is_never_text(element):
            collector.leave(element)
        if event != "start" and element is not body:
            collector.add(element.tail)
        if len(collector.lines) >= MAX_LINES:
            break
    collector.close()
    return collector.lines


def kind_of(line: Line) -> BlockKind | None:
    """The kind that the elements around the line say, or None."""
    element = line.element
    if element.tag in HEADINGS:
        return "heading"
    if element.tag == "tr":
        return "list"
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag == "li":
            return "list"
        if ancestor.tag in {"blockquote", "q"}:
            return "quote"
        if ancestor.tag in HEADINGS:
            return "heading"
    return None


def words_key(text: str) -> str:
    """A text as it is compared: its words in lower case."""
    return " ".join(WORD.findall(text.casefold()))
