"""Posts as the WordPress REST API gives them (wp/v2/posts)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.ingest.formats.common import (
    Entry,
    language_code,
    moment,
    people,
    plain,
    text_pieces,
    web_address,
)
from articles.ingest.formats.values import inner, items, text
from articles.ingest.html import host_of

if TYPE_CHECKING:
    from datetime import datetime


def is_post(value: dict[str, Any]) -> bool:
    return isinstance(inner(value, "content", "rendered"), str)


def read_post(post: dict[str, Any], *, url: str) -> Entry:
    """One post; unreadable (article.encrypted) where the site keeps its text behind a password.

    A post that is not published is withdrawn, or embargoed where its time is yet to come.
    """
    locked = inner(post, "content", "protected") is True and not text(inner(post, "content", "rendered")).strip()
    link = web_address(text(post.get("link")))
    published = _gmt(post, "date")
    status = text(post.get("status")) or "publish"
    return Entry(
        title=plain(text(inner(post, "title", "rendered"))),
        pieces=text_pieces(text(inner(post, "content", "rendered"))),
        authors=people(text(author.get("name")) for author in items(inner(post, "_embedded", "author") or [])),
        published_at=published,
        modified_at=_gmt(post, "modified"),
        language=language_code(text(post.get("lang"))),
        publisher=host_of(link),
        url=link or url,
        external_id=f"{host_of(link)}:{text(post.get('id'))}",
        summary="" if locked else text(inner(post, "excerpt", "rendered")),
        withdrawn=status not in {"publish", "future"},
        embargoed_until=published if status == "future" else None,
        unreadable="article.encrypted" if locked else "",
    )


def _gmt(post: dict[str, Any], name: str) -> datetime | None:
    """The time in GMT; the site's local time says no zone, so it only serves where there is nothing else."""
    return moment(text(post.get(f"{name}_gmt"))) or moment(text(post.get(name)))
