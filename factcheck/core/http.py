"""The only way out: one guarded client for everything the desk fetches.

Public addresses and the web's ports only (checked when the socket is opened, after every redirect), a limit
on time, size, redirects and type, an identifying User-Agent, nothing taken from the environment, no cookies.
Callers get a `Response` or a FactcheckError; never an exception of the HTTP library.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final, Self
from urllib.parse import urlencode

import httpcore
import httpx

from factcheck.core._address import is_fetchable, parsed_url, port_of, redact_url, shown
from factcheck.core._answer import (
    NOT_MODIFIED,
    REDIRECTS,
    Redirect,
    Response,
    refuse_length,
    refuse_status,
    refuse_type,
    retry_after,
)
from factcheck.core._body import ACCEPT_ENCODING, unpacked
from factcheck.core._guard import ALLOWED_PORTS, GuardedTransport, Passport, host_port, passport
from factcheck.core.errors import Permanent, Transient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

__all__ = [
    "MAX_BYTES",
    "HttpClient",
    "Limits",
    "Redirect",
    "Response",
    "redact_url",
    "retry_after",
    "user_agent",
]

log = logging.getLogger(__name__)

MAX_BYTES: Final = 5_000_000
MAX_URL: Final = 4_000
_REMEMBERED: Final = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how far one request may go: seconds, and redirects followed."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 30.0
    redirects: int = 3


def user_agent(*, version: str, contact: str) -> str:
    """`Factcheck/<version> (<contact>) httpx/<version>`, the form that Wikimedia's policy asks for.

    Raises ValueError when the contact is missing or could break the header.
    """
    if not contact.strip() or not re.fullmatch(r"[\x20-\x7e]+", contact + version):
        raise ValueError("The contact must be a plain address of a page or mailbox.")
    return f"Factcheck/{version} ({contact.strip()}) httpx/{httpx.__version__}"


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of the way from the first address to the answer."""

    url: httpx.URL
    headers: Mapping[str, str]
    trusted: bool
    body: bytes | None = None
    verb: str = ""

    @property
    def method(self) -> str:
        return self.verb or ("GET" if self.body is None else "POST")

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.url.scheme, self.url.host, port_of(self.url))

    @property
    def host(self) -> str:
        return self.url.host


