"""Reading, judging and showing web addresses."""

from __future__ import annotations

import re
from typing import Final

import httpx

from factcheck.core.errors import Permanent

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MASK: Final = "MASKED"
_SECRET_NAME: Final = re.compile(
    r"(?i)^(.*[_-])?(key|apikey|token|secret|password|passwd|pwd|sig|signature|auth|authorization|credential)s?$"
)


def redact_url(url: str) -> str:
    """The address as it may be stored and logged: no user, no fragment, secrets masked."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "(not an address)"
    pairs = [
        (name, "***" if _SECRET_NAME.match(name) else value) for name, value in parsed.params.multi_items()
    ]
    clean = parsed.copy_with(userinfo=b"", fragment=None)
    return str(clean.copy_with(params=httpx.QueryParams(pairs)) if pairs else clean).replace(
        "%2A%2A%2A", "***"
    )


def parsed_url(url: str) -> httpx.URL:
    try:
        return httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise Permanent("http.bad_url", url=url[:200]) from error


def shown(url: httpx.URL) -> str:
    return redact_url(str(url))[:300]


def port_of(url: httpx.URL) -> int:
    return url.port or DEFAULT_PORTS.get(url.scheme, 0)
