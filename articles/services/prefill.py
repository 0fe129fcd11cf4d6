"""Asking the sources. The run row is the truth; workers take it by compare-and-set and may die at any time."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from articles.choices import RUN_ENDED, RunState
from articles.models import Claim, PrefillRun, Revision, Source
from articles.services.evidence import evidence_store
from articles.services.local import outbound_client, source_context
from articles.sources.base import ConnectorResult, EvidenceQuery, Outcome
from articles.sources.queries import build_query
from articles.sources.registry import connector
from articles.workflow import ClaimState
from factcheck.core.errors import FactcheckError, Transient
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

logger: Final = logging.getLogger(__name__)
BREAKER_FAILURES: Final = 5
BREAKER_PAUSE: Final = timedelta(minutes=15)
NUDGE_AGAIN: Final = timedelta(seconds=30)
LOST_TRIES: Final = 10  # a question that takes ten workers down is the question's fault


@dataclass(frozen=True, slots=True)
class Taken:
    """A run this process holds until its lease ends."""

    run: PrefillRun
    token: uuid.UUID


def prefill_plan(claims: Sequence[Claim]) -> int:
    """One queued run a claim and enabled source, unless it was asked before; returns how many were planned.

    Call it inside the transaction that made or changed the claims. Workers are nudged after commit.
    """
    now = timezone.now()
    sources = {desk: _sources_of(desk) for desk in {claim.article.desk_id for claim in claims}}
    rows = [_planned(claim, source, now) for claim in claims for source in sources[claim.article.desk_id]]
    if not rows:
        return 0
    before = PrefillRun.objects.filter(claim__in=claims).count()
    PrefillRun.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    nudge([claim.pk for claim in claims])
    return PrefillRun.objects.filter(claim__in=claims).count() - before


def _sources_of(desk: int | None) -> list[Source]:
    """What is asked for a desk: a source that desks have named is asked for those only."""
    return list(Source.objects.filter(Q(desks=None) | Q(desks=desk), enabled=True))


def _planned(claim: Claim, source: Source, now: datetime) -> PrefillRun:
    query = query_json(claim_query(claim))
    canonical = json.dumps(query, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return PrefillRun(claim=claim, source=source, query=query, query_digest=digest, not_before=now)


def claim_query(claim: Claim) -> EvidenceQuery:
    """What is asked for a claim: strict words, looser words, and what the sources may weigh."""
    return build_query(
        statement=claim.statement,
        quote=claim.quote,
        speaker=claim.speaker,
        entities=claim.entities,
        dates=claim.dates,
        language=claim.article.language or "en",
    )


def query_json(query: EvidenceQuery) -> dict[str, Any]:
    values = asdict(query)
    values["claimed_on"] = query.claimed_on.isoformat() if query.claimed_on else None
    return values


def _query_of(run: PrefillRun) -> EvidenceQuery:
    values = dict(run.query)
    day = values.pop("claimed_on", None)
    return EvidenceQuery(**values, claimed_on=date.fromisoformat(day) if day else None)


def nudge(claim_ids: Iterable[int]) -> None:
    """Tell the workers about queued runs of these claims, after commit."""
    due = PrefillRun.objects.filter(claim__in=list(claim_ids), state=RunState.QUEUED, nudged_at=None)
    pks = list(due.values_list("pk", flat=True))
    PrefillRun.objects.filter(pk__in=pks).update(nudged_at=timezone.now())
    for pk in pks:
        enqueue("articles.prefill", pk)


def prefill_take(*, run_id: int) -> Taken | None:
    """Take a due run for this process, or None: somebody else has it, it is done, or it is not due yet.

    1. The source's own limits come first: paused by the breaker or no free slot puts the run off.
    2. queued -> running by compare-and-set, with a fresh token and a lease.
    """
    run = PrefillRun.objects.select_related("source", "claim__article").filter(pk=run_id).first()
    now = timezone.now()
    if run is None or run.state != RunState.QUEUED or run.not_before > now:
        return None
    if not run.source.enabled or run.claim.state not in (ClaimState.PROPOSED, ClaimState.CONFIRMED):
        _cancel(run, now)
        return None
    free_at = _slot(run.source, now)
    if free_at > now:
        _put_off(run, free_at, _resting(run.source, now))
        return None
    token = uuid.uuid4()
    lease = now + timedelta(seconds=settings.PREFILL_LEASE_SECONDS)
    taken = PrefillRun.objects.filter(pk=run_id, state=RunState.QUEUED).update(
        state=RunState.RUNNING, token=token, lease_until=lease, tries=F("tries") + 1, started_at=now
    )
    if taken != 1:
        return None
    run.refresh_from_db(fields=["state", "token", "lease_until", "tries", "started_at"])
    return Taken(run, token)


def _cancel(run: PrefillRun, now: datetime) -> None:
    """Nobody wants the answer any more: the source was switched off, or the claim put aside."""
    PrefillRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(
        state=RunState.CANCELLED, finished_at=now, error_code="prefill.cancelled",
        error_detail="Not asked: the source is switched off or the claim was put aside.",
    )  # fmt: skip


def _slot(source: Source, now: datetime) -> datetime:
    """When the source may be asked; takes the slot if that is now. Shared by all workers through the row."""
    source.refresh_from_db(fields=["next_free_at", "paused_until", "rate_per_minute", "last_error"])
    if source.paused_until and source.paused_until > now:
        return source.paused_until
    if not source.rate_per_minute:
        return now
    held = source.next_free_at
    if held and held > now:
        return held
    after = now + timedelta(seconds=60 / source.rate_per_minute)
    won = Source.objects.filter(pk=source.pk, next_free_at=held).update(next_free_at=after)
    return now if won == 1 else now + timedelta(seconds=60 / source.rate_per_minute)


def _resting(source: Source, now: datetime) -> str:
    """Why a source is not asked now, in words; empty where only its rate asks for a moment's patience."""
    if not source.paused_until or source.paused_until <= now:
        return ""
    return f"It rests until {source.paused_until:%H:%M} GMT. {source.last_error}".strip()


