"""The read side of Google's Fact Check Tools API, so that its clients work against this desk unchanged.

The shapes are those of the API's discovery document (factchecktools v1alpha1, revision 20240929); errors come
in Google's envelope. Open to everybody: a key is accepted, as the clients send one, and not looked at.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from factcheck.core import limits
from factcheck.core.errors import FactcheckError, Invalid, TooMany
from factcheck.core.open import open_to_all
from reviews.selectors.facttools import Found, Search, claims_found
from reviews.views.public import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

PAGE_SIZE: Final = 10
MOST_A_PAGE: Final = 100
FARTHEST: Final = 10_000  # further results are not listed: a page must not cost more the later it comes
_INT32: Final = 2**31 - 1
LONGEST_QUERY: Final = 1000
_CONTENT: Final = "application/json; charset=utf-8"
_ASKED: Final = (
    "query",
    "languageCode",
    "reviewPublisherSiteFilter",
    "maxAgeDays",
    "pageSize",
    "pageToken",
    "offset",
)
# What every Google API takes besides; none of it changes the answer here.
_SYSTEM: Final = frozenset(
    {"$.xgafv", "$alt", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint",
     "quotaUser", "uploadType", "upload_protocol", "$prettyPrint", "$fields"}
)  # fmt: skip
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match, X-Goog-Api-Client, X-Goog-Api-Key",
    "Access-Control-Max-Age": "86400",
}
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,8})(?:[-_][A-Za-z0-9]{1,8})*")
_SITE: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
# https://cloud.google.com/apis/design/errors: the name that goes with a status
_NAMES: Final = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


def _in_envelope(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Errors of the rules as Google words them, and open to scripts of any site."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        counted = limits.count("address", limits.client_address(request), settings.API_RATE_ADDRESS)
        try:
            if counted.exceeded:
                raise TooMany("rate.exceeded", limit=counted.limit, seconds=counted.reset)
            response = view(request)
        except FactcheckError as error:
            status = 400 if isinstance(error, Invalid) else error.http_status
            named = _NAMES.get(status, "UNKNOWN")
            body = {"error": {"code": status, "message": error.detail, "status": named}}
            response = answer(request, json.dumps(body), content_type=_CONTENT, status=status)
            response["Cache-Control"] = "no-store"
            if isinstance(error, TooMany):
                response["Retry-After"] = str(error.seconds)
        for name, value in counted.headers().items():
            response[name] = value
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


@open_to_all
@require_http_methods(["GET", "HEAD", "OPTIONS"])
@_in_envelope
def claims_search(request: HttpRequest) -> HttpResponse:
    """`GET /v1alpha1/claims:search`; an answer without results is `{}`, as Google's is."""
    if request.method == "OPTIONS":  # what a browser asks before it sends a key in a header
        return HttpResponse(status=204, headers=_PREFLIGHT)
    values = _values(request.GET.dict())
    asked, length = _search(values), _page_size(values)
    digest = _digest(values)
    start = _start_of(values["pageToken"], digest) if values["pageToken"] else _number(values, "offset", FARTHEST)
    found = claims_found(asked, start=start, length=length) if start < FARTHEST else Found([], more=False)
    body: dict[str, Any] = {"claims": found.claims} if found.claims else {}
    if found.more and start + length < FARTHEST:
        body["nextPageToken"] = _token(start + length, digest)
    return answer(request, json.dumps(body, ensure_ascii=False), content_type=_CONTENT)


def _values(given: Mapping[str, str | list[object]]) -> dict[str, str]:
    """Every parameter of the method by its name, "" where it was not given; `page_size` is `pageSize` too."""
    found = dict.fromkeys(_ASKED, "")
    for name, value in given.items():
        camel = re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
        if camel in found:
            found[camel] = str(value).strip()
        elif name not in _SYSTEM:
            raise Invalid("facttools.unknown_name", name=name[:60])
    return found


def _search(values: Mapping[str, str]) -> Search:
    query, site = values["query"], values["reviewPublisherSiteFilter"].lower().removeprefix("www.")
    if not query and not site:
        raise Invalid("facttools.query_needed")
    if len(query) > LONGEST_QUERY:
        raise _bad("query", query, f"at most {LONGEST_QUERY} characters")
    if site and not _SITE.fullmatch(site):
        raise _bad("reviewPublisherSiteFilter", site, "a host name such as nytimes.com")
    days = _number(values, "maxAgeDays", _INT32)
    # Before the calendar begins means without a limit.
    since = timezone.now().date() - timedelta(days=min(days, 700_000)) if days else None
    return Search(query=query, language=_language(values["languageCode"]), site=site, since=since)


def _language(code: str) -> str:
    match = _LANGUAGE.fullmatch(code) if code else None
    if code and not match:
        raise _bad("languageCode", code, "a BCP-47 language code such as en-US")
    return match[1].lower() if match else ""


def _page_size(values: Mapping[str, str]) -> int:
    return min(_number(values, "pageSize", _INT32) or PAGE_SIZE, MOST_A_PAGE)


def _number(values: Mapping[str, str], name: str, most: int) -> int:
    """A whole number from 0; "" is 0, as an unset field is to Google."""
    value = values[name]
    if not value:
        return 0
    if not re.fullmatch(r"[0-9]{1,10}", value) or int(value) > _INT32:
        raise _bad(name, value, "a whole number from 0 to 2147483647")
    return min(int(value), most)


def _bad(name: str, value: str, needs: str) -> Invalid:
    return Invalid("facttools.bad_value", name=name, value=value[:60], needs=needs)


# --- page tokens ---------------------------------------------------------------------------------------
def _digest(values: Mapping[str, str]) -> str:
    """What a token is good for: these very parameters. The offset counts only without a token."""
    same = [values[name] for name in _ASKED if name not in ("pageToken", "offset")]
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:16]


def _token(start: int, digest: str) -> str:
    return base64.urlsafe_b64encode(f"{start}.{digest}".encode()).decode().rstrip("=")


def _start_of(token: str, digest: str) -> int:
    start, _, given = _opened(token).partition(".")
    if not re.fullmatch(r"[0-9]{1,6}", start) or given != digest:
        raise Invalid("facttools.bad_token")
    return int(start)


def _opened(token: str) -> str:
    try:
        return base64.b64decode(f"{token}{'=' * (-len(token) % 4)}", altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
