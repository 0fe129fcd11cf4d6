"""What comes back from outside, and which of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from factcheck.core._address import shown
from factcheck.core.errors import FactcheckError, Permanent, Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

LONGEST_WAIT: Final = timedelta(days=1)
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS: Final = frozenset({301, 308})
NOT_MODIFIED: Final = 304
_THROTTLED: Final = 429
_TEMPORARY: Final = frozenset({408, 425})
_FIRST_ERROR: Final = 400
_FIRST_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Redirect:
    """One step of the way: the status that sent us on, and where to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `url` is the final address, `content` is unpacked, header names are lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    content_type: str
    redirects: tuple[Redirect, ...]
    fetched_at: datetime
    remembered: bool = False  # given again from a moment ago; nothing was sent

    @property
    def not_modified(self) -> bool:
        return self.status == NOT_MODIFIED

    @property
    def moved_to(self) -> str:
        """The new address if the old one moved for good (an unbroken run of 301 and 308), else nothing."""
        moved = ""
        for step in self.redirects:
            if step.status not in PERMANENT_REDIRECTS:
                break
            moved = step.url
        return moved


def retry_after(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """When to come back according to `Retry-After`, given in seconds or as an HTTP date (RFC 9110 10.2.3).

    Never in the past, never more than a day ahead; None when it is missing or makes no sense.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return now + min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        named = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return None
    aware = named if named.tzinfo else named.replace(tzinfo=UTC)
    return min(max(aware.astimezone(UTC), now), now + LONGEST_WAIT)


def refuse_status(status: int, headers: Mapping[str, str], host: str, now: datetime) -> None:
    problem = _problem(status, headers, host, now)
    if problem is not None:
        raise problem


def _problem(status: int, headers: Mapping[str, str], host: str, now: datetime) -> FactcheckError | None:
    wait = retry_after(headers, now=now)
    if status == _THROTTLED or (status >= _FIRST_SERVER_ERROR and wait):
        return Transient("http.throttled", retry_at=wait, host=host)
    if status >= _FIRST_SERVER_ERROR or status in _TEMPORARY:
        return Transient("http.status", host=host, status=status)
    if status >= _FIRST_ERROR or status in REDIRECTS:
        return Permanent("http.status", host=host, status=status)
    return None


def refuse_type(headers: Mapping[str, str], url: httpx.URL, accept: tuple[str, ...] | None) -> None:
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    if accept is None or any(_is_kind(found, wanted) for wanted in accept):
        return
    raise Permanent(
        "http.wrong_type",
        url=shown(url),
        found=found[:80] or "of no stated type",
        wanted=" or ".join(accept),
    )


def _is_kind(found: str, wanted: str) -> bool:
    if wanted.startswith("*/*+"):
        return found.endswith(wanted[3:])
    if wanted.endswith("/*"):
        return found.startswith(wanted[:-1])
    return found == wanted


def refuse_length(headers: Mapping[str, str], url: httpx.URL, limit: int) -> None:
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated[:18]) > limit:
        raise Permanent("http.too_large", url=shown(url), limit=limit)
