"""Which question is asked next, and who may ask it. Every limit lives in a row, so all workers share it.

The queue is the table of runs. A message to a worker says only that there is work; the worker takes the best
run there is. "Best" is the lowest (urgency, turn): what somebody looks at now goes first, and among the rest
articles take turns (start-time fair queueing: a run's turn is one more than the last of its article at that
source, and never before the source's own clock, so that ten thousand claims of one article delay the next
article by one question and not by ten thousand). Between desks a source goes round: of those with something of the
same urgency, the desk it was asked for longest ago is served next, however much another one has queued.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils import timezone

from articles.choices import RunState
from articles.models import DEFAULT_DESK, Desk, PrefillRun, Source, SourceHour, SourceTurn
from articles.sources.registry import LOCAL
from articles.workflow import CLAIM_OPEN, ArticleState
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from articles.models import Claim
    from articles.sources.base import ConnectorResult

BREAKER_FAILURES: Final = 5
BREAKER_PAUSE: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(hours=2)
THROTTLED_PAUSE: Final = timedelta(seconds=30)  # where a source that asked us to wait did not say how long
LOST_TRIES: Final = 10  # a question that takes ten workers down is the question's fault
MOST_NUDGES: Final = 16
HELD_BACK: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When a question about a story on hold is due: not before the story goes on, see `hold_back`."""
TAKEN_ALONG: Final = 15  # of a source that answers in milliseconds; a lease is long enough for them many times over
_PUT_ASIDE: Final = "The source is switched off or the claim was put aside."


@dataclass(frozen=True, slots=True)
class Taken:
    """A run this process holds until its lease ends."""

    run: PrefillRun
    token: uuid.UUID


def nudge(count: int = 1) -> None:
    """Tell up to `count` workers, after commit, that there is something to ask."""
    for _ in range(min(count, MOST_NUDGES)):
        enqueue("articles.prefill")


# --- turns ----------------------------------------------------------------------------------------------
def next_turns(claims: Iterable[Claim], sources: Sequence[Source]) -> dict[tuple[int, int], int]:
    """The turn of the next run of each (article, source)."""
    articles = {claim.article_id for claim in claims}
    queued = PrefillRun.objects.filter(claim__article__in=articles, state=RunState.QUEUED)
    last = {
        (article, source): turn
        for article, source, turn in queued.order_by()
        .values_list("claim__article", "source")
        .annotate(last=Max("turn"))
    }
    return {
        (article, source.pk): max(last.get((article, source.pk), 0), source.turn) + 1
        for article in articles
        for source in sources
    }


def heads(now: datetime, *, article_id: int | None = None) -> list[PrefillRun]:
    """The best due run of every desk at every source that may be asked now, best first."""
    due = PrefillRun.objects.filter(source=OuterRef("pk"), state=RunState.QUEUED, not_before__lte=now)
    if article_id is not None:
        due = due.filter(claim__article=article_id)
    best = due.order_by("urgency", "turn", "pk").values("pk")
    desks = list(Desk.objects.order_by("pk").values_list("pk", flat=True))
    each = {f"head_{desk}": Subquery(best.filter(desk=desk)[:1]) for desk in desks}
    found = {key for row in askable(now).annotate(**each).values_list(*each) for key in row if key is not None}
    runs = PrefillRun.objects.filter(pk__in=found).select_related("claim__article").order_by("urgency", "turn", "pk")
    return list(runs) if len(desks) == 1 else _in_turn(list(runs))


def _in_turn(runs: list[PrefillRun]) -> list[PrefillRun]:
    """By urgency, and then the desk first that its source was asked for longest ago."""
    asked = {
        (turn.source_id, turn.desk_id): turn.asked_at
        for turn in SourceTurn.objects.filter(source__in={run.source_id for run in runs})
    }
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(
        runs,
        key=lambda run: (
            run.urgency,
            asked.get((run.source_id, run.desk_id or DEFAULT_DESK), never),
            run.turn,
            run.pk,
        ),
    )


