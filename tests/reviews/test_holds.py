"""While a story is on hold nobody outside is asked about it, and its clock stands still."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.choices import RunState
from articles.models import Article, PrefillRun
from articles.services import scheduling
from articles.services.article import article_resume, article_transition
from articles.services.prefill import prefill_again, prefill_plan, prefill_progress, prefill_run
from articles.workflow import ArticleAction, ArticleState
from reviews.models import Review
from reviews.selectors.queue import Filters, queue_counts, queue_page, view_of
from reviews.services.holds import deadlines_move
from reviews.services.review import review_for
from tests import factories
from tests.servers import Reply, serving

pytestmark = pytest.mark.django_db


def hold(article: Article) -> Article:
    article_transition(article=Article.objects.get(pk=article.pk), action=ArticleAction.HOLD, actor=None)
    return Article.objects.select_related("current").get(pk=article.pk)


def resume(article: Article, *, after: timedelta = timedelta(0)) -> Article:
    Article.objects.filter(pk=article.pk).update(held_at=timezone.now() - after)
    article_resume(article=Article.objects.select_related("current").get(pk=article.pk), actor=None)
    return Article.objects.get(pk=article.pk)


@pytest.fixture
def article() -> Article:
    return factories.article(due_at=timezone.now().replace(microsecond=0) + timedelta(hours=2))


# --- nobody outside is asked --------------------------------------------------------------------------
@pytest.fixture
def outside() -> Any:
    return factories.source(name="Wiki", kind="wikipedia", settings={"base_url": "http://127.0.0.1:9"})


@pytest.fixture
def inside() -> Any:
    return factories.source(name="Archive", kind="archive")


def due() -> set[str]:
    now = timezone.now()
    found = PrefillRun.objects.filter(state=RunState.QUEUED, not_before__lte=now)
    return set(found.values_list("source__name", flat=True))


def test_only_the_desks_own_collections_are_asked_while_it_is_on_hold(
    article: Article, outside: Any, inside: Any
) -> None:
    prefill_plan([factories.claim(article=article)])
    assert due() == {"Wiki", "Archive"}
    held = hold(article)
    assert due() == {"Archive"}
    prefill_plan([factories.claim(article=held, quote="240 million crowns")])  # one that is found meanwhile
    assert due() == {"Archive"}
    waiting = PrefillRun.objects.filter(source=outside)
    assert set(waiting.values_list("error_code", flat=True)) == {"article.held", ""}
    resume(held)
    assert due() == {"Wiki", "Archive"}
    assert set(waiting.values_list("error_code", flat=True)) == {""}


def test_a_question_that_comes_up_again_meanwhile_is_not_sent(article: Article, settings: Any) -> None:
    with serving(lambda _asked: Reply(status=500)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        factories.source(kind="wikipedia", settings={"base_url": server.url})
        prefill_plan([factories.claim(article=article)])
        PrefillRun.objects.update(state=RunState.FAILED)
        run = PrefillRun.objects.get()
        hold(article)
        prefill_again(run=run)  # a person asks once more
        assert prefill_run(run_id=run.pk) is None
        assert server.asked == []
        run.refresh_from_db()
        assert (run.state, run.not_before) == (RunState.QUEUED, scheduling.HELD_BACK)
        resume(article)
        prefill_run(run_id=run.pk)
        assert server.asked != []


def test_what_is_taken_along_is_held_back_too(article: Article, outside: Any) -> None:
    """A source without bounds gives several questions at a time, of whichever articles."""
    type(outside).objects.update(rate_per_minute=0, at_once=0)
    other = factories.article(title="Another")
    first = factories.run(claim=factories.claim(article=other), source=outside, state=RunState.QUEUED)
    second = factories.run(claim=factories.claim(article=article), source=outside, state=RunState.QUEUED)
    Article.objects.filter(pk=article.pk).update(state=ArticleState.HELD)  # held by a process that stopped right then
    taken = scheduling.take(PrefillRun.objects.select_related("claim__article").get(pk=first.pk))
    assert taken is not None
    assert scheduling.take_along(taken) == []
    second.refresh_from_db()
    assert (second.state, second.token, second.not_before) == (RunState.QUEUED, None, scheduling.HELD_BACK)


def test_what_is_held_back_is_neither_late_nor_waited_for(article: Article, outside: Any) -> None:
    prefill_plan([factories.claim(article=article)])
    hold(article)
    PrefillRun.objects.update(queued_at=timezone.now() - timedelta(days=9))
    scheduling.sweep()
    assert set(PrefillRun.objects.values_list("state", flat=True)) == {RunState.QUEUED}
    assert prefill_progress(article_id=article.pk).settled
    resume(article)
    scheduling.sweep()
    assert set(PrefillRun.objects.values_list("state", flat=True)) == {RunState.QUEUED}


# --- the clock stands still ---------------------------------------------------------------------------
def test_what_is_due_moves_by_the_time_on_hold_once(article: Article) -> None:
    review = review_for(claim=factories.claim(article=article), actor=None)
    before, article_before = review.due_at, article.due_at
    assert before is not None
    assert article_before is not None
    held = hold(article)
    assert deadlines_move() == 0
    now = resume(held, after=timedelta(hours=5))
    assert [deadlines_move(), deadlines_move()] == [1, 0]
    review.refresh_from_db()
    assert abs(review.due_at - before - timedelta(hours=5)) < timedelta(seconds=2)
    assert abs(now.due_at - article_before - timedelta(hours=5)) < timedelta(seconds=2)
    resume(hold(now), after=timedelta(hours=1))
    assert deadlines_move() == 1
    review.refresh_from_db()
    assert abs(review.due_at - before - timedelta(hours=6)) < timedelta(seconds=2)


def test_a_claim_that_is_confirmed_after_the_hold_keeps_its_deadline(article: Article) -> None:
    now = resume(hold(article), after=timedelta(hours=5))
    review = review_for(claim=factories.claim(article=Article.objects.select_related("current").get()), actor=None)
    assert deadlines_move() == 0
    assert Review.objects.get(pk=review.pk).due_at == now.due_at


def test_a_review_without_a_deadline_and_one_that_ended_stay_as_they_are(article: Article) -> None:
    open_, ended = (
        review_for(claim=factories.claim(article=article, quote=quote), actor=None)
        for quote in ("carries 30,000 people a day", "240 million crowns")
    )
    Review.objects.filter(pk=open_.pk).update(due_at=None)
    Review.objects.filter(pk=ended.pk).update(active=False)
    before = Review.objects.get(pk=ended.pk).due_at
    resume(hold(article), after=timedelta(hours=5))
    deadlines_move()
    assert Review.objects.get(pk=open_.pk).due_at is None
    assert Review.objects.get(pk=ended.pk).due_at == before
    assert deadlines_move() == 0


def test_nothing_on_hold_is_overdue(article: Article) -> None:
    person = factories.person()
    review = review_for(claim=factories.claim(article=article), actor=None)
    Review.objects.filter(pk=review.pk).update(due_at=timezone.now() - timedelta(hours=1))
    filters = Filters(view=view_of("overdue"))
    assert (queue_counts(person)["overdue"], len(queue_page(person, filters).rows)) == (1, 1)
    hold(article)
    assert (queue_counts(person)["overdue"], len(queue_page(person, filters).rows)) == (0, 0)
