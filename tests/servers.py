"""Real HTTP servers on loopback that answer as the outside world does, and stop by themselves."""

from __future__ import annotations

import contextlib
import gzip
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

WIRE = Path(__file__).parent / "data" / "wire"


@dataclass
class Asked:
    """One request as it arrived: path without the query, parameters, headers with lower-case names."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    method: str = "GET"


@dataclass
class Reply:
    """What to send back. `pieces` streams forever if it does; `cut` closes before the body is complete."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: Iterator[bytes] | None = None
    stated_length: int | None = None


Answer = Callable[[Asked], Reply]


@dataclass
class Server:
    """A running server: where it is, and what it was asked so far."""

    port: int
    asked: list[Asked]
    stopping: threading.Event

    @property
    def host_port(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host_port}"

    @property
    def allow(self) -> frozenset[str]:
        return frozenset({self.host_port})


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    # Threads of connections kept alive would hold up the end of the test.
    block_on_close = False

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is part of some tests; any other error is printed as always."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Listener

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        params = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(
            parts.path, params, {name.lower(): value for name, value in self.headers.items()}, body, self.command
        )
        self.server.asked.append(asked)
        with contextlib.suppress(ConnectionError, TimeoutError):
            self.reply(self.server.answer(asked))

    do_POST = do_PUT = do_DELETE = do_GET

    def reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {**reply.headers, **self._framing(reply)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        for piece in reply.pieces or ():
            if self.server.stopping.is_set():
                return
            self.wfile.write(piece)

    def _framing(self, reply: Reply) -> dict[str, str]:
        if reply.pieces is None and reply.stated_length is None:
            return {"Content-Length": str(len(reply.body))}
        self.close_connection = True
        stated = {} if reply.stated_length is None else {"Content-Length": str(reply.stated_length)}
        return {"Connection": "close", **stated}

    def log_message(self, format: str, *args: object) -> None:
        """Silence: a test says what it needs to know."""


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 that gives every request to `answer`; gone when the block ends."""
    listener = _Listener(answer)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Server(listener.server_address[1], listener.asked, listener.stopping)
    finally:
        listener.stopping.set()
        listener.shutdown()
        listener.server_close()
        thread.join(timeout=5)


@contextlib.contextmanager
def hanging() -> Iterator[Server]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield Server(listener.getsockname()[1], [], threading.Event())


@contextlib.contextmanager
def dripping_headers() -> Iterator[Server]:
    """A server that sends its headers a byte at a time and never comes to their end."""
    stopping = threading.Event()

    def drip(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for piece in dripping(stopping, 0.05):
                    connection.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        yield Server(listener.getsockname()[1], [], stopping)
        stopping.set()
    thread.join(timeout=5)


def closed_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wire(name: str) -> bytes:
    """One of our own examples of what a source sends."""
    return (WIRE / name).read_bytes()


def typed(kind: str, body: bytes, **more: str) -> Reply:
    return Reply(body, headers={"Content-Type": kind, **more})


def json_reply(body: bytes, *, status: int = 200, **more: str) -> Reply:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        **{k.replace("_", "-"): v for k, v in more.items()},
    }
    return Reply(body, status=status, headers=headers)


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": location})


def packed(body: bytes, encoding: str = "gzip") -> Reply:
    return Reply(body, headers={"Content-Type": "text/plain", "Content-Encoding": encoding})


def bomb(megabytes: int) -> bytes:
    """Zeros that unpack to many times what is sent."""
    return gzip.compress(b"\0" * (megabytes * 1_000_000), compresslevel=9)


def dripping(stopping: threading.Event, every: float) -> Iterator[bytes]:
    """A byte at a time, for as long as anybody reads; the event ends the wait, no sleep does."""
    while not stopping.wait(every):
        yield b"x"


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536
