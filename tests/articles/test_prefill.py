"""Questions to sources: each is answered once, whatever happens to the one who asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from articles.choices import RunState
from articles.models import Evidence, PrefillRun, Source
from articles.services import prefill
from articles.services.evidence import evidence_store
from articles.services.prefill import prefill_again, prefill_plan, prefill_run, prefill_sweep
from articles.services.scheduling import BREAKER_FAILURES, LOST_TRIES, take
from articles.sources.base import EvidenceItem
from articles.tasks import prefill as prefill_task
from factcheck.core.errors import FactcheckError
from tests.articles.desk import RSS, claims, feed_source, planned, story
from tests.servers import Reply, Server, serving, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(settings):
    with serving(lambda _asked: typed("application/rss+xml", RSS)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        yield server


def answering(settings, server: Server) -> None:
    settings.OUTBOUND_ALLOWED = server.allow


def only_run() -> PrefillRun:
    return PrefillRun.objects.get()


def prefill_take(run_id: int):
    return take(PrefillRun.objects.select_related("claim").get(pk=run_id))


def test_a_source_that_answers_gives_evidence_with_a_suggested_stance(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    assert prefill_run(run_id=only_run().pk) is RunState.OK
    run, evidence = only_run(), Evidence.objects.get()
    assert (run.state, run.found, run.tries) == (RunState.OK, 1, 1)
    assert evidence.state == "suggested"
    assert evidence.stance == ""
    assert evidence.suggested_stance in {"supports", "refutes", "context"}
    assert evidence.snapshot is not None


@pytest.mark.parametrize(
    ("text", "stance"), [("Ostrel plant supplied 1 gigawatt-hours in 2026", "context"), ("", "supports")]
)
def test_a_title_alone_speaks_neither_for_nor_against(text, stance):
    source = Source.objects.create(name="Shelf", kind="documents")
    made = planned(1)[0]
    title = "Ostrel plant supplied 1 gigawatt-hours in 2026"
    item = EvidenceItem("1", title, "", text or made.statement, "document")
    evidence_store(run=PrefillRun.objects.get(source=source), items=[item])
    found = Evidence.objects.get()
    assert found.suggested_stance == stance
    assert (found.stance_reason == "It is the title alone.") is bool(text)


def test_planning_twice_asks_once(feed):
    feed_source(f"{feed.url}/rss")
    made = planned(3)
    assert prefill_plan(made) == 0
    assert PrefillRun.objects.count() == 3


def test_the_task_run_twice_answers_once(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    prefill_task(only_run().pk)
    prefill_task(only_run().pk)
    assert Evidence.objects.count() == 1
    assert only_run().tries == 1
    assert len(feed.asked) == 1


def test_two_workers_cannot_hold_the_same_run(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    assert prefill_take(run_id=only_run().pk) is not None
    assert prefill_take(run_id=only_run().pk) is None


def test_an_answer_that_comes_after_the_lease_was_given_away_is_thrown_away(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    late = prefill_take(run_id=only_run().pk)
    PrefillRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    prefill_sweep()
    assert prefill_run(run_id=only_run().pk) is RunState.OK
    answer = prefill.ask(late.run.source, prefill._query_of(late.run))
    assert prefill._settle(late, answer) is None
    assert Evidence.objects.count() == 1


def test_the_sweep_gives_out_what_a_dead_worker_held(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    prefill_take(run_id=only_run().pk)
    assert prefill_sweep() == 0
    PrefillRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert prefill_sweep() == 1
    assert only_run().state == RunState.QUEUED


def test_a_question_that_takes_worker_after_worker_down_is_given_up():
    feed_source("https://wire.example/rss")
    planned(1)
    PrefillRun.objects.update(
        state=RunState.RUNNING, tries=LOST_TRIES, lease_until=timezone.now() - timedelta(seconds=1),
        token="12345678123456781234567812345678",
    )  # fmt: skip
    prefill_sweep()
    assert only_run().state == RunState.FAILED
    assert "stopped while asking" in only_run().error_detail


@pytest.mark.parametrize(
    ("reply", "state", "tries_left"),
    [
        (Reply(status=503), RunState.QUEUED, True),
        (Reply(status=429, headers={"Retry-After": "7"}), RunState.QUEUED, True),
        (Reply(status=404), RunState.FAILED, False),
        (typed("application/rss+xml", b"not a feed"), RunState.FAILED, False),
        (typed("application/rss+xml", RSS.replace(b"Ostrel", b"Qqq").replace(b"plant", b"zzz")), None, False),
    ],
    ids=["gone for now", "throttled", "not there", "garbage", "other words"],
)
def test_only_what_may_pass_is_tried_again(settings, reply, state, tries_left):
    with serving(lambda _asked: reply) as server:
        answering(settings, server)
        feed_source(f"{server.url}/rss")
        planned(1)
        result = prefill_run(run_id=only_run().pk)
    run = only_run()
    if state is None:
        assert result in {RunState.OK, RunState.EMPTY}
        return
    assert result is state
    assert (run.state == RunState.QUEUED and run.not_before > timezone.now()) is tries_left
    assert run.error_detail
    assert Evidence.objects.count() == 0


def test_the_last_try_that_fails_ends_as_not_consulted(settings):
    with serving(lambda _asked: Reply(status=503)) as server:
        answering(settings, server)
        feed_source(f"{server.url}/rss")
        planned(1)
        for _ in range(django_settings.PREFILL_MAX_TRIES):
            PrefillRun.objects.update(not_before=timezone.now())
            prefill_run(run_id=only_run().pk)
    assert only_run().state == RunState.FAILED
    assert "503" in only_run().error_detail


def test_a_throttled_source_rests_as_long_as_it_said(settings):
    with serving(lambda _asked: Reply(status=429, headers={"Retry-After": "120"})) as server:
        answering(settings, server)
        source = feed_source(f"{server.url}/rss")
        planned(2)
        first, second = PrefillRun.objects.order_by("pk")
        prefill_run(run_id=first.pk)
        assert prefill_run(run_id=second.pk) is None
        assert len(server.asked) == 1
    source.refresh_from_db()
    assert source.paused_until > timezone.now() + timedelta(seconds=100)
    second.refresh_from_db()
    assert second.state == RunState.QUEUED


def test_a_source_that_keeps_failing_is_left_alone_for_a_while(settings):
    with serving(lambda _asked: Reply(status=404)) as server:
        answering(settings, server)
        source = feed_source(f"{server.url}/rss")
        planned(BREAKER_FAILURES + 1)
        for run in PrefillRun.objects.order_by("pk"):
            prefill_run(run_id=run.pk)
        assert len(server.asked) == BREAKER_FAILURES
    source.refresh_from_db()
    assert source.paused_until is not None


def test_the_rate_of_a_source_holds_over_all_workers(feed):
    feed_source(f"{feed.url}/rss", rate=1)
    planned(2)
    first, second = PrefillRun.objects.order_by("pk")
    assert prefill_run(run_id=first.pk) is RunState.OK
    assert prefill_run(run_id=second.pk) is None
    second.refresh_from_db()
    assert second.state == RunState.QUEUED
    free_in = Source.objects.get().next_free_at - timezone.now()
    assert timedelta(seconds=50) < free_in <= timedelta(seconds=60)


def test_a_bug_in_a_connector_is_on_the_run_and_in_the_log(monkeypatch, feed):
    def broken(*_args: object) -> None:
        raise RuntimeError("a bug")

    feed_source(f"{feed.url}/rss")
    planned(1)
    monkeypatch.setattr(prefill, "ask", broken)
    with pytest.raises(RuntimeError):
        prefill_run(run_id=only_run().pk)
    assert (only_run().state, only_run().error_code) == (RunState.FAILED, "source.bug")


def test_a_person_may_ask_again_what_was_not_consulted_but_not_what_was_answered(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    prefill_run(run_id=only_run().pk)
    prefill_again(run=only_run())
    assert only_run().state == RunState.OK
    PrefillRun.objects.update(state=RunState.FAILED)
    prefill_again(run=only_run())
    assert only_run().state == RunState.QUEUED


def test_evidence_an_editor_decided_on_stays_as_it_is_when_found_again(feed):
    feed_source(f"{feed.url}/rss")
    planned(1)
    prefill_run(run_id=only_run().pk)
    Evidence.objects.update(state="kept", stance="refutes")
    PrefillRun.objects.update(state=RunState.QUEUED)
    prefill_run(run_id=only_run().pk)
    assert Evidence.objects.get().state == "kept"


def test_a_source_with_settings_its_connector_refuses_is_not_consulted():
    Source.objects.create(name="Broken", kind="feed", settings={"url": 5})
    made = claims(story(), 1)
    prefill_plan(made)
    assert prefill_run(run_id=only_run().pk) is RunState.FAILED
    assert only_run().error_detail


def test_planning_costs_the_same_number_of_queries_for_one_and_for_many_claims(feed, django_assert_max_num_queries):
    feed_source(f"{feed.url}/rss")
    many = claims(story("y" * 400), 120)
    with django_assert_max_num_queries(8):
        prefill_plan(many)


def test_errors_have_words():
    with pytest.raises(KeyError):
        raise FactcheckError("no.such.code")
