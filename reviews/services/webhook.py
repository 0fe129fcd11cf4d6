"""Receivers of webhooks: kept, rotated, switched. What is sent to them is in `reviews.services.delivery`."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from factcheck.audit.services import record
from factcheck.core.errors import Invalid
from reviews.choices import EventKind
from reviews.models import WebhookEndpoint
from reviews.webhooks import secret_text

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

# What a receiver can choose from; a ping comes only when somebody asks for it.
SUBSCRIBABLE: Final = (EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.RETRACTED)
# So long both secrets sign after a rotation.
OVERLAP: Final = timedelta(hours=24)
_SALT: Final = "reviews.webhook.secret"
_SET_BY_PEOPLE: Final = ("name", "url", "events")


def endpoint_save(*, endpoint: WebhookEndpoint, actor: User | None) -> WebhookEndpoint:
    """Store a receiver; a new one gets its secret (`endpoint_secret`). Raises Invalid (webhook.*)."""
    endpoint_check(url=endpoint.url)
    unknown = [name for name in endpoint.events if name not in SUBSCRIBABLE]
    if unknown:
        raise Invalid("webhook.bad_events", names=", ".join(map(str, unknown)), known=", ".join(SUBSCRIBABLE))
    with transaction.atomic():
        # How it has been answering belongs to the workers and may have changed since the row was read.
        if endpoint.pk:
            endpoint.save(update_fields=_SET_BY_PEOPLE)
        else:
            endpoint.seed = secrets.token_hex(32)
            endpoint.save()
        after = {"url": endpoint.url, "events": list(endpoint.events)}
        record("webhook.saved", endpoint, actor=actor, after=after)
    return endpoint


def endpoint_check(*, url: str) -> None:
    """Raise Invalid (webhook.bad_url) unless messages may be sent there: encrypted, or to an approved address."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "https" or (parts.scheme == "http" and _host_port(parts) in settings.OUTBOUND_ALLOWED)
    if not encrypted or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise Invalid("webhook.bad_url", url=url[:200])


def _host_port(parts: SplitResult) -> str:
    return f"{parts.hostname}:{parts.port or 80}"


def endpoint_secret(endpoint: WebhookEndpoint) -> str:
    """The secret a receiver verifies with. Show it to who made or rotated it, once, and to nobody else."""
    return _derived(endpoint.seed, settings.SECRET_KEY)


def signing_secrets(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    """What signs at this moment, newest first: also the secret before a rotation less than `OVERLAP` ago.

    SECRET_KEY_FALLBACKS sign too, so that receivers can be given their new secrets when SECRET_KEY changes.
    """
    seeds = [endpoint.seed]
    if endpoint.previous_seed and endpoint.rotated_at and at < endpoint.rotated_at + OVERLAP:
        seeds.append(endpoint.previous_seed)
    return [_derived(seed, key) for seed in seeds for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _derived(seed: str, key: str | bytes) -> str:
    return secret_text(salted_hmac(_SALT, seed, secret=key, algorithm="sha256").digest())


def endpoint_rotate(*, endpoint: WebhookEndpoint, actor: User | None) -> str:
    """Give the receiver a new secret and return it; the old one signs along for a day."""
    with transaction.atomic():
        locked = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        locked.previous_seed, locked.seed, locked.rotated_at = locked.seed, secrets.token_hex(32), timezone.now()
        locked.save(update_fields=["previous_seed", "seed", "rotated_at"])
        record("webhook.rotated", locked, actor=actor)
    endpoint.refresh_from_db()
    return endpoint_secret(endpoint)


def endpoint_switch(*, endpoint: WebhookEndpoint, enabled: bool, actor: User | None, reason: str = "") -> None:
    """Switch a receiver on or off; `actor` is None where the desk itself gave it up, with the reason.

    What falls due while it is off is cancelled, and can be sent again from the log.
    """
    with transaction.atomic():
        blank = {"paused_until": None, "failing_since": None} if enabled else {}
        changed = WebhookEndpoint.objects.filter(pk=endpoint.pk, enabled=not enabled).update(
            enabled=enabled, disabled_reason=reason[:300], **blank
        )
        if changed:
            action = "webhook.enabled" if enabled else "webhook.disabled"
            record(action, endpoint, actor=actor, note=reason, implied=actor is None)
    endpoint.refresh_from_db()
