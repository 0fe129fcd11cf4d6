"""Google Fact Check Tools: what other desks found. https://developers.google.com/fact-check/tools/api"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from articles.sources.answers import JSON, address_at, moment_at, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address, key_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class FactCheckToolsSettings:
    """Where it is asked, and with which key."""

    key: str = key_field()
    base_url: str = address_field("https://factchecktools.googleapis.com/v1alpha1")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class FactCheckToolsConnector(JsonSearch):
    """One item a review; the claim it judged is the passage, its rating goes along."""

    name: ClassVar[str] = "factchecktools"
    label: ClassVar[str] = "Google Fact Check Tools"
    homepage: ClassVar[str] = "https://toolbox.google.com/factcheck/"
    Settings: ClassVar[type] = FactCheckToolsSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, FactCheckToolsSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        params: dict[str, str | int] = {
            "query": words, "languageCode": query.language.partition("-")[0] or "en", "pageSize": query.limit * 2,
        }  # fmt: skip
        headers = {"X-Goog-Api-Key": self.settings.key}
        return context.http.get(
            f"{self.settings.base_url}/claims:search", params=params, headers=headers, accept=JSON
        )

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for claim in objects_at(answer, "claims"):
            for review in objects_at(claim, "claimReview"):
                url = address_at(review, "url")
                if url:
                    yield self._item(claim, review, url)

    def _item(self, claim: Any, review: Any, url: str) -> EvidenceItem:
        judged = text_at(claim, "text") or text_at(review, "title")
        rating = text_at(review, "textualRating")
        return EvidenceItem(
            external_id=url,
            title=text_at(review, "title") or judged,
            url=url,
            text=f"{judged} Rated: {rating}." if rating else judged,
            kind="factcheck",
            locator="claim review",
            publisher=text_at(review, "publisher", "name") or text_at(review, "publisher", "site"),
            published_at=moment_at(review, "reviewDate"),
            language=text_at(review, "languageCode"),
            rating=rating,
        )
