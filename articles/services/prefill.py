"""Asking the sources. The run row is the truth; workers take it by compare-and-set and may die at any time."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from articles.choices import RUN_ENDED, Origin, RunState, Urgency
from articles.models import Claim, Evidence, PrefillRun, Revision, Source
from articles.selectors.health import unanswered
from articles.services import scheduling
from articles.services.evidence import evidence_store
from articles.services.local import asking
from articles.services.scheduling import Taken, note_answer
from articles.sources.base import ConnectorResult, EvidenceQuery, Outcome
from articles.sources.cleaning import cleaned
from articles.sources.queries import build_query
from articles.sources.registry import connector
from articles.workflow import CLAIM_OPEN
from factcheck.core.errors import FactcheckError, Transient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from articles.sources.base import SourceContext

logger: Final = logging.getLogger(__name__)
# A worker that has asked for so long lets other work go first and is told to come back.
STINT_SECONDS: Final = 5.0


def prefill_plan(claims: Sequence[Claim]) -> int:
    """One queued run a claim and enabled source, unless it was asked before; returns how many were planned.

    Call it inside the transaction that made or changed the claims. Workers are nudged after commit; claims
    with a higher priority are asked about first, and what still waits to be asked in older words is cancelled.
    """
    rows = []
    for desk in {claim.article.desk_id for claim in claims}:
        of_desk = [claim for claim in claims if claim.article.desk_id == desk]
        rows += _planned(sorted(of_desk, key=lambda claim: -claim.priority), _sources_of(desk))
    if not rows:
        return 0
    of_claims = PrefillRun.objects.filter(claim__in=[claim.pk for claim in claims])
    before = of_claims.count()
    PrefillRun.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    planned = of_claims.count() - before
    if before:
        outdated = of_claims.exclude(query_digest__in={row.query_digest for row in rows})
        scheduling.cancel(outdated.filter(state=RunState.QUEUED), "The claim has other words now.")
    scheduling.nudge(planned)
    return planned


def _sources_of(desk: int | None) -> list[Source]:
    """What is asked for a desk: a source that desks have named is asked for those only."""
    return list(Source.objects.filter(Q(desks=None) | Q(desks=desk), enabled=True))


def _planned(claims: Sequence[Claim], sources: Sequence[Source]) -> list[PrefillRun]:
    turns, now = scheduling.next_turns(claims, sources), timezone.now()
    rows = []
    for claim in claims:
        # A thousand stories of an archive do not keep today's waiting.
        urgency = Urgency.LATER if claim.article.origin == Origin.BULK else Urgency.SOON
        query = query_json(claim_query(claim))
        canonical = json.dumps(query, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        for source in sources:
            place = (claim.article_id, source.pk)
            run = PrefillRun(claim=claim, source=source, desk_id=claim.article.desk_id, query=query,
                             query_digest=digest, not_before=now,
                             queued_at=now, turn=turns[place], urgency=urgency)  # fmt: skip
            if scheduling.is_held_back(run, source):
                run.not_before = scheduling.HELD_BACK
            rows.append(run)
            turns[place] += 1
    return rows


def claim_query(claim: Claim) -> EvidenceQuery:
    """What is asked for a claim: strict words, looser words, and what the sources may weigh.

    Words a person chose take the place of those made from the statement, both kinds together.
    """
    made = made_query(claim)
    return replace(made, text=claim.search_words, loose=claim.search_loose) if claim.search_words else made


def made_query(claim: Claim) -> EvidenceQuery:
    """What the statement gives to ask for, whatever a person chose."""
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


def prefill_run(*, run_id: int) -> RunState | None:
    """Take this very run, ask its source, store the answer; None if there was nothing to take."""
    due = PrefillRun.objects.filter(pk=run_id, state=RunState.QUEUED)
    run = due.select_related("claim__article").first()
    taken = scheduling.take(run) if run is not None else None
    return _answered(taken) if taken is not None else None


def prefill_work() -> int:
    """Ask what is due, best first, while anything may be asked and this worker's stint lasts; returns how many."""
    ends, done = time.monotonic() + STINT_SECONDS, 0
    while (taken := scheduling.take_next()) is not None:
        for one in (taken, *scheduling.take_along(taken)):
            _answered(one)
            done += 1
        if time.monotonic() > ends:
            scheduling.nudge()
            break
    return done


