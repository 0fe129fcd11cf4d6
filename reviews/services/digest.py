"""The daily digest: each morning one e-mail a person about what waits for them, on all their desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

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
    messages = [_in_their_language(person) for person in people.order_by("pk") if _is_due(person)]
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


def _in_their_language(person: User) -> Message | None:
    chosen = getattr(person, "desk_settings", None)
    with override((chosen.language if chosen else "") or settings.LANGUAGE_CODE):
        return _digest(person, _local(person))


def _digest(person: User, now: datetime) -> Message | None:
    """None where nothing waits: no mail is better than an empty one."""
    counts = queue_counts(person)
    rows = [row for row in queue_page(person, Filters(), size=MOST_CLAIMS).rows if row.needs_me]
    lines = [f"{counts[key]:>5}  {view_of(key).name}" for key in _TOLD if counts[key]]
    if not lines and not rows:
        return None
    urgent = [_line(row) for row in rows]
    body = "\n".join(
        [_("Good morning."), "", *lines, "", *([_("Most urgent for you:")] if urgent else []), "", *urgent]
    )
    subject = _("%(date)s: what waits for you") % {"date": date_format(now, "j F")}
    return Message(_key(person, now), Channel.EMAIL, subject, f"{body}\n\n{settings.BASE_URL}/\n", person=person)


def _line(row: QueueRow) -> str:
    why = row.why
    if row.due_at:
        due = date_format(timezone.localtime(row.due_at), "j M, H:i")
        why = _("%(why)s, due %(moment)s") % {"why": row.why, "moment": due}
    return f"{row.priority:>3}  {row.statement[:160]} ({why})\n     {settings.BASE_URL}/claims/{row.pk}/"
