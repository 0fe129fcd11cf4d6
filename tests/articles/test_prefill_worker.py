"""A worker killed in the middle of prefill loses nothing and doubles nothing."""

from __future__ import annotations

import json
import time

import pytest
from django.db.models import Count

from articles.choices import RUN_ENDED, RunState
from articles.models import Evidence, PrefillRun, Source
from tests.articles.desk import planned
from tests.servers import json_reply, serving
from tests.services import wait_until

QUESTIONS = 200
ANSWER_SECONDS = 0.04


def slow_wiki(asked):
    """A wiki with one page that touches every claim; each question is asked on its own, as in life."""
    time.sleep(ANSWER_SECONDS)  # how long the outside world takes, not a wait for a condition
    if asked.params.get("list") == "search":
        return json_reply(json.dumps({"query": {"search": [{"ns": 0, "title": "Ostrel", "pageid": 1}]}}).encode())
    page = {
        "pageid": 1,
        "ns": 0,
        "title": "Ostrel",
        "revisions": [{"revid": 7, "parentid": 6, "timestamp": "2026-11-01T00:00:00Z"}],
        "extract": "The Ostrel plant supplied 1,371 gigawatt-hours in 2026, the grid operator says.",
    }
    return json_reply(json.dumps({"query": {"pages": [page]}}).encode())


def ended() -> int:
    return PrefillRun.objects.filter(state__in=RUN_ENDED).count()


@pytest.mark.worker
def test_two_hundred_questions_survive_a_worker_killed_half_way(worker_process):
    with serving(slow_wiki) as server:
        Source.objects.create(
            name="Wiki", kind="wikipedia", settings={"base_url": server.url, "language": "en"}, rate_per_minute=0
        )
        settings = {
            "OUTBOUND_ALLOWED": server.host_port,
            "BROKER_VISIBILITY_SECONDS": "5",
            "PREFILL_LEASE_SECONDS": "3",
            "SWEEP_SECONDS": "1",
        }
        planned(QUESTIONS)
        first = worker_process(**settings)
        wait_until(lambda: ended() >= QUESTIONS // 2, seconds=60, what="half of the answers")
        first.kill()
        assert ended() < QUESTIONS, "the worker was done before it was killed: the test proves nothing"
        worker_process(beat=True, **settings)
        wait_until(lambda: ended() == QUESTIONS, seconds=90, what="all answers")
    assert PrefillRun.objects.filter(state=RunState.OK).count() == QUESTIONS
    assert Evidence.objects.count() == QUESTIONS
    doubled = Evidence.objects.values("claim", "external_id").annotate(n=Count("pk")).filter(n__gt=1)
    assert not doubled.exists()
