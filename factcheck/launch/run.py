"""`make run`: everything one desk needs on one machine, in one process tree, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from factcheck.core import env
from factcheck.launch import broker, places, ports, processes
from factcheck.launch.errors import LaunchError
from factcheck.launch.lock import InstanceLock
from factcheck.launch.supervisor import Program, Supervisor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PYTHON: Final = sys.executable
START_SECONDS: Final = 120.0
WEB_WORKERS: Final = 2
WEB_THREADS: Final = 4


@dataclass(frozen=True)
class Desk:
    """One start: where its data is, where it listens, and the environment all its processes share."""

    data_dir: Path
    port: int
    environment: dict[str, str]
    embedded_broker: bool
    demo: bool
    lock: int

    def program(self, name: str, argv: Sequence[str], **changes: object) -> Program:
        return Program(name, argv, self.environment, keep_open=(self.lock,), **changes)  # type: ignore[arg-type]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def data_folder() -> Path:
    """The same folder as `settings.DATA_DIR`, without loading Django."""
    return (places.ROOT / env.text("DATA_DIR", "var")).absolute()


def environment(port: int) -> dict[str, str]:
    """What all processes of this desk see; BASE_URL names the port it listens on unless it is set."""
    values = dict(os.environ)
    values["PYTHONUNBUFFERED"] = "1"
    values.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    # One line a task would push the address and the demo passwords off the screen; LOG_LEVEL=INFO shows them.
    values.setdefault("LOG_LEVEL", "WARNING")
    # Vector arithmetic in several tasks at once: more threads than processors made it 15 times slower.
    values.setdefault("OPENBLAS_NUM_THREADS", "1")
    if "BASE_URL" not in values and "BASE_URL_FILE" not in values:
        values["BASE_URL"] = f"http://{ports.HOST}:{port}"
    return values


def run(port: int) -> int:
    """Start everything, keep it running, end it: the exit status of `make run`."""
    processes.die_with_parent(signal.SIGTERM, os.getppid())
    os.umask(0o077)  # drafts and confidential evidence are nobody else's to read
    data_dir = data_folder()
    lock = InstanceLock(data_dir)
    ports.require_free(port)
    lock.acquire()
    desk = Desk(
        data_dir=data_dir,
        port=port,
        environment=environment(port),
        embedded_broker=not env.text("REDIS_URL", ""),
        demo=env.boolean("DEMO", default=True),
        lock=lock.descriptor,
    )
    with Supervisor() as supervisor:
        if _start(supervisor, desk):
            supervisor.run()
        if supervisor.stops:
            say("Ending …")
    lock.release()
    if supervisor.failed:
        raise LaunchError(f"Stopped: {supervisor.failed}.")
    return 0


def _start(supervisor: Supervisor, desk: Desk) -> bool:
    """Everything in the order it is needed in; False as soon as we are told to stop."""
    # WhiteNoise looks there at its start and warns when it is missing; the files themselves come from the apps.
    (desk.data_dir / "static").mkdir(exist_ok=True)
    say("Preparing the database …")
    return (
        _job(supervisor, desk, "migrate", "--verbosity", "0", "--no-input")
        and _broker(supervisor, desk)
        and _worker(supervisor, desk)
        and (not desk.demo or _job(supervisor, desk, "setup_demo"))
        and _web(supervisor, desk)
    )


def _job(supervisor: Supervisor, desk: Desk, *command: str) -> bool:
    argv = [PYTHON, str(places.ROOT / "manage.py"), *command]
    status = supervisor.job(argv, desk.environment, keep_open=(desk.lock,))
    if status:
        raise LaunchError(f"`manage.py {command[0]}` failed with exit status {status}; its message is above.")
    return status == 0


def _broker(supervisor: Supervisor, desk: Desk) -> bool:
    if not desk.embedded_broker:
        return True
    socket = places.broker_socket(desk.data_dir)
    data = broker.private_folder(desk.data_dir / "valkey")
    broker.private_folder(socket.parent)
    argv = broker.command(broker.server_binary(), data=data, socket=socket)
    # SIGTERM, not SIGKILL: it writes its last second of work to the file before it goes.
    supervisor.add(desk.program("broker", argv, on_parent_death=signal.SIGTERM, last=True))
    return _ready(supervisor, supervisor.wait_for(lambda: broker.answers(socket=socket), seconds=START_SECONDS))


def _worker(supervisor: Supervisor, desk: Desk) -> bool:
    celery = [PYTHON, "-m", "celery", "--quiet", "-A", "factcheck"]
    pool = ["worker", "-P", "threads", "-c", "4", "-n", "desk@%h", "--without-gossip", "--without-mingle"]
    supervisor.add(desk.program("worker", [*celery, *pool]))
    schedule = ["beat", "-s", str(desk.data_dir / "beat-schedule"), "--pidfile="]
    supervisor.add(desk.program("beat", [*celery, *schedule]))
    return not supervisor.stopping


def _web(supervisor: Supervisor, desk: Desk) -> bool:
    argv = [PYTHON, "-m", "granian", "--interface", "wsgi", "--host", ports.HOST, "--port", str(desk.port)]
    argv += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws"]
    argv += ["--workers-kill-timeout", "5", "--log-level", "warning", "factcheck.wsgi:application"]
    # SIGTERM: it has to take its own workers with it.
    supervisor.add(desk.program("web", argv, on_parent_death=signal.SIGTERM))
    up = _ready(supervisor, supervisor.wait_for(lambda: alive(desk.port), seconds=START_SECONDS))
    if up:
        address = desk.environment.get("BASE_URL", f"http://{ports.HOST}:{desk.port}")
        say(f"\nFactcheck is at {address}/  (Ctrl-C ends it; its data stays in {desk.data_dir})\n")
    return up


def _ready(supervisor: Supervisor, up: bool) -> bool:  # noqa: FBT001 - the answer of wait_for, passed through
    if not up and not supervisor.stopping:
        raise LaunchError(f"A process was not ready after {START_SECONDS:.0f} s; its messages are above.")
    return up


def alive(port: int) -> bool:
    """Whether the web server answers at all; what it says is not ours to judge (hosts may be restricted)."""
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
