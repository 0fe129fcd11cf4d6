"""The story while it is being read: pieces that are kept or dropped, and what they become in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from articles.ingest.model import Block, BlockKind, Dropped

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_SEPARATOR: Final = "\n\n"

Reason = Literal[
    "",
    "attachment",
    "byline",
    "copyright notice",
    "credit",
    "date line",
    "dateline",
    "end mark",
    "link",
    "navigation",
    "page furniture",
    "page header or footer",
    "page number",
    "related story",
    "repeated caption",
    "repeated headline",
    "repeated quote",
    "script or code",
    "sign-off",
    "signature",
    "summary",
    "time stamp",
]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of the source. With a `reason` they are dropped for it, without one they become a block.

    `kind` is None for a line that nobody has looked at yet. `text` has no surrounding white space.
    """

    text: str
    kind: BlockKind | None = None
    reason: Reason = ""

    @property
    def is_open(self) -> bool:
        return self.kind is None and not self.reason


def drop(text: str, reason: Reason) -> Piece:
    return Piece(text, reason=reason)


def build(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...], tuple[Dropped, ...]]:
    """The text, its blocks in order, and what was dropped in the order of the source."""
    parts: list[str] = []
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    at = 0
    for piece in pieces:
        if piece.reason:
            dropped.append(Dropped(piece.text, piece.reason))
        elif piece.text:
            blocks.append(Block(piece.kind or "paragraph", at, at + len(piece.text)))
            parts.append(piece.text)
            at += len(piece.text) + len(BLOCK_SEPARATOR)
    return BLOCK_SEPARATOR.join(parts), tuple(blocks), tuple(dropped)
