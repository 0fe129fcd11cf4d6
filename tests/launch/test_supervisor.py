"""The supervisor as `make run` uses it, in a process of its own (it takes over signals)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from factcheck.launch import processes
from factcheck.launch.places import ROOT
from factcheck.launch.supervisor import pause_after
from tests.launch.test_processes import gone
from tests.services import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HARNESS = """
import os, signal, sys
from factcheck.launch import supervisor
from factcheck.launch.supervisor import Program, Supervisor
say = [sys.executable, "-u", "-c", "import os, time; print('pid', os.getpid()); time.sleep(60)"]
last = [sys.executable, "-u", "-c", '''
import os, signal, sys, time
def end(*_):
    print("bye", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("pid", os.getpid())
time.sleep(60)
''']
broken = [sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"]
stubborn = [sys.executable, "-u", "-c", '''
import os, signal, time
signal.signal(signal.SIGTERM, lambda *_: print("not yet", flush=True))
print("pid", os.getpid())
while True:
    time.sleep(60)
''']
chatty = [sys.executable, "-u", "-c", '''
import time
while True:
    print("still here")
    time.sleep(0.05)
''']
env = dict(os.environ)
with Supervisor(steps=((signal.SIGTERM, 0.5), (signal.SIGKILL, 2.0))) as desk:
    for name in sys.argv[1:]:
        desk.add(Program(name, globals()[name], env, last=name == "last"))
    desk.run()
print("reason:", desk.failed)
"""


class Desk:
    """A supervisor process and what it has written so far."""

    def __init__(self, folder: Path, *programs: str) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = processes.spawn([sys.executable, "-u", "-c", HARNESS, *programs], cwd=ROOT, output=log)

    def text(self) -> str:
        return self.log.read_text()

    def pids(self, name: str) -> list[int]:
        return [int(pid) for pid in re.findall(rf"^{name} *\| pid (\d+)$", self.text(), re.MULTILINE)]

    def pid(self, name: str, number: int = 1) -> int:
        wait_until(lambda: len(self.pids(name)) >= number, seconds=15, what=f"start {number} of {name}")
        return self.pids(name)[number - 1]

    def end(self) -> None:
        processes.kill_group(self.process)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    left = [child for child in psutil.Process().children(recursive=True) if child.is_running()]
    assert not [child for child in left if child.status() == psutil.STATUS_ZOMBIE], "zombies"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_and_the_broker_last(folder: Path, number: signal.Signals) -> None:
    desk = Desk(folder, "last", "stubborn", "say")
    pids = [desk.pid(name) for name in ("last", "stubborn", "say")]
    os.kill(desk.process.pid, number)
    desk.process.wait(timeout=10)
    assert desk.process.returncode == 0
    assert all(gone(pid) for pid in pids)
    assert desk.text().index("not yet") < desk.text().index("bye")


def test_children_die_when_the_supervisor_is_killed(folder: Path) -> None:
    desk = Desk(folder, "say", "stubborn")
    pids = [desk.pid("say"), desk.pid("stubborn")]
    os.kill(desk.process.pid, signal.SIGKILL)
    desk.process.wait()
    wait_until(lambda: all(gone(pid) for pid in pids), seconds=5, what="the end of the children")


def test_a_killed_program_starts_again_and_nothing_else_is_touched(folder: Path) -> None:
    desk = Desk(folder, "say", "last")
    first, other = desk.pid("say"), desk.pid("last")
    os.kill(first, signal.SIGKILL)
    second = desk.pid("say", number=2)
    assert second != first
    assert not psutil.pid_exists(first), "a zombie was left"
    assert "ended (killed by SIGKILL); starts again in 1 s" in desk.text()
    assert desk.pids("last") == [other]
    desk.end()
    wait_until(lambda: gone(second) and gone(other), seconds=5)


def test_a_program_that_never_stays_up_ends_the_start_with_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    global HARNESS
    quick = HARNESS.replace("env = dict", "supervisor.LONGEST_PAUSE = 0.05\nenv = dict")
    monkeypatch.setattr(sys.modules[__name__], "HARNESS", quick)
    began = time.monotonic()
    desk = Desk(folder, "broken", "say")
    desk.process.wait(timeout=20)
    assert "broken | no such thing" in desk.text()
    assert "reason: broken does not stay up (ended 5 times, see above)" in desk.text()
    assert time.monotonic() - began < 15


def test_a_reader_that_went_away_ends_the_desk() -> None:
    head = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert head.stdin is not None
    process = processes.spawn(
        [sys.executable, "-u", "-c", HARNESS, "chatty", "stubborn"], cwd=ROOT, output=head.stdin
    )
    head.stdin.close()
    head.wait(timeout=10)  # read one line and left
    process.wait(timeout=15)


def test_pauses_grow_and_have_an_end() -> None:
    assert [pause_after(failures) for failures in (1, 2, 3, 4, 5, 6, 60)] == [1, 2, 4, 8, 16, 30, 30]