def askable(now: datetime) -> QuerySet[Source]:
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    free = Q(next_free_at=None) | Q(next_free_at__lte=now)
    return Source.objects.filter(rested, free, enabled=True)


# --- taking ---------------------------------------------------------------------------------------------
def take_next(*, article_id: int | None = None) -> Taken | None:
    """Take the best run there is for this process; None where nothing may be asked now."""
    while True:
        found = heads(timezone.now(), article_id=article_id)
        stale = False
        for run in found:
            taken = take(run)
            if taken is not None:
                return taken
            stale = stale or _has_gone(run)
        if not stale:
            return None


def _has_gone(run: PrefillRun) -> bool:
    """Somebody took or cancelled it meanwhile, so its source may have another; False where the source is full."""
    return not PrefillRun.objects.filter(pk=run.pk, state=RunState.QUEUED).exists()


def take(run: PrefillRun) -> Taken | None:
    """Take this run, with a token and a lease, if it and its source are free.

    The source's row is locked meanwhile: its rate, its number of questions at once and the single question
    that tells whether a failing source is back hold over all workers together.
    """
    now = timezone.now()
    with transaction.atomic():
        source = Source.objects.select_for_update(no_key=True).get(pk=run.source_id)
        if not source.enabled or run.claim.state not in CLAIM_OPEN:
            cancel(PrefillRun.objects.filter(pk=run.pk), _PUT_ASIDE)
            return None
        if is_held_back(run, source):
            _hold_back(PrefillRun.objects.filter(pk=run.pk))
            return None
        if not _is_free(source, now):
            return None
        token, lease = uuid.uuid4(), now + timedelta(seconds=settings.PREFILL_LEASE_SECONDS)
        mine = PrefillRun.objects.filter(pk=run.pk, state=RunState.QUEUED, not_before__lte=now)
        if not mine.update(
            state=RunState.RUNNING, token=token, lease_until=lease, tries=F("tries") + 1, started_at=now
        ):
            return None
        _move_on(source, run, now)
    run.state, run.token, run.lease_until, run.started_at = RunState.RUNNING, token, lease, now
    run.tries += 1
    run.source = source
    return Taken(run, token)


def take_along(taken: Taken) -> list[Taken]:
    """With a run of a source that bounds nothing, its next best ones too, under the same token and lease.

    Such a source is the desk's own database: it answers in milliseconds, so that looking for the next run and
    taking it would cost more than the answer. A source with a rate or a number at once, or one that failed and is
    tried with a single question, gives none.
    """
    source = taken.run.source
    if source.rate_per_minute or source.at_once or source.failures_in_row >= BREAKER_FAILURES:
        return []
    now = timezone.now()
    due = PrefillRun.objects.filter(source=source, desk=taken.run.desk_id, state=RunState.QUEUED, not_before__lte=now)
    with transaction.atomic():
        keys = list(due.order_by("urgency", "turn", "pk").values_list("pk", flat=True)[:TAKEN_ALONG])
        lease = {"lease_until": taken.run.lease_until, "started_at": now, "tries": F("tries") + 1}
        due.filter(pk__in=keys).update(state=RunState.RUNNING, token=taken.token, **lease)
        mine = PrefillRun.objects.filter(pk__in=keys, state=RunState.RUNNING, token=taken.token)
        runs = list(mine.order_by("urgency", "turn", "pk").select_related("claim__article"))
        shut = [run.pk for run in runs if run.claim.state not in CLAIM_OPEN]
        cancel(PrefillRun.objects.filter(pk__in=shut), _PUT_ASIDE)
        held = [run.pk for run in runs if run.pk not in shut and is_held_back(run, source)]
        _hold_back(PrefillRun.objects.filter(pk__in=held))
        turn = max((run.turn for run in runs), default=0)
        Source.objects.filter(pk=source.pk, turn__lt=turn).update(turn=turn)
    for run in runs:
        run.source = source
    return [Taken(run, taken.token) for run in runs if run.pk not in {*shut, *held}]


