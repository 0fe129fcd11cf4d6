"""The outbound client against servers that behave, and servers that do not."""

from __future__ import annotations

import gzip
import time
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from factcheck.core.errors import FactcheckError, Permanent, Transient
from factcheck.core.http import HttpClient, Limits, redact_url, retry_after, user_agent
from tests.servers import (
    Answer,
    Asked,
    Reply,
    Server,
    bomb,
    closed_port,
    dripping,
    dripping_headers,
    endless,
    hanging,
    packed,
    redirect,
    serving,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTACT = "https://desk.example/about"
NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
QUICK = Limits(connect=1.0, read=0.3, total=0.8)


def client_for(*servers: Server, limits: Limits | None = None, **more: frozenset[str]) -> HttpClient:
    allow = frozenset(server.host_port for server in servers)
    return HttpClient(version="1.0", contact=CONTACT, allow_hosts=allow, limits=limits, **more)


def plain(body: bytes = b"hello") -> Answer:
    return lambda _: typed("text/plain", body)


def refusal(answer: Answer, path: str = "/", *, limits: Limits = QUICK, **options: object) -> FactcheckError:
    with serving(answer) as server, client_for(server, limits=limits) as client:
        with pytest.raises(FactcheckError) as caught:
            client.get(server.url + path, **options)  # type: ignore[arg-type]
        return caught.value


def test_it_fetches_and_says_who_is_asking() -> None:
    with serving(plain()) as server, client_for(server) as client:
        response = client.get(f"{server.url}/a", params={"q": "två ord"}, accept=("text/plain",))
        asked = server.asked[0]
    assert (response.status, response.content, response.content_type) == (200, b"hello", "text/plain")
    assert response.url == f"{server.url}/a?q=tv%C3%A5+ord"
    assert response.fetched_at.tzinfo is UTC
    assert asked.params == {"q": "två ord"}
    assert asked.headers["user-agent"].startswith(f"Factcheck/1.0 ({CONTACT}) httpx/")
    assert asked.headers["accept"] == "text/plain"


def test_nothing_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    with serving(plain()) as server, client_for(server) as client:
        assert client.get(server.url).content == b"hello"


def test_cookies_are_neither_kept_nor_sent() -> None:
    def answer(_: Asked) -> Reply:
        return typed("text/plain", b"", **{"Set-Cookie": "id=1; Path=/"})

    with serving(answer) as server, client_for(server) as client:
        client.get(server.url)
        client.get(server.url)
        assert "cookie" not in server.asked[1].headers


@pytest.mark.parametrize("contact", ["", "  ", "desk\r\nX-Evil: 1", "büro@desk.example"])
def test_a_user_agent_needs_a_contact_that_fits_a_header(contact: str) -> None:
    with pytest.raises(ValueError, match="contact"):
        user_agent(version="1", contact=contact)


# --- compression -----------------------------------------------------------------------------------------

_BARE = zlib.compressobj(wbits=-15)
BARE_DEFLATE = _BARE.compress(b"hello") + _BARE.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"hello"), "gzip"),
        (zlib.compress(b"hello"), "deflate"),
        (BARE_DEFLATE, "deflate"),
        (b"hello", "identity"),
    ],
    ids=["gzip", "deflate", "bare-deflate", "identity"],  # gzip writes the time into its bytes
)
def test_compressed_answers_are_unpacked(body: bytes, encoding: str) -> None:
    with serving(lambda _: packed(body, encoding)) as server, client_for(server) as client:
        assert client.get(server.url).content == b"hello"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (lambda _: packed(bomb(60)), Permanent, "http.too_large"),
        (lambda _: packed(gzip.compress(bomb(60)), "gzip, gzip"), Permanent, "source.bad_answer"),
        (lambda _: packed(b"hello", "br"), Permanent, "source.bad_answer"),
        (lambda _: packed(b"\x1f\x8bnot gzip at all"), Permanent, "source.bad_answer"),
        (lambda _: packed(gzip.compress(b"hello" * 999)[:-12]), Transient, "http.unreachable"),
        (lambda _: typed("text/plain", b"x" * 5_000_001), Permanent, "http.too_large"),
        (lambda _: Reply(pieces=endless()), Permanent, "http.too_large"),
        (lambda _: Reply(b"half", stated_length=8), Transient, "http.unreachable"),
    ],
    ids=["gzip-bomb", "layered", "not-offered", "damaged", "broken-off", "large", "endless", "short"],
)
def test_a_body_is_bounded_and_whole(answer: Answer, kind: type[FactcheckError], code: str) -> None:
    # What matters here is size, so a busy machine may take its time.
    error = refusal(answer, limits=Limits())
    assert (type(error), error.code) == (kind, code)


