"""API keys: `Authorization: Bearer fck_<prefix>_<secret>`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from factcheck.core.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User
    from rest_framework.request import Request

SCOPES: Final = ("read", "ingest", "verdict:write", "publish", "webhooks", "audit")
_USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewKey:
    """The stored key and its text, which is shown this once."""

    key: ApiKey
    token: str


def key_create(*, name: str, person: User, scopes: Sequence[str], expires_at: datetime | None = None) -> NewKey:
    """A new key with 256 random bits; raises ValueError for a scope that does not exist."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise ValueError(f"There is no scope {', '.join(sorted(unknown))}.")
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = f"fck_{prefix}_{secret}"
    key = ApiKey.objects.create(
        name=name,
        person=person,
        scopes=sorted(scopes),
        expires_at=expires_at,
        prefix=prefix,
        digest=_digest(token),
    )
    return NewKey(key, token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key by its prefix, compares digests in constant time, notes when it was used."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = get_authorization_header(request).decode("latin-1")
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer":
            return None
        return self._check(token.strip())

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _check(self, token: str) -> tuple[User, ApiKey]:
        parts = token.split("_", 2)
        prefix = parts[1] if len(parts) == 3 else ""
        key = ApiKey.objects.select_related("person").filter(prefix=prefix, revoked_at=None).first()
        if key is None or not hmac.compare_digest(key.digest, _digest(token)):
            raise AuthenticationFailed("This API key is not known or was revoked.")
        now = timezone.now()
        if key.expires_at and key.expires_at <= now:
            raise AuthenticationFailed("This API key has expired. Ask for a new one.")
        if not key.person.is_active:
            raise AuthenticationFailed("The person this API key belongs to is no longer active.")
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
        return key.person, key
