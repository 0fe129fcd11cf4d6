"""Media Cloud: news stories of the last years by words in them. https://search.mediacloud.org/"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from articles.sources.answers import JSON, address_at, moment_at, object_of, objects_at, text_at
from articles.sources.base import EvidenceItem
from articles.sources.searching import JsonSearch, address_field, check_address, key_field
from factcheck.core.errors import Permanent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class MediaCloudSettings:
    """Where it is asked, and with which key."""

    key: str = key_field()
    base_url: str = address_field("https://search.mediacloud.org/api")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class MediaCloudConnector(JsonSearch):
    """Stories by title, from a year before the claim (else before today) on."""

    name: ClassVar[str] = "mediacloud"
    label: ClassVar[str] = "Media Cloud"
    homepage: ClassVar[str] = "https://www.mediacloud.org/"
    Settings: ClassVar[type] = MediaCloudSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, MediaCloudSettings)
        self.settings = settings

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        today = datetime.now(UTC).date()
        params: dict[str, str | int] = {
            "q": words, "start": str((query.claimed_on or today) - timedelta(days=365)), "end": str(today),
            "platform": "onlinenews-mediacloud", "page_size": query.limit * 2,
        }  # fmt: skip
        headers = {"Authorization": f"Token {self.settings.key}"}
        address = f"{self.settings.base_url}/search/story-list"
        return context.http.get(address, params=params, headers=headers, accept=JSON)

    def read(self, response: Response) -> dict[str, Any]:
        answer = object_of(response)
        if answer.get("status") == "error":
            raise Permanent("source.bad_answer", host="Media Cloud", detail=text_at(answer, "note")[:200])
        return answer

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterator[EvidenceItem]:
        for story in objects_at(answer, "stories"):
            url, title = address_at(story, "url"), text_at(story, "title")
            if url and title:
                yield EvidenceItem(
                    external_id=text_at(story, "id") or url,
                    title=title,
                    url=url,
                    text=title,
                    kind="news",
                    locator="title",
                    publisher=text_at(story, "media_name"),
                    published_at=moment_at(story, "publish_date"),
                    language=text_at(story, "language"),
                )