def test_the_limit_itself_is_still_taken() -> None:
    with serving(plain(b"12345")) as server, client_for(server) as client:
        assert client.get(server.url, max_bytes=5).content == b"12345"
    assert refusal(lambda _: packed(gzip.compress(b"123456")), max_bytes=5).code == "http.too_large"


# --- time ------------------------------------------------------------------------------------------------


def took(work: object) -> float:
    started = time.monotonic()
    with pytest.raises(Transient) as caught:
        work()  # type: ignore[operator]
    assert caught.value.code == "http.timeout"
    return time.monotonic() - started


def test_a_server_that_says_nothing_is_left_after_the_read_limit() -> None:
    with hanging() as server, client_for(server, limits=QUICK) as client:
        assert took(lambda: client.get(server.url)) < 0.7


def test_a_server_that_drips_bytes_is_left_at_the_total_limit() -> None:
    def answer(_: Asked) -> Reply:
        return Reply(headers={"Content-Type": "text/plain"}, pieces=dripping(server.stopping, 0.05))

    with serving(answer) as server, client_for(server, limits=QUICK) as client:
        assert 0.7 < took(lambda: client.get(server.url)) < 1.5


def test_a_server_that_drips_headers_is_left_at_the_total_limit() -> None:
    with dripping_headers() as server, client_for(server, limits=QUICK) as client:
        assert took(lambda: client.get(server.url)) < 1.5


def test_a_client_works_again_after_a_timeout() -> None:
    with hanging() as dead, serving(plain()) as server, client_for(dead, server, limits=QUICK) as client:
        took(lambda: client.get(dead.url))
        assert client.get(server.url).content == b"hello"


def test_a_closed_port_and_an_unknown_name_are_temporary() -> None:
    with HttpClient(
        version="1", contact=CONTACT, allow_hosts=frozenset({f"127.0.0.1:{(port := closed_port())}"})
    ) as client:
        for url in (f"http://127.0.0.1:{port}/", "http://no-such-host.invalid/"):
            with pytest.raises(Transient) as caught:
                client.get(url)
            assert caught.value.code == "http.unreachable"


# --- status, type, waiting -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "kind", "code"),
    [
        (400, {}, Permanent, "http.status"),
        (403, {}, Permanent, "http.status"),
        (404, {}, Permanent, "http.status"),
        (408, {}, Transient, "http.status"),
        (410, {}, Permanent, "http.status"),
        (429, {}, Transient, "http.throttled"),
        (429, {"Retry-After": "7"}, Transient, "http.throttled"),
        (500, {}, Transient, "http.status"),
        (503, {"Retry-After": "7"}, Transient, "http.throttled"),
        (503, {}, Transient, "http.status"),
        (302, {}, Permanent, "http.status"),
    ],
)
def test_a_status_becomes_an_error_that_says_whether_waiting_helps(
    status: int, headers: dict[str, str], kind: type[FactcheckError], code: str
) -> None:
    before = datetime.now(UTC)
    error = refusal(lambda _: Reply(b"no", status, headers))
    assert (type(error), error.code) == (kind, code)
    if headers:
        assert isinstance(error, Transient)
        assert error.retry_at is not None
        assert timedelta(seconds=6) < error.retry_at - before < timedelta(seconds=12)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", NOW),
        ("120", NOW + timedelta(minutes=2)),
        ("Thu, 01 Oct 2026 12:05:00 GMT", NOW + timedelta(minutes=5)),
        ("Thu, 01 Oct 2026 14:05:00 +0200", NOW + timedelta(minutes=5)),
        ("Thu, 01 Oct 2020 12:05:00 GMT", NOW),
        ("99999999999999999999", NOW + timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: datetime | None) -> None:
    assert retry_after({"retry-after": value}, now=NOW) == expected


@pytest.mark.parametrize(
    ("sent", "accept", "taken"),
    [
        ("application/json; charset=utf-8", ("application/json",), True),
        ("APPLICATION/JSON", ("application/json",), True),
        ("text/html", ("application/json", "text/*"), True),
        ("application/activity+json", ("*/*+json",), True),
        ("text/html", ("application/json",), False),
        ("application/jsonp", ("application/json",), False),
        ("image/png", ("text/*",), False),
    ],
)
def test_only_the_types_asked_for_are_let_in(sent: str, accept: tuple[str, ...], *, taken: bool) -> None:
    with serving(lambda _: typed(sent, b"{}")) as server, client_for(server) as client:
        if taken:
            assert client.get(server.url, accept=accept).content_type == sent
            return
        with pytest.raises(Permanent) as caught:
            client.get(server.url, accept=accept)
    assert caught.value.code == "http.wrong_type"
    assert sent in caught.value.detail


def test_an_answer_without_a_type_is_refused_when_one_is_wanted() -> None:
    assert refusal(lambda _: Reply(b"x"), accept=("text/html",)).code == "http.wrong_type"


