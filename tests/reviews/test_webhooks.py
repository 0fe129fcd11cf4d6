"""Receivers are told once of everything, in order, whatever happens to the one who tells them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, Invalid, WrongState
from factcheck.launch import processes
from reviews.choices import DeliveryState, EventKind
from reviews.models import Publication, WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from reviews.services import delivery
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.delivery import (
    deliveries_sweep,
    delivery_again,
    delivery_run,
    delivery_take,
    endpoint_ping,
    event_again,
    event_emit,
)
from reviews.services.publication import publication_publish
from reviews.services.webhook import (
    endpoint_rotate,
    endpoint_save,
    endpoint_secret,
    endpoint_switch,
    signing_secrets,
)
from reviews.tasks import deliver_webhook
from tests import publishing as desk
from tests.servers import Asked, Reply, Server, closed_port, hanging, redirect, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Receiver:
    """A real server that answers as told and verifies with the official library."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.server: Server

    def __call__(self, _asked: Asked) -> Reply:
        return self.replies.pop(0) if self.replies else Reply(b"ok")

    def endpoint(self, **values: Any) -> WebhookEndpoint:
        values = {"name": "CMS", "url": f"{self.server.url}/hook"} | values
        return endpoint_save(endpoint=WebhookEndpoint(**values), actor=None)

    def got(self, secret: str) -> list[dict[str, Any]]:
        """Everything that arrived, each verified."""
        return [Webhook(secret).verify(one.body, one.headers) for one in self.server.asked]

    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.server.asked]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    made = Receiver()
    with serving(made) as server:
        made.server = server
        settings.OUTBOUND_ALLOWED = server.allow
        yield made


def emit(claim: Any = None, kind: EventKind = EventKind.PUBLISHED, **data: Any) -> WebhookEvent:
    with transaction.atomic():
        return event_emit(kind=kind, claim=claim or desk.claim(), at=timezone.now(), data=data)


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def run(one: WebhookDelivery | None = None) -> DeliveryState | None:
    return delivery_run(delivery_id=(one or only()).pk)


# --- the outbox ----------------------------------------------------------------------------------------
def test_publishing_correcting_and_retracting_are_told_in_thin_words(settings: Any) -> None:
    settings.BASE_URL = "https://facts.tessel.example"
    publication = desk.published()
    chief = desk.person("Publisher")
    publication_correct(publication=publication, actor=chief, change="clarification", note="Which plant.")
    publication_retract(publication=publication, actor=chief, note="Wrong year.")
    bodies = [json.loads(event.body) for event in WebhookEvent.objects.order_by("pk")]
    common = {
        "claim_id": publication.claim_id, "slug": publication.slug,
        "url": f"https://facts.tessel.example/verdicts/{publication.slug}/",
    }  # fmt: skip
    assert [(one["type"], one["data"]) for one in bodies] == [
        ("verdict.published", common | {"revision": 1, "change": "first", "verdict": "misleading"}),
        ("verdict.corrected", common | {"revision": 2, "change": "clarification", "verdict": "misleading"}),
        ("verdict.retracted", common | {"revision": 3, "change": "retraction"}),
    ]
    first = publication.versions.get(number=1).published_at
    assert bodies[0]["timestamp"] == f"{first:%Y-%m-%dT%H:%M:%S}Z"


def test_an_act_that_fails_is_told_to_nobody(receiver: Receiver) -> None:
    receiver.endpoint()
    publication = desk.approved()
    with pytest.raises(FactcheckError):
        publication_publish(publication=publication, actor=desk.person("Checker"))

    def publish_and_break() -> None:
        with transaction.atomic():
            publication_publish(publication=publication, actor=desk.person("Publisher"))
            assert WebhookDelivery.objects.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_and_break()
    assert not WebhookEvent.objects.exists()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        event_emit(kind=EventKind.PUBLISHED, claim=desk.claim(), at=timezone.now(), data={})


@pytest.mark.parametrize(
    ("chosen", "enabled", "planned"),
    [([], True, 1), (["verdict.published"], True, 1), (["verdict.retracted"], True, 0), ([], False, 0)],
)
def test_who_asked_for_it_is_told(receiver: Receiver, chosen: list[str], enabled: bool, planned: int) -> None:
    receiver.endpoint(events=chosen, enabled=enabled)
    emit()
    assert WebhookDelivery.objects.count() == planned
    assert WebhookEvent.objects.count() == 1


