"""Politeness towards hosts: whatever is fetched as an article, a host is asked once in a while, not in a burst.

The limit lives in a row, so it holds over all workers. What a source of evidence may be asked has a limit of its own
(`services.scheduling`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from articles.models import Host
from factcheck.core.errors import Transient

if TYPE_CHECKING:
    from factcheck.core.http import HttpClient, Response

LONGEST_WAIT: Final = timedelta(seconds=60)


def host_of(url: str) -> str:
    """The host and port an address is asked at; empty for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return ""
    return f"{(parts.hostname or '').lower()}:{port}"[:300]


def host_turn(url: str) -> datetime | None:
    """Take a turn at the host of `url`: None where it may be asked now, else when to come again.

    Who is put off is given a place at the end of the line, one interval after the one before, so that a hundred
    pages of one host do not all come back at the same moment. The place is a time to try, not a right: the turn is
    taken anew then, and after an outage, when all of them are due at once, they line up again.
    """
    interval = timedelta(seconds=settings.HOST_INTERVAL_SECONDS)
    if not interval:
        return None
    now, name = timezone.now(), host_of(url)
    with transaction.atomic():
        Host.objects.bulk_create([Host(name=name, free_at=now, planned_until=now)], ignore_conflicts=True)
        host = Host.objects.select_for_update().get(pk=name)
        if host.free_at <= now:
            Host.objects.filter(pk=name).update(free_at=now + interval)
            return None
        place = max(host.planned_until, host.free_at)
        Host.objects.filter(pk=name).update(planned_until=place + interval)
    return place


def host_rest(url: str, until: datetime) -> None:
    """The host asked us to wait: nobody asks it before `until`."""
    now, name = timezone.now(), host_of(url)
    Host.objects.bulk_create([Host(name=name, free_at=now, planned_until=now)], ignore_conflicts=True)
    Host.objects.filter(pk=name).update(free_at=Greatest(F("free_at"), until))


@dataclass(slots=True)
class Paced:
    """The guarded client for a look that takes several requests: each waits for its turn at the host.

    The first does not: whoever begins a look has taken its turn with `host_turn`. Raises Transient
    (http.throttled) where the turn is more than `LONGEST_WAIT` away.
    """

    http: HttpClient
    begun: bool = False

    def get(self, url: str, **how: Any) -> Response:
        if self.begun:
            self._wait(url)
        self.begun = True
        return host_get(self.http, url, **how)

    def _wait(self, url: str) -> None:
        ends = timezone.now() + LONGEST_WAIT
        while (place := host_turn(url)) is not None:
            if place > ends:
                raise Transient("http.throttled", host=urlsplit(url).hostname, retry_at=place)
            time.sleep(max(0.0, (place - timezone.now()).total_seconds()))


def host_get(http: HttpClient, url: str, **how: Any) -> Response:
    """`HttpClient.get`; where the host asks us to wait, nobody asks it again before."""
    try:
        return http.get(url, **how)
    except Transient as error:
        if error.code == "http.throttled" and error.retry_at is not None:
            host_rest(url, error.retry_at)
        raise
