"""Make `.venv` with the pinned packages. Runs on the machine's own Python with nothing installed:

    python3 -I factcheck/launch/bootstrap.py requirements.txt

A stamp holds the sum of the requirement files, so the next call returns at once. Every statement up to the
version check must be readable by an old Python, since telling its owner so is the point.
"""

import sys

OLDEST = (3, 11)

import fcntl  # noqa: E402
import hashlib  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
from pathlib import Path  # noqa: E402

HERE = Path(__file__).absolute()
ROOT = HERE.parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def call(*argv: str) -> int:
    return subprocess.call(argv, cwd=str(ROOT))  # noqa: S603 - pip and venv


def answers(*argv: str) -> bool:
    """Whether a command ends with 0; what it says is not shown."""
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603, PLW1510, UP022
    except OSError:
        return False
    return done.returncode == 0


def use_newer_python() -> None:
    """This one is too old: go on with a newer one of this machine, or say what to install."""
    for name in NEWER:
        found = shutil.which(name)
        if found and answers(found, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
            os.execv(found, [found, "-I", str(HERE), *sys.argv[1:]])  # noqa: S606
    version = "{}.{}.{}".format(*sys.version_info[:3])
    sys.exit(
        "Factcheck needs Python 3.11 or newer; "
        + sys.executable
        + " is "
        + version
        + " and no newer one is on the PATH.\n"
        "Install one (Debian, Ubuntu: apt-get install python3.11 python3.11-venv) or name it: "
        "make run PYTHON=/path/to/python3.11"
    )


def wanted(name: str) -> str:
    """The sum of everything the virtual environment depends on: the files, the folder, the interpreter."""
    total = hashlib.sha256()
    for part in ("constraints.txt", "requirements.txt", name):
        total.update((ROOT / part).read_bytes())
    # A moved folder breaks the scripts in bin, and another interpreter its compiled packages.
    total.update(repr((str(VENV), sys.version_info[:2])).encode())
    return total.hexdigest()


def stamp(name: str) -> Path:
    return VENV / (".made-from-" + name)


def is_made(name: str) -> bool:
    """Whether the environment stands as `name` wants it (the development set contains the other)."""
    return any(_stamped(each) for each in {name, "requirements-dev.txt"}) and Path(PYTHON).exists()


def _stamped(name: str) -> bool:
    try:
        return stamp(name).read_text(encoding="ascii") == wanted(name)
    except OSError:
        return False


def make_environment() -> None:
    """An empty virtual environment; one that works is kept."""
    if answers(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    if answers(sys.executable, "-m", "venv", str(VENV)):
        return
    # Debian keeps ensurepip in a package of its own; the machine's pip can fill an environment that has none.
    shutil.rmtree(str(VENV), ignore_errors=True)
    if call(sys.executable, "-m", "venv", "--without-pip", str(VENV)):
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit("The virtual environment could not be made (see above). Debian: apt-get install python3-venv")


def pip() -> "list[str]":
    """The command line of a pip that installs into the environment: its own, else the machine's."""
    if answers(PYTHON, "-m", "pip", "--version"):
        return [PYTHON, "-m", "pip"]
    if answers(sys.executable, "-m", "pip", "--python", PYTHON, "--version"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    sys.exit(
        "There is no pip for " + sys.executable + ". "
        "Install it (Debian, Ubuntu: apt-get install python3-venv python3-pip) and start again."
    )


def install(name: str) -> None:
    say("Installing the packages of " + name + " into .venv (the first time this takes a minute or two) …")
    options = ["--disable-pip-version-check", "--no-input", "--quiet", "--progress-bar", "off"]
    if call(*pip(), "install", *options, "-r", str(ROOT / name)):
        sys.exit("The packages could not be installed (see above). Is the package index reachable? Start again.")
    stamp(name).write_text(wanted(name), encoding="ascii")


def main(name: str) -> None:
    if sys.version_info < OLDEST:
        use_newer_python()
    if is_made(name):
        return
    with (ROOT / name).open("rb") as lock:  # two starts at once: the second waits, then finds it made
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made(name):
            make_environment()
            install(name)


if __name__ == "__main__":
    main(sys.argv[1])
