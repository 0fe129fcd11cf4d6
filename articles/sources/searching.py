"""What all web APIs that answer a search in JSON have in common; a connector adds the request and the reading.

Subclasses state `ask` (words to a response) and `items` (a document to evidence). The strict words are asked
first, the loose ones if they find nothing that touches the claim.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.sources.answers import object_of
from articles.sources.base import ConnectorResult, EvidenceQuery
from articles.sources.choosing import best_items
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.sources.base import EvidenceItem, SourceContext
    from factcheck.core.http import Response

LEAST_SHARED: Final = 0.2
PROBE_WORDS: Final = "unemployment"


def check_address(url: str) -> None:
    """Raises ValueError unless this is a web address with a host."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the address must begin with http:// or https://")


def address_field(default: str) -> Any:
    """The address of a service; another one serves a mirror."""
    return field(
        default=default,
        metadata={"label": gettext_lazy("Address"), "help": gettext_lazy("Change it only for a mirror.")},
    )


def key_field() -> Any:
    return field(
        metadata={"label": gettext_lazy("Key"), "help": gettext_lazy("Kept, and never shown again."), "secret": True}
    )


class JsonSearch:
    """See the module. `least` is the share of the claim's words a hit must have to be worth a look."""

    name: ClassVar[str]
    label: ClassVar[str]
    homepage: ClassVar[str]
    least: ClassVar[float] = LEAST_SHARED
    lenient: ClassVar[bool] = False

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        asked = ""
        for words in filter(None, (query.text, query.loose)):
            response = self.ask(words, query, context)
            asked = redact_url(response.url)
            found = list(self.items(self.read(response), query))
            best = best_items(query, found, least=self.least)
            if best:
                return ConnectorResult("ok", best, request_url=asked)
        return ConnectorResult("empty", request_url=asked)

    def probe(self, context: SourceContext) -> str:
        from_probe = self.probe_query()
        response = self.ask(from_probe.text, from_probe, context)
        found = list(self.items(self.read(response), from_probe))
        first = (_(': the first is "%(title)s"') % {"title": found[0].title}) if found else ""
        return _("%(label)s answered a test search with %(many)s results%(first)s.") % {
            "label": self.label,
            "many": len(found),
            "first": first,
        }

    def probe_query(self) -> EvidenceQuery:
        return EvidenceQuery(PROBE_WORDS)

    def read(self, response: Response) -> dict[str, Any]:
        """The document; a connector whose errors come with a good status finds them here."""
        return object_of(response, lenient=self.lenient)

    def ask(self, words: str, query: EvidenceQuery, context: SourceContext) -> Response:
        raise NotImplementedError

    def items(self, answer: dict[str, Any], query: EvidenceQuery) -> Iterable[EvidenceItem]:
        raise NotImplementedError
