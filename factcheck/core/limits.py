"""How many requests somebody may make in a minute, counted in the broker for all processes together.

Where the broker does not answer, each process counts alone: the limit is then that of one process.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import celery
import redis
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

WINDOW: Final = 60
_LEAVE_ALONE_SECONDS: Final = 10.0
_MOST_HELD: Final = 50_000  # callers one process remembers; beyond that it begins anew


@dataclass(frozen=True, slots=True)
class Count:
    """Where a caller stands: `used` of `limit` requests, and seconds until the count begins anew."""

    name: str
    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """The two fields of draft-ietf-httpapi-ratelimit-headers-10."""
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.name}";r={left};t={self.reset}',
        }


@dataclass
class _Alone:
    """The counts of this process."""

    window: int = 0
    used: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hit(self, name: str, window: int) -> int:
        with self.lock:
            if window != self.window or len(self.used) >= _MOST_HELD:
                self.window, self.used = window, {}
            self.used[name] = self.used.get(name, 0) + 1
            return self.used[name]


@dataclass
class _Shared:
    """The connection to the broker, and until when it is left alone because it did not answer."""

    url: str = ""
    client: redis.Redis | None = None
    gone_until: float = 0.0


_alone: Final = _Alone()
_shared: Final = _Shared()


def count(name: str, who: str, limit: int) -> Count:
    """Count one request of `who` against the limit called `name`."""
    now = time.time()
    window = int(now) // WINDOW
    key = hashlib.sha256(f"{name}:{who}".encode()).hexdigest()[:32]
    used = _counted_together(key, window)
    if used is None:
        used = _alone.hit(key, window)
    return Count(name, limit, used, (window + 1) * WINDOW - int(now))


def forget() -> None:
    """Begin all counts of this process anew; for tests."""
    _alone.used.clear()


def client_address(request: HttpRequest) -> str:
    """Who is at the other end; behind a proxy, whom the proxy says it is (the last entry is its own)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def _counted_together(key: str, window: int) -> int | None:
    client = _client()
    if client is None or time.monotonic() < _shared.gone_until:
        return None
    name = f"factcheck:rate:{window}:{key}"
    try:
        pipe = client.pipeline(transaction=False)
        pipe.incr(name)
        pipe.expire(name, 2 * WINDOW)
        return int(pipe.execute()[0])
    except (redis.RedisError, OSError):
        _shared.gone_until = time.monotonic() + _LEAVE_ALONE_SECONDS
        return None


def _client() -> redis.Redis | None:
    url = str(celery.current_app.conf.broker_url)
    if url != _shared.url:
        _shared.url, _shared.client = url, _connected(url)
    return _shared.client


def _connected(url: str) -> redis.Redis | None:
    parts = urlsplit(url)
    quick = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    if parts.scheme == "redis+socket":
        return redis.Redis(unix_socket_path=unquote(parts.path), **quick)  # type: ignore[arg-type]
    if parts.scheme in ("redis", "rediss"):
        return redis.Redis.from_url(url, **quick)
    return None
