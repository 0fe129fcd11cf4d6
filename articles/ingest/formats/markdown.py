"""Markdown as editors write drafts in it: front matter, headings, quotes, lists; marks are taken off the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from articles.ingest.decode import decode
from articles.ingest.formats.common import Entry, article_of, language_code, moment, people, plain, web_address
from articles.ingest.lines import clean_line
from articles.ingest.pieces import Piece, drop

if TYPE_CHECKING:
    from articles.ingest.model import BlockKind, ParsedArticle

FRONT_MATTER: Final = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(?P<body>.{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
FIELD: Final = re.compile(r"(?P<name>[A-Za-z_-]{2,30})\s*:\s*(?P<value>.{0,500})$")
FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")
HEADING: Final = re.compile(r"\s{0,3}(?P<level>#{1,6})\s+(?P<text>.+?)\s*#*$")
UNDERLINE: Final = re.compile(r"\s{0,3}(?P<mark>=+|-+)\s*$")
RULE: Final = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
QUOTE: Final = re.compile(r"\s{0,3}(?:>\s?)+")
ITEM: Final = re.compile(r"\s*(?:[*+-]|\d{1,4}[.)])\s+")
TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
IMAGE: Final = re.compile(r"!\[(?P<alt>[^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"(?P<title>[^\"]{0,500})\")?\)")
LINK: Final = re.compile(r"\[(?P<text>[^\[\]]{1,500})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])")
DEFINITION: Final = re.compile(r"\s{0,3}\[[^\[\]]{1,200}\]:\s+\S+")
EMPHASIS: Final = re.compile(
    r"(?<!\\)(?P<mark>\*{1,3}|(?<!\w)_{1,3}|~~)(?=\S)(?P<text>[^*_`~\n]{1,500}?)(?<=\S)(?P=mark)(?!\w)"
)
CODE: Final = re.compile(r"(?P<mark>`{1,3})(?=[^`])(?P<text>[^`\n]{1,500})(?P=mark)")
SCRIPT: Final = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE)
ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")


def read_markdown(data: bytes, *, url: str, charset: str) -> ParsedArticle:
    """A draft in Markdown. Front matter may give title, author, date, updated, lang, url, publisher."""
    text = decode(data, declared=charset)
    front = FRONT_MATTER.match(text)
    fields = _fields(front["body"]) if front else {}
    pieces = _pieces(text[front.end() :] if front else text)
    title = fields.get("title", "")
    if not title and pieces and pieces[0].kind == "headline":
        title = pieces[0].text
    return article_of(
        Entry(
            title=title,
            pieces=tuple(Piece(p.text, "heading") if p.kind == "headline" else p for p in pieces),
            authors=people([fields.get("author", "") or fields.get("authors", "")]),
            published_at=moment(fields.get("date", "")),
            modified_at=moment(fields.get("updated", "") or fields.get("modified", "")),
            language=language_code(fields.get("lang", "") or fields.get("language", "")),
            publisher=fields.get("publisher", ""),
            url=web_address(fields.get("url", "")) or url,
        )
    )


def _fields(front: str) -> dict[str, str]:
    found = (FIELD.match(line) for line in front.splitlines())
    return {match["name"].lower(): match["value"].strip(" \"'[]") for match in found if match}


class _Blocks:
    """Lines on their way into pieces: a paragraph runs until something else begins."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.kind: BlockKind | None = None
        self.lines: list[str] = []
        self.in_code = False

    def close(self) -> None:
        words = clean_line(" ".join(self.lines))
        if words:
            self.pieces.append(Piece(words, self.kind))
        self.kind, self.lines = None, []

    def open(self, kind: BlockKind | None, words: str) -> None:
        self.close()
        self.kind, self.lines = kind, [words]

    def take(self, line: str) -> None:
        if FENCE.match(line):
            self.close()
            self.in_code = not self.in_code
        elif self.in_code:
            self.pieces += [drop(words, "script or code")] if (words := clean_line(line)) else []
        elif not self._take_mark(line):
            self._take_words(line)

    def _take_mark(self, line: str) -> bool:
        """Lines that are marks, or begin with one that starts a block; True when the line was one."""
        if self._take_underline(line):
            return True
        if not line.strip() or RULE.match(line) or DEFINITION.match(line) or TABLE_RULE.match(line):
            self.close()
            return True
        heading = HEADING.match(line)
        if heading:
            self.open("headline" if len(heading["level"]) == 1 else "heading", inline(heading["text"]))
            self.close()
        return bool(heading)

    def _take_underline(self, line: str) -> bool:
        """ "Title" with "=====" below it is a heading."""
        match = UNDERLINE.match(line)
        if not match or self.kind is not None or len(self.lines) != 1:
            return False
        self.kind = "headline" if match["mark"][0] == "=" else "heading"
        self.close()
        return True

    def _take_words(self, line: str) -> None:
        image = IMAGE.fullmatch(line.strip())
        if image:
            self.open("caption", plain(image["title"] or image["alt"]))
            self.close()
        elif quote := QUOTE.match(line):
            self._go_on("quote", inline(line[quote.end() :]))
        elif item := ITEM.match(line):
            self.open("list", inline(line[item.end() :]))
        elif line.lstrip().startswith("|"):
            self.open("list", inline(line.replace("|", " ")))
        else:
            self.lines.append(inline(line))

    def _go_on(self, kind: BlockKind, words: str) -> None:
        if self.kind != kind:
            self.open(kind, words)
        elif words:
            self.lines.append(words)
        else:
            self.close()


def _pieces(text: str) -> list[Piece]:
    blocks = _Blocks()
    for line in text.splitlines():
        blocks.take(line)
    blocks.close()
    return blocks.pieces


def inline(words: str) -> str:
    """Words without marks of emphasis, links, pictures and HTML; what a backslash protects stays."""
    words = IMAGE.sub("", SCRIPT.sub(" ", words))
    words = CODE.sub(lambda match: match["text"].strip(), LINK.sub(lambda match: match["text"], words))
    for _ in range(3):  # strong inside of emphasis inside of a strike-through is as deep as anybody goes
        words = EMPHASIS.sub(lambda match: match["text"], words)
    return ESCAPE.sub(r"\1", plain(words))
