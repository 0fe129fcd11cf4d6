"""OpenAlex: scholarly works with abstracts; needs a key since February 2026. https://docs.openalex.org/"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from articles.sources.answers import JSON, address_at, dig, objects_at, text_at, year_of
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address, key_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


LONGEST_ABSTRACT: Final = 2_000  # words


@dataclass(frozen=True, slots=True)
class OpenAlexSettings:
    """Where it is asked, and with which key."""

    key: str = key_field()
    base_url: str = address_field("https://api.openalex.org")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class OpenAlexConnector(JsonSearch):
    """The abstract comes as positions of its words and is put together again."""

    name: ClassVar[str] = "openalex"
    label: ClassVar[str] = "OpenAlex"
    homepage: ClassVar[str] = "https://openalex.org/"
    Settings: ClassVar[type] = OpenAlexSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, OpenAlexSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        params: dict[str, str | int] = {"search": words, "per_page": query.limit * 2, "api_key": self.settings.key}
        return context.http.get(f"{self.settings.base_url}/works", params=params, accept=JSON)

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for work in objects_at(answer, "results"):
            identity, title = text_at(work, "id"), text_at(work, "display_name")
            if identity and title:
                yield self._item(work, identity, title)

    def _item(self, work: Any, identity: str, title: str) -> EvidenceItem:
        abstract = _abstract(dig(work, "abstract_inverted_index"))
        return EvidenceItem(
            external_id=identity,
            title=f"Retracted: {title}" if dig(work, "is_retracted") is True else title,
            url=address_at(work, "doi") or address_at(work, "id"),
            text=abstract or title,
            kind="paper",
            locator="abstract" if abstract else "title",
            publisher=text_at(work, "primary_location", "source", "display_name"),
            published_at=year_of(dig(work, "publication_year")),
            licence="CC0 (metadata)",
        )


def _abstract(index: object) -> str:
    """The words at their places; whoever states a place beyond reason is not followed there."""
    if not isinstance(index, dict):
        return ""
    places = {
        at: word
        for word, positions in index.items()
        if isinstance(positions, list)
        for at in positions
        if isinstance(at, int) and 0 <= at < LONGEST_ABSTRACT
    }
    return " ".join(places[at] for at in sorted(places))
