"""Who is asked next: urgent claims first, articles in turns, and a source's limits over all workers together."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.choices import RunState, Urgency
from articles.models import Claim, Desk, PrefillRun, Source, SourceHour
from articles.services import scheduling
from articles.services.document import document_add
from articles.services.prefill import (
    prefill_cancel,
    prefill_hurry,
    prefill_plan,
    prefill_revive,
    prefill_run,
    prefill_sweep,
    prefill_work,
)
from articles.services.scheduling import BREAKER_FAILURES, take_next
from articles.workflow import ClaimState
from tests import factories
from tests.articles.desk import RSS, claims, feed_source, planned, story
from tests.servers import Reply, serving, typed

pytestmark = pytest.mark.django_db


def quiet_source(**values) -> Source:
    """A collection without documents: it answers at once that it found nothing."""
    return Source.objects.create(
        **({"name": "Shelf", "kind": "documents", "rate_per_minute": 0, "at_once": 0} | values)
    )


def order_of_articles(count: int) -> list[int]:
    found = []
    for _ in range(count):
        taken = take_next()
        assert taken is not None
        found.append(taken.run.claim.article_id)
    return found


def test_a_claim_on_the_screen_goes_before_all_others():
    quiet_source()
    last = planned(50)[-1]
    Claim.objects.update(priority=1)
    prefill_hurry(claim_id=last.pk)
    taken = take_next()
    assert taken is not None
    assert (taken.run.claim_id, taken.run.urgency) == (last.pk, Urgency.NOW)


def test_a_small_article_does_not_wait_for_the_large_one_before_it():
    quiet_source()
    large = planned(100, text="x" * 1000)[0].article_id
    order_of_articles(20)
    small = claims(story("z" * 400), 3)
    prefill_plan(small)
    following = order_of_articles(7)
    assert following.count(small[0].article_id) == 3
    assert following.count(large) == 4


def test_the_claim_with_the_highest_priority_of_an_article_is_asked_first():
    quiet_source()
    made = claims(story("x" * 400), 3)
    made[2].priority = 99
    prefill_plan(made)
    taken = take_next()
    assert taken is not None
    assert taken.run.claim_id == made[2].pk


def test_no_more_questions_at_once_than_the_source_allows():
    quiet_source(at_once=2)
    planned(5)
    assert [take_next() is not None for _ in range(3)] == [True, True, False]


def test_a_full_source_does_not_hold_up_another():
    quiet_source(at_once=1)
    quiet_source(name="Other shelf")
    planned(3)
    taken = [take_next() for _ in range(4)]
    assert sorted(one.run.source.name for one in taken if one) == [*["Other shelf"] * 3, "Shelf"]


def test_a_shelf_of_ones_own_gives_several_questions_at_a_time():
    quiet_source()
    planned(20)
    first = take_next()
    assert first is not None
    along = scheduling.take_along(first)
    assert len(along) == scheduling.TAKEN_ALONG
    assert PrefillRun.objects.filter(state=RunState.RUNNING, token=first.token).count() == 1 + len(along)
    assert [one.run.turn for one in along] == sorted(one.run.turn for one in along)
    assert Source.objects.get().turn == along[-1].run.turn
    other = take_next()
    assert other is not None
    assert other.run.pk not in {one.run.pk for one in (first, *along)}


@pytest.mark.parametrize("bound", [{"rate_per_minute": 60}, {"at_once": 3}, {"failures_in_row": BREAKER_FAILURES}])
def test_a_source_with_a_bound_gives_one_question_at_a_time(bound):
    quiet_source(**bound)
    planned(5)
    taken = take_next()
    assert taken is not None
    assert scheduling.take_along(taken) == []


def test_of_the_questions_taken_along_those_of_claims_put_aside_are_not_asked():
    quiet_source()
    made = planned(4)
    first = take_next()
    assert first is not None
    aside = next(one for one in made if one.pk != first.run.claim_id)
    Claim.objects.filter(pk=aside.pk).update(state=ClaimState.DISMISSED, dismiss_reason="opinion")
    along = scheduling.take_along(first)
    assert aside.pk not in {one.run.claim_id for one in along}
    assert len(along) == 2
    assert aside.runs.get().state == RunState.CANCELLED


def test_one_question_tells_whether_a_failing_source_is_back(settings):
    with serving(lambda _asked: typed("application/rss+xml", RSS)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        feed_source(f"{server.url}/rss")
        Source.objects.update(failures_in_row=BREAKER_FAILURES, paused_until=timezone.now() - timedelta(seconds=1))
        planned(4)
        probe = take_next()
        assert probe is not None
        assert take_next() is None
        PrefillRun.objects.filter(pk=probe.run.pk).update(state=RunState.QUEUED, token=None, lease_until=None)
        assert prefill_work() == 4
    assert Source.objects.get().failures_in_row == 0


def test_each_failed_try_after_the_rest_doubles_the_rest(settings):
    with serving(lambda _asked: Reply(status=404)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        feed_source(f"{server.url}/rss")
        planned(BREAKER_FAILURES + 1)
        rests = []
        for run in PrefillRun.objects.order_by("pk"):
            Source.objects.update(paused_until=None)
            prefill_run(run_id=run.pk)
            rests.append((Source.objects.get().paused_until or timezone.now()) - timezone.now())
    assert rests[3] < timedelta(seconds=1)
    assert timedelta(minutes=14) < rests[4] <= timedelta(minutes=15)
    assert timedelta(minutes=29) < rests[5] <= timedelta(minutes=30)


def test_an_answer_that_was_under_way_does_not_end_the_rest_a_source_asked_for(settings):
    until = timezone.now() + timedelta(minutes=2)
    with serving(lambda _asked: typed("application/rss+xml", RSS)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        source = feed_source(f"{server.url}/rss")
        planned(1)
        taken = take_next()
        Source.objects.update(paused_until=until)
        scheduling.note_answer(source, _empty(), requests=1, milliseconds=5)
    assert taken is not None
    assert Source.objects.get().paused_until == until


def _empty():
    from articles.sources.base import ConnectorResult  # noqa: PLC0415

    return ConnectorResult("empty")


def test_requests_beyond_the_first_are_paid_for_and_remembered_ones_given_back():
    source = quiet_source(rate_per_minute=60)
    now = timezone.now()
    for requests, seconds in ((4, 3), (0, -1), (1, 0)):
        Source.objects.update(next_free_at=now)
        scheduling.note_answer(source, _empty(), requests=requests, milliseconds=1)
        assert Source.objects.get().next_free_at == now + timedelta(seconds=seconds)


def test_the_hour_keeps_what_was_answered_and_what_failed(settings):
    replies = iter([typed("application/rss+xml", RSS), Reply(status=404), Reply(status=429)])
    with serving(lambda _asked: next(replies)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        for number in range(3):
            feed_source(f"{server.url}/rss{number}", name=f"Feed {number}")
        planned(1)
        assert prefill_work() == 3
    hours = SourceHour.objects.order_by("source__name").values_list("answered", "failed", "throttled")
    assert list(hours) == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_a_question_nobody_could_ask_in_time_ends_and_says_why():
    quiet_source(paused_until=timezone.now() + timedelta(hours=3), last_error="It answered 503.")
    planned(1)
    PrefillRun.objects.update(queued_at=timezone.now() - timedelta(hours=25))
    prefill_sweep()
    run = PrefillRun.objects.get()
    assert (run.state, run.error_code) == (RunState.FAILED, "prefill.deadline")
    assert "24 hours" in run.error_detail
    assert "503" in run.error_detail


def test_questions_to_a_source_that_was_switched_off_are_cancelled():
    quiet_source()
    planned(2)
    Source.objects.update(enabled=False)
    prefill_sweep()
    assert set(PrefillRun.objects.values_list("state", flat=True)) == {RunState.CANCELLED}


def test_the_answer_to_a_cancelled_question_is_thrown_away():
    quiet_source()
    planned(1)
    taken = take_next()
    assert taken is not None
    assert prefill_cancel(run=taken.run)
    assert prefill_work() == 0
    assert PrefillRun.objects.get().state == RunState.CANCELLED
    assert not prefill_cancel(run=taken.run)


def test_dead_letters_of_open_claims_are_asked_again_together():
    source = quiet_source()
    planned(3)
    PrefillRun.objects.update(state=RunState.FAILED, finished_at=timezone.now())
    Claim.objects.filter(pk=PrefillRun.objects.order_by("pk").values("claim")[:1]).update(settled=True)
    assert prefill_revive(source=source) == 2
    assert prefill_work() == 2


def test_a_reworded_claim_is_no_longer_asked_about_in_its_old_words():
    quiet_source()
    made = planned(1)[0]
    made.statement = "The Ostrel plant was closed in Vell by Minister Oda Wren."
    made.save()
    assert prefill_plan([made]) == 1
    assert sorted(PrefillRun.objects.values_list("state", flat=True)) == [RunState.CANCELLED, RunState.QUEUED]


def test_a_collection_that_found_nothing_is_asked_again_when_it_gets_a_document():
    source = quiet_source()
    planned(1)
    assert prefill_work() == 1
    assert PrefillRun.objects.get().state == RunState.EMPTY
    text = b"The Ostrel plant supplied 1 gigawatt-hours in 2026, the grid operator says.\n"
    document_add(source=source, name="grid.txt", data=text, actor=None)
    assert PrefillRun.objects.get().urgency == Urgency.LATER
    assert prefill_work() == 1
    run = PrefillRun.objects.get()
    assert (run.state, run.found) == (RunState.OK, 1)


def test_the_next_question_costs_the_same_however_long_the_queue_is(django_assert_num_queries):
    quiet_source()
    quiet_source(name="Other shelf", at_once=2)
    planned(300)
    with django_assert_num_queries(10):
        assert take_next() is not None
    with connection.cursor() as cursor:
        cursor.execute(_explained())
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert connection.vendor != "sqlite" or "run_turn_idx" in plan


def _explained() -> str:
    best = "SELECT id FROM articles_prefillrun WHERE source_id = 1 AND desk_id = 1 AND state = 'queued'"
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    return f"{how} {best} ORDER BY urgency, turn, id LIMIT 1"


def test_a_desk_with_ten_thousand_questions_does_not_keep_another_one_waiting():
    source = quiet_source(at_once=1)
    ours = planned(2)
    far = Desk.objects.create(name="Far", slug="far")
    claim = factories.claim(article=factories.article(desk=far))
    now = timezone.now()
    PrefillRun.objects.bulk_create(
        [
            PrefillRun(claim=claim, source=source, desk=far, query_digest=str(at), not_before=now)
            for at in range(10_000)
        ],
        batch_size=2_000,
    )  # fmt: skip
    desks = []
    for _ in range(6):
        taken = take_next()
        assert taken is not None
        desks.append(taken.run.desk_id)
        PrefillRun.objects.filter(pk=taken.run.pk).update(state=RunState.EMPTY, token=None, lease_until=None)
    assert desks.count(ours[0].article.desk_id) == 2  # all it had, among the first four
    assert desks[4:] == [far.pk, far.pk]
    prefill_hurry(claim_id=claim.pk)  # what somebody looks at goes first on either desk
    taken = take_next()
    assert taken is not None
    assert taken.run.urgency == Urgency.NOW


@pytest.mark.django_db(transaction=True)
def test_eight_workers_take_each_question_once_and_keep_the_limit():
    quiet_source(at_once=5)
    planned(40)
    taken: list[int] = []

    def work() -> None:
        try:
            while (one := take_next()) is not None:
                taken.append(one.run.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(taken) == len(set(taken)) == 5
