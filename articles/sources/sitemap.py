"""A site's own map: pages whose titles touch the claim are fetched, and their best passage is quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import unquote, urlsplit

from articles.keeping.words import words_of
from articles.ranking import rank, share
from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.choosing import best_items, best_passages, fingerprint, wanted
from articles.sources.passages import cut_passages
from articles.sources.searching import check_address
from articles.watching.base import Place
from articles.watching.sitemap import SitemapWatch
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from articles.sources.base import EvidenceQuery, Outbound, SourceContext
    from articles.watching.base import Found
    from factcheck.core.http import Response

LEAST_SHARED: Final = 0.25
MOST_PAGES: Final = 3
# An article has dozens of claims, and each asks every source; the same map is fetched once for all of them.
FRESH_SECONDS: Final = 300.0
PAGES: Final = ("text/html", "application/xhtml+xml", "text/plain")
_SEPARATORS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class SitemapSettings:
    """The map, and what its address does not say."""

    url: str = field(metadata={"label": "Address of the sitemap", "help": "An index is followed one level down."})
    publisher: str = field(default="", metadata={"label": "Publisher", "help": "Empty for the name of the host."})
    licence: str = field(default="", metadata={"label": "Licence", "help": "Under which its texts may be quoted."})

    def __post_init__(self) -> None:
        check_address(self.url)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a look at a watched place uses, over the client a connector is given."""

    http: Outbound

    def get(self, url: str, **how: Any) -> Response:
        wanted_of = {name: how[name] for name in ("accept", "max_bytes") if name in how}
        return self.http.get(url, fresh_for=FRESH_SECONDS, **wanted_of)


class SitemapConnector:
    """Titles come from the news part of the map, else from the words of the address."""

    name: ClassVar[str] = "sitemap"
    label: ClassVar[str] = "Sitemap of a site"
    homepage: ClassVar[str] = ""
    Settings: ClassVar[type] = SitemapSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, SitemapSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        listed = self._listed(context)
        claim, titles = wanted(query), [_title(one) for one in listed]
        near = [at for at in rank(claim, titles).order if share(claim, titles[at]) >= LEAST_SHARED]
        found = [self._item(listed[at], titles[at], query, context) for at in near[:MOST_PAGES]]
        items = best_items(query, found, least=LEAST_SHARED)
        return ConnectorResult("ok" if items else "empty", items, request_url=redact_url(self.settings.url))

    def probe(self, context: SourceContext) -> str:
        listed = self._listed(context)
        latest = f', the latest being "{_title(listed[0])}"' if listed else ""
        return f"The sitemap lists {len(listed)} pages{latest}."

    def _listed(self, context: SourceContext) -> list[Found]:
        return list(SitemapWatch().look(_Asking(context.http), Place(self.settings.url)).found)

    def _item(self, page: Found, title: str, query: EvidenceQuery, context: SourceContext) -> EvidenceItem:
        answer = context.http.get(page.url, accept=PAGES, fresh_for=FRESH_SECONDS)
        passages = cut_passages(words_of(answer.content, answer.content_type, url=answer.url))
        best = best_passages(query, passages, most=1, least=0.0)
        text, locator = (best[0].text, best[0].locator) if best else (title, "title")
        return EvidenceItem(
            external_id=f"{page.url}#{fingerprint(text)}",
            title=title,
            url=page.url,
            text=text,
            kind="news",
            locator=locator,
            publisher=self.settings.publisher or (urlsplit(page.url).hostname or ""),
            published_at=page.published_at,
            licence=self.settings.licence,
            snapshot=answer.content,
            snapshot_type=answer.content_type,
        )


def _title(page: Found) -> str:
    """Its title, else the words of the last part of its address."""
    last = unquote(urlsplit(page.url).path).rstrip("/").rpartition("/")[2]
    return page.title or " ".join(_SEPARATORS.split(last)).strip() or page.url
