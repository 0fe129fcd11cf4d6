"""One desk on one data folder: a second start is told who has it, and a dead one's lock is free at once."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from factcheck.launch import processes
from factcheck.launch.errors import LaunchError

if TYPE_CHECKING:
    from pathlib import Path


class InstanceLock:
    """An flock on `DATA_DIR/run.lock`, which holds our process id.

    Children inherit the descriptor (`descriptor`, to be passed on), so the lock is free only when the last
    process of the old tree is gone: a broker that is still writing its file is never joined by a second one.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "run.lock"
        self.descriptor = -1

    def acquire(self, *, patience: float = 12.0) -> None:
        """Take the lock or raise LaunchError. A holder that is just ending is given `patience` seconds."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not self._try() and (self._holder_runs() or not processes.until(self._try, seconds=patience)):
            self._refuse()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Give the lock up; the file stays, since removing it could split the lock in two."""
        os.close(self.descriptor)
        self.descriptor = -1

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> str:
        return os.pread(self.descriptor, 32, 0).decode(errors="replace").strip()

    def _holder_runs(self) -> bool:
        try:
            os.kill(int(self._holder()), 0)
        except (ValueError, ProcessLookupError):
            return False
        except PermissionError:  # it runs, as another user
            return True
        return True

    def _refuse(self) -> None:
        holder, running = self._holder(), self._holder_runs()
        os.close(self.descriptor)
        self.descriptor = -1
        who = f"process {holder}" if running else f"what process {holder or '?'} left behind"
        raise LaunchError(
            f"Factcheck is already running on the data in {self.path.parent} ({who}). "
            f"End it with Ctrl-C in its window{f' or with: kill {holder}' if running else ''}, "
            "or give this one its own folder: DATA_DIR=/another/folder make run"
        )
