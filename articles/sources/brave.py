"""Brave Search, web results. https://api-dashboard.search.brave.com/app/documentation"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from articles.sources.answers import JSON, address_at, moment_at, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address, key_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class BraveSettings:
    """Where it is asked, and with which key."""

    key: str = key_field()
    base_url: str = address_field("https://api.search.brave.com/res/v1")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class BraveConnector(JsonSearch):
    """Pages of the open web, each with the stretch that matched."""

    name: ClassVar[str] = "brave"
    label: ClassVar[str] = gettext_noop("Brave Search")
    homepage: ClassVar[str] = "https://brave.com/search/api/"
    Settings: ClassVar[type] = BraveSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, BraveSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        params: dict[str, str | int] = {"q": words[:400], "count": min(20, query.limit * 2), "safesearch": "off"}
        headers = {"X-Subscription-Token": self.settings.key}
        return context.http.get(f"{self.settings.base_url}/web/search", params=params, headers=headers, accept=JSON)

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for hit in objects_at(answer, "web", "results"):
            url = address_at(hit, "url")
            if url:
                yield EvidenceItem(
                    external_id=url,
                    title=text_at(hit, "title") or url,
                    url=url,
                    text=text_at(hit, "description") or text_at(hit, "title"),
                    kind="web",
                    locator="search excerpt",
                    publisher=text_at(hit, "meta_url", "hostname"),
                    published_at=moment_at(hit, "page_age"),
                    language=text_at(hit, "language"),
                )
