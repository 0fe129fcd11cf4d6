"""Where an outbound request may go: decided at connect time, against every address a name resolves to.

Checking when the socket is opened, not when the address is typed, leaves no gap for a name that answers
differently the second time, and covers every redirect. Spellings such as 2130706433, 0x7f000001 or 127.1
need no rule of their own: what counts is the address the resolver makes of them.
"""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

from factcheck.core.errors import Permanent, Transient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

ALLOWED_PORTS: Final = frozenset({80, 443})
RESOLVE_SECONDS: Final = 5.0

# Ranges that `ipaddress` calls global, or does not call private, though nobody outside should be sent there:
# carrier NAT, protocol assignments, 6to4 relays, multicast, reserved, IPv4 dressed as IPv6, NAT64, discard,
# Teredo and other special uses, documentation, segment routing, unique local, link local, site local.
DENIED_NETWORKS: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(network)
    for network in (
        *("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "3fff::/20"),
        *("5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


def is_public(address: str) -> bool:
    """Whether an address in its usual spelling (a zone such as `%eth0` is ignored) lies in the public net."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not found.is_global or found.is_multicast:
        return False
    return not any(found.version == network.version and found in network for network in DENIED_NETWORKS)


def host_port(host: str, port: int) -> str:
    """The form in which approved addresses are written: `cms.example:8080`, `[::1]:8080`."""
    return f"[{host}]:{port}" if ":" in host else f"{host.lower()}:{port}"


@dataclass(slots=True)
class Passport:
    """What the request under way may do: until when (monotonic seconds), and which addresses are approved."""

    host: str
    seconds: float
    approved: frozenset[str] = frozenset()
    expires: float = field(init=False)

    def __post_init__(self) -> None:
        self.expires = time.monotonic() + self.seconds

    def clamp(self, timeout: float | None) -> float:
        """The smaller of the time-out of one step and what is left of the whole.

        Raises Transient `http.timeout` when nothing is left.
        """
        left = self.expires - time.monotonic()
        if left <= 0:
            raise Transient("http.timeout", host=self.host, seconds=self.seconds)
        return left if timeout is None else min(timeout, left)


passport: ContextVar[Passport] = ContextVar("passport")


@cache
def _resolver() -> ThreadPoolExecutor:
    """Made at the first look-up, so that a process that is forked before has its own threads."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolver")


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a name in the resolver's order, without repetition; Transient if it has none.

    The system's resolver has no time limit of its own and cannot be interrupted, so it works in a thread that
    is left behind when the request's time is over.
    """
    limit = passport.get().clamp(RESOLVE_SECONDS)
    asked = _resolver().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(timeout=limit)
    except TimeoutError as error:
        asked.cancel()
        raise Transient("http.unreachable", host=host, detail="no name server answered in time") from error
    except (OSError, UnicodeError) as error:
        raise Transient("http.unreachable", host=host, detail="its name is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _DeadlineStream(httpcore.NetworkStream):
    """A connection on which no single read or write outlives the request, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, passport.get().clamp(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, passport.get().clamp(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = passport.get().clamp(timeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses on the web's ports, and to what the operator approved."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        approved = host_port(host, port) in passport.get().approved
        if port not in ALLOWED_PORTS and not approved:
            raise Permanent("http.forbidden_address", host=host_port(host, port))
        addresses = addresses_of(host, port)
        if not approved and not all(is_public(address) for address in addresses):
            raise Permanent("http.forbidden_address", host=host)
        return self._first_open(addresses, port, timeout)

    def _first_open(self, addresses: list[str], port: int, timeout: float | None) -> httpcore.NetworkStream:
        refused: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                limit = passport.get().clamp(timeout)
                return _DeadlineStream(self._inner.connect_tcp(address, port, limit))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refused = error
        raise refused or httpcore.ConnectError("the name has no address")


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport over httpcore's public interface whose sockets are opened by `GuardedBackend`.

    Needs `passport` to be set while a request runs and is read. No proxy, no environment, no retry.
    """

    def __init__(self) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=GuardedBackend(),
            max_connections=10,
            keepalive_expiry=5.0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert not isinstance(answer.stream, bytes)
        stream = _Body(answer.stream)  # type: ignore[arg-type]  # httpcore types the sync and async stream as one
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    def close(self) -> None:
        self._pool.close()
