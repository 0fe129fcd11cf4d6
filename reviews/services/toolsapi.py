"""Talking to Google's Fact Check Tools API as a service account: one call, its status and what it said.

Off unless FACTCHECKTOOLS_ACCOUNT holds the account's key file (JSON). Requests leave through the guarded client; the
key signs a statement of five minutes (RFC 7523) for an access token, and is sent nowhere.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from articles.services.local import outbound_client
from factcheck.core.errors import Permanent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from factcheck.core.http import Response

SCOPE: Final = "https://www.googleapis.com/auth/factchecktools"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_STATEMENT_SECONDS: Final = 300
_EARLY_SECONDS: Final = 60.0  # a token is not used in its last minute
_SECONDS: Final = 20.0
_UNAUTHORISED: Final = 401


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. `body` is the JSON object it held, empty where it held none."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def words(self) -> str:
        """What it said went wrong, for people."""
        error = self.body.get("error")
        told = error.get("message", "") if isinstance(error, dict) else self.body.get("error_description", error)
        return str(told or "")[:300]


def pushing() -> bool:
    """Whether this desk pushes to Fact Check Tools."""
    return bool(settings.FACTCHECKTOOLS_ACCOUNT)


def call(
    method: str, path: str, *, body: dict[str, Any] | None = None, params: Mapping[str, str] | None = None
) -> Said:
    """One call below /v1alpha1/; a token that is not taken any more is renewed once.

    Raises Permanent (tools.account) for a key file that is none, (tools.token) where no token is given for it, and
    what the guarded client raises.
    """
    url = f"{settings.FACTCHECKTOOLS_URL}/v1alpha1/{path}" + (f"?{urlencode(params)}" if params else "")
    said = _sent(method, url, body, _tokens.get())
    if said.status == _UNAUTHORISED:
        said = _sent(method, url, body, _tokens.get(fresh=True))
    return said


def _sent(method: str, url: str, body: dict[str, Any] | None, token: str) -> Said:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    return _said(outbound_client().exchange(method, url, data, headers=headers, seconds=_SECONDS))


def _said(response: Response) -> Said:
    try:
        found = json.loads(response.content or b"{}")
    except ValueError:
        found = {}
    return Said(response.status, found if isinstance(found, dict) else {}, response.headers)


# --- tokens --------------------------------------------------------------------------------------------
@dataclass
class _Tokens:
    """The process's access token, until a minute before it ends; another key file begins anew."""

    lock: Lock = field(default_factory=Lock)
    account: str = ""
    token: str = ""
    until: float = 0.0

    def get(self, *, fresh: bool = False) -> str:
        account = settings.FACTCHECKTOOLS_ACCOUNT
        with self.lock:
            if fresh or self.account != account or time.monotonic() >= self.until:
                self.token, seconds = _new_token(account)
                self.account, self.until = account, time.monotonic() + seconds - _EARLY_SECONDS
            return self.token


_tokens: Final = _Tokens()


def _new_token(account: str) -> tuple[str, float]:
    """An access token and for how many seconds it is good."""
    key, email, where = _account(account)
    form = urlencode({"grant_type": _GRANT, "assertion": _statement(key, email, where, int(time.time()))})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    said = _said(outbound_client().exchange("POST", where, form.encode(), headers=headers, seconds=_SECONDS))
    token, seconds = said.body.get("access_token"), said.body.get("expires_in")
    if not said.ok or not isinstance(token, str) or not isinstance(seconds, int | float):
        raise Permanent("tools.token", status=said.status, words=said.words)
    return token, float(seconds)


def _account(text: str) -> tuple[RSAPrivateKey, str, str]:
    try:
        held = json.loads(text)
        key = load_pem_private_key(held["private_key"].encode(), password=None)
        return cast("RSAPrivateKey", key), str(held["client_email"]), str(held["token_uri"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Permanent("tools.account") from error


def _statement(key: RSAPrivateKey, email: str, audience: str, now: int) -> str:
    """The signed statement of RFC 7523, as a JWT with RS256."""
    claims = {"iss": email, "scope": SCOPE, "aud": audience, "iat": now, "exp": now + _STATEMENT_SECONDS}
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_encoded(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _part(values: dict[str, Any]) -> str:
    return _encoded(json.dumps(values, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
