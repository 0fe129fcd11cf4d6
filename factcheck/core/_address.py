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
    clean = parsed.copy_with(userinfo=b"", fragment=None)
    for name in parsed.params:
        if _SECRET_NAME.match(name):
            clean = clean.copy_set_param(name, MASK)
    return str(clean)


def parsed_url(url: str) -> httpx.URL:
    try:
        return httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise Permanent("http.bad_url", url=url[:200]) from error


def is_fetchable(url: httpx.URL) -> bool:
    """A web address with a plain host name: no user in front, no escapes and no zone within the name."""
    return url.scheme in DEFAULT_PORTS and bool(url.host) and "%" not in url.host and not url.userinfo


def shown(url: httpx.URL) -> str:
    return redact_url(str(url))[:300]


def port_of(url: httpx.URL) -> int:
    return url.port or DEFAULT_PORTS.get(url.scheme, 0)
