"""Crossref: scholarly works by title and abstract, retractions named. https://api.crossref.org/swagger-ui/"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from articles.sources.answers import JSON, day_of_parts, dig, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class CrossrefSettings:
    """Where it is asked."""

    base_url: str = address_field("https://api.crossref.org")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class CrossrefConnector(JsonSearch):
    """Works with an abstract are quoted from it; others by title. A retracted work says so first."""

    name: ClassVar[str] = "crossref"
    label: ClassVar[str] = "Crossref"
    homepage: ClassVar[str] = "https://www.crossref.org/"
    Settings: ClassVar[type] = CrossrefSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, CrossrefSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        fields = "DOI,title,author,issued,container-title,type,abstract,update-to,updated-by"
        params: dict[str, str | int] = {"query.bibliographic": words, "rows": query.limit * 2, "select": fields}
        return context.http.get(f"{self.settings.base_url}/works", params=params, accept=JSON)

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for work in objects_at(answer, "message", "items"):
            doi, title = text_at(work, "DOI"), text_at(work, "title", 0)
            if doi and title:
                yield self._item(work, doi, title)

    def _item(self, work: Any, doi: str, title: str) -> EvidenceItem:
        abstract = text_at(work, "abstract")
        updates = [*objects_at(work, "update-to"), *objects_at(work, "updated-by")]
        retracted = any(text_at(one, "type") == "retraction" for one in updates)
        return EvidenceItem(
            external_id=doi.lower(),
            title=f"Retracted: {title}" if retracted else title,
            url=f"https://doi.org/{doi}",
            text=abstract or title,
            kind="paper",
            locator="abstract" if abstract else "title",
            publisher=text_at(work, "container-title", 0),
            published_at=day_of_parts(dig(work, "issued", "date-parts", 0)),
        )
