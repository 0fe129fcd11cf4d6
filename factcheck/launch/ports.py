"""Is the port free, and if not, whose is it: asked before anything is started."""

from __future__ import annotations

import errno
import socket
from typing import Final

import psutil

from factcheck.launch.errors import LaunchError

HOST: Final = "127.0.0.1"


def parse(value: str) -> int:
    """A port number from the command line, or LaunchError."""
    if not (value.isascii() and value.isdecimal()) or not 0 < int(value) < 65536:
        raise LaunchError(f"PORT is {value!r}. Write a number from 1 to 65535, for example: make run PORT=8001")
    return int(value)


def require_free(port: int, *, host: str = HOST) -> None:
    """LaunchError when nothing of ours could listen on host:port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LaunchError(_refusal(error, host, port)) from error


def _refusal(error: OSError, host: str, port: int) -> str:
    other = f"make run PORT={port + 1 if 1024 <= port < 65535 else 8001}"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken{holder(port)}. End that, or choose another: {other}"
    return f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: {other}"


def holder(port: int) -> str:
    """` by process 12 (python -m …)` as far as this user may see it, else an empty string."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS shows them to root only
        return ""
    pids = {c.pid for c in connections if c.status == psutil.CONN_LISTEN and c.laddr.port == port and c.pid}
    return next((f" by process {pid} ({_command(pid)})" for pid in sorted(pids)), "")


def _command(pid: int) -> str:
    try:
        return " ".join(psutil.Process(pid).cmdline())[:80]
    except psutil.Error:
        return "ended meanwhile"


def free_port(*, host: str = HOST) -> int:
    """A port nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
