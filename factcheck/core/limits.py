"""How many requests somebody may make in a minute, counted in the broker for all processes together.

A process asks the broker at the first request of a caller, then only now and then, and at every one once half of the
limit is used: far from the limit nobody waits for the broker, near it the count is exact. Where the broker does not
answer, each process counts alone, the limit is then that of one process.
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
_STEPS: Final = 50  # a fiftieth of the limit is what a process may hold back
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
class _Tally:
    """What this process knows of each caller in this minute: the common count, and what was not added to it yet."""

    window: int = 0
    together: dict[str, int] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hit(self, name: str, window: int, limit: int) -> tuple[int, int]:
        """One request: where its caller stands as far as is known here, and how much to add to the common count."""
        with self.lock:
            if window != self.window or len(self.own) >= _MOST_HELD:
                self.window, self.together, self.own = window, {}, {}
            together, own = self.together.get(name), self.own.get(name, 0) + 1
            used = (together or 0) + own
            if together is None or own > limit // _STEPS or used * 2 > limit:
                self.own[name] = 0
                return used, own
            self.own[name] = own
            return used, 0

    def learn(self, name: str, together: int | None, added: int) -> int:
        """The common count after `added`, or None where nobody could be asked; returns where the caller stands."""
        with self.lock:
            if together is None:
                self.own[name] = self.own.get(name, 0) + added
            else:
                self.together[name] = together
            return self.together.get(name, 0) + self.own.get(name, 0)


@dataclass
class _Shared:
    """The connection to the broker, and until when it is left alone because it did not answer."""

    url: str = ""
    client: redis.Redis | None = None
    gone_until: float = 0.0


_tally: Final = _Tally()
_shared: Final = _Shared()


def count(name: str, who: str, limit: int) -> Count:
    """Count one request of `who` against the limit called `name`."""
    now = time.time()
    window = int(now) // WINDOW
    key = hashlib.sha256(f"{name}:{who}".encode()).hexdigest()[:32]
    used, to_add = _tally.hit(key, window, limit)
    if to_add:
        used = _tally.learn(key, _counted_together(key, window, to_add), to_add)
    return Count(name, limit, used, (window + 1) * WINDOW - int(now))


def forget() -> None:
    """Begin all counts of this process anew; for tests."""
    _tally.window, _shared.gone_until = 0, 0.0


def client_address(request: HttpRequest) -> str:
    """Who is at the other end; behind a proxy, whom the proxy says it is (the last entry is its own)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def _counted_together(key: str, window: int, added: int) -> int | None:
    client = _client()
    if client is None or time.monotonic() < _shared.gone_until:
        return None
    name = f"factcheck:rate:{window}:{key}"
    try:
        pipe = client.pipeline(transaction=False)
        pipe.incrby(name, added)
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
