"""World Bank indicators: the figure, its unit, year and vintage beside the claimed one. Keyless; CC BY 4.0.

https://datahelpdesk.worldbank.org/knowledgebase/articles/889392 . Errors come with status 200.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.sources.answers import JSON, bad_answer, dig, json_of, moment_at, objects_at, text_at
from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.figures import beside, names, years_in
from articles.sources.searching import address_field, check_address
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response

# Words of a claim that name an indicator; the first line that fits is asked.
INDICATORS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(words, re.IGNORECASE), code)
    for words, code in (
        (r"\bunemploy|\bjobless", "SL.UEM.TOTL.ZS"),
        (r"\binflation\b|\bconsumer prices?\b", "FP.CPI.TOTL.ZG"),
        (r"\blife expectancy\b", "SP.DYN.LE00.IN"),
        (r"\bfertility\b|\bbirth rate\b", "SP.DYN.TFRT.IN"),
        (r"\binfant mortality\b", "SP.DYN.IMRT.IN"),
        (r"\beconom\w+ gr[eo]w|\bgrowth of (?:the )?(?:gdp|economy)|\bgdp gr[eo]w", "NY.GDP.MKTP.KD.ZG"),
        (r"\bgdp per (?:capita|head)\b", "NY.GDP.PCAP.CD"),
        (r"\bgdp\b|\bgross domestic product\b", "NY.GDP.MKTP.CD"),
        (r"\b(?:public|government) debt\b", "GC.DOD.TOTL.GD.ZS"),
        (r"\bpopulation\b|\binhabitants\b", "SP.POP.TOTL"),
    )
)
A_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class WorldBankSettings:
    """Where it is asked."""

    base_url: str = address_field("https://api.worldbank.org/v2")

    def __post_init__(self) -> None:
        check_address(self.base_url)


class WorldBankConnector:
    """Answers claims that name an indicator, a country and a number; for others it has nothing."""

    name: ClassVar[str] = "worldbank"
    label: ClassVar[str] = gettext_noop("World Bank indicators")
    homepage: ClassVar[str] = "https://data.worldbank.org/"
    Settings: ClassVar[type] = WorldBankSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, WorldBankSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        claim = query.claim or query.text
        code = next((code for words, code in INDICATORS if words.search(claim)), "")
        if not code:
            return ConnectorResult("empty", reason="The claim names no indicator that is asked for here.")
        country = self._country(claim, context)
        if not country:
            return ConnectorResult("empty", reason="The claim names no country.")
        years = years_in(claim)
        if not years and query.claimed_on:
            years = [query.claimed_on.year]
        response = self._figures(code, country, years, context)
        items = _items(response, self._table(response), claim, years)[: query.limit]
        return ConnectorResult("ok" if items else "empty", tuple(items), request_url=redact_url(response.url))

    def probe(self, context: SourceContext) -> str:
        response = self._figures("SP.POP.TOTL", "DE", [], context)
        found = _items(response, self._table(response), "", [])
        return (
            (_("The World Bank answered: %(text)s") % {"text": found[0].text})
            if found
            else _("The World Bank answered without a figure.")
        )

    def _figures(self, code: str, country: str, years: list[int], context: SourceContext) -> Response:
        # The year before shows whether something rose or fell.
        span: dict[str, str | int] = {"date": f"{years[0] - 1}:{years[-1]}"} if years else {"mrnev": 2}
        address = f"{self.settings.base_url}/country/{country}/indicator/{code}"
        return context.http.get(address, params={"format": "json", "per_page": 100, **span}, accept=JSON)

    def _country(self, claim: str, context: SourceContext) -> str:
        """The code of the country the claim names; the longest name wins (Guinea-Bissau is not Guinea)."""
        params: dict[str, str | int] = {"format": "json", "per_page": 400}
        address = f"{self.settings.base_url}/country"
        rows = self._table(context.http.get(address, params=params, accept=JSON, fresh_for=A_DAY))
        named = [(text_at(row, "name"), text_at(row, "iso2Code")) for row in rows]
        in_claim = [(len(name), code) for name, code in named if code and names(name, claim)]
        return max(in_claim, default=(0, ""))[1]

    def _table(self, response: Response) -> list[Mapping[str, Any]]:
        """The rows, without which an answer is an error."""
        answer = json_of(response)
        message = text_at(answer, 0, "message", 0, "value")
        if message:
            raise bad_answer(response.url, message[:200])
        if not isinstance(answer, list) or len(answer) < 2:
            raise bad_answer(response.url, "it is not a table")
        return objects_at(answer, 1)


def _items(response: Response, rows: list[Mapping[str, Any]], claim: str, years: list[int]) -> list[EvidenceItem]:
    updated = moment_at(json_of(response), 0, "lastupdated")
    figures = [row for row in rows if isinstance(dig(row, "value"), int | float)]
    figures.sort(
        key=lambda row: (text_at(row, "date") in {str(year) for year in years}, text_at(row, "date")), reverse=True
    )
    return [
        EvidenceItem(
            external_id=f"{text_at(row, 'indicator', 'id')}:{text_at(row, 'country', 'id')}:{text_at(row, 'date')}",
            title=beside(f"{_series(row)}, {text_at(row, 'date')}: {_figure(row)}", claim),
            url="https://data.worldbank.org/indicator/{}?locations={}".format(
                text_at(row, "indicator", "id"), text_at(row, "country", "id")
            ),
            text=f"{_series(row)}, {text_at(row, 'date')}: {_exact(row)}.",
            kind="dataset",
            locator=f"{text_at(row, 'indicator', 'id')}, {text_at(row, 'country', 'value')}, {text_at(row, 'date')}"
            + (f", as of {updated:%-d %B %Y}" if updated else ""),
            publisher="World Bank",
            published_at=updated,
            language="en",
            licence="CC BY 4.0",
            rank=place,
            snapshot=response.content,
            snapshot_type="application/json",
        )
        for place, row in enumerate(figures, start=1)
    ]


def _series(row: Mapping[str, Any]) -> str:
    return f"{text_at(row, 'country', 'value')}: {text_at(row, 'indicator', 'value')}"


def _figure(row: Mapping[str, Any]) -> str:
    value, unit = dig(row, "value"), text_at(row, "unit")
    shown = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return f"{shown} {unit}".strip()


def _exact(row: Mapping[str, Any]) -> str:
    """As it was sent, so that it is found again in the snapshot."""
    return f"{dig(row, 'value'):,} {text_at(row, 'unit')}".strip()
