"""What every answer goes through before it is stored, whoever wrote the connector."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from articles.sources.base import ConnectorResult, EvidenceItem

MOST_ITEMS: Final = 25
LONGEST_TEXT: Final = 20_000
# PostgreSQL takes no NUL and UTF-8 no half of a pair; the other control characters only hide words.
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def cleaned(result: ConnectorResult) -> ConnectorResult:
    """Readable text, web addresses only, times with a zone, each thing once, and not more than an editor reads."""
    items: dict[str, EvidenceItem] = {}
    for item in result.items:
        clean = _clean(item)
        if clean.external_id and clean.text:
            items.setdefault(clean.external_id, clean)
    kept = tuple(items.values())[:MOST_ITEMS]
    outcome = "empty" if result.outcome == "ok" and not kept else result.outcome
    return replace(result, outcome=outcome, items=kept, reason=_text(result.reason)[:2_000])


def _clean(item: EvidenceItem) -> EvidenceItem:
    at = item.published_at
    return replace(
        item,
        external_id=_text(item.external_id)[:400],
        title=(_text(item.title) or _text(item.url))[:500],
        url=item.url if _is_web(item.url) else "",
        text=_text(item.text)[:LONGEST_TEXT],
        locator=_text(item.locator)[:200],
        publisher=_text(item.publisher)[:200],
        licence=_text(item.licence)[:120],
        published_at=at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at,
    )


def _text(words: str) -> str:
    return _UNREADABLE.sub("", words).strip()


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not _UNREADABLE.search(url)
