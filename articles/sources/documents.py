"""A collection of the desk's own documents, uploaded or read from a folder, searched in full text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from articles.sources.base import ConnectorResult
from articles.sources.choosing import best_items, best_passages
from articles.sources.passages import LONGEST, cut_passages

if TYPE_CHECKING:
    from articles.sources.base import EvidenceItem, EvidenceQuery, SourceContext

LEAST_SHARED: Final = 0.25
_PER_WANTED: Final = 4


@dataclass(frozen=True, slots=True)
class DocumentsSettings:
    """Where the collection's files lie, if not only uploaded."""

    folder: str = field(
        default="",
        metadata={
            "label": gettext_lazy("Folder"),
            "help": gettext_lazy(
                "Below the documents folder of this installation; what lies in it is taken in. "
                "Leave it empty to use uploaded documents only."
            ),
        },
    )


class DocumentsConnector:
    """Searches by the claim's own words and leaves out passages that only share a word or two by chance."""

    name: ClassVar[str] = "documents"
    label: ClassVar[str] = gettext_noop("Documents of this desk")
    homepage: ClassVar[str] = ""
    Settings: ClassVar[type] = DocumentsSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, DocumentsSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        found = context.search("documents", query.claim or query.text, limit=query.limit * _PER_WANTED)
        items = best_items(query, [_readable(query, item) for item in found], least=LEAST_SHARED)
        return ConnectorResult("ok" if items else "empty", items)

    def probe(self, context: SourceContext) -> str:
        found = context.search("documents", "the year report percent government million", limit=1)
        if not found:
            return _("The collection can be searched; a test search found no document in it yet.")
        return _("The collection can be searched; a test search found: %(title)s") % {"title": found[0].title}


def _readable(query: EvidenceQuery, item: EvidenceItem) -> EvidenceItem:
    """The item itself, or its best stretch where somebody stored a whole document as one passage."""
    if len(item.text) <= LONGEST:
        return item
    best = best_passages(query, cut_passages(item.text), most=1, least=0.0)
    if not best:
        return item
    locator = f"{item.locator}, {best[0].locator}" if item.locator else best[0].locator
    return replace(item, text=best[0].text, locator=locator)
