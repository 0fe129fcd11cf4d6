"""GDELT DOC 2.0: news of the last months by words in them; one question in five seconds.

https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ . It asks to wait in plain text, with status 200 or 429.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from articles.sources.answers import address_at, bad_answer, moment_at, object_of, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address
from factcheck.core.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class GDELTSettings:
    """Where it is asked."""

    base_url: str = address_field("https://api.gdeltproject.org/api/v2")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class GDELTConnector(JsonSearch):
    """Stories by title; set its rate to 12 a minute or less."""

    name: ClassVar[str] = "gdelt"
    label: ClassVar[str] = "GDELT news"
    homepage: ClassVar[str] = "https://www.gdeltproject.org/"
    Settings: ClassVar[type] = GDELTSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, GDELTSettings)
        self.settings = settings

    lenient: ClassVar[bool] = True

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        params: dict[str, str | int] = {
            "query": words, "mode": "artlist", "format": "json", "maxrecords": 50, "sort": "hybridrel",
        }  # fmt: skip
        return context.http.get(f"{self.settings.base_url}/doc/doc", params=params, fresh_for=900)

    def read(self, response: Response) -> dict[str, Any]:
        said = response.content[:300].decode("utf-8", errors="replace").strip()
        if said.startswith("{"):
            return object_of(response, lenient=True)
        if "limit requests" in said.lower():
            raise Transient("http.throttled", host="GDELT")
        raise bad_answer(response.url, said[:120] or "it is empty")

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for story in objects_at(answer, "articles"):
            url, title = address_at(story, "url"), text_at(story, "title")
            if url and title:
                yield EvidenceItem(
                    external_id=url,
                    title=title,
                    url=url,
                    text=title,
                    kind="news",
                    locator="title",
                    publisher=text_at(story, "domain"),
                    published_at=moment_at(story, "seendate"),
                    language=text_at(story, "language"),
                )