def _answered(taken: Taken) -> RunState | None:
    """The source is asked outside of any transaction.

    What came back is stored only while our token still stands, in one transaction with the run's new state, so
    a run that was given to somebody else after our lease ended is answered once. What the database does not
    take because it is gone is left to the lease: it is no fault of the source.
    """
    try:
        return _settle(taken, ask(taken.run.source, _query_of(taken.run), taken.run.claim))
    except DatabaseError:
        raise
    except Exception as error:
        _give_up(taken, error)
        raise


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said; `may_pass` is True where asking again later can help."""

    result: ConnectorResult
    may_pass: bool = False
    requests: int = 1
    milliseconds: int = 0


def ask(source: Source, query: EvidenceQuery, claim: Claim | None = None) -> Answer:
    """One question to one source; what the rules or the network refuse comes back as throttled or failed."""
    began = time.monotonic()
    with asking(source, claim) as (context, metered):
        result, may_pass = _asked(source, query, context)
    return Answer(result, may_pass, metered.requests, round((time.monotonic() - began) * 1000))


def _asked(source: Source, query: EvidenceQuery, context: SourceContext) -> tuple[ConnectorResult, bool]:
    try:
        result = connector(source.kind, source.settings).search(query, context)
    except Transient as error:
        outcome: Outcome = "throttled" if error.code == "http.throttled" else "failed"
        return ConnectorResult(outcome, reason=error.detail, retry_at=error.retry_at), True
    except FactcheckError as error:
        return ConnectorResult("failed", reason=error.detail), False
    return cleaned(result), result.outcome == "throttled"


def _settle(taken: Taken, answer: Answer) -> RunState | None:
    result, source = answer.result, taken.run.source
    mine = PrefillRun.objects.filter(pk=taken.run.pk, state=RunState.RUNNING, token=taken.token)
    again = answer.may_pass and taken.run.tries < settings.PREFILL_MAX_TRIES
    state = RunState.QUEUED if again else RunState(result.outcome)
    with transaction.atomic():
        if not mine.update(**(_put_off(taken, result) if again else _ended(result)), state=state):
            return None
        if state == RunState.OK:
            evidence_store(run=taken.run, items=result.items)
            found = Evidence.objects.filter(claim=taken.run.claim, source=source).count()
            PrefillRun.objects.filter(pk=taken.run.pk).update(found=found)
        note_answer(source, result, requests=answer.requests, milliseconds=answer.milliseconds)
    return state


def _ended(result: ConnectorResult) -> dict[str, Any]:
    return {
        "token": None, "lease_until": None, "finished_at": timezone.now(), "request_url": result.request_url,
        "error_code": "" if result.outcome in ("ok", "empty") else f"source.{result.outcome}",
        "error_detail": result.reason,
    }  # fmt: skip


def _put_off(taken: Taken, result: ConnectorResult) -> dict[str, Any]:
    now = timezone.now()
    wait = timedelta(seconds=2 ** min(taken.run.tries, 8))
    return {
        "token": None, "lease_until": None, "not_before": max(now + wait, result.retry_at or now),
        "error_code": f"source.{result.outcome}", "error_detail": result.reason, "request_url": result.request_url,
    }  # fmt: skip


def _give_up(taken: Taken, error: Exception) -> None:
    """A bug in a connector: the run says so and is not tried for ever; the exception goes on to the log."""
    said = ConnectorResult("failed", reason=f"The connector broke: {type(error).__name__}.")
    mine = PrefillRun.objects.filter(pk=taken.run.pk, token=taken.token)
    with transaction.atomic():
        if mine.update(**_ended(said) | {"state": RunState.FAILED, "error_code": "source.bug"}):
            note_answer(taken.run.source, said, requests=1, milliseconds=0)


def prefill_sweep() -> int:
    """See `scheduling.sweep`; returns how many workers were nudged."""
    return scheduling.sweep()


def prefill_hurry(*, claim_id: int) -> None:
    """Somebody looks at this claim: what is still to be asked for it goes first."""
    if scheduling.hurry(claim_id, urgency=Urgency.NOW):
        scheduling.nudge()


def prefill_cancel(*, run: PrefillRun, why: str = "Somebody cancelled it.") -> bool:
    """Do not ask; what is being asked now is thrown away when it comes. False where it has ended already."""
    return bool(scheduling.cancel(PrefillRun.objects.filter(pk=run.pk), why))


_DEAD: Final = (RunState.THROTTLED, RunState.FAILED, RunState.CANCELLED)


def prefill_revive(*, source: Source) -> int:
    """Ask again everything this source was not consulted about and somebody may still want; returns how many."""
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(paused_until=None)
        return _queue_again(unanswered().filter(source=source), Urgency.SOON)


def prefill_clear(*, source: Source, why: str = "Somebody cleared what waited for this source.") -> int:
    """Ask this source none of what waits for it; what is being asked goes on. Returns how many."""
    return scheduling.cancel(source.runs.filter(state=RunState.QUEUED), why)


def prefill_refresh(*, source: Source) -> int:
    """The source has something new: ask it again, in the background, about every claim that is still open."""
    answered = source.runs.filter(state__in=(RunState.OK, RunState.EMPTY))
    return _queue_again(answered.filter(claim__settled=False, claim__state__in=CLAIM_OPEN), Urgency.LATER)


def _queue_again(runs: QuerySet[PrefillRun], urgency: Urgency) -> int:
    now = timezone.now()
    with transaction.atomic():
        # By key: SQLite and Postgres both take a sub-select, and only one of them a join in an update.
        count = PrefillRun.objects.filter(pk__in=runs.order_by().values("pk")).update(
            state=RunState.QUEUED, urgency=urgency, tries=0, not_before=now, queued_at=now, finished_at=None
        )
        scheduling.nudge(count)
    return count


def prefill_again(*, run: PrefillRun) -> None:
    """A person asks a source once more that could not be consulted; an answered run is left as it is."""
    with transaction.atomic():
        if _queue_again(PrefillRun.objects.filter(pk=run.pk, state__in=_DEAD), Urgency.NOW):
            # The person may know that the source is back; the breaker need not be waited for.
            Source.objects.filter(pk=run.source_id).update(paused_until=None)


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
    then = timezone.now() + soon
    late = Q(not_before__gt=then) | Q(source__paused_until__gt=then) | Q(source__next_free_at__gt=then)
    later = late & Q(state=RunState.QUEUED)
    found = runs.aggregate(
        runs=Count("pk"), ended=Count("pk", filter=Q(state__in=RUN_ENDED)), put_off=Count("pk", filter=later)
    )
    waiting = Revision.objects.filter(article=article_id, extracted_at=None).exists()
    return Progress(extracted=not waiting, **found)


def prefill_help(*, article_id: int, most: int = 1) -> int:
    """Answer up to `most` due runs of an article in this process, as one more worker; returns how many."""
    done = 0
    while done < most and (taken := scheduling.take_next(article_id=article_id)) is not None:
        _answered(taken)
        done += 1
    return done