# --- holding back ---------------------------------------------------------------------------------------
def is_held_back(run: PrefillRun, source: Source) -> bool:
    """While a story is on hold, what it says is told nobody outside: only the desk's own collections are asked."""
    return run.claim.article.state == ArticleState.HELD and source.kind not in LOCAL


def hold_back(*, article_id: int) -> int:
    """The story is on hold: what has not been asked outside yet waits until it goes on; returns how many."""
    waiting = PrefillRun.objects.filter(claim__article=article_id, state=RunState.QUEUED)
    return _hold_back(waiting.exclude(source__kind__in=LOCAL))


def _hold_back(runs: QuerySet[PrefillRun]) -> int:
    # By key: SQLite and Postgres both take a sub-select, and only one of them a join in an update.
    return PrefillRun.objects.filter(pk__in=runs.order_by().values("pk")).update(
        state=RunState.QUEUED, token=None, lease_until=None, not_before=HELD_BACK, error_code="article.held",
        error_detail="Its article is on hold. It is asked when the article goes on.",
    )  # fmt: skip


def let_go(*, article_id: int) -> int:
    """The story goes on: what was held back is due now, and its time to be asked in begins now; returns how many."""
    held = PrefillRun.objects.filter(claim__article=article_id, state=RunState.QUEUED, not_before=HELD_BACK)
    now = timezone.now()
    count = PrefillRun.objects.filter(pk__in=held.order_by().values("pk")).update(
        not_before=now, queued_at=now, error_code="", error_detail=""
    )
    nudge(count)
    return count


def _is_free(source: Source, now: datetime) -> bool:
    if any(until is not None and until > now for until in (source.paused_until, source.next_free_at)):
        return False
    # Half open: after its rest a source that kept failing is asked one question, and the others wait for it.
    most = 1 if source.failures_in_row >= BREAKER_FAILURES else source.at_once
    return not most or source.runs.filter(state=RunState.RUNNING).count() < most


def _move_on(source: Source, run: PrefillRun, now: datetime) -> None:
    """The source's clock goes on; a worker is told when its next slot comes."""
    changes: dict[str, object] = {"turn": run.turn} if run.turn > source.turn else {}
    if source.rate_per_minute:
        changes["next_free_at"] = source.next_free_at = now + source.interval
        enqueue("articles.prefill", delay=source.interval.total_seconds())
    if changes:
        Source.objects.filter(pk=source.pk).update(**changes)
    desk = run.desk_id or DEFAULT_DESK
    if Desk.objects.exclude(pk=desk).exists():
        SourceTurn.objects.bulk_create(
            [SourceTurn(source=source, desk_id=desk, asked_at=now)],
            update_conflicts=True, unique_fields=["source", "desk"], update_fields=["asked_at"],
        )  # fmt: skip


def cancel(runs: QuerySet[PrefillRun], why: str) -> int:
    """Nobody wants these answers any more; what is being asked now is thrown away when it comes."""
    return runs.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).update(
        state=RunState.CANCELLED, token=None, lease_until=None, finished_at=timezone.now(),
        error_code="prefill.cancelled", error_detail=f"Not asked: {why[:1].lower()}{why[1:]}",
    )  # fmt: skip


def hurry(claim_id: int, *, urgency: int) -> int:
    """What is still to be asked for this claim goes before everything less urgent; returns how many runs."""
    waiting = PrefillRun.objects.filter(claim=claim_id, state=RunState.QUEUED, urgency__gt=urgency)
    return waiting.update(urgency=urgency)


