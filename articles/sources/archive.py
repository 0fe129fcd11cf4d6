"""The desk's own archive: claims that were checked before, here or by others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.sources.base import ConnectorResult, NoSettings
from articles.sources.choosing import best_items

if TYPE_CHECKING:
    from articles.sources.base import EvidenceQuery, SourceContext

LEAST_SHARED: Final = 0.4
_PER_WANTED: Final = 4


class ArchiveConnector:
    """Searches by the claim's own words; what shares less than two fifths of them is another matter."""

    name: ClassVar[str] = "archive"
    label: ClassVar[str] = gettext_noop("Checked claims of this desk")
    homepage: ClassVar[str] = ""
    Settings: ClassVar[type] = NoSettings

    def __init__(self, settings: object) -> None:
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        found = context.search("checked_claims", query.claim or query.text, limit=query.limit * _PER_WANTED)
        items = best_items(query, found, least=LEAST_SHARED)
        return ConnectorResult("ok" if items else "empty", items)

    def probe(self, context: SourceContext) -> str:
        found = context.search("checked_claims", "the minister said million president government", limit=1)
        if not found:
            return _("The archive can be searched; a test search found no checked claim in it yet.")
        return _("The archive can be searched; a test search found: %(title)s") % {"title": found[0].title}