def _put_off(run: PrefillRun, until: datetime, why: str) -> None:
    said = {"error_code": "source.resting", "error_detail": why} if why else {}
    PrefillRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(not_before=until, nudged_at=None, **said)


def prefill_run(*, run_id: int) -> RunState | None:
    """Take the run, ask its source, store the answer; None if there was nothing to take.

    The source is asked outside of any transaction. What came back is stored only while our token still
    stands, in one transaction with the run's new state, so a run that was given to somebody else after our
    lease ended is answered once.
    """
    taken = prefill_take(run_id=run_id)
    if taken is None:
        return None
    try:
        answer = ask(taken.run.source, _query_of(taken.run))
        return _settle(taken, answer)
    except Exception as error:
        _give_up(taken, error)
        raise


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said; `may_pass` is True where asking again later can help."""

    result: ConnectorResult
    may_pass: bool = False


def ask(source: Source, query: EvidenceQuery) -> Answer:
    """One question to one source; what the rules or the network refuse comes back as throttled or failed."""
    try:
        context = source_context(source, outbound_client())
        result = connector(source.kind, source.settings).search(query, context)
    except Transient as error:
        outcome: Outcome = "throttled" if error.code == "http.throttled" else "failed"
        return Answer(ConnectorResult(outcome, reason=error.detail, retry_at=error.retry_at), may_pass=True)
    except FactcheckError as error:
        return Answer(ConnectorResult("failed", reason=error.detail))
    return Answer(result, may_pass=result.outcome == "throttled")


def _settle(taken: Taken, answer: Answer) -> RunState | None:
    result = answer.result
    with transaction.atomic():
        mine = PrefillRun.objects.select_for_update().filter(
            pk=taken.run.pk, state=RunState.RUNNING, token=taken.token
        )
        if not mine.exists():
            return None
        _note_health(taken.run.source, result)
        if answer.may_pass and taken.run.tries < settings.PREFILL_MAX_TRIES:
            return _try_again(taken, result)
        stored = evidence_store(run=taken.run, items=result.items) if result.outcome == "ok" else 0
        state = RunState(result.outcome)
        mine.update(
            state=state,
            token=None,
            lease_until=None,
            finished_at=timezone.now(),
            found=stored,
            error_code="" if state in (RunState.OK, RunState.EMPTY) else f"source.{result.outcome}",
            error_detail=result.reason,
            request_url=result.request_url,
        )
        return state


def _give_up(taken: Taken, error: Exception) -> None:
    """A bug in a connector: the run says so and is not tried for ever; the exception goes on to the log."""
    PrefillRun.objects.filter(pk=taken.run.pk, token=taken.token).update(
        state=RunState.FAILED,
        token=None,
        lease_until=None,
        finished_at=timezone.now(),
        error_code="source.bug",
        error_detail=f"The connector broke: {type(error).__name__}.",
    )


def _try_again(taken: Taken, result: ConnectorResult) -> RunState:
    wait = timedelta(seconds=2 ** min(taken.run.tries, 8))
    due = max(timezone.now() + wait, result.retry_at or timezone.now())
    PrefillRun.objects.filter(pk=taken.run.pk).update(
        state=RunState.QUEUED,
        token=None,
        lease_until=None,
        not_before=due,
        nudged_at=None,
        error_code=f"source.{result.outcome}",
        error_detail=result.reason,
        request_url=result.request_url,
    )
    return RunState.QUEUED


def _note_health(source: Source, result: ConnectorResult) -> None:
    now = timezone.now()
    if result.outcome in ("ok", "empty"):
        Source.objects.filter(pk=source.pk).update(failures_in_row=0, paused_until=None, last_answer_at=now)
        return
    Source.objects.filter(pk=source.pk).update(
        failures_in_row=F("failures_in_row") + 1, last_error_at=now, last_error=result.reason
    )
    if result.outcome == "throttled" and result.retry_at:
        Source.objects.filter(pk=source.pk).update(paused_until=result.retry_at)
    # The breaker: a source that keeps failing rests, and one question after the rest tells if it is back.
    Source.objects.filter(pk=source.pk, failures_in_row__gte=BREAKER_FAILURES).update(
        paused_until=now + BREAKER_PAUSE
    )


def prefill_sweep(*, most: int = 500) -> int:
    """Give out again what a dead worker held, and nudge what is due; returns how many runs were nudged."""
    now = timezone.now()
    lost = PrefillRun.objects.filter(state=RunState.RUNNING, lease_until__lt=now)
    blank = {"token": None, "lease_until": None, "error_code": "prefill.worker_lost"}
    lost.filter(tries__gte=LOST_TRIES).update(
        state=RunState.FAILED, finished_at=now, error_detail=f"{LOST_TRIES} workers stopped while asking.", **blank
    )
    lost.update(
        state=RunState.QUEUED,
        nudged_at=None,
        not_before=now,
        error_detail="The worker that asked stopped before it could answer.",
        **blank,
    )
    forgotten = Q(nudged_at=None) | Q(nudged_at__lt=now - NUDGE_AGAIN)
    due = PrefillRun.objects.filter(forgotten, state=RunState.QUEUED, not_before__lte=now).order_by(
        "not_before", "pk"
    )
    pks = list(due.values_list("pk", flat=True)[:most])
    with transaction.atomic():
        PrefillRun.objects.filter(pk__in=pks).update(nudged_at=now)
        for pk in pks:
            enqueue("articles.prefill", pk)
    return len(pks)


def prefill_again(*, run: PrefillRun) -> None:
    """A person asks a source once more that could not be consulted; an answered run is left as it is."""
    with transaction.atomic():
        ended = (RunState.THROTTLED, RunState.FAILED, RunState.CANCELLED)
        again = PrefillRun.objects.filter(pk=run.pk, state__in=ended).update(
            state=RunState.QUEUED, tries=0, not_before=timezone.now(), nudged_at=None, finished_at=None
        )
        if again:
            # The person may know that the source is back; the breaker need not be waited for.
            Source.objects.filter(pk=run.source_id).update(paused_until=None)
            nudge([run.claim_id])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sources are with an article: runs planned, ended, and put off until later."""

    extracted: bool
    runs: int
    ended: int
    put_off: int

    @property
    def settled(self) -> bool:
        """Nothing is left that would be answered within the next moments."""
        return self.extracted and self.ended + self.put_off >= self.runs


def prefill_progress(*, article_id: int, soon: timedelta = timedelta(seconds=30)) -> Progress:
    """Counts for a progress bar; a run not due within `soon` counts as put off (its source rests)."""
    runs = PrefillRun.objects.filter(claim__article=article_id)
    later = Q(state=RunState.QUEUED, not_before__gt=timezone.now() + soon)
    found = runs.aggregate(
        runs=Count("pk"), ended=Count("pk", filter=Q(state__in=RUN_ENDED)), put_off=Count("pk", filter=later)
    )
    waiting = Revision.objects.filter(article=article_id, extracted_at=None).exists()
    return Progress(extracted=not waiting, **found)


def prefill_help(*, article_id: int, most: int = 1) -> int:
    """Answer up to `most` due runs of an article in this process, as one more worker; returns how many."""
    due = PrefillRun.objects.filter(
        claim__article=article_id, state=RunState.QUEUED, not_before__lte=timezone.now()
    ).order_by("not_before", "pk")
    return sum(prefill_run(run_id=pk) is not None for pk in due.values_list("pk", flat=True)[:most])
