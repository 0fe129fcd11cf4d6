"""Signing and timing of webhooks by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  (what every secret begins with)
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret, as the specification has it
MOST_BYTES: Final = 20_000  # of a payload, likewise
# Seconds to wait before each attempt, counted from the one before; ten attempts in some 75 hours.
RETRY_SECONDS: Final = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER: Final = 0.1


def secret_text(secret: bytes) -> str:
    """A secret as people copy it: `whsec_` and base64. Raises ValueError outside of 24 to 64 bytes."""
    if not _SHORTEST <= len(secret) <= _LONGEST:
        raise ValueError(f"A secret has {_SHORTEST} to {_LONGEST} bytes, not {len(secret)}.")
    return SECRET_PREFIX + base64.b64encode(secret).decode("ascii")


def secret_bytes(text: str) -> bytes:
    """What `secret_text` made, with or without the prefix; raises ValueError for what is not base64."""
    try:
        return base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("A secret is base64 after its prefix.") from error


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `{id}.{timestamp}.{body}`; `timestamp` in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt; signed with every secret, so that a receiver may hold any of them."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets),
    }


def payload(kind: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The body, made once and sent unchanged at every attempt; raises ValueError above 20 kB."""
    moment = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    body = json.dumps({"type": kind, "timestamp": moment, "data": data}, ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > MOST_BYTES:
        raise ValueError(f"A payload has at most {MOST_BYTES} bytes.")
    return body


def retry_delay(tries: int, chance: float) -> timedelta | None:
    """How long to wait after `tries` attempts have failed; None after the last one.

    `chance` from 0 to 1 lengthens the wait by up to a tenth, so that what failed together is not sent together.
    """
    if tries >= len(RETRY_SECONDS):
        return None
    return timedelta(seconds=RETRY_SECONDS[tries] * (1 + JITTER * chance))
