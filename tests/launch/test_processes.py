"""Processes that cannot outlive us, the lock, the port, the broker's file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import psutil
import pytest
import redis

from factcheck.launch import broker, places, ports, processes
from factcheck.launch.__main__ import main
from factcheck.launch.errors import LaunchError
from factcheck.launch.lock import InstanceLock
from tests.services import BrokerServer, wait_until

if TYPE_CHECKING:
    from pathlib import Path

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); "
    "signal.signal(signal.SIGQUIT, lambda *_: None); print('up', flush=True); time.sleep(60)",
]


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_process_that_ignores_every_polite_signal_is_killed_and_reaped() -> None:
    process = processes.spawn(STUBBORN, output=processes.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    processes.end([process], steps=((signal.SIGTERM, 0.2), (signal.SIGQUIT, 0.2)))
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert not psutil.pid_exists(process.pid)


def test_grandchildren_are_killed_with_the_group(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = textwrap.dedent(
        f"""
        import subprocess, time
        child = subprocess.Popen({SLEEPER!r})
        open({str(note)!r}, "w").write(str(child.pid))
        time.sleep(60)
        """
    )
    process = processes.spawn([sys.executable, "-c", script])
    wait_until(lambda: note.exists() and note.read_text(), seconds=10)
    processes.kill_group(process)
    wait_until(lambda: gone(int(note.read_text())), seconds=5, what="the end of the grandchild")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = textwrap.dedent(
        f"""
        import time
        from factcheck.launch import processes
        child = processes.spawn({SLEEPER!r})
        open({str(note)!r}, "w").write(str(child.pid))
        time.sleep(60)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=places.ROOT)
    wait_until(lambda: note.exists() and note.read_text(), seconds=10)
    parent.kill()
    parent.wait()
    wait_until(lambda: gone(int(note.read_text())), seconds=5, what="the end of the child")


# --- the lock -----------------------------------------------------------------------------------------
def test_a_second_desk_on_the_same_data_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
    first.acquire()
    with pytest.raises(LaunchError, match=rf"already running on the data in .*process {os.getpid()}.*DATA_DIR="):
        second.acquire(patience=0.1)
    first.release()
    second.acquire()
    second.release()


def test_the_lock_is_held_as_long_as_a_child_of_a_killed_desk_lives(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    lock.acquire()
    child = processes.spawn(SLEEPER, keep_open=(lock.descriptor,))
    os.pwrite(lock.descriptor, b"999999999", 0)  # the holder that wrote this is dead
    lock.release()
    with pytest.raises(LaunchError, match="left behind"):
        InstanceLock(tmp_path).acquire(patience=0.2)
    processes.kill_group(child)
    after = InstanceLock(tmp_path)
    after.acquire()
    after.release()


# --- the port -----------------------------------------------------------------------------------------
def test_a_taken_port_is_named_with_its_holder_and_another_is_proposed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LaunchError) as raised:
            ports.require_free(port)
    message = str(raised.value)
    assert f"Port {port} is taken by process {os.getpid()}" in message
    assert f"make run PORT={port + 1}" in message


def test_make_run_on_a_taken_port_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    script = (
        "import socket, sys; server = socket.create_server(('127.0.0.1', 0)); "
        "print(server.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        done = subprocess.run(
            [sys.executable, "-m", "factcheck.launch", "run", "--port", str(port)],
            cwd=places.ROOT, capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        other.communicate()
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "65536", "80.5", "８０"])
def test_a_port_that_is_none_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", f"--port={value}"]) == 1
    assert "Write a number from 1 to 65535" in capsys.readouterr().err


# --- the broker ---------------------------------------------------------------------------------------
def test_what_the_broker_held_is_there_after_it_was_killed_and_started_again(
    redis_server: BrokerServer,
) -> None:
    client = redis_server.client()
    client.rpush("queue", "work")
    redis_server.settle()
    redis_server.kill()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    redis_server.start()
    assert client.lrange("queue", 0, -1) == [b"work"]
    client.close()


def test_a_data_folder_too_deep_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    assert len(os.fsencode(places.broker_socket(deep))) <= places.LONGEST_SOCKET_PATH
    server = BrokerServer(deep)
    server.start()
    assert server.client().ping()
    assert server.socket.parent.stat().st_mode & 0o777 == 0o700
    server.close()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(LaunchError, match="belongs to another user"):
        broker.private_folder(tmp_path / "link")
