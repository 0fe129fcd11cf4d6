"""`make test` counts honestly; the bootstrap makes an environment where little is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from factcheck.launch import browser, suite
from factcheck.launch.errors import LaunchError
from factcheck.launch.places import ROOT
from factcheck.launch.suite import Outcome, Part

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

BOOTSTRAP = ROOT / "factcheck" / "launch" / "bootstrap.py"


def nothing(_: Path) -> Outcome:
    return Outcome()


@pytest.mark.parametrize(
    ("outcomes", "strict", "status", "last"),
    [
        ([Outcome(passed=3), Outcome(passed=1, skipped=2)], False, 0, "4 passed, 0 failed, 2 skipped"),
        ([Outcome(passed=3), Outcome(failed=1)], False, 1, "3 passed, 1 failed, 0 skipped"),
        ([Outcome(passed=3), Outcome(reason="no Chromium")], False, 0, "3 passed, 0 failed, 1 skipped"),
        ([Outcome(passed=3), Outcome(reason="no Chromium")], True, 1, "3 passed, 1 failed, 0 skipped"),
    ],
)
def test_the_last_line_adds_the_parts_up(
    outcomes: list[Outcome], strict: bool, status: int, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [(Part(f"part{number}", nothing), each, 0.1) for number, each in enumerate(outcomes)]
    assert suite.summary(parts, strict=strict) == status
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == last
    assert any("NOT RUN" in line for line in lines) == any(each.reason for each in outcomes)
    assert sum("no Chromium" in line for line in lines) == sum(bool(each.reason) for each in outcomes)


@pytest.mark.parametrize(
    ("report", "status", "expected"),
    [
        ('tests="5" failures="1" errors="1" skipped="1"', 1, Outcome(passed=2, failed=2, skipped=1)),
        ('tests="5" failures="0" errors="0" skipped="0"', 0, Outcome(passed=5)),
        ('tests="5" failures="0" errors="0" skipped="0"', 3, Outcome(passed=5, failed=1)),
        (None, -11, Outcome(failed=1)),
    ],
)
def test_a_run_that_died_is_a_failure_whatever_it_reported(
    tmp_path: Path, report: str | None, status: int, expected: Outcome
) -> None:
    path = tmp_path / "report.xml"
    if report is not None:
        path.write_text(f"<testsuites><testsuite {report}></testsuite></testsuites>")
    assert suite.counted(path, status) == expected


def test_an_unknown_part_is_refused_with_the_list() -> None:
    with pytest.raises(LaunchError, match=r"no part chrome.*sqlite, browser, servers"):
        suite.run(["chrome"])


def test_tests_never_see_the_desk_of_whoever_runs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis")
    environment = suite.environment(tmp_path)
    assert "DATABASE_URL" not in environment
    assert "REDIS_URL_FILE" not in environment
    assert environment["DATA_DIR"] == str(tmp_path / "data")


def test_a_named_browser_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(LaunchError, match="/nowhere/chromium, which does not exist"):
        browser.bring()


def test_what_was_tried_for_a_browser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "_by_apt", lambda: "apt-get update: no network")
    monkeypatch.setattr(browser, "_by_playwright", lambda: "playwright install: no network")
    with pytest.raises(LaunchError, match=r"apt-get update: no network; playwright install: no network"):
        browser.bring()


# --- the bootstrap ------------------------------------------------------------------------------------
@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    """The script, believing that it stands in an empty project in a folder with a space."""
    root = tmp_path / "a folder"
    root.mkdir()
    for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt"):
        (root / name).write_text("")
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.VENV = root, root / ".venv"
    module.PYTHON = str(root / ".venv" / "bin" / "python")
    return module


def test_the_environment_is_made_once_and_again_when_the_requirements_change(bootstrap: ModuleType) -> None:
    bootstrap.main("requirements.txt")
    assert bootstrap.is_made("requirements.txt")
    assert not bootstrap.is_made("requirements-dev.txt")
    subprocess.run([bootstrap.PYTHON, "-c", "import pip"], check=True)
    (bootstrap.ROOT / "requirements.txt").write_text("# another pin\n")
    assert not bootstrap.is_made("requirements.txt")


def test_without_ensurepip_the_machines_own_pip_installs(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian keeps ensurepip in a package of its own; python3 and pip may be there without it."""
    real = bootstrap.answers
    monkeypatch.setattr(bootstrap, "answers", lambda *argv: "venv" not in argv and real(*argv))
    bootstrap.make_environment()
    assert bootstrap.pip() == [sys.executable, "-m", "pip", "--python", bootstrap.PYTHON]


def test_without_any_pip_the_message_says_what_to_install(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "answers", lambda *_: False)
    with pytest.raises(SystemExit, match="apt-get install python3-venv python3-pip"):
        bootstrap.pip()


def test_an_old_python_is_told_what_is_needed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match=r"(?s)needs Python 3\.11 or newer; .* is 3\.9\.2 .*PYTHON=/path"):
        bootstrap.main("requirements.txt")


def test_make_help_lists_the_commands() -> None:
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    for command in ("run", "test", "worker", "lint", "types", "contracts", "bench"):
        assert f"  make {command} " in done.stdout
