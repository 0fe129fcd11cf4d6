"""WordPress sites by their REST API (wp/v2/posts), the posts changed since the last look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_noop

from articles.ingest.readers import read_entries
from articles.watching.base import MAX_LISTING, Found, Look, found_of, look_of

if TYPE_CHECKING:
    from articles.watching.base import Asking, Place

API: Final = "/wp-json/wp/v2/posts"
PER_PAGE: Final = 50
MOST_PAGES: Final = 5
OVERLAP: Final = timedelta(seconds=1)


class WordPressWatch:
    label = gettext_noop("WordPress site")

    def look(self, http: Asking, place: Place) -> Look:
        """Oldest change first, so that a look cut short at `MOST_PAGES` goes on from there the next time."""
        asked: dict[str, Any] = {"per_page": PER_PAGE, "orderby": "modified", "order": "asc",
                                 "_embed": "author,wp:term"}  # fmt: skip
        if place.since:
            asked["modified_after"] = (place.since - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        found: list[Found] = []
        page = pages = 1
        while page <= min(pages, MOST_PAGES):
            response = http.get(
                place.url.rstrip("/") + API, params={**asked, "page": page}, accept=("application/json",),
                max_bytes=MAX_LISTING,
            )  # fmt: skip
            if response.content.strip() != b"[]":
                found += [found_of(entry) for entry in read_entries(response.content, name="posts.json")]
            said = response.headers.get("x-wp-totalpages", "1")
            pages = int(said) if said.isdecimal() and len(said) < 10 else 1
            page += 1
        changed = [one.changed_at for one in found if one.changed_at]
        moved = response.moved_to.partition(API)[0]
        looked = look_of(response, found)
        return Look(looked.found, moved_to=moved, seen_until=max(changed, default=None))