# --- health ---------------------------------------------------------------------------------------------
def note_answer(source: Source, result: ConnectorResult, *, requests: int, milliseconds: int) -> None:
    """How the source did: the breaker, its rest, the requests it really had, and the hour's figures."""
    now = timezone.now()
    changes: dict[str, object] = {}
    if source.rate_per_minute and requests != 1:
        # A run takes one slot; what it really asked is settled here, and what memory answered is given back.
        changes["next_free_at"] = F("next_free_at") + source.interval * (requests - 1)
    if result.outcome in ("ok", "empty"):
        changes |= {"failures_in_row": 0, "last_answer_at": now}
    else:
        changes |= {"failures_in_row": F("failures_in_row") + 1, "last_error_at": now, "last_error": result.reason}
    Source.objects.filter(pk=source.pk).update(**changes)
    if result.outcome not in ("ok", "empty"):
        _rest(source, result, now)
    _count_hour(source, result.outcome, now, milliseconds)


def _rest(source: Source, result: ConnectorResult, now: datetime) -> None:
    failures = Source.objects.values_list("failures_in_row", flat=True).get(pk=source.pk)
    until = now
    if result.outcome == "throttled":
        until = result.retry_at or now + THROTTLED_PAUSE * min(2**failures, 30)
    if failures >= BREAKER_FAILURES:
        doubled = BREAKER_PAUSE * 2 ** min(failures - BREAKER_FAILURES, 8)
        until = max(until, now + min(doubled, LONGEST_PAUSE))
    earlier = Q(paused_until=None) | Q(paused_until__lt=until)
    Source.objects.filter(earlier, pk=source.pk).update(paused_until=until)


def _count_hour(source: Source, outcome: str, now: datetime, milliseconds: int) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    column = {"ok": "answered", "empty": "answered"}.get(outcome, outcome)
    more = {column: F(column) + 1, "milliseconds": F("milliseconds") + milliseconds}
    this = SourceHour.objects.filter(source=source, hour=hour)
    if not this.update(**more):
        SourceHour.objects.bulk_create([SourceHour(source=source, hour=hour)], ignore_conflicts=True)
        this.update(**more)


def resting(source: Source, now: datetime) -> str:
    """Why a source is not asked now, in words; empty where only its rate asks for a moment's patience."""
    if not source.paused_until or source.paused_until <= now:
        return ""
    return f"It rests until {source.paused_until:%H:%M} GMT. {source.last_error}".strip()


# --- sweeping -------------------------------------------------------------------------------------------
def sweep() -> int:
    """Give out again what a dead worker held, end what came too late, nudge for what is due; returns nudges."""
    now = timezone.now()
    _give_out_again(now)
    _end_overdue(now)
    off = PrefillRun.objects.filter(source__enabled=False)
    cancel(off.filter(state=RunState.QUEUED), "The source is switched off.")
    due = PrefillRun.objects.filter(state=RunState.QUEUED, not_before__lte=now, source__in=askable(now))
    count = due.order_by()[:MOST_NUDGES].count()
    nudge(count)
    return count


def _give_out_again(now: datetime) -> None:
    lost = PrefillRun.objects.filter(state=RunState.RUNNING, lease_until__lt=now)
    blank = {"token": None, "lease_until": None, "error_code": "prefill.worker_lost"}
    lost.filter(tries__gte=LOST_TRIES).update(
        state=RunState.FAILED, finished_at=now, error_detail=f"{LOST_TRIES} workers stopped while asking.", **blank
    )
    lost.update(
        state=RunState.QUEUED,
        not_before=now,
        error_detail="The worker that asked stopped before it could answer.",
        **blank,
    )


def _end_overdue(now: datetime) -> None:
    """A question nobody could ask in time ends as not consulted, and says why."""
    hours = settings.PREFILL_DEADLINE_HOURS
    late = PrefillRun.objects.filter(state=RunState.QUEUED, queued_at__lt=now - timedelta(hours=hours))
    late = late.filter(not_before__lt=HELD_BACK)  # what is held back is not late
    for source in Source.objects.filter(pk__in=late.values("source")):
        why = resting(source, now) or source.last_error or "There was too much to ask."
        late.filter(source=source).update(
            state=RunState.FAILED, finished_at=now, error_code="prefill.deadline",
            error_detail=f"It could not be asked within {hours} hours. {why}",
        )  # fmt: skip
