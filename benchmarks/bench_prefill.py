"""Prefill: ten sources of a second each on ten slots, and what a question costs beside an empty task.

Real processes: an embedded Valkey, one worker with ten threads, an HTTP server that takes its time. Both loads
of the second figure go through the same broker and the same worker, one after the other; the ratio is of times
within this run.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
FOLDER: Final = Path(tempfile.mkdtemp(prefix="bench-prefill-"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER / 'bench.sqlite3'}")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from report import write  # noqa: E402

from articles.choices import RUN_ENDED  # noqa: E402
from articles.models import PrefillRun, Source  # noqa: E402
from articles.services.prefill import prefill_plan  # noqa: E402
from factcheck.celery import app  # noqa: E402
from factcheck.launch import processes  # noqa: E402
from tests.articles.desk import RSS, claims, story  # noqa: E402
from tests.servers import Reply, serving, typed  # noqa: E402
from tests.services import BrokerServer, Worker, celery_uses  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES: Final = 10
SLOTS: Final = 10
ANSWER_SECONDS: Final = 1.0
TASKS: Final = 600
ROUNDS: Final = 3


@contextlib.contextmanager
def worker(broker: BrokerServer, allowed: str) -> Iterator[None]:
    environment = dict(os.environ) | {
        "REDIS_URL": broker.url, "DATA_DIR": str(FOLDER), "OUTBOUND_ALLOWED": allowed, "LOG_LEVEL": "INFO",
        "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    one = Worker(environment, FOLDER / "worker.log", concurrency=SLOTS)
    one.start()
    try:
        yield
    finally:
        one.stop()


def wait_for_runs(claim_ids: list[int]) -> None:
    mine = PrefillRun.objects.filter(claim__in=claim_ids)
    ended = processes.until(lambda: not mine.exclude(state__in=RUN_ENDED).exists(), seconds=300)
    assert ended, "the questions were not answered"


def slow(_asked: Any) -> Reply:
    time.sleep(ANSWER_SECONDS)  # how long the outside world takes
    return typed("application/rss+xml", RSS)


def wall_of_one_claim(url: str) -> float:
    """Seconds from planning to the last of ten answers; the median of some rounds, each with other addresses."""
    taken = []
    for turn in range(ROUNDS + 1):
        Source.objects.update(enabled=False)
        for number in range(SOURCES):
            settings = {"url": f"{url}/{turn}/{number}"}
            Source.objects.create(name=f"Feed {turn}.{number}", kind="feed", settings=settings, rate_per_minute=60)
        made = claims(story(f"Round {turn} of the harbour tram."), 1)
        began = time.perf_counter()
        prefill_plan(made)
        wait_for_runs([made[0].pk])
        taken.append(time.perf_counter() - began)
    return sorted(taken[1:])[ROUNDS // 2]


def empty_tasks(broker: BrokerServer) -> float:
    """Milliseconds a task that does nothing, from the first sent to the last run."""
    client = broker.client()
    begin = time.perf_counter()
    for _ in range(TASKS):
        app.send_task("celery.backend_cleanup")
    assert processes.until(lambda: not client.llen("default") and not client.hlen("unacked"), seconds=120)
    client.close()
    return (time.perf_counter() - begin) / TASKS * 1000


def questions() -> float:
    """Milliseconds a question to a source that answers at once, planning included."""
    Source.objects.update(enabled=False)
    Source.objects.create(name=f"Shelf {time.time()}", kind="documents", rate_per_minute=0, at_once=0)
    made = claims(story("x" * (TASKS + 10) + str(time.time())), TASKS)
    began = time.perf_counter()
    prefill_plan(made)
    wait_for_runs([one.pk for one in made])
    return (time.perf_counter() - began) / TASKS * 1000


def main() -> None:
    call_command("migrate", verbosity=0)
    broker = BrokerServer(FOLDER / "broker")
    broker.folder.mkdir()
    broker.start()
    try:
        with celery_uses(app, broker.url), serving(slow) as server, worker(broker, server.host_port):
            wall = wall_of_one_claim(server.url)
            pairs = [(empty_tasks(broker), questions()) for _ in range(ROUNDS)]
    finally:
        broker.close()
    ratios = sorted(question / empty for empty, question in pairs)
    write("prefill", {
        "database": os.environ["DATABASE_URL"].partition(":")[0],
        "wall_seconds_of_ten_sources_of_one_second": round(wall, 3),
        "empty_task_ms": [round(empty, 3) for empty, _ in pairs],
        "question_ms": [round(question, 3) for _, question in pairs],
        "ratio_median": round(ratios[ROUNDS // 2], 2),
    })  # fmt: skip


if __name__ == "__main__":
    main()
