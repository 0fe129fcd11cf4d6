"""Starting processes that cannot outlive us, and ending them for certain.

Each gets its own process group (so that Ctrl-C in the terminal reaches only the supervisor, and so that its
own children can be killed with it) and, on Linux, a signal from the kernel when its parent dies.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING, Final

from factcheck.launch.places import ROOT

if TYPE_CHECKING:
    import pwd
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

PR_SET_PDEATHSIG: Final = 1
# A Celery worker sometimes never returns from SIGTERM (its pool waits for a child that is gone); SIGQUIT is
# its cold shutdown, and SIGKILL to the group the last word.
STEPS: Final = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 5.0))
_LIBC: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

PIPE: Final = subprocess.PIPE
Process = subprocess.Popen[bytes]


def die_with_parent(number: int, parent: int) -> None:
    """Ask the kernel to send us signal `number` when process `parent` ends; send it now if that has happened.

    The request belongs to the thread that made the child: start children from the main thread only.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def _before_exec(number: int) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: die_with_parent(number, parent)


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    output: int | IO[bytes] | None = None,
    on_parent_death: signal.Signals = signal.SIGKILL,
    user: pwd.struct_passwd | None = None,
    keep_open: Sequence[int] = (),
) -> Process:
    """Start `argv` in its own process group, as `user` when we are root and it is given.

    Standard output and error both go to `output` (None: ours).
    """
    return subprocess.Popen(  # noqa: S603 - every argv here is made by this package
        list(argv),
        env=dict(env) if env is not None else None,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        process_group=0,
        preexec_fn=_before_exec(on_parent_death),  # noqa: PLW1509 - one system call, no lock taken
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        pass_fds=tuple(keep_open),
    )


def send(process: Process, number: int) -> None:
    """Signal one process unless it has ended."""
    if process.poll() is None:
        process.send_signal(number)


def kill_group(process: Process) -> None:
    """SIGKILL whatever is left of the process's group, its own children included, and reap the process."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end(processes: Iterable[Process], *, steps: Sequence[tuple[int, float]] = STEPS) -> None:
    """End all together: each step's signal, its seconds of patience, then SIGKILL to the groups."""
    running = list(processes)
    for number, patience in steps:
        for process in running:
            send(process, number)
        if gone_within(running, patience):
            break
    for process in running:
        kill_group(process)


def gone_within(processes: Sequence[Process], seconds: float) -> bool:
    """Whether all of them ended (and are reaped) within so many seconds."""
    deadline = time.monotonic() + seconds
    try:
        for process in processes:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def until(check: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Ask `check` again and again until it says yes (True) or the seconds are over (False)."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True
