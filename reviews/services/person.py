"""What people set for themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from factcheck.core.errors import Invalid
from reviews.models import PersonSettings
from reviews.services.notice import choices_save

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import User

    from articles.models import Desk
    from reviews.services.notice import Ways


@cache
def time_zones() -> tuple[str, ...]:
    """The names a person can choose from."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def settings_save(
    *, person: User, time_zone: str, language: str, chat_url: str, digest: bool, ways: Mapping[str, Ways],
    quiet: Iterable[Desk] | None = None,
) -> PersonSettings:  # fmt: skip
    """Keep a person's own settings and how they want to hear of each event, together.

    `quiet` are the desks they want no digest of; None leaves those as they are.

    Raises Invalid (settings.time_zone, settings.language, settings.chat_url, notice.unknown_event).
    """
    if time_zone and time_zone not in time_zones():
        raise Invalid("settings.time_zone", name=time_zone[:64])
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("settings.language", name=language[:12])
    if chat_url:
        chat_url_check(url=chat_url)
    values = {"time_zone": time_zone, "language": language, "chat_url": chat_url, "digest": digest}
    with transaction.atomic():
        choices_save(person=person, ways=ways)
        held = PersonSettings.objects.update_or_create(person=person, defaults=values)[0]
        if quiet is not None:
            held.quiet_desks.set(quiet)
    return held


def chat_url_check(*, url: str) -> None:
    """Raise Invalid (settings.chat_url) unless messages may be sent there: encrypted, or to an approved address."""
    parts = urlsplit(url)
    approved = parts.scheme == "http" and f"{parts.hostname}:{parts.port or 80}" in settings.OUTBOUND_ALLOWED
    if not (parts.scheme == "https" or approved) or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise Invalid("settings.chat_url", url=url[:200])
