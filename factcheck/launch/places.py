"""Where the embedded default keeps its things. Pure, so that settings and the launcher agree on it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH: Final = 103


def broker_socket(data_dir: Path) -> Path:
    """The unix socket of the embedded broker: below `data_dir`, or in a short folder when that is too long.

    The short folder's name depends on `data_dir` and the user alone, so every process finds the same one.
    """
    usual = data_dir.absolute() / "valkey" / "valkey.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"factcheck-{os.getuid()}-{digest}" / "valkey.sock"


def socket_url(socket: Path) -> str:
    """The broker URL of a server on a unix socket, in the form kombu reads."""
    return f"redis+socket://{quote(str(socket))}?virtual_host=0"


def broker_url(data_dir: Path) -> str:
    """The broker URL when REDIS_URL is not set."""
    return socket_url(broker_socket(data_dir))