@dataclass(slots=True)
class _Memory:
    """The last few answers, for callers that ask the same feed once a claim."""

    answers: OrderedDict[str, tuple[float, Response]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def recall(self, key: str, seconds: float) -> Response | None:
        with self.lock:
            kept = self.answers.get(key)
        return kept[1] if kept and time.monotonic() - kept[0] < seconds else None

    def keep(self, key: str, response: Response) -> None:
        with self.lock:
            self.answers[key] = (time.monotonic(), response)
            self.answers.move_to_end(key)
            while len(self.answers) > _REMEMBERED:
                self.answers.popitem(last=False)


class HttpClient:
    """Guarded requests. Safe to share between threads; make one per process, after any fork.

    `version` and `contact` (a page or mailbox) go into the User-Agent. `allow_hosts` holds "host:port" of
    addresses the operator approves although they are not public; a page elsewhere cannot redirect to them.
    `deny_hosts` holds what is never asked, such as the desk itself: "host", or
    "host:port" for one port of it.
    """

    def __init__(
        self,
        *,
        version: str,
        contact: str,
        allow_hosts: frozenset[str] = frozenset(),
        deny_hosts: frozenset[str] = frozenset(),
        limits: Limits | None = None,
    ) -> None:
        self.user_agent = user_agent(version=version, contact=contact)
        self._allow = frozenset(entry.lower() for entry in allow_hosts)
        self._deny = frozenset(entry.lower() for entry in deny_hosts)
        self._limits = limits or Limits()
        self._transport = GuardedTransport()
        self._memory = _Memory()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        max_bytes: int = MAX_BYTES,
        accept: tuple[str, ...] | None = None,
        etag: str = "",
        modified: str = "",
        fresh_for: float = 0.0,
        seconds: float | None = None,
    ) -> Response:
        """Fetch one address.

        `accept` lists the media types that are let in (`text/*` and `*/*+xml` patterns too); `etag` and
        `modified` make the request conditional (the answer may then be `not_modified`); an answer of the
        last `fresh_for` seconds to the same address, without headers of its own, is given again
        (`remembered`); all of it takes at most `seconds` where that is less than the limit.

        Raises Permanent `http.bad_url`, `http.forbidden_address`, `http.too_large`, `http.wrong_type`,
        `http.too_many_redirects`, `http.status` (4xx, `values["status"]`), `source.bad_answer`; Transient
        `http.timeout`, `http.unreachable`, `http.status` (5xx), `http.throttled` (with `retry_at` if known).
        """
        first = self._first_hop(url, params, _sent(headers, accept, etag, modified))
        key = "" if headers or etag or modified else f"{first.url} {accept}"
        kept = self._memory.recall(key, fresh_for) if key else None
        if kept is not None:
            return replace(kept, remembered=True)
        response = self._follow(first, max_bytes=max_bytes, accept=accept, seconds=seconds)
        if key and fresh_for:
            self._memory.keep(key, response)
        return response

    def download(
        self, url: str, out: IO[bytes], *, max_bytes: int, seconds: float, etag: str = "", modified: str = ""
    ) -> Response:
        """Fetch one address into `out`, a piece at a time; the `content` of the answer is empty.

        For what is too large to be held: `seconds` may be more than the limit of other requests. What came before
        it broke off is in `out`. Raises as `get` does.
        """
        first = self._first_hop(url, None, _sent(None, None, etag, modified))
        return self._follow(first, max_bytes=max_bytes, accept=None, total=seconds, out=out)

    def post_json(
        self,
        url: str,
        document: Mapping[str, object],
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        seconds: float | None = None,
    ) -> Response:
        """Send a JSON document and read a JSON answer, within `seconds` where that is less than the limit.

        Redirects are refused (`http.status`): what is sent, and the key it is sent with, are for this address
        alone. Nothing is remembered. Raises as `get` does.
        """
        kinds = {"Accept": "application/json", "Content-Type": "application/json"}
        hop = self._first_hop(url, None, {**kinds, **(headers or {})})
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        return self._follow(replace(hop, body=body), max_bytes=max_bytes, accept=None, seconds=seconds)

    def post_form(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Response:
        """Send a form and read the answer; else as `post_json`."""
        kinds = {"Content-Type": "application/x-www-form-urlencoded"}
        hop = self._first_hop(url, None, {**kinds, **(headers or {})})
        body = urlencode(fields).encode("ascii")
        return self._follow(replace(hop, body=body), max_bytes=MAX_BYTES, accept=None, seconds=seconds)

    def post_bytes(self, url: str, body: bytes, *, headers: Mapping[str, str], seconds: float) -> Response:
        """Send these very bytes within `seconds` and say with which status and headers they were taken.

        Every status is an answer, a redirect too, and none is followed. The body of the answer is not read:
        the sender of a notice has no use for it. Raises Permanent `http.bad_url`, `http.forbidden_address`;
        Transient `http.timeout`, `http.unreachable`.
        """
        hop = replace(self._first_hop(url, None, headers), body=body)
        ticket = passport.set(Passport(hop.host, min(seconds, self._limits.total)))
        try:
            with self._sent(hop) as answer:
                log.info("POST %s answered %s", shown(hop.url), answer.status_code)
                told = MappingProxyType({name.lower(): value for name, value in answer.headers.items()})
                kind = told.get("content-type", "")
                return Response(str(hop.url), answer.status_code, told, b"", kind, (), datetime.now(UTC))
        finally:
            passport.reset(ticket)

    def exchange(
        self, method: str, url: str, body: bytes | None, *, headers: Mapping[str, str], seconds: float,
        max_bytes: int = MAX_BYTES,
    ) -> Response:  # fmt: skip
        """One request to an API: every status is an answer and comes with its body; nothing is followed.

        Raises Permanent `http.bad_url`, `http.forbidden_address`, `http.too_large`; Transient `http.timeout`,
        `http.unreachable`.
        """
        hop = replace(self._first_hop(url, None, headers), body=body, verb=method)
        ticket = passport.set(Passport(hop.host, min(seconds, self._limits.total)))
        try:
            with self._sent(hop) as answer:
                log.info("%s %s answered %s", method, shown(hop.url), answer.status_code)
                return _read(answer, hop, (), max_bytes)
        finally:
            passport.reset(ticket)

    def _first_hop(self, url: str, params: Mapping[str, str | int] | None, headers: Mapping[str, str]) -> _Hop:
        address = parsed_url(url)
        if params:
            address = address.copy_merge_params(dict(params))
        return _Hop(address.copy_with(fragment=None), headers, self._is_approved(address))

    def _is_approved(self, url: httpx.URL) -> bool:
        return host_port(url.host, port_of(url)) in self._allow

    def _follow(
        self, hop: _Hop, *, max_bytes: int, accept: tuple[str, ...] | None, seconds: float | None = None,
        total: float | None = None, out: IO[bytes] | None = None,
    ) -> Response:  # fmt: skip
        redirects: list[Redirect] = []
        longest = total or self._limits.total
        ticket = passport.set(Passport(hop.host, longest if seconds is None else min(seconds, longest)))
        try:
            while True:
                with self._sent(hop) as answer:
                    if hop.body is not None or not _leads_on(answer):
                        return _finished(answer, hop, tuple(redirects), max_bytes, accept, out)
                if len(redirects) == self._limits.redirects:
                    raise Permanent("http.too_many_redirects", url=shown(hop.url), limit=len(redirects))
                hop = self._next(hop, answer)
                redirects.append(Redirect(answer.status_code, str(hop.url)))
        finally:
            passport.reset(ticket)

    def _next(self, hop: _Hop, answer: httpx.Response) -> _Hop:
        try:
            target = hop.url.join(answer.headers["location"])
        except httpx.InvalidURL as error:
            raise Permanent("http.bad_url", url="(redirect)") from error
        following = _Hop(target.copy_with(fragment=None), hop.headers, hop.trusted)
        if following.origin == hop.origin:
            return following
        # What the caller set for one host (a key, say) is nobody else's business.
        kept = {name: value for name, value in hop.headers.items() if name == "Accept"}
        return _Hop(following.url, kept, hop.trusted)

    @contextmanager
    def _sent(self, hop: _Hop) -> Iterator[httpx.Response]:
        self._check(hop)
        current = passport.get()
        current.host = hop.host
        current.approved = self._allow if hop.trusted else frozenset()
        timeout = {"connect": self._limits.connect, "read": self._limits.read}
        request = httpx.Request(
            hop.method,
            hop.url,
            content=hop.body,
            headers={**hop.headers, "User-Agent": self.user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            extensions={"timeout": {**timeout, "write": self._limits.read, "pool": self._limits.connect}},
        )
        with _translated(hop.host, self._limits):
            answer = self._transport.handle_request(request)
            try:
                yield answer
            finally:
                answer.close()

    def _check(self, hop: _Hop) -> None:
        url = hop.url
        if not is_fetchable(url) or len(str(url)) > MAX_URL:
            raise Permanent("http.bad_url", url=shown(url))
        name = url.host.lower().rstrip(".")
        if self._deny & {name, host_port(name, port_of(url))}:
            raise Permanent("http.forbidden_address", host=url.host)
        approved = self._is_approved(url)
        if (approved and not hop.trusted) or (port_of(url) not in ALLOWED_PORTS and not approved):
            raise Permanent("http.forbidden_address", host=host_port(url.host, port_of(url)))


def _leads_on(answer: httpx.Response) -> bool:
    return answer.status_code in REDIRECTS and "location" in answer.headers


def _sent(
    headers: Mapping[str, str] | None, accept: tuple[str, ...] | None, etag: str, modified: str
) -> dict[str, str]:
    conditional = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {
        "Accept": ", ".join(kind for kind in accept or () if "*/*+" not in kind) or "*/*",
        **{name: value for name, value in conditional.items() if value},
        **(headers or {}),
    }


@contextmanager
def _translated(host: str, limits: Limits) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        seconds = limits.connect if isinstance(error, httpcore.ConnectTimeout) else limits.read
        passport.get().clamp(seconds)  # the whole may be over before the step is
        raise Transient("http.timeout", host=host, seconds=seconds) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        detail = str(error)[:120] or type(error).__name__
        raise Transient("http.unreachable", host=host, detail=detail) from error
    except httpcore.UnsupportedProtocol as error:
        raise Permanent("http.bad_url", url=host) from error


def _finished(
    answer: httpx.Response,
    hop: _Hop,
    redirects: tuple[Redirect, ...],
    max_bytes: int,
    accept: tuple[str, ...] | None,
    out: IO[bytes] | None,
) -> Response:
    now = datetime.now(UTC)
    headers = MappingProxyType({name.lower(): value for name, value in answer.headers.items()})
    log.info("%s %s answered %s", hop.method, shown(hop.url), answer.status_code)
    if answer.status_code != NOT_MODIFIED:
        refuse_status(answer.status_code, headers, hop.host, now)
        refuse_type(headers, hop.url, accept)
    return _read(answer, hop, redirects, max_bytes, out)


def _read(
    answer: httpx.Response, hop: _Hop, redirects: tuple[Redirect, ...], max_bytes: int, out: IO[bytes] | None = None
) -> Response:
    headers = MappingProxyType({name.lower(): value for name, value in answer.headers.items()})
    refuse_length(headers, hop.url, max_bytes)
    packed = headers.get("content-encoding", "")
    pieces = unpacked(answer.iter_raw(), encoding=packed, limit=max_bytes, url=shown(hop.url), host=hop.host)
    body = b""
    if out is None:
        body = b"".join(pieces)
    else:
        out.writelines(pieces)
    kind = headers.get("content-type", "")
    return Response(str(hop.url), answer.status_code, headers, body, kind, redirects, datetime.now(UTC))
