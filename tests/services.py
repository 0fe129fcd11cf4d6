"""Real servers and real worker processes for tests. The fixtures in conftest.py hand these out.

How to test what happens when a worker dies:

    @pytest.mark.worker
    def test_nothing_is_lost(worker_process: StartWorker) -> None:
        worker = worker_process(BROKER_VISIBILITY_SECONDS="5", PREFILL_LEASE_SECONDS="2")
        ...                       # make rows, commit, let it begin
        worker.kill()             # SIGKILL to its process group, reaped
        worker_process(beat=True, BROKER_VISIBILITY_SECONDS="5")   # a second one, with the sweeper's clock
        wait_until(lambda: Run.objects.filter(state="done").count() == 200, seconds=60)

Under `make test` the same test runs twice: on SQLite with the embedded Valkey on a unix socket, and on
PostgreSQL with a Redis server over TCP.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit

import kombu.pools
import redis
from django.db import connection

from factcheck.launch import broker, processes
from factcheck.launch.places import broker_socket, socket_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from celery import Celery

READY = re.compile(rb"\S+@\S+ ready\.")


def wait_until(check: Callable[[], object], *, seconds: float, what: str = "it") -> None:
    """Ask until the answer is true; an assertion error that says what never came after `seconds`."""
    assert processes.until(lambda: bool(check()), seconds=seconds), f"{what} did not happen in {seconds} s"


# --- broker -------------------------------------------------------------------------------------------
@dataclass
class BrokerServer:
    """A Valkey of our own on a unix socket, keeping its queue in `folder` across `kill` and `start`."""

    folder: Path
    process: processes.Process | None = None

    @property
    def socket(self) -> Path:
        return broker_socket(self.folder)

    @property
    def url(self) -> str:
        return socket_url(self.socket)

    def start(self) -> None:
        data = broker.private_folder(self.folder / "valkey")
        broker.private_folder(self.socket.parent)
        argv = broker.command(broker.server_binary(), data=data, socket=self.socket)
        with (self.folder / "broker.log").open("ab") as log:
            self.process = processes.spawn(argv, output=log)
        wait_until(lambda: broker.answers(socket=self.socket), seconds=10, what="an answer of the broker")

    def kill(self) -> None:
        """As a machine that loses power: SIGKILL."""
        if self.process is not None:
            processes.kill_group(self.process)
            self.process = None

    def settle(self) -> None:
        """Wait until all it has taken is on the disk; a kill before that may lose the last second or two."""
        client = self.client()
        local, _replicas = client.execute_command("WAITAOF", 1, 0, 10_000)
        client.close()
        assert local == 1, "the broker did not sync its file within 10 s"

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))

    def close(self) -> None:
        self.kill()
        if not self.socket.is_relative_to(self.folder):
            shutil.rmtree(self.socket.parent, ignore_errors=True)


@contextmanager
def celery_uses(app: Celery, url: str) -> Iterator[None]:
    """Let this process publish to `url` and forget its connections to anything else."""
    before = app.conf.broker_url
    _point(app, url)
    try:
        yield
    finally:
        _point(app, before)


def _point(app: Celery, url: str) -> None:
    app.conf.broker_url = url
    kombu.pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


def flush(url: str) -> None:
    """Empty the broker: what another test left there must not be run in this one."""
    if url.startswith("redis+socket://"):
        client = redis.Redis.from_url("unix://" + urlsplit(url).path + "?db=0")
    else:
        client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()


# --- worker -------------------------------------------------------------------------------------------
def database_url() -> str:
    """The URL of the database this test is using, for another process to use it too."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(settings['NAME']))}"
    user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
    return f"postgres://{user}:{password}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


@dataclass
class Worker:
    """One `celery worker` process (with `-B` also the clock of the periodic tasks)."""

    environment: dict[str, str]
    log: Path
    beat: bool = False
    concurrency: int = 4
    process: processes.Process | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None, "the worker was not started"
        return self.process.pid

    def start(self, *, seconds: float = 40) -> None:
        """Return when it consumes."""
        argv = [sys.executable, "-m", "celery", "-A", "factcheck", "worker", "-P", "threads"]
        argv += ["-c", str(self.concurrency), "-n", f"test-{uuid.uuid4().hex[:8]}@%h", "--without-gossip"]
        argv += ["--without-mingle"]
        if self.beat:
            argv += ["-B", "-s", str(self.log.with_suffix(".schedule"))]
        with self.log.open("ab") as log:
            self.process = processes.spawn(argv, env=self.environment, output=log)
        process = self.process
        began = processes.until(
            lambda: process.poll() is not None or READY.search(self.log.read_bytes()), seconds=seconds
        )
        assert began, f"the worker was not ready after {seconds} s:\n{self.text()}"
        assert process.poll() is None, f"the worker ended:\n{self.text()}"

    def text(self) -> str:
        """Everything it wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """SIGKILL to its process group: it finishes nothing, acknowledges nothing."""
        if self.process is not None:
            processes.kill_group(self.process)

    def stop(self) -> None:
        """As a deployment does: SIGTERM first, then harder."""
        if self.process is not None:
            processes.end([self.process])


class StartWorker(Protocol):
    """`worker_process(beat=True, SWEEP_SECONDS="1")`: keywords in capitals become its environment."""

    def __call__(self, *, beat: bool = False, concurrency: int = 4, **environment: str) -> Worker: ...


@dataclass
class Workers:
    """Starts workers on the database and the broker of one test, and ends every one of them."""

    broker_url: str
    folder: Path
    started: list[Worker] = field(default_factory=list)

    def __call__(self, *, beat: bool = False, concurrency: int = 4, **environment: str) -> Worker:
        values = dict(os.environ) | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker_url,
            "DATA_DIR": str(self.folder),
            "LOG_LEVEL": "INFO",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        worker = Worker(values | environment, self.folder / f"worker-{len(self.started)}.log", beat, concurrency)
        self.started.append(worker)
        worker.start()
        return worker

    def close(self) -> None:
        running = [worker.process for worker in self.started if worker.process is not None]
        processes.end(running, steps=((signal.SIGTERM, 3.0),))


# --- a whole site -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Site:
    """The running desk as a browser sees it. `start_worker` adds a real worker to it."""

    url: str
    start_worker: StartWorker
