"""Eurostat: the published figure with its unit, period and vintage beside the claimed one. Keyless; CC BY 4.0.

https://ec.europa.eu/eurostat/web/user-guides/data-browser/api-data-access ; answers are JSON-stat 2.0: `value` is a
sparse mapping from the row-major place over `id` and `size`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from articles.sources.answers import JSON, bad_answer, dig, moment_at, object_of, text_at
from articles.sources.base import ConnectorResult, EvidenceItem
from articles.sources.figures import beside, names, years_in
from articles.sources.searching import address_field, check_address
from factcheck.core.http import redact_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.sources.base import EvidenceQuery, SourceContext
    from factcheck.core.http import Response


@dataclass(frozen=True, slots=True)
class Series:
    """A data set and what of it is asked for; all countries come at once, so that their names need no table here."""

    code: str
    only: tuple[tuple[str, str], ...]
    monthly: bool = False


# Words of a claim that name a series; the first line that fits is asked.
SERIES: Final[tuple[tuple[re.Pattern[str], Series], ...]] = tuple(
    (re.compile(words, re.IGNORECASE), series)
    for words, series in (
        (r"\bunemploy|\bjobless",
         Series("une_rt_m", (("s_adj", "SA"), ("age", "TOTAL"), ("unit", "PC_ACT"), ("sex", "T")), monthly=True)),
        (r"\binflation\b|\bconsumer prices?\b",
         Series("prc_hicp_minr", (("unit", "RCH_A"), ("coicop18", "TOTAL")), monthly=True)),
        (r"\beconom\w+ (?:gr[eo]w|shr[aiu]nk)|\bgrowth of (?:the )?(?:gdp|economy)|\bgdp gr[eo]w",
         Series("tec00115", (("na_item", "B1GQ"), ("unit", "CLV_PCH_PRE")))),
        (r"\b(?:public|government|national) debt\b",
         Series("gov_10dd_edpt1", (("na_item", "GD"), ("sector", "S13"), ("unit", "PC_GDP")))),
        (r"\b(?:budget|government) (?:deficit|surplus)\b",
         Series("gov_10dd_edpt1", (("na_item", "B9"), ("sector", "S13"), ("unit", "PC_GDP")))),
        (r"\blife expectancy\b", Series("demo_mlexpec", (("sex", "T"), ("age", "Y_LT1")))),
        (r"\bfertility\b|\bbirth rate\b", Series("demo_find", (("indic_de", "TOTFERRT"),))),
        (r"\bpopulation\b|\binhabitants\b", Series("demo_pjan", (("sex", "T"), ("age", "TOTAL")))),
    )
)  # fmt: skip
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH: Final = re.compile(rf"\b({'|'.join(_MONTHS)})\b", re.IGNORECASE)
_ABBREVIATED: Final = {
    "EU27_2020": re.compile(r"\bEU(?:-27)?\b"),
    "EA20": re.compile(r"\beuro ?zone\b", re.IGNORECASE),
}
_FLAGS: Final = {
    "p": "provisional", "e": "estimated", "b": "break in the series", "d": "definition differs", "r": "revised",
    "f": "forecast", "u": "low reliability",
}  # fmt: skip
_MOST_CELLS: Final = 500_000
AN_HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class EurostatSettings:
    """Where it is asked."""

    base_url: str = address_field("https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0")

    def __post_init__(self) -> None:
        check_address(self.base_url)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell. `value` is as it was sent."""

    geo: str
    place: str
    period: str
    value: int | float
    flag: str


class EurostatConnector:
    """Answers claims that name an indicator and a country of its tables; for others it has nothing."""

    name: ClassVar[str] = "eurostat"
    label: ClassVar[str] = "Eurostat"
    homepage: ClassVar[str] = "https://ec.europa.eu/eurostat"
    Settings: ClassVar[type] = EurostatSettings

    def __init__(self, settings: object) -> None:
        assert isinstance(settings, EurostatSettings)
        self.settings = settings

    def search(self, query: EvidenceQuery, context: SourceContext) -> ConnectorResult:
        claim = query.claim or query.text
        series = next((one for words, one in SERIES if words.search(claim)), None)
        if series is None:
            return ConnectorResult("empty", reason="The claim names no series that is asked for here.")
        years = years_in(claim) or ([query.claimed_on.year] if query.claimed_on else [])
        response = self._ask(series, years, context)
        table = object_of(response)
        found = _of_the_place(list(_figures(table, response.url)), claim)
        found.sort(key=lambda one: (_is_of(one.period, claim, years), one.period), reverse=True)
        items = tuple(
            _item(one, table, series, claim, response.content, rank)
            for rank, one in enumerate(found[: query.limit], 1)
        )
        return ConnectorResult("ok" if items else "empty", items, request_url=redact_url(response.url))

    def probe(self, context: SourceContext) -> str:
        series = SERIES[0][1]
        response = self._ask(series, [], context)
        table = object_of(response)
        found = next(_figures(table, response.url), None)
        return f"Eurostat answered: {_text(found, table)}" if found else "Eurostat answered without a figure."

    def _ask(self, series: Series, years: list[int], context: SourceContext) -> Response:
        params: dict[str, str | int] = {"format": "JSON", "lang": "EN", **dict(series.only)}
        # The period before shows whether something rose or fell.
        if not years:
            params["lastTimePeriod"] = 2
        elif series.monthly:
            params |= {"sinceTimePeriod": f"{years[0] - 1}-12", "untilTimePeriod": f"{years[-1]}-12"}
        else:
            params |= {"sinceTimePeriod": str(years[0] - 1), "untilTimePeriod": str(years[-1])}
        address = f"{self.settings.base_url.rstrip('/')}/data/{series.code}"
        return context.http.get(address, params=params, accept=JSON, fresh_for=AN_HOUR)


