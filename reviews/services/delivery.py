"""Telling receivers: the delivery row is the truth; workers take it by compare-and-set and may die at any time."""

from __future__ import annotations

import logging
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from articles.services.local import outbound_client
from factcheck.audit.services import hold_end, record
from factcheck.core.errors import FactcheckError, WrongState
from factcheck.core.http import retry_after
from factcheck.core.queue import enqueue
from reviews.choices import DELIVERY_OPEN, PUBLIC_EVENTS, DeliveryState, EventKind
from reviews.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from reviews.services.webhook import endpoint_switch, signing_secrets
from reviews.webhooks import headers, payload, retry_delay

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Claim

logger: Final = logging.getLogger(__name__)
TASK: Final = "reviews.deliver_webhook"
TIMEOUT_SECONDS: Final = 15.0
LEASE: Final = timedelta(seconds=60)
NUDGE_AGAIN: Final = timedelta(seconds=30)
_GONE: Final = 410
# Who was told of a verdict is told of these, whatever it asked for.
_TAKES_BACK: Final = (EventKind.CORRECTED, EventKind.RETRACTED)
# Who answers so is alive but busy: the wait it names counts for everything sent to it.
_BUSY: Final = frozenset({429, 502, 503, 504})


# --- the outbox ----------------------------------------------------------------------------------------
def event_emit(*, kind: EventKind, claim: Claim, at: datetime, data: dict[str, Any]) -> WebhookEvent:
    """Write what happened and a delivery a receiver that asked for it; call it in the transaction of the act.

    Workers are nudged after the commit. Raises RuntimeError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event must be written in the transaction of the act itself.")
    hold_end()  # the feed of changes reads events by number, so the numbers follow the commits
    event = _event(kind, at, data, claim)
    told = _told_before(claim) if kind in _TAKES_BACK else frozenset()
    wanted = [one for one in WebhookEndpoint.objects.filter(enabled=True) if takes(one, kind) or one.pk in told]
    _plan(event, wanted)
    return event


def takes(endpoint: WebhookEndpoint, kind: str) -> bool:
    """Whether the receiver asked for events of this kind."""
    return not endpoint.events or kind in endpoint.events


def _told_before(claim: Claim) -> frozenset[int]:
    """Receivers that were, or are being, told of this claim's verdict: they must hear when it no longer holds."""
    told = WebhookDelivery.objects.filter(event__claim=claim, event__kind__in=PUBLIC_EVENTS).exclude(
        state__in=[DeliveryState.FAILED, DeliveryState.CANCELLED]
    )
    return frozenset(told.values_list("endpoint", flat=True))


def endpoint_ping(*, endpoint: WebhookEndpoint, actor: User | None) -> WebhookDelivery:
    """Send a receiver a harmless event now; raises WrongState (webhook.off) while it is switched off."""
    if not endpoint.enabled:
        raise WrongState("webhook.off", name=endpoint.name)
    now = timezone.now()
    with transaction.atomic():
        _plan(event := _event(EventKind.PING, now, {"endpoint": endpoint.name}), [endpoint])
        record("webhook.pinged", endpoint, actor=actor)
    return event.deliveries.get()


def _event(kind: EventKind, at: datetime, data: dict[str, Any], claim: Claim | None = None) -> WebhookEvent:
    return WebhookEvent.objects.create(
        uid=f"msg_{uuid.uuid4().hex}", kind=kind, claim=claim, body=payload(kind.value, at, data)
    )


def _plan(event: WebhookEvent, endpoints: Iterable[WebhookEndpoint]) -> None:
    now = timezone.now()
    for endpoint in endpoints:
        _nudge(WebhookDelivery.objects.create(endpoint=endpoint, event=event, not_before=now, nudged_at=now).pk)


def _nudge(delivery_id: int) -> None:
    enqueue(TASK, delivery_id)


