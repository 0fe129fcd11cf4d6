"""Any RSS, Atom or JSON Feed: its items that touch the claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.choosing import best_items, best_passages, fingerprint
from articles.sources.entries import Entry, Feed, read_feed
from articles.sources.passages import cut_passages
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from articles.sources.base import EvidenceQuery, SourceContext

LEAST_SHARED: Final = 0.25
# An article has dozens of claims, and each asks every source; the same feed is fetched once for all of them.
FRESH_SECONDS: Final = 120.0
ACCEPTED: Final = (
    *("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "application/rdf+xml"),
    *("application/feed+json", "application/json", "*/*+xml"),
)


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """The feed, and what its address does not say."""

    url: str = field(
        metadata={"label": gettext_lazy("Address of the feed"), "help": gettext_lazy("RSS, Atom or JSON Feed.")}
    )
    publisher: str = field(
        default="",
        metadata={"label": gettext_lazy("Publisher"), "help": gettext_lazy("If the feed's title is not it.")},
    )
    licence: str = field(
        default="",
        metadata={"label": gettext_lazy("Licence"), "help": gettext_lazy("Under which its texts may be quoted.")},
    )

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the address of the feed must begin with http:// or https://")


class FeedConnector:
    """Fetches the feed, keeps the items that share enough words with the claim, and quotes their best passage."""

    name: ClassVar[str] = "feed"
    label: ClassVar[str] = gettext_noop("RSS, Atom or JSON Feed")
    homepage: ClassVar[str] = ""
    Settings: ClassVar[type] = FeedSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, FeedSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        feed, moved = self._fetch(context)
        items = best_items(query, [self._item(entry, feed, query) for entry in feed.entries], least=LEAST_SHARED)
        asked = redact_url(self.settings.url)
        return ConnectorResult("ok" if items else "empty", items, reason=_moved(moved), request_url=asked)

    def probe(self, context: SourceContext) -> str:
        feed, moved = self._fetch(context)
        newest = max(feed.entries, key=lambda entry: entry.sortable, default=None)
        latest = (_(', the latest being "%(title)s"') % {"title": newest.title}) if newest else ""
        return (
            _('"%(title)s" has %(many)s items%(latest)s. %(moved)s')
            % {
                "title": feed.title or self.settings.url,
                "many": len(feed.entries),
                "latest": latest,
                "moved": _moved(moved),
            }
        ).strip()

    def _fetch(self, context: SourceContext) -> tuple[Feed, str]:
        response = context.http.get(self.settings.url, accept=ACCEPTED, fresh_for=FRESH_SECONDS)
        return read_feed(response.content, response.content_type, url=response.url), response.moved_to

    def _item(self, entry: Entry, feed: Feed, query: EvidenceQuery) -> EvidenceItem:
        best = best_passages(query, cut_passages(entry.text), most=1, least=0.0)
        text, locator = (best[0].text, best[0].locator) if best else (entry.title, "title")
        return EvidenceItem(
            external_id=f"{entry.identity}#{fingerprint(text)}",
            title=entry.title,
            url=entry.url,
            text=text,
            kind="news",
            locator=locator,
            publisher=self.settings.publisher or feed.title,
            published_at=entry.published_at,
            language=feed.language,
            licence=self.settings.licence,
            snapshot=entry.text.encode(),
            snapshot_type="text/plain; charset=utf-8",
        )


def _moved(url: str) -> str:
    return (
        (
            _("The feed has moved for good to %(redact_url)s: put that into the settings.")
            % {"redact_url": redact_url(url)}
        )
        if url
        else ""
    )