# --- one delivery --------------------------------------------------------------------------------------
def test_the_official_library_accepts_what_arrives(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    desk.published()
    assert run() is DeliveryState.DELIVERED
    (message,) = receiver.got(endpoint_secret(endpoint))
    (asked,) = receiver.server.asked
    assert message["type"] == "verdict.published"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"].startswith("Factcheck/")
    done = only()
    assert (done.tries, done.token, done.lease_until) == (1, None, None)
    assert [(one.number, one.status, one.said) for one in done.attempts.all()] == [(1, 200, "")]
    endpoint.refresh_from_db()
    assert endpoint.last_success_at is not None


def test_the_task_run_twice_delivers_once(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    deliver_webhook(only().pk)
    deliver_webhook(only().pk)
    assert len(receiver.server.asked) == 1


def test_two_workers_cannot_hold_the_same_delivery(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    assert delivery_take(delivery_id=only().pk) is not None
    assert delivery_take(delivery_id=only().pk) is None


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "delivered"), (201, "delivered"), (202, "delivered"), (204, "delivered"), (299, "delivered"),
     (300, "queued"), (304, "queued"), (400, "queued"), (401, "queued"), (404, "queued"), (408, "queued"),
     (429, "queued"), (500, "queued"), (502, "queued"), (410, "failed")],
)  # fmt: skip
def test_answers(receiver: Receiver, status: int, state: str) -> None:
    receiver.endpoint()
    emit()
    receiver.replies = [Reply(b"" if status in (204, 304) else b"x", status=status)]
    run()
    assert only().state == state
    assert WebhookAttempt.objects.get().status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_failures_and_never_followed(receiver: Receiver, status: int) -> None:
    receiver.endpoint()
    emit()
    receiver.replies = [redirect(f"{receiver.server.url}/elsewhere", status)]
    assert run() is DeliveryState.QUEUED
    assert [one.path for one in receiver.server.asked] == ["/hook"]


