"""The scenario of `python -m tests.faults`: what dies when, and what there must be in the end."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from articles.choices import RUN_ENDED, RunState
from articles.models import Evidence, PrefillRun, Source
from factcheck.celery import app
from factcheck.launch import processes
from tests.articles.desk import planned
from tests.servers import Reply, json_reply, serving
from tests.services import BrokerServer, Worker, celery_uses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from factcheck.launch.postgres import Cluster

SLOW_SECONDS: Final = 0.3
WORKERS: Final = 2
PATIENCE: Final = 0.2  # seconds a claim, for all of its questions, on a crowded machine


def wiki(asked: Any) -> Reply:
    """One page that touches every claim."""
    if asked.params.get("list") == "search":
        found: Any = {"query": {"search": [{"ns": 0, "title": "Ostrel", "pageid": 1}]}}
    else:
        page = {
            "pageid": 1, "ns": 0, "title": "Ostrel",
            "revisions": [{"revid": 7, "parentid": 6, "timestamp": "2026-11-01T00:00:00Z"}],
            "extract": "The Ostrel plant supplied 1,371 gigawatt-hours in 2026, the grid operator says.",
        }  # fmt: skip
        found = {"query": {"pages": [page]}}
    return json_reply(json.dumps(found).encode())


def slow(asked: Any) -> Reply:
    """As the wiki, but one search in twenty takes its time."""
    if asked.params.get("srsearch", "").__hash__() % 20 == 0:
        time.sleep(SLOW_SECONDS)  # how long the outside world takes
    return wiki(asked)


def lying(_asked: Any) -> Reply:

    return json_reply(b'{"query": [17, {"search": "yes"')


def cutting(_asked: Any) -> Reply:

    return Reply(b"{}", headers={"Content-Type": "application/json"}, stated_length=5000)


SOUND: Final = {"quiet": wiki, "slow": slow}
SICK: Final = {"lying": lying, "cutting": cutting}


class Desk:
    """What runs, and how each part of it dies and comes back."""

    def __init__(self, database: Cluster, broker: BrokerServer, folder: Path, allowed: str) -> None:
        self.database, self.broker, self.folder = database, broker, folder
        self.environment = dict(os.environ) | {
            "DATABASE_URL": database.url, "REDIS_URL": broker.url, "DATA_DIR": str(folder),
            "OUTBOUND_ALLOWED": allowed,
        }  # fmt: skip
        self.workers: list[Worker] = []
        self.count = 0

    def hire(self) -> None:

        while len(self.workers) < WORKERS:
            self.count += 1
            # Each has the clock of the periodic tasks: whichever dies, the other sweeps.
            one = Worker(self.environment, self.folder / f"worker-{self.count}.log", beat=True)
            one.start(seconds=180)
            self.workers.append(one)

    def kill_worker(self) -> None:
        self.workers.pop(0).kill()
        self.hire()

    def kill_broker(self) -> None:
        self.broker.kill()
        self.broker.start()

    def break_database(self) -> None:

        self.database.break_down()
        self.database.start()
        connection.close()

    def all_at_once(self) -> None:

        while self.workers:
            self.workers.pop().kill()
        self.broker.kill()
        self.database.break_down()
        connection.close()
        self.database.start()
        self.broker.start()
        self.hire()

    def end(self) -> None:
        for one in self.workers:
            one.kill()
        self.broker.close()


@contextlib.contextmanager
def sources() -> Iterator[str]:
    """The five of them as rows; yields what the workers may reach."""
    Source.objects.update(enabled=False)
    Source.objects.create(name="shelf", kind="documents", rate_per_minute=0, at_once=0)
    with contextlib.ExitStack() as stack:
        allowed = []
        for name, answer in (SOUND | SICK).items():
            server = stack.enter_context(serving(answer))
            allowed.append(server.host_port)
            Source.objects.create(
                name=name, kind="wikipedia", settings={"base_url": server.url, "language": "en"}, rate_per_minute=0,
                at_once=4,
            )  # fmt: skip
        yield ",".join(allowed)


def sound_left() -> int:

    sound = PrefillRun.objects.filter(source__name__in=[*SOUND, "shelf"])
    return sound.exclude(state__in=RUN_ENDED).count()


def wait(check: Callable[[], bool], seconds: float, what: str) -> None:

    if not processes.until(check, seconds=seconds, pause=0.2):
        raise SystemExit(f"FAILED: {what} did not happen in {seconds:.0f} s; {sound_left()} questions are left.")


def run(desk: Desk, claims: int) -> dict[str, object]:
    """Plan, break one thing after the other, wait for the end; returns what there is then."""
    seconds = 120 + claims * PATIENCE * 5
    began = time.monotonic()
    planned(claims, text="x" * (claims + 10))
    all_of_them = sound_left()
    print(f"{PrefillRun.objects.count()} questions about {claims} claims")  # noqa: T201
    desk.hire()
    for share, act in (
        (0.8, desk.kill_worker), (0.6, desk.kill_broker), (0.4, desk.break_database), (0.2, desk.all_at_once)
    ):  # fmt: skip
        wait(lambda share=share: sound_left() <= all_of_them * share, seconds, f"{1 - share:.0%} of the answers")
        left = sound_left()
        if not left:
            raise SystemExit("FAILED: all was answered before everything was broken. Ask about more claims.")
        print(f"{act.__name__} with {left} left")  # noqa: T201
        act()
    wait(lambda: sound_left() == 0, seconds, "the last answer")
    wait(lambda: not PrefillRun.objects.filter(state="running").exists(), 60, "the end of every question")
    return {"seconds": round(time.monotonic() - began, 1), **outcome(claims)}


def outcome(claims: int) -> dict[str, object]:
    """Counts of what happened to the questions, and of what must not be: each of `wrong` is empty or zero."""
    states = PrefillRun.objects.values_list("source__name", "state")
    sound = PrefillRun.objects.filter(source__name__in=SOUND)
    resting = Q(state=RunState.QUEUED, source__paused_until__gt=timezone.now()) & ~Q(source__last_error="")
    said = Q(state__in=(RunState.FAILED, RunState.THROTTLED)) & ~Q(error_detail="")
    twice = Evidence.objects.values("claim", "source", "external_id").annotate(n=Count("pk")).filter(n__gt=1)
    wrong = {
        "lost": claims * len(SOUND) - sound.filter(state=RunState.OK).count(),
        "evidence missing": claims * len(SOUND) - Evidence.objects.count(),
        "twice": twice.count(),
        "unexplained": PrefillRun.objects.filter(source__name__in=SICK).exclude(resting | said).count(),
    }
    counted = Counter(f"{name} {state}" for name, state in states)
    return {"questions": dict(sorted(counted.items())), "wrong": {name: n for name, n in wrong.items() if n}}


def everything_dies(database: Cluster, claims: int, folder: Path) -> None:
    """Run the scenario on an empty database; exits with 1 where something was lost, doubled or left unexplained."""
    call_command("migrate", verbosity=0)
    broker = BrokerServer(folder / "broker")
    broker.folder.mkdir()
    broker.start()
    with sources() as allowed, celery_uses(app, broker.url):
        desk = Desk(database, broker, folder, allowed)
        try:
            found = run(desk, claims)
        finally:
            desk.end()
    print(json.dumps(found, indent=1))  # noqa: T201
    if found["wrong"]:
        sys.exit(1)
