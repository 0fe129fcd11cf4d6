"""The signature is the one of the standard: its own vector, its library, and the ten lines in our documentation."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from reviews import webhooks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = webhooks.secret_text(bytes(range(32)))
BODY = '{"type":"ping","timestamp":"2026-11-20T12:00:00Z","data":{"endpoint":"Küste"}}'.encode()


def documented_verify() -> Any:
    """The function in the documentation, as it stands there."""
    page = (Path(settings.BASE_DIR) / "docs" / "publishing.md").read_text(encoding="utf-8")
    (example,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.S) if "def verify" in block]
    namespace: dict[str, Any] = {}
    exec(example, namespace)
    return namespace["verify"]


def test_the_vector_of_the_specification() -> None:
    made = webhooks.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("body", [b"{}", BODY, b'{"a": 1 }\n', b"\xff\x00"])
@pytest.mark.parametrize("length", [24, 32, 64])
def test_the_official_library_makes_the_same_signature(body: bytes, length: int) -> None:
    secret = webhooks.secret_text(bytes(range(length)))
    ours = webhooks.signature(secret, "msg_1", int(NOW.timestamp()), body)
    if body != b"\xff\x00":  # the library signs text only; receivers of ours only ever see JSON
        assert ours == Webhook(secret).sign(msg_id="msg_1", timestamp=NOW, data=body.decode())
    assert len(base64.b64decode(ours.removeprefix("v1,"))) == 32


@time_machine.travel(NOW)
@pytest.mark.parametrize("held", [0, 1])
def test_a_receiver_may_hold_either_secret_during_a_rotation(held: int) -> None:
    secrets = [SECRET, webhooks.secret_text(b"x" * 32)]
    sent = webhooks.headers(secrets, "msg_1", int(NOW.timestamp()), BODY)
    assert Webhook(secrets[held]).verify(BODY, sent) == json.loads(BODY)
    assert documented_verify()(secrets[held], sent, BODY)


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"webhook-id": "msg_2"}, BODY),
        ({"webhook-timestamp": str(int((NOW - timedelta(minutes=4)).timestamp()))}, BODY),
        ({"webhook-signature": "v1,AAAA"}, BODY),
        ({"webhook-signature": "v1a,AAAA"}, BODY),
        ({"webhook-signature": ""}, BODY),
        ({}, BODY + b" "),
        ({}, b""),
    ],
)
def test_what_was_changed_on_the_way_is_refused(changes: dict[str, str], body: bytes) -> None:
    sent = webhooks.headers([SECRET], "msg_1", int(NOW.timestamp()), BODY) | changes
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, sent)
    assert not documented_verify()(SECRET, sent, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_message_sent_again_by_a_stranger_is_refused(minutes: int) -> None:
    sent = webhooks.headers([SECRET], "msg_1", int(NOW.timestamp()), BODY)
    with time_machine.travel(NOW + timedelta(minutes=minutes)):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(BODY, sent)
        assert not documented_verify()(SECRET, sent, BODY)


@pytest.mark.parametrize("length", [0, 23, 65])
def test_secrets_have_24_to_64_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        webhooks.secret_text(b"x" * length)


def test_what_is_no_secret_is_named() -> None:
    with pytest.raises(ValueError, match="base64"):
        webhooks.secret_bytes("whsec_not base64")


def test_payload_is_short_json_with_type_timestamp_and_data() -> None:
    assert json.loads(webhooks.payload("ping", NOW, {"endpoint": "Küste"})) == json.loads(BODY)
    with pytest.raises(ValueError, match="20000"):
        webhooks.payload("ping", NOW, {"endpoint": "x" * 20_000})


def test_the_waits_between_ten_attempts() -> None:
    assert [webhooks.retry_delay(tries, 0) for tries in range(11)] == [
        timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30),
        *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)), None,
    ]  # fmt: skip
    assert webhooks.retry_delay(4, 1) == timedelta(hours=2, minutes=12)
    assert sum(webhooks.RETRY_SECONDS) / 3600 == pytest.approx(75.6, abs=0.1)