def test_an_answer_however_long_is_not_read(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    receiver.replies = [Reply(b"x" * 6_000_000)]
    assert run() is DeliveryState.DELIVERED


@pytest.mark.parametrize("where", ["closed", "silent", "private"])
def test_what_cannot_be_reached_is_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    with hanging() as silent:
        port = silent.port if where == "silent" else closed_port()
        settings.OUTBOUND_ALLOWED = frozenset({f"127.0.0.1:{port}"})
        endpoint_save(endpoint=WebhookEndpoint(name="CMS", url=f"http://127.0.0.1:{port}/"), actor=None)
        emit()
        if where == "private":
            settings.OUTBOUND_ALLOWED = frozenset()
        assert run() is DeliveryState.QUEUED
    (tried,) = WebhookAttempt.objects.all()
    assert tried.status is None
    words = {"closed": "cannot be reached", "silent": "did not answer", "private": "not a public address"}
    assert words[where] in tried.said


def test_a_bug_of_ours_is_noted_and_not_hidden(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_delivery: WebhookDelivery) -> None:
        raise ZeroDivisionError

    receiver.endpoint()
    emit()
    monkeypatch.setattr(delivery, "attempt", broken)
    with pytest.raises(ZeroDivisionError):
        run()
    assert only().state == DeliveryState.QUEUED
    assert "ZeroDivisionError" in WebhookAttempt.objects.get().said


# --- retries -------------------------------------------------------------------------------------------
def test_ten_attempts_with_one_id_then_the_receiver_is_off(receiver: Receiver) -> None:
    with time_machine.travel(START) as clock:
        endpoint = receiver.endpoint()
        emit()
        receiver.replies = [Reply(status=500)] * 20
        waits, ids = [], set()
        while (one := only()).state == DeliveryState.QUEUED:
            clock.move_to(one.not_before)
            waits.append(one.not_before)
            assert run() is not None
            assert len(receiver.got(endpoint_secret(endpoint))) == 1  # each attempt is signed for its own moment
            ids.update(receiver.ids())
            receiver.server.asked.clear()
        hours = [round((at - waits[0]).total_seconds() / 3600, 1) for at in waits]
        assert (len(waits), len(ids)) == (10, 1)
        assert 75.6 <= hours[-1] <= 83.2
        endpoint.refresh_from_db()
        assert only().state == DeliveryState.FAILED
        assert not endpoint.enabled
        assert "taken nothing since 20 November 2026" in endpoint.disabled_reason


def test_each_wait_is_the_one_of_the_schedule_with_up_to_a_tenth_more(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    for tries, seconds in enumerate((5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)):
        WebhookDelivery.objects.update(tries=tries, not_before=timezone.now())
        receiver.replies = [Reply(status=503)]
        before = timezone.now()
        run()
        wait = (only().not_before - before).total_seconds()
        assert seconds <= wait <= seconds * 1.1 + 5


def test_one_that_is_given_up_leaves_a_receiver_on_that_takes_others(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    emit()
    receiver.replies = [Reply(status=422)]
    run()
    emit()
    assert run(WebhookDelivery.objects.first()) is DeliveryState.DELIVERED
    first = WebhookDelivery.objects.last()
    assert first is not None
    WebhookDelivery.objects.filter(pk=first.pk).update(tries=9, not_before=timezone.now())
    receiver.replies = [Reply(status=422)]
    assert run(first) is DeliveryState.FAILED
    endpoint.refresh_from_db()
    assert endpoint.enabled


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_retry_after_is_kept_to_for_everything_sent_there(receiver: Receiver, status: int) -> None:
    receiver.endpoint()
    emit()
    emit()
    later, first = WebhookDelivery.objects.all()
    receiver.replies = [Reply(status=status, headers={"Retry-After": "900"})]
    assert run(first) is DeliveryState.QUEUED
    assert run(later) is None
    for one in WebhookDelivery.objects.all():
        assert timedelta(minutes=14) < one.not_before - timezone.now() <= timedelta(minutes=15)
    assert len(receiver.server.asked) == 1


def test_retry_after_of_another_status_means_nothing(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    receiver.replies = [Reply(status=500, headers={"Retry-After": "900"})]
    run()
    assert only().not_before < timezone.now() + timedelta(seconds=10)


def test_410_switches_the_receiver_off_and_what_waits_is_cancelled(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    emit()
    emit()
    later, first = WebhookDelivery.objects.all()
    receiver.replies = [Reply(status=410)]
    assert run(first) is DeliveryState.FAILED
    endpoint.refresh_from_db()
    assert (endpoint.enabled, "410" in endpoint.disabled_reason) == (False, True)
    assert run(later) is None
    later.refresh_from_db()
    assert later.state == DeliveryState.CANCELLED
    traced = AuditEvent.objects.get(action="webhook.disabled")
    assert (traced.actor, traced.implied) == (None, True)
    assert len(receiver.server.asked) == 1


# --- order ---------------------------------------------------------------------------------------------
def test_events_of_a_claim_wait_for_the_ones_before(receiver: Receiver) -> None:
    receiver.endpoint()
    claim = desk.claim()
    emit(claim)
    emit(claim, EventKind.CORRECTED)
    emit()
    other, second, first = WebhookDelivery.objects.all()
    receiver.replies = [Reply(status=500)]
    assert run(second) is None
    assert run(first) is DeliveryState.QUEUED
    assert run(second) is None
    assert run(other) is DeliveryState.DELIVERED
    WebhookDelivery.objects.filter(pk=first.pk).update(not_before=timezone.now())
    assert run(first) is DeliveryState.DELIVERED
    assert run(second) is DeliveryState.DELIVERED
    assert receiver.ids() == [one.event.uid for one in (first, other, first, second)]


def test_what_waits_for_its_turn_is_not_nudged_until_it_has_come(
    receiver: Receiver, django_capture_on_commit_callbacks: Any
) -> None:
    receiver.endpoint()
    claim = desk.claim()
    emit(claim)
    emit(claim, EventKind.CORRECTED)
    WebhookDelivery.objects.update(nudged_at=None)
    second, first = WebhookDelivery.objects.all()
    assert deliveries_sweep() == 1
    with django_capture_on_commit_callbacks() as sent:
        assert run(first) is DeliveryState.DELIVERED
    assert [(callback.args) for callback in sent] == [("reviews.deliver_webhook", (second.pk,), 0.0)]  # type: ignore[attr-defined]


def test_a_given_up_event_lets_the_next_one_pass(receiver: Receiver) -> None:
    receiver.endpoint()
    claim = desk.claim()
    emit(claim)
    emit(claim, EventKind.RETRACTED)
    second, first = WebhookDelivery.objects.all()
    WebhookEndpoint.objects.update(last_success_at=timezone.now() + timedelta(hours=1))
    WebhookDelivery.objects.filter(pk=first.pk).update(tries=9)
    receiver.replies = [Reply(status=500)]
    assert run(first) is DeliveryState.FAILED
    assert run(second) is DeliveryState.DELIVERED


# --- workers that die ----------------------------------------------------------------------------------
def test_the_sweep_gives_out_what_a_dead_worker_held(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    late = delivery_take(delivery_id=only().pk)
    assert late is not None
    assert deliveries_sweep() == 0
    WebhookDelivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert deliveries_sweep() == 1
    assert run() is DeliveryState.DELIVERED
    assert delivery._settle(late, delivery.attempt(late.delivery)) is None
    assert WebhookAttempt.objects.count() == 1
    assert len(set(receiver.ids())) == 1  # the receiver sees that it has it


def test_the_sweep_nudges_what_is_due_and_not_more_often_than_needed(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    assert deliveries_sweep() == 0  # nudged a moment ago
    WebhookDelivery.objects.update(nudged_at=timezone.now() - timedelta(minutes=1))
    assert deliveries_sweep() == 1
    WebhookDelivery.objects.update(nudged_at=None, not_before=timezone.now() + timedelta(minutes=1))
    assert deliveries_sweep() == 0


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_workers_deliver_what_was_published_and_try_again(worker_process: Any, receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    receiver.replies = [Reply(status=500)]
    worker_process(
        beat=True, SWEEP_SECONDS="1", OUTBOUND_ALLOWED=receiver.server.host_port,
        SECRET_KEY=django_settings.SECRET_KEY,
    )  # fmt: skip
    publication = desk.published()
    publication_correct(publication=publication, actor=desk.person("Publisher"), change="refile")
    assert processes.until(
        lambda: WebhookDelivery.objects.filter(state=DeliveryState.DELIVERED).count() == 2, seconds=40
    )
    kinds = [message["type"] for message in receiver.got(endpoint_secret(endpoint))]
    assert kinds == ["verdict.published", "verdict.published", "verdict.corrected"]


# --- receivers -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    ["http://cms.example/hook", "ftp://cms.example/", "https:///hook", "https://ana:secret@cms.example/",
     "https://cms.example/#part", "cms.example/hook", "http://127.0.0.1:9/"],
)  # fmt: skip
def test_addresses_that_cannot_receive(url: str) -> None:
    with pytest.raises(Invalid, match="cannot receive"):
        endpoint_save(endpoint=WebhookEndpoint(name="CMS", url=url), actor=None)


@pytest.mark.parametrize("events", [["ping"], ["verdict.*"], ["claim.created", "verdict.published"]])
def test_only_known_events_can_be_chosen(events: list[str]) -> None:
    with pytest.raises(Invalid, match="cannot be subscribed"):
        endpoint_save(endpoint=WebhookEndpoint(name="CMS", url="https://cms.example/", events=events), actor=None)


def test_changing_a_receiver_keeps_its_secret_and_its_health(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    secret = endpoint_secret(endpoint)
    stale = WebhookEndpoint.objects.get()
    emit()
    run()
    stale.name = "Site"
    endpoint_save(endpoint=stale, actor=None)
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint_secret(endpoint)) == ("Site", secret)
    assert endpoint.last_success_at is not None


def test_the_secret_is_in_no_column_and_no_trail(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    secret = endpoint_rotate(endpoint=endpoint, actor=None)
    rows = [*WebhookEndpoint.objects.values(), *AuditEvent.objects.values()]
    assert secret.removeprefix("whsec_") not in json.dumps(rows, default=str)
    assert secret == endpoint_secret(endpoint)


def test_for_a_day_after_a_rotation_both_secrets_sign(receiver: Receiver) -> None:
    endpoint = receiver.endpoint()
    old = endpoint_secret(endpoint)
    new = endpoint_rotate(endpoint=endpoint, actor=None)
    emit()
    run()
    assert old != new
    assert len(receiver.got(old)) == len(receiver.got(new)) == 1
    assert endpoint.rotated_at is not None
    assert signing_secrets(endpoint, endpoint.rotated_at + timedelta(hours=23)) == [new, old]
    assert signing_secrets(endpoint, endpoint.rotated_at + timedelta(hours=25)) == [new]


def test_a_former_secret_key_signs_along(receiver: Receiver, settings: Any) -> None:
    endpoint = receiver.endpoint()
    old = endpoint_secret(endpoint)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key that is long enough to sign with"
    emit()
    run()
    assert receiver.got(old) == receiver.got(endpoint_secret(endpoint))


def test_a_ping_goes_to_one_receiver_and_not_to_one_that_is_off(receiver: Receiver) -> None:
    endpoint = receiver.endpoint(events=["verdict.retracted"])
    receiver.endpoint(name="Other")
    assert run(endpoint_ping(endpoint=endpoint, actor=None)) is DeliveryState.DELIVERED
    (message,) = receiver.got(endpoint_secret(endpoint))
    assert (message["type"], message["data"]) == ("ping", {"endpoint": "CMS"})
    endpoint_switch(endpoint=endpoint, enabled=False, actor=None)
    with pytest.raises(WrongState):
        endpoint_ping(endpoint=endpoint, actor=None)


# --- again ---------------------------------------------------------------------------------------------
def test_what_has_ended_can_be_sent_again_under_the_same_id(receiver: Receiver) -> None:
    receiver.endpoint()
    emit()
    run()
    delivery_again(delivery=only(), actor=None)
    assert run() is DeliveryState.DELIVERED
    assert len(receiver.ids()) == 2
    assert len(set(receiver.ids())) == 1
    assert [one.number for one in only().attempts.all()] == [1, 1]


@pytest.mark.parametrize("why", ["on its way", "off"])
def test_what_cannot_be_sent_again(receiver: Receiver, why: str) -> None:
    endpoint = receiver.endpoint()
    emit()
    if why == "off":
        run()
        endpoint_switch(endpoint=endpoint, enabled=False, actor=None)
    with pytest.raises(WrongState):
        delivery_again(delivery=only(), actor=None)


def test_an_event_can_be_sent_to_receivers_that_missed_it(receiver: Receiver) -> None:
    receiver.endpoint()
    event = emit()
    run()
    receiver.endpoint(name="Newer")
    receiver.endpoint(name="Another", events=["verdict.retracted"])
    assert event_again(event=event, actor=None) == 2
    assert event_again(event=event, actor=None) == 0  # both are on their way
    for one in WebhookDelivery.objects.all():
        assert run(one) is DeliveryState.DELIVERED
    assert len(receiver.ids()) == 3


def test_who_was_told_of_a_verdict_is_told_when_it_no_longer_holds(receiver: Receiver) -> None:
    """A bug: a receiver that asked for first publications alone went on showing what was corrected and retracted."""
    receiver.endpoint(name="First only", events=["verdict.published"])
    receiver.endpoint(name="Retractions only", events=["verdict.retracted"])
    page = desk.published()
    receiver.endpoint(name="Came later", events=["verdict.published"])
    publication_correct(publication=page, actor=desk.person("Publisher"), change="update", note="Newer figures.")
    page.refresh_from_db()
    publication_retract(publication=page, actor=desk.person("Publisher"), note="Another plant was meant.")
    told = WebhookDelivery.objects.values_list("endpoint__name", "event__kind")
    assert sorted(told) == [
        ("First only", "verdict.corrected"), ("First only", "verdict.published"), ("First only", "verdict.retracted"),
        ("Retractions only", "verdict.retracted"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CANCELLED])
def test_who_was_never_reached_with_a_verdict_is_not_told_of_its_end(
    receiver: Receiver, state: DeliveryState
) -> None:
    receiver.endpoint(events=["verdict.published"])
    page = desk.published()
    WebhookDelivery.objects.update(state=state)
    publication_retract(publication=page, actor=desk.person("Publisher"), note="Another plant was meant.")
    assert WebhookDelivery.objects.count() == 1


# --- what the database holds to ------------------------------------------------------------------------
def _rewrite_event() -> None:
    WebhookEvent.objects.update(body="{}")


def _rewrite_attempt() -> None:
    WebhookAttempt.objects.update(status=200)


def _send_without_token() -> None:
    WebhookDelivery.objects.update(state="sending")


def _twice() -> None:
    one = only()
    WebhookDelivery.objects.create(endpoint=one.endpoint, event=one.event, not_before=timezone.now())


@pytest.mark.parametrize("act", [_rewrite_event, _rewrite_attempt, _send_without_token, _twice])
def test_the_database_refuses(receiver: Receiver, act: Callable[[], None]) -> None:
    receiver.endpoint()
    emit()
    receiver.replies = [Reply(status=500)]
    run()
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_the_page_of_a_claim_holds_what_the_message_says(receiver: Receiver, client: Any) -> None:
    endpoint = receiver.endpoint()
    publication = desk.published()
    run()
    (message,) = receiver.got(endpoint_secret(endpoint))
    path = message["data"]["url"].removeprefix(django_settings.BASE_URL)
    assert client.get(path).status_code == 200
    assert Publication.objects.get(slug=message["data"]["slug"]) == publication
