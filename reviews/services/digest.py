"""The daily digest: each morning one e-mail a person about what waits for them, on all their desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from reviews.choices import Channel
from reviews.policies import granted
from reviews.selectors.queue import Filters, QueueRow, queue_counts, queue_page, view_of
from reviews.services.outgoing import Message, outgoing_add

if TYPE_CHECKING:
    from datetime import datetime

HOUR: Final = 6
MOST_CLAIMS: Final = 15
_TOLD: Final = ("mine", "overdue", "second", "waiting", "stale", "nobody")


def digests_send() -> int:
    """Write the digest of everybody whose morning has begun; returns how many. Once a person and day."""
    if not settings.EMAIL_ON:
        return 0
    wanted = Q(desk_settings=None) | Q(desk_settings__digest=True)
    people = User.objects.select_related("desk_settings").filter(wanted, is_active=True).exclude(email="")
    messages = [_digest(person, _local(person)) for person in people.order_by("pk") if _is_due(person)]
    found = [message for message in messages if message is not None]
    outgoing_add(found)
    return len(found)


def _local(person: User) -> datetime:
    chosen = getattr(person, "desk_settings", None)
    zone = ZoneInfo(chosen.time_zone) if chosen is not None and chosen.time_zone else timezone.get_default_timezone()
    return timezone.localtime(timezone.now(), zone)


def _is_due(person: User) -> bool:
    """It is morning where they are, they read a desk, and today's was not written yet."""
    now = _local(person)
    written = person.outgoing.filter(key=_key(person, now)).exists()
    return now.hour >= HOUR and not written and "read_desk" in granted(person)


def _key(person: User, now: datetime) -> str:
    return f"digest:{person.pk}:{now:%Y-%m-%d}"


def _digest(person: User, now: datetime) -> Message | None:
    """None where nothing waits: no mail is better than an empty one."""
    counts = queue_counts(person)
    rows = [row for row in queue_page(person, Filters(), size=MOST_CLAIMS).rows if row.needs_me]
    lines = [f"{counts[key]:>5}  {view_of(key).name}" for key in _TOLD if counts[key]]
    if not lines and not rows:
        return None
    urgent = [_line(row) for row in rows]
    body = "\n".join(["Good morning.", "", *lines, "", *(["Most urgent for you:"] if urgent else []), "", *urgent])
    subject = f"{now.day} {now:%B}: what waits for you"
    return Message(_key(person, now), Channel.EMAIL, subject, f"{body}\n\n{settings.BASE_URL}/\n", person=person)


def _line(row: QueueRow) -> str:
    due = f", due {timezone.localtime(row.due_at):%-d %b, %H:%M}" if row.due_at else ""
    return f"{row.priority:>3}  {row.statement[:160]} ({row.why}{due})\n     {settings.BASE_URL}/claims/{row.pk}/"