# --- one delivery --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery this process holds until its lease ends."""

    delivery: WebhookDelivery
    token: uuid.UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt went; `status` is None where nothing was answered."""

    at: datetime
    milliseconds: int
    status: int | None = None
    said: str = ""
    retry_at: datetime | None = None

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def delivery_take(*, delivery_id: int) -> Taken | None:
    """Take a due delivery for this process, or None: somebody has it, it is done, or it must wait.

    1. A receiver that is off: the delivery is cancelled. One that asked us to wait: it is put off.
    2. An earlier event of the same claim on its way to the same receiver comes first.
    3. queued -> sending by compare-and-set, with a fresh token and a lease.
    """
    found = WebhookDelivery.objects.select_related("endpoint", "event").filter(pk=delivery_id).first()
    now = timezone.now()
    if found is None or found.state != DeliveryState.QUEUED or found.not_before > now or not _may_go(found, now):
        return None
    token = uuid.uuid4()
    taken = _queued(found.pk).update(
        state=DeliveryState.SENDING, token=token, lease_until=now + LEASE, tries=F("tries") + 1
    )
    if taken != 1:
        return None
    found.refresh_from_db(fields=["state", "token", "lease_until", "tries"])
    return Taken(found, token)


def _queued(delivery_id: int) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(pk=delivery_id, state=DeliveryState.QUEUED)


def _may_go(delivery: WebhookDelivery, now: datetime) -> bool:
    endpoint = delivery.endpoint
    if not endpoint.enabled:
        _queued(delivery.pk).update(state=DeliveryState.CANCELLED, finished_at=now)
        _nudge_next(delivery)
        return False
    if endpoint.paused_until and endpoint.paused_until > now:
        _queued(delivery.pk).update(not_before=endpoint.paused_until, nudged_at=None)
        return False
    return not _earlier(delivery).exists()


def _same_line(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    """What is on its way to the same receiver about the same claim; events without a claim wait for nothing."""
    open_ones = WebhookDelivery.objects.filter(endpoint=delivery.endpoint_id, state__in=DELIVERY_OPEN)
    if delivery.event.claim_id is None:
        return open_ones.none()
    return open_ones.filter(event__claim=delivery.event.claim_id)


def _earlier(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    return _same_line(delivery).filter(event__lt=delivery.event_id)


def delivery_run(*, delivery_id: int) -> DeliveryState | None:
    """Take the delivery, send it, note how it went; None if there was nothing to take.

    It is sent outside of any transaction. What was answered is noted only while our token still stands.
    """
    taken = delivery_take(delivery_id=delivery_id)
    if taken is None:
        return None
    try:
        answer = attempt(taken.delivery)
    except Exception as error:
        _settle(taken, Answer(timezone.now(), 0, said=f"Factcheck broke: {type(error).__name__}."))
        raise
    return _settle(taken, answer)


def attempt(delivery: WebhookDelivery) -> Answer:
    """One signed POST; what the rules or the network refuse is an answer without a status."""
    at, body, event = timezone.now(), delivery.event.body.encode(), delivery.event
    signed = headers(signing_secrets(delivery.endpoint, at), event.uid, int(at.timestamp()), body)
    sent = {"Content-Type": "application/json", **signed}
    try:
        got = outbound_client().post_bytes(delivery.endpoint.url, body, headers=sent, seconds=TIMEOUT_SECONDS)
    except FactcheckError as error:
        return Answer(at, _since(at), said=error.detail[:300])
    wait = retry_after(got.headers, now=timezone.now()) if got.status in _BUSY else None
    return Answer(at, _since(at), got.status, retry_at=wait)


def _since(at: datetime) -> int:
    return max(0, round((timezone.now() - at).total_seconds() * 1000))


def _settle(taken: Taken, answer: Answer) -> DeliveryState | None:
    delivery = taken.delivery
    with transaction.atomic():
        mine = WebhookDelivery.objects.select_for_update().filter(
            pk=delivery.pk, state=DeliveryState.SENDING, token=taken.token
        )
        if not mine.exists():
            return None
        WebhookAttempt.objects.create(
            delivery=delivery, number=delivery.tries, at=answer.at, milliseconds=answer.milliseconds,
            status=answer.status, said=answer.said,
        )  # fmt: skip
        due = None if answer.ok or answer.status == _GONE else _due(delivery, answer)
        state = DeliveryState.QUEUED if due else DeliveryState.DELIVERED if answer.ok else DeliveryState.FAILED
        ended = {"finished_at": None, "not_before": due} if due else {"finished_at": timezone.now()}
        mine.update(state=state, token=None, lease_until=None, nudged_at=None, **ended)
        _note_health(delivery.endpoint, answer)
        if state is DeliveryState.FAILED:
            _give_up(delivery, answer)
        _nudge_next(delivery)
    return state


def _due(delivery: WebhookDelivery, answer: Answer) -> datetime | None:
    """When to try again: as the schedule has it, not before the receiver said; None after the last attempt."""
    wait = retry_delay(delivery.tries, secrets.randbelow(1001) / 1000)
    if wait is None:
        return None
    return max(timezone.now() + wait, answer.retry_at or timezone.now())


def _note_health(endpoint: WebhookEndpoint, answer: Answer) -> None:
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.ok:
        rows.update(last_success_at=answer.at, failing_since=None)
        return
    rows.update(last_error=answer.said or f"It answered {answer.status}.")
    rows.filter(failing_since=None).update(failing_since=answer.at)
    if answer.retry_at:
        rows.update(paused_until=answer.retry_at)


def _give_up(delivery: WebhookDelivery, answer: Answer) -> None:
    """The receiver is switched off when it said it is gone, or took nothing at all while this one was tried."""
    endpoint = delivery.endpoint
    began = delivery.attempts.order_by("number", "-pk").values_list("at", flat=True)[0]
    reason = ""
    if answer.status == _GONE:
        reason = "It answered 410: it wants no more."
    elif not WebhookEndpoint.objects.filter(pk=endpoint.pk, last_success_at__gte=began).exists():
        reason = f"It has taken nothing since {began:%-d %B %Y, %H:%M} GMT."
    if reason:
        logger.warning("The webhook receiver %s was switched off. %s", endpoint.name, reason)
        endpoint_switch(endpoint=endpoint, enabled=False, actor=None, reason=reason)


def _nudge_next(delivery: WebhookDelivery) -> None:
    """The next event of the claim need not wait for the sweeper."""
    now = timezone.now()
    line = _same_line(delivery).filter(state=DeliveryState.QUEUED, not_before__lte=now)
    following = line.order_by("event").values_list("pk", flat=True).first()
    if following is not None and following != delivery.pk:
        _queued(following).update(nudged_at=now)
        _nudge(following)


# --- what must not be forgotten ------------------------------------------------------------------------
def deliveries_sweep(*, most: int = 500) -> int:
    """Give out again what a dead worker held, and nudge what is due; returns how many were nudged."""
    now = timezone.now()
    lost = WebhookDelivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=now)
    lost.update(state=DeliveryState.QUEUED, token=None, lease_until=None, nudged_at=None, not_before=now)
    before = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"), event__claim=OuterRef("event__claim"), event__lt=OuterRef("event"),
        state__in=DELIVERY_OPEN,
    )  # fmt: skip
    forgotten = Q(nudged_at=None) | Q(nudged_at__lt=now - NUDGE_AGAIN)
    due = WebhookDelivery.objects.filter(forgotten, ~Exists(before), state=DeliveryState.QUEUED, not_before__lte=now)
    pks = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:most])
    with transaction.atomic():
        WebhookDelivery.objects.filter(pk__in=pks).update(nudged_at=now)
        for pk in pks:
            _nudge(pk)
    return len(pks)


def delivery_again(*, delivery: WebhookDelivery, actor: User | None) -> None:
    """Send once more what has ended, with the same id, so that a receiver that has it can tell.

    Raises WrongState: webhook.off while the receiver is off, webhook.on_its_way while it is being sent.
    """
    if not delivery.endpoint.enabled:
        raise WrongState("webhook.off", name=delivery.endpoint.name)
    now = timezone.now()
    with transaction.atomic():
        again = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state__in=DELIVERY_OPEN)
        if again.update(
            state=DeliveryState.QUEUED, tries=0, not_before=now, nudged_at=now, finished_at=None
        ) != 1:  # fmt: skip
            raise WrongState("webhook.on_its_way")
        record("webhook.replayed", delivery.endpoint, actor=actor, after={"event": delivery.event.uid})
        _nudge(delivery.pk)


def event_again(*, event: WebhookEvent, actor: User | None) -> int:
    """Send an event to every receiver that is on and takes it, also one that is newer; returns to how many.

    What is on its way is left alone.
    """
    sent = 0
    with transaction.atomic():
        for endpoint in WebhookEndpoint.objects.filter(enabled=True):
            delivery = WebhookDelivery.objects.filter(endpoint=endpoint, event=event).first()
            if delivery is None and not takes(endpoint, event.kind):
                continue
            if delivery is None:
                _plan(event, [endpoint])
                record("webhook.replayed", endpoint, actor=actor, after={"event": event.uid})
            elif delivery.state not in DELIVERY_OPEN:
                delivery_again(delivery=delivery, actor=actor)
            else:
                continue
            sent += 1
    return sent