# --- conditional requests and memory ---------------------------------------------------------------------


def test_a_conditional_request_may_be_answered_with_not_modified() -> None:
    def answer(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"v1"' and "if-modified-since" in asked.headers
        return Reply(status=304) if known else typed("text/plain", b"new", ETag='"v1"')

    with serving(answer) as server, client_for(server) as client:
        first = client.get(server.url, accept=("text/plain",))
        again = client.get(
            server.url,
            accept=("text/plain",),
            etag=first.headers["etag"],
            modified="Thu, 01 Oct 2026 12:00:00 GMT",
        )
    assert (first.not_modified, again.not_modified, again.content) == (False, True, b"")


def test_a_fresh_answer_is_given_again_without_asking() -> None:
    with serving(plain()) as server, client_for(server) as client:
        first = client.get(server.url, fresh_for=60)
        again = client.get(server.url, fresh_for=60)
        assert (first.remembered, again.remembered) == (False, True)
        assert (again.content, again.fetched_at) == (first.content, first.fetched_at)
        client.get(server.url, params={"other": 1}, fresh_for=60)
        client.get(server.url)
        client.get(server.url, headers={"X-Key": "1"}, fresh_for=60)
        assert len(server.asked) == 4


# --- redirects -------------------------------------------------------------------------------------------


def test_redirects_are_followed_and_remembered() -> None:
    steps = {"/a": redirect("/b", 301), "/b": redirect("/c", 308), "/c": redirect("/d", 302)}

    def answer(asked: Asked) -> Reply:
        return steps.get(asked.path) or typed("text/plain", asked.path.encode())

    with serving(answer) as server, client_for(server) as client:
        response = client.get(f"{server.url}/a")
    assert response.content == b"/d"
    assert [step.status for step in response.redirects] == [301, 308, 302]
    assert response.moved_to == f"{server.url}/c"


def test_a_temporary_redirect_is_not_a_move() -> None:
    def answer(asked: Asked) -> Reply:
        return redirect("/b") if asked.path == "/a" else typed("text/plain", b"x")

    with serving(answer) as server, client_for(server) as client:
        assert client.get(f"{server.url}/a").moved_to == ""


def test_a_loop_of_redirects_ends() -> None:
    assert refusal(lambda _: redirect("/again")).code == "http.too_many_redirects"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "http.forbidden_address"),
        ("http://localhost/", "http.forbidden_address"),
        ("http://[::1]/", "http.forbidden_address"),
        ("file:///etc/passwd", "http.bad_url"),
        ("ftp://127.0.0.1/", "http.bad_url"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "http.bad_url"),
        ("http://user:pass@127.0.0.1/", "http.bad_url"),
        ("http://[half", "http.bad_url"),
    ],
)
def test_a_redirect_is_judged_like_a_first_address(location: str, code: str) -> None:
    error = refusal(lambda _: redirect(location))
    assert (type(error), error.code) == (Permanent, code)


def test_what_was_meant_for_one_host_is_not_told_to_another() -> None:
    with serving(plain()) as other, serving(lambda _: redirect(f"{other.url}/")) as server:
        with client_for(server, other) as client:
            client.get(server.url, headers={"Authorization": "Bearer s3cret"}, accept=("text/plain",))
        assert server.asked[0].headers["authorization"] == "Bearer s3cret"
        assert "authorization" not in other.asked[0].headers
        assert other.asked[0].headers["accept"] == "text/plain"


@pytest.fixture
def quiet() -> Iterator[Server]:
    with serving(plain()) as server:
        yield server


def test_a_denied_host_is_never_asked(quiet: Server) -> None:
    with client_for(quiet, deny_hosts=frozenset({"127.0.0.1"})) as client, pytest.raises(Permanent):
        client.get(quiet.url)
    assert quiet.asked == []


# --- secrets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x?key=s3cret&q=word", "https://a.example/x?key=MASKED&q=word"),
        ("https://a.example/?api_key=s3cret", "https://a.example/?api_key=MASKED"),
        ("https://a.example/?X-Amz-Signature=s3cret", "https://a.example/?X-Amz-Signature=MASKED"),
        ("https://me:s3cret@a.example/#s3cret", "https://a.example/"),
        ("https://a.example/monkey?monkey=1", "https://a.example/monkey?monkey=1"),
        ("http://１２７.0.0.1/?key=s3cret", "(not an address)"),
    ],
)
def test_secrets_are_masked(url: str, shown: str) -> None:
    assert redact_url(url) == shown


def test_errors_and_logs_hold_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    error = refusal(lambda _: typed("image/png", b"x"), "/?token=s3cret", accept=("text/html",))
    assert "MASKED" in error.detail
    assert "s3cret" not in error.detail + caplog.text.replace("httpcore", "")
