"""Versions of a story as wires number and date them: which story it is, and whether it comes too late."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from articles.models import Article

if TYPE_CHECKING:
    from articles.ingest.model import ParsedArticle

WIRE: Final = "wire:"
LONGEST_ID: Final = 600


def wire_identity(parsed: ParsedArticle) -> str:
    """What a wire calls its story in every version, hashed where that is too long for the column; "" for others."""
    if len(parsed.wire_id) <= LONGEST_ID:
        return f"{WIRE}{parsed.wire_id}" if parsed.wire_id else ""
    return f"{WIRE}{hashlib.sha256(parsed.wire_id.encode()).hexdigest()}"


def is_of_wire(identity: str) -> bool:
    return identity.startswith(WIRE)


def is_late(article: Article, parsed: ParsedArticle) -> bool:
    """Whether the desk has a newer version from the same sender: by its number, else by the time it was made."""
    ours, theirs = article.sender_version, parsed.version
    if ours.isdecimal() and theirs.isdecimal() and int(ours) != int(theirs):
        return int(theirs) < int(ours)
    had, came = article.sender_version_at, parsed.version_at
    return had is not None and came is not None and came < had


def version_note(article: Article, parsed: ParsedArticle) -> None:
    """A new version may say the same words; what is older than it is late all the same."""
    version, at = parsed.version[:20], parsed.version_at
    if at is not None and (version, at) != (article.sender_version, article.sender_version_at):
        Article.objects.filter(pk=article.pk).update(sender_version=version, sender_version_at=at)
        article.sender_version, article.sender_version_at = version, at
