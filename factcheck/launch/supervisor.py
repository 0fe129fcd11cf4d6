"""Keeps the processes of one desk running: one loop over their output, our signals and the clock."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from factcheck.launch import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A program that stayed up so long is healthy: its next failure starts counting from one again.
HEALTHY_SECONDS: Final = 30.0
LONGEST_PAUSE: Final = 30.0
# One that fails so often without ever having been healthy will not become so by itself.
HOPELESS: Final = 5
HELD_LINES: Final = 500


@dataclass(frozen=True)
class Program:
    """What to run and how it ends. `last`: ended only after the others (the broker they talk to)."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    on_parent_death: signal.Signals = signal.SIGKILL
    last: bool = False
    keep_open: Sequence[int] = ()


@dataclass
class _Child:
    program: Program
    process: processes.Process | None = None
    started: float = 0.0
    start_again: float | None = None
    failures: int = 0
    was_healthy: bool = False
    rest: bytes = b""


def pause_after(failures: int) -> float:
    """Seconds before the next start after so many failures in a row: 1, 2, 4 … 30."""
    return min(LONGEST_PAUSE, 2.0 ** (failures - 1))


def _write(name: str, line: str) -> None:
    sys.stdout.write(f"{name:<7}| {line}\n")
    sys.stdout.flush()


@dataclass
class Supervisor:
    """Start programs with `add`, then `run` until somebody ends us; leaving the block ends everything."""

    write: Callable[[str, str], None] = _write
    steps: Sequence[tuple[int, float]] = processes.STEPS
    stops: int = 0
    failed: str = ""
    _children: list[_Child] = field(default_factory=list)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _held: list[tuple[str, str]] | None = None

    def __enter__(self) -> Supervisor:
        self._reader, self._waker = socket.socketpair()
        for end in (self._reader, self._waker):
            end.setblocking(False)
        self._selector.register(self._reader, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in ENDING:
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only wakes the loop
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        signal.set_wakeup_fd(-1)
        for number in (*ENDING, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        self._selector.close()
        self._reader.close()
        self._waker.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stops += 1

    @property
    def stopping(self) -> bool:
        """Somebody asked us to end, or a program cannot be kept running."""
        return self.stops > 0 or bool(self.failed)

    # --- what the caller does -------------------------------------------------------------------------
    def add(self, program: Program) -> None:
        """Start a program and keep it running."""
        child = _Child(program)
        self._children.append(child)
        self._start(child)

    def job(self, argv: Sequence[str], env: Mapping[str, str], keep_open: Sequence[int] = ()) -> int | None:
        """Run a command to its end; it has our output, the programs' lines wait. None: told to stop."""
        process = processes.spawn(argv, env=env, on_parent_death=signal.SIGTERM, keep_open=keep_open)
        self._held = []
        try:
            while process.poll() is None and not self.stopping:
                self._turn()
        finally:
            processes.end([process], steps=self.steps)
            self._let_go()
        return None if self.stopping else process.returncode

    def wait_for(self, check: Callable[[], bool], *, seconds: float) -> bool:
        """Keep everything running until `check` says yes; False after `seconds` or when we have to stop."""
        deadline = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < deadline:
            if check():
                return True
            self._turn(longest=0.1)
        return False

    def run(self) -> None:
        """Keep everything running until we have to stop."""
        while not self.stopping:
            self._turn()

    def close(self) -> None:
        """End all programs: the ones that talk to a broker first, the broker after them."""
        for last in (False, True):
            self._end([child for child in self._children if child.program.last is last])
        self._children.clear()

    # --- one turn of the loop -------------------------------------------------------------------------
    def _turn(self, *, longest: float = 1.0, restart: bool = True) -> None:
        for key, _events in self._selector.select(longest):
            if isinstance(key.data, _Child):
                self._read(key.data)
            else:
                self._clear_wakeups(key.fd)
        for child in self._children:
            self._look_after(child, restart=restart)

    @staticmethod
    def _clear_wakeups(descriptor: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(descriptor, 4096)

    def _look_after(self, child: _Child, *, restart: bool) -> None:
        process = child.process
        if process is not None and process.poll() is not None:
            self._ended(child, process, restart=restart)
        elif process is None and restart and child.start_again is not None:
            if time.monotonic() >= child.start_again:
                self._start(child)
        elif process is not None and time.monotonic() - child.started >= HEALTHY_SECONDS:
            child.was_healthy, child.failures = True, 0

    def _start(self, child: _Child) -> None:
        program = child.program
        child.rest, child.started, child.start_again = b"", time.monotonic(), None
        child.process = processes.spawn(
            program.argv,
            env=program.env,
            output=processes.PIPE,
            on_parent_death=program.on_parent_death,
            keep_open=program.keep_open,
        )
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _ended(self, child: _Child, process: processes.Process, *, restart: bool) -> None:
        self._drop(child)
        if not restart:
            return
        child.failures += 1
        if child.failures >= HOPELESS and not child.was_healthy:
            self.failed = f"{child.program.name} does not stay up (ended {child.failures} times, see above)"
            return
        pause = pause_after(child.failures)
        child.start_again = time.monotonic() + pause
        self._say(child.program.name, f"ended ({_how(process.returncode)}); starts again in {pause:.0f} s")

    def _drop(self, child: _Child) -> None:
        """Forget an ended process: its last words, what it left in its group, its pipe."""
        if child.process is None:
            return
        processes.kill_group(child.process)
        if child.process.stdout is not None and not child.process.stdout.closed:
            self._read(child)
            self._hang_up(child)
        child.process = None

    # --- output ---------------------------------------------------------------------------------------
    def _read(self, child: _Child) -> None:
        pipe = child.process.stdout if child.process else None
        while pipe is not None and not pipe.closed:
            try:
                data = os.read(pipe.fileno(), 65536)
            except BlockingIOError:
                return
            if not data:
                self._hang_up(child)
                return
            *lines, child.rest = (child.rest + data).split(b"\n")
            for line in lines:
                self._say(child.program.name, line.decode(errors="replace").rstrip("\r"))

    def _hang_up(self, child: _Child) -> None:
        pipe = child.process.stdout if child.process else None
        if pipe is None or pipe.closed:
            return
        if child.rest:
            self._say(child.program.name, child.rest.decode(errors="replace"))
        self._selector.unregister(pipe)
        pipe.close()

    def _say(self, name: str, line: str) -> None:
        if self._held is not None:
            del self._held[: len(self._held) - HELD_LINES]
            self._held.append((name, line))
            return
        try:
            self.write(name, line)
        except BrokenPipeError:  # whoever read our output is gone: nobody will press Ctrl-C any more
            self.stops += 1
            self.write = lambda *_: None

    def _let_go(self) -> None:
        held, self._held = self._held or [], None
        for name, line in held:
            self._say(name, line)

    # --- the end --------------------------------------------------------------------------------------
    def _end(self, children: Sequence[_Child]) -> None:
        for number, patience in self.steps:
            for child in children:
                if child.process is not None:
                    processes.send(child.process, number)
            if self._gone_within(children, patience):
                return
        for child in children:
            self._drop(child)

    def _gone_within(self, children: Sequence[_Child], seconds: float) -> bool:
        deadline, stops = time.monotonic() + seconds, self.stops
        while any(child.process is not None for child in children):
            # Another Ctrl-C while ending means: the next step, now.
            if time.monotonic() >= deadline or self.stops > max(stops, 1):
                return False
            self._turn(longest=0.1, restart=False)
        return True


def _how(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"
