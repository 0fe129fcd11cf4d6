"""Typed readers of the environment that fail loudly.

Every name may also be given as `NAME_FILE`, the path of a file that holds the value (for secrets mounted
by an orchestrator). Giving both is an error, so that nobody has to guess which one won.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Collection

_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str | None = None) -> str:
    """The value of NAME or of the file NAME_FILE names; without either the default, without that an error."""
    path = os.environ.get(f"{name}_FILE")
    value = os.environ.get(name)
    if path and value is not None:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set. Keep one of them.")
    if path:
        return _read(name, Path(path))
    if value is not None:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or {name}_FILE, in the environment.")
    return default


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}") from error


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, "true" if default else "false").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Write true or false.")


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default)).strip()
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number from {least} up.")
    return int(value)


def choice(name: str, default: str, known: Collection[str]) -> str:
    value = text(name, default).strip()
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}. Write one of {', '.join(known)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma separated list; empty parts are left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database setting from a URL such as sqlite:////var/db.sqlite3 or postgres://user@host/name."""
    url = text(name, default)
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not a database URL: {error}") from error
    engine = str(config.get("ENGINE", ""))
    if engine == "django.db.backends.sqlite3":
        # Opening the file and setting it up takes longer than most questions asked of it.
        return config | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": 60}
    if engine == "django.db.backends.postgresql":
        return config | {"ENGINE": "factcheck.core.postgres", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgres://.")


def mail(name: str, url: str) -> dict[str, Any]:
    """Django's settings for sending mail from a URL such as smtp+tls://user:password@host:587; none without one."""
    if not url:
        return {}
    try:
        config: dict[str, Any] = dict(environ.Env.email_url_config(url))
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not a mail server's URL: {error}") from error
    return {key: value for key, value in config.items() if key.startswith("EMAIL_") and value not in (None, "")}


# IMMEDIATE takes the write lock at BEGIN and so can wait for it; with SQLite's default a transaction that
# reads first and writes later fails at once when another process has written in between.
SQLITE_OPTIONS: Final = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;",
}


def secret_key(name: str, keep_in: Path) -> str:
    """SECRET_KEY from the environment, else one made at the first start and kept, mode 0600, in `keep_in`."""
    given = text(name, "")
    if given:
        return given
    if not keep_in.exists():
        keep_in.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(keep_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was first
            return _read(name, keep_in)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return _read(name, keep_in)
