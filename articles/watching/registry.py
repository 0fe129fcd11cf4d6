"""The kinds of places that can be watched: one file and one line here each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.watching.feed import FeedWatch
from articles.watching.sitemap import SitemapWatch
from articles.watching.wordpress import WordPressWatch

if TYPE_CHECKING:
    from articles.watching.base import WatchKind

KINDS: Final[dict[str, WatchKind]] = {
    "feed": FeedWatch(),
    "sitemap": SitemapWatch(),
    "wordpress": WordPressWatch(),
}
