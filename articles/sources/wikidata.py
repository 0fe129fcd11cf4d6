"""Wikidata: which thing a name of the claim stands for, with its short description. CC0.

https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from articles.sources.answers import JSON, object_of, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address
from factcheck.core.errors import Permanent, Transient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class WikidataSettings:
    """Where it is asked."""

    base_url: str = address_field("https://www.wikidata.org")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class WikidataConnector(JsonSearch):
    """Asks for the first words of the claim that are a name; says who or what is meant."""

    name: ClassVar[str] = "wikidata"
    label: ClassVar[str] = "Wikidata"
    homepage: ClassVar[str] = "https://www.wikidata.org/"
    Settings: ClassVar[type] = WikidataSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, WikidataSettings)
        self.settings = settings

    least: ClassVar[float] = 0.1

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        language = query.language.partition("-")[0] or "en"
        params: dict[str, str | int] = {
            "action": "wbsearchentities", "search": " ".join(words.split()[:2]), "language": language,
            "uselang": language, "type": "item", "limit": query.limit, "format": "json", "maxlag": 5,
        }  # fmt: skip
        return context.http.get(f"{self.settings.base_url}/w/api.php", params=params, accept=JSON)

    def read(self, response: Response) -> dict[str, Any]:
        """Errors come with status 200."""
        answer = object_of(response)
        code = text_at(answer, "error", "code")
        if code in {"ratelimited", "maxlag", "readonly"}:
            raise Transient("http.throttled", host="Wikidata")
        if "error" in answer:
            raise Permanent("source.bad_answer", host="Wikidata", detail=text_at(answer, "error", "info")[:200])
        return answer

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for entity in objects_at(answer, "search"):
            identity, label = text_at(entity, "id"), text_at(entity, "label")
            description = text_at(entity, "description")
            if identity and label and description:
                yield EvidenceItem(
                    external_id=identity,
                    title=label,
                    url=f"https://www.wikidata.org/wiki/{identity}",
                    text=f"{label}: {description}.",
                    kind="encyclopedia",
                    locator=f"description of {identity}",
                    publisher="Wikidata",
                    licence="CC0",
                )
