"""The health of the sources: what waits, what was answered, what can be asked again or cleared."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.choices import RunState
from articles.models import PrefillRun, Source, SourceHour
from articles.selectors.health import HOURS, Health, sources_health
from factcheck.audit.models import AuditEvent
from tests import factories
from tests.articles.desk import planned
from tests.articles.test_admin_source import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
PAGE = "/admin/articles/source/health/"


@pytest.fixture
def source() -> Source:
    Source.objects.update(enabled=False)  # those every desk begins with
    return factories.source(name="Tessel feed", kind="documents", rate_per_minute=0)


def health_of(source: Source) -> Health:
    return next(one for one in sources_health(timezone.now()) if one.source == source)


def hour(source: Source, ago: int, **counts: int) -> None:
    at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=ago)
    SourceHour.objects.create(source=source, hour=at, **counts)


def test_hours_waiting_and_not_consulted_are_counted(source: Source) -> None:
    planned(4)
    runs = list(PrefillRun.objects.order_by("pk"))
    PrefillRun.objects.filter(pk=runs[0].pk).update(state=RunState.FAILED)
    PrefillRun.objects.filter(pk=runs[1].pk).update(state=RunState.OK)
    hour(source, 0, answered=3, failed=1, milliseconds=400)
    hour(source, 5, answered=8, milliseconds=800)
    hour(source, HOURS, answered=99, milliseconds=1)  # too long ago
    one = health_of(source)
    assert (one.waiting, one.running, one.dead, one.answered, one.unanswered) == (2, 0, 1, 11, 1)
    assert one.oldest == runs[2].queued_at
    assert one.milliseconds == 100
    bars = {bar.place: (bar.answered, bar.unanswered) for bar in one.bars}
    assert bars == {HOURS - 1: (38, 12), HOURS - 6: (100, 0)}


def test_a_source_nobody_asked_has_nothing_to_show(source: Source) -> None:
    one = health_of(source)
    assert (one.waiting, one.oldest, one.milliseconds, one.bars) == (0, None, None, ())


def test_claims_that_were_put_aside_are_not_counted_as_open(source: Source) -> None:
    made = planned(2)
    PrefillRun.objects.update(state=RunState.THROTTLED)
    type(made[0]).objects.filter(pk=made[0].pk).update(settled=True)
    assert health_of(source).dead == 1


def test_the_page_costs_the_same_for_many_sources(source: Source, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        factories.source(kind="documents")
    with django_assert_num_queries(4):
        sources_health(timezone.now())


def test_the_page_shows_it_and_its_links_lead_somewhere(source: Source) -> None:
    planned(3)
    PrefillRun.objects.filter(pk=PrefillRun.objects.first().pk).update(state=RunState.FAILED)  # type: ignore[union-attr]
    Source.objects.update(last_error="The feed <b>broke</b>.")
    hour(source, 1, answered=2, failed=1, milliseconds=30)
    page = signed_in("Source manager").get(PAGE).content.decode()
    assert "1 still open" in page
    assert "2 answered, 1 not consulted" in page
    assert "The feed &lt;b&gt;broke&lt;/b&gt;." in page
    manager = signed_in("Administrator")
    assert PAGE in manager.get("/admin/articles/source/").content.decode()
    linked = re.search(r'href="(/admin/articles/prefillrun/[^"]+)"', manager.get(PAGE).content.decode())
    assert linked
    runs = manager.get(html.unescape(linked[1]))
    assert runs.status_code == 200
    assert runs.context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("act", "before", "after", "traced"),
    [
        ("again", RunState.FAILED, RunState.QUEUED, "source.revived"),
        ("again", RunState.THROTTLED, RunState.QUEUED, "source.revived"),
        ("clear", RunState.QUEUED, RunState.CANCELLED, "source.cleared"),
    ],
)
def test_questions_are_asked_again_or_cleared(
    source: Source, act: str, before: RunState, after: RunState, traced: str
) -> None:
    planned(2)
    PrefillRun.objects.update(state=before)
    client = signed_in("Source manager")
    assert client.get(f"/admin/articles/source/{source.pk}/{act}/").status_code == 405
    answer = client.post(f"/admin/articles/source/{source.pk}/{act}/", follow=True)
    assert "2 questions" in answer.content.decode()
    assert set(PrefillRun.objects.values_list("state", flat=True)) == {after}
    assert AuditEvent.objects.get(action=traced).after == {"questions": 2}


@pytest.mark.parametrize("role", ["Checker", "Viewer", "Reporter"])
@pytest.mark.parametrize("path", [PAGE, "/admin/articles/source/{}/again/", "/admin/articles/source/{}/clear/"])
def test_others_do_not_reach_it(source: Source, role: str, path: str) -> None:
    client = signed_in(role)
    path = path.format(source.pk)
    answer = client.get(path) if path == PAGE else client.post(path)
    assert answer.status_code in (302, 403)
