"""A SearXNG of the house; its `search.formats` must have `json`. https://docs.searxng.org/dev/search_api.html"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_noop

from articles.sources.answers import JSON, address_at, dig, moment_at, object_of, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address
from factcheck.core.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class SearXNGSettings:
    """Where it is asked."""

    base_url: str = address_field("http://searxng:8080")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class SearXNGConnector(JsonSearch):
    """Its host:port must be among OUTBOUND_ALLOWED. When its engines are silent, it was not consulted."""

    name: ClassVar[str] = "searxng"
    label: ClassVar[str] = gettext_noop("SearXNG (of the house)")
    homepage: ClassVar[str] = "https://docs.searxng.org/"
    Settings: ClassVar[type] = SearXNGSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, SearXNGSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        params: dict[str, str | int] = {"q": words, "format": "json", "language": query.language, "safesearch": 0}
        return context.http.get(f"{self.settings.base_url}/search", params=params, accept=JSON)

    def read(self, response: Response) -> dict[str, Any]:
        """No result from engines that did not answer is no answer."""
        answer = object_of(response)
        silent = dig(answer, "unresponsive_engines")
        if not objects_at(answer, "results") and isinstance(silent, list) and silent:
            names = ", ".join(text_at(one, 0) for one in silent if isinstance(one, list))
            raise Transient("http.throttled", host=f"SearXNG ({names[:100]})")
        return answer

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for hit in objects_at(answer, "results"):
            url = address_at(hit, "url")
            if url:
                yield EvidenceItem(
                    external_id=url,
                    title=text_at(hit, "title") or url,
                    url=url,
                    text=text_at(hit, "content") or text_at(hit, "title"),
                    kind="web",
                    locator="search excerpt",
                    publisher=text_at(hit, "parsed_url", 1),
                    published_at=moment_at(hit, "publishedDate"),
                )
