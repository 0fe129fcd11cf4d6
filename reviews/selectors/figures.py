"""A figure of Insights: a table with a sentence for its finding, as a chart, for a spreadsheet, as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from reviews.policies import visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

# A figure counts at most so many rows of its time, the newest: it costs the same in an archive of any size.
MOST_ROWS: Final = 50_000
LEFT, WIDTH, STEP = 190, 340, 34
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Span:
    """Whose figures, and of which time: from `since` to `now`; of one desk, or of all the person reads."""

    person: User
    days: int
    now: datetime
    desk: int | None = None

    @property
    def since(self) -> datetime:
        return self.now - timedelta(days=self.days)

    def seen(self, at: str) -> Q:
        here = Q(**{f"{at}desk": self.desk}) if self.desk is not None else Q()
        return visible(self.person, at) & here


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: the widths of its parts in units of the drawing, left to right."""

    label: str
    y: int
    parts: list[tuple[str, float, float]]  # class, x, width
    end: float
    value: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A table and what it says. `stacked` columns are drawn; without them the second column is."""

    key: str
    title: str
    finding: str
    note: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    stacked: tuple[int, ...] = field(default=(1,))

    @property
    def bars(self) -> list[Bar]:
        sums = [sum(float(row[at]) for at in self.stacked) for row in self.rows]
        unit = WIDTH / (max(sums, default=0) or 1)
        return [self._bar(place, row, unit) for place, row in enumerate(self.rows)]

    def _bar(self, place: int, row: tuple[Cell, ...], unit: float) -> Bar:
        x, parts = float(LEFT), []
        for number, at in enumerate(self.stacked):
            width = round(float(row[at]) * unit, 1)
            parts.append((self._shade(number), x, width))
            x = round(x + width, 1)
        total = sum(float(row[at]) for at in self.stacked)
        return Bar(str(row[0]), place * STEP, parts, x + 8, round(total))

    @property
    def height(self) -> int:
        return max(1, len(self.rows)) * STEP

    @property
    def legend(self) -> list[tuple[str, str]]:
        if len(self.stacked) == 1:
            return []
        return [(self._shade(number), self.columns[at]) for number, at in enumerate(self.stacked)]

    def _shade(self, number: int) -> str:
        """Light to dark; the fourth shade is hatched and kept for what has waited too long."""
        return f"a{number + 1 + max(0, 3 - len(self.stacked))}"


def newest(rows: QuerySet[Any], at: str) -> QuerySet[Any]:
    """These rows, or the newest `MOST_ROWS` of them by `at`."""
    every: QuerySet[Any] = rows.model._default_manager.all()
    return every.filter(pk__in=rows.order_by(f"-{at}").values("pk")[:MOST_ROWS])


def share(part: float, whole: float) -> int:
    """Per cent, in whole numbers; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def cells(figure: Figure) -> Iterable[list[Cell]]:
    """The table for a spreadsheet, head first; what a spreadsheet would run as a formula is marked as text."""
    yield list(figure.columns)
    for row in figure.rows:
        yield [f"'{one}" if isinstance(one, str) and one[:1] in _FORMULA else one for one in row]


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_json(figure: Figure, days: int) -> dict[str, Any]:
    """The figure as one JSON object; `rows` are objects by the names of the columns."""
    rows = [dict(zip(figure.columns, row, strict=True)) for row in figure.rows]
    return {"figure": figure.key, "title": figure.title, "finding": figure.finding, "days": days, "rows": rows}