# --- JSON-stat -----------------------------------------------------------------------------------------
def _figures(table: dict[str, Any], url: str) -> Iterator[Figure]:
    """Every cell that has a value; raises `source.bad_answer` where the table is none."""
    message = text_at(table, "error", 0, "label")
    if message:
        raise bad_answer(url, message[:200])
    axes, sizes = _axes(table, url)
    values, flags = dig(table, "value"), dig(table, "status")
    cells = values.items() if isinstance(values, dict) else enumerate(values if isinstance(values, list) else [])
    for key, value in cells:
        place = int(key) if str(key).isdecimal() and len(str(key)) < 10 else -1
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= place < prod(sizes):
            codes = _codes(place, axes, sizes)
            geo, period = codes.get("geo", ""), codes.get("time", "")
            if geo and period:
                flag = text_at(flags, str(key)) if isinstance(flags, dict) else ""
                yield Figure(geo, _label(table, "geo", geo), _label(table, "time", period), value, flag)


def _axes(table: dict[str, Any], url: str) -> tuple[list[tuple[str, dict[int, str]]], list[int]]:
    names_of, sizes = dig(table, "id"), dig(table, "size")
    whole = isinstance(names_of, list) and isinstance(sizes, list) and len(names_of) == len(sizes)
    if not whole or not all(isinstance(one, int) and 0 < one <= _MOST_CELLS for one in sizes):
        raise bad_answer(url, "it is not a JSON-stat table")
    if prod(sizes) > _MOST_CELLS:
        raise bad_answer(url, "the table is too large")
    return [(str(one), _positions(table, str(one))) for one in names_of], sizes


def _positions(table: dict[str, Any], axis: str) -> dict[int, str]:
    """Which code stands where on an axis; `index` is a mapping, or a list in order."""
    index = dig(table, "dimension", axis, "category", "index")
    if isinstance(index, dict):
        return {at: code for code, at in index.items() if isinstance(at, int)}
    if isinstance(index, list):
        return {at: code for at, code in enumerate(index) if isinstance(code, str)}
    labels = dig(table, "dimension", axis, "category", "label")
    return dict(enumerate(labels)) if isinstance(labels, dict) and len(labels) == 1 else {}


def _codes(place: int, axes: list[tuple[str, dict[int, str]]], sizes: list[int]) -> dict[str, str]:
    found = {}
    for (axis, positions), size in zip(reversed(axes), reversed(sizes), strict=True):
        place, at = divmod(place, size)
        found[axis] = positions.get(at, "")
    return found


def _label(table: dict[str, Any], axis: str, code: str) -> str:
    return text_at(table, "dimension", axis, "category", "label", code) or code


# --- what is made of them ------------------------------------------------------------------------------
def _of_the_place(figures: list[Figure], claim: str) -> list[Figure]:
    """Those of the country that the claim names; the longest name wins."""
    named = {one.geo: len(one.place) for one in figures if _is_named(one, claim)}
    if not named:
        return []
    wanted = max(named, key=lambda geo: named[geo])
    return [one for one in figures if one.geo == wanted]


def _is_named(one: Figure, claim: str) -> bool:
    short = _ABBREVIATED.get(one.geo)
    return names(one.place, claim) or bool(short and short.search(claim))


def _is_of(period: str, claim: str, years: list[int]) -> int:
    """How well the period fits: 2 for the very month, 1 for the year, 0 for another."""
    if period[:4] not in {str(year) for year in years}:
        return 0
    months = {f"{_MONTHS.index(one.lower()) + 1:02}" for one in _MONTH.findall(claim)}
    return 2 if period[5:7] in months else 1


def _item(one: Figure, table: dict[str, Any], series: Series, claim: str, content: bytes, rank: int) -> EvidenceItem:
    updated = moment_at(table, "updated")
    flag = "".join(f", {_FLAGS[letter]}" for letter in one.flag if letter in _FLAGS)
    vintage = f", as of {updated:%-d %B %Y}" if updated else ""
    text = _text(one, table)
    return EvidenceItem(
        external_id=f"{series.code}:{one.geo}:{one.period}",
        title=beside(text.rstrip("."), claim),
        url=f"https://ec.europa.eu/eurostat/databrowser/view/{series.code}/default/table?lang=en",
        text=text,
        kind="dataset",
        locator=f"{series.code}, {one.place}, {one.period}{vintage}{flag}",
        publisher="Eurostat",
        published_at=updated,
        language="en",
        licence="CC BY 4.0",
        rank=rank,
        snapshot=content,
        snapshot_type="application/json",
    )


def _text(one: Figure, table: dict[str, Any]) -> str:
    unit = next(iter(_positions(table, "unit").values()), "")
    shown = f", {_label(table, 'unit', unit)}" if unit else ""
    return f"{one.place}: {text_at(table, 'label')}{shown}, {one.period}: {one.value:,}."
