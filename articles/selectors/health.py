"""How the sources are doing: what waits, what was answered hour by hour, what could not be consulted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Min, Q

from articles.choices import RunState
from articles.models import PrefillRun, Source, SourceHour
from articles.workflow import CLAIM_OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

HOURS: Final = 48
DEAD: Final = (RunState.THROTTLED, RunState.FAILED)
_NOTHING: Final[dict[str, Any]] = {"waiting": 0, "running": 0, "oldest": None}


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the picture: heights in percent of the busiest hour, `unanswered` standing on `answered`."""

    hour: datetime
    place: int
    answered: int
    unanswered: int

    @property
    def top(self) -> int:
        return 100 - self.answered

    @property
    def top_unanswered(self) -> int:
        return 100 - self.answered - self.unanswered


@dataclass(frozen=True, slots=True)
class Health:
    """One source over the last `HOURS` hours, and what is before it now."""

    source: Source
    waiting: int
    running: int
    oldest: datetime | None  # when the question that waits longest was planned
    dead: int  # not consulted about claims that are still open
    answered: int
    throttled: int
    failed: int
    milliseconds: int | None  # the mean of its answers
    bars: tuple[Bar, ...]

    @property
    def unanswered(self) -> int:
        return self.throttled + self.failed


def sources_health(now: datetime) -> list[Health]:
    """Every source by name; four queries, whatever there is."""
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    hours: dict[int, list[SourceHour]] = {}
    for one in SourceHour.objects.filter(hour__gte=since):
        hours.setdefault(one.source_id, []).append(one)
    queues, dead = _queues(), dead_letters()
    return [
        _health(source, queues.get(source.pk, _NOTHING), dead.get(source.pk, 0), hours.get(source.pk, []), since)
        for source in Source.objects.order_by("name")
    ]


def _queues() -> dict[int, dict[str, Any]]:
    open_runs = PrefillRun.objects.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).order_by()
    queued = Q(state=RunState.QUEUED)
    rows = open_runs.values_list("source").annotate(
        waits=Count("pk", filter=queued), running=Count("pk", filter=~queued), oldest=Min("queued_at", filter=queued)
    )
    return {
        source: {"waiting": waits, "running": running, "oldest": oldest} for source, waits, running, oldest in rows
    }


def unanswered() -> QuerySet[PrefillRun]:
    """Questions a source was not consulted about, of claims that are still open."""
    return PrefillRun.objects.filter(state__in=DEAD, claim__settled=False, claim__state__in=CLAIM_OPEN)


def dead_letters() -> dict[int, int]:
    """How many of those each source has, by its key."""
    return dict(unanswered().order_by().values_list("source").annotate(count=Count("pk")))


def _health(source: Source, queue: dict[str, Any], dead: int, hours: list[SourceHour], since: datetime) -> Health:
    answered = sum(one.answered for one in hours)
    spent = sum(one.milliseconds for one in hours)
    return Health(
        source=source, dead=dead, answered=answered,
        throttled=sum(one.throttled for one in hours), failed=sum(one.failed for one in hours),
        milliseconds=round(spent / asked) if (asked := sum(map(_asked, hours))) else None,
        bars=tuple(_bars(hours, since)), **queue,
    )  # fmt: skip


def _asked(hour: SourceHour) -> int:
    return hour.answered + hour.throttled + hour.failed


def _bars(hours: Iterable[SourceHour], since: datetime) -> Iterable[Bar]:
    found = list(hours)
    most = max(map(_asked, found), default=0)
    for one in found:
        if most and _asked(one):
            answered = round(one.answered * 100 / most)
            yield Bar(
                one.hour, int((one.hour - since).total_seconds() // 3600), answered,
                round(_asked(one) * 100 / most) - answered,
            )  # fmt: skip
