"""Evidence that this desk kept for earlier claims, where it speaks to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from articles.sources.base import ConnectorResult, NoSettings
from articles.sources.choosing import best_items

if TYPE_CHECKING:
    from articles.sources.base import EvidenceQuery, SourceContext

LEAST_SHARED: Final = 0.3
_PER_WANTED: Final = 4


class PreviousConnector:
    """Searches by the claim's own words in what people of the same desk have kept and not hidden."""

    name: ClassVar[str] = "previous"
    label: ClassVar[str] = "Earlier evidence of this desk"
    homepage: ClassVar[str] = ""
    Settings: ClassVar[type] = NoSettings

    def __init__(self, settings: object) -> None:
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        found = context.search("evidence", query.claim or query.text, limit=query.limit * _PER_WANTED)
        items = best_items(query, found, least=LEAST_SHARED)
        return ConnectorResult("ok" if items else "empty", items)

    def probe(self, context: SourceContext) -> str:
        found = context.search("evidence", "the year report percent government million", limit=1)
        if not found:
            return "Earlier evidence can be searched; a test search found none."
        return f"Earlier evidence can be searched; a test search found: {found[0].title}"
