"""No spelling of an inward address gets out, whatever resolves to it."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from factcheck.core._guard import is_public
from factcheck.core.errors import Permanent
from factcheck.core.http import HttpClient
from tests.servers import Asked, Reply, redirect, serving, typed

HOSTILE = [
    "127.0.0.1", "127.0.0.2", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", HOSTILE)
def test_inward_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "http.forbidden_address"),
        ("http://127.0.0.2/", "http.forbidden_address"),
        ("http://localhost/", "http.forbidden_address"),
        ("http://2130706433/", "http.forbidden_address"),
        ("http://0x7f000001/", "http.forbidden_address"),
        ("http://0177.0.0.1/", "http.bad_url"),
        ("http://[fe80::1%25eth0]/", "http.bad_url"),
        ("http://[half/", "http.bad_url"),
        ("http://127.1/", "http.forbidden_address"),
        ("http://0/", "http.forbidden_address"),
        ("http://[::1]/", "http.forbidden_address"),
        ("http://[::ffff:127.0.0.1]/", "http.forbidden_address"),
        ("http://[64:ff9b::7f00:1]/", "http.forbidden_address"),
        ("http://169.254.169.254/latest/meta-data/", "http.forbidden_address"),
        ("http://8.8.8.8:8080/", "http.forbidden_address"),
        ("https://8.8.8.8:22/", "http.forbidden_address"),
        ("http://8.8.8.8@127.0.0.2/", "http.bad_url"),
        ("http://127.0.0.1@8.8.8.8/", "http.bad_url"),
        ("http://１２７.0.0.1/", "http.bad_url"),
        ("http://①②⑦.0.0.1/", "http.bad_url"),
        ("file:///etc/passwd", "http.bad_url"),
        ("ftp://8.8.8.8/", "http.bad_url"),
        ("javascript:alert(1)", "http.bad_url"),
        ("//8.8.8.8/", "http.bad_url"),
        ("8.8.8.8", "http.bad_url"),
        ("", "http.bad_url"),
        ("http://", "http.bad_url"),
        ("http://a.example/" + "x" * 5000, "http.bad_url"),
        ("http://a.example/\r\nX: y", "http.bad_url"),
    ],
)
def test_hostile_addresses_are_refused(url: str, code: str) -> None:
    with (
        HttpClient(version="1", contact="https://desk.example") as client,
        pytest.raises(Permanent) as caught,
    ):
        client.get(url)
    assert caught.value.code == code


def test_a_name_with_one_inward_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with (
        HttpClient(version="1", contact="https://desk.example") as client,
        pytest.raises(Permanent) as caught,
    ):
        client.get("http://rebinding.example/")
    assert caught.value.code == "http.forbidden_address"


def test_approval_is_for_one_host_and_port_only() -> None:
    with serving(lambda _: typed("text/plain", b"inside")) as server, serving(lambda _: Reply()) as other:
        with HttpClient(version="1", contact="https://desk.example", allow_hosts=server.allow) as client:
            assert client.get(server.url).content == b"inside"
            with pytest.raises(Permanent):
                client.get(other.url)
        assert other.asked == []


def test_a_page_elsewhere_cannot_redirect_to_an_approved_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public page is a loopback server that only this test takes for public."""
    with serving(lambda _: typed("text/plain", b"inside")) as inside:

        def outside(_: Asked) -> Reply:
            return redirect(f"{inside.url}/")

        with serving(outside) as public:
            monkeypatch.setattr("factcheck.core._guard.is_public", lambda _: True)
            monkeypatch.setattr("factcheck.core._guard.ALLOWED_PORTS", {public.port})
            monkeypatch.setattr("factcheck.core.http.ALLOWED_PORTS", {public.port})
            with HttpClient(version="1", contact="https://desk.example", allow_hosts=inside.allow) as client:
                with pytest.raises(Permanent) as caught:
                    client.get(public.url)
                assert client.get(inside.url).content == b"inside"
        assert caught.value.code == "http.forbidden_address"
        assert len(public.asked) == 1
