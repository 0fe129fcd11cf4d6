"""A Chromium for the browser tests: the one named, the machine's, Playwright's own, or one installed now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from factcheck.launch.errors import LaunchError

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
INSTALL_SECONDS: Final = 300


def find() -> Path | None:
    """An installed browser: $CHROMIUM, else one on the PATH, else the one Playwright downloaded before."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).exists():
            raise LaunchError(f"CHROMIUM names {named}, which does not exist")
        return Path(named)
    on_path = next((path for path in map(shutil.which, NAMES) if path), None)
    return Path(on_path) if on_path else _playwrights()


def _playwrights() -> Path | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return max(folder.glob("chromium-*/chrome-linux*/chrome"), default=None)


def bring() -> Path:
    """A browser that is there, or is now: LaunchError says what was tried."""
    found = find()
    if found is None:
        tried = [attempt() for attempt in (_by_apt, _by_playwright)]
        found = find()
        if found is None:
            raise LaunchError(f"no Chromium ({'; '.join(tried)}). Install chromium or set CHROMIUM=/path/to/it")
    return found


def _by_apt() -> str:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return "not root on Debian, so not installed by apt-get"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for argv in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
        failure = _run(argv, environment)
        if failure:
            return failure
    return "installed by apt-get"


def _by_playwright() -> str:
    if find() is not None:
        return "already there"
    return _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ)) or "installed"


def _run(argv: list[str], environment: dict[str, str]) -> str:
    """An empty string when it worked, else why not."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed command lines
            argv, env=environment, capture_output=True, timeout=INSTALL_SECONDS, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{' '.join(argv[:4])}: {type(error).__name__}"
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else f"{' '.join(argv[:4])}: {lines[-1] if lines else done.returncode}"
