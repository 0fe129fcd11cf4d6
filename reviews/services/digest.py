"""The daily digest: each morning one e-mail a person and desk about what waits for them there."""

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
from reviews.selectors.queue import Filters, queue_address, queue_counts, queue_page, view_of
from reviews.selectors.rail import desks_read
from reviews.services.outgoing import Message, outgoing_add

if TYPE_CHECKING:
    from datetime import datetime

    from articles.models import Desk
    from reviews.selectors.queue_rows import QueueRow

HOUR: Final = 6
NOON: Final = 12
MOST_CLAIMS: Final = 15
_TOLD: Final = ("mine", "overdue", "second", "waiting", "stale", "nobody")


def digests_send() -> int:
    """Write the digests of everybody whose morning it is; returns how many. Once a person, desk and day."""
    if not settings.EMAIL_ON:
        return 0
    wanted = Q(desk_settings=None) | Q(desk_settings__digest=True)
    people = User.objects.select_related("desk_settings").prefetch_related("desk_settings__quiet_desks")
    awake = [
        one for one in people.filter(wanted, is_active=True).exclude(email="").order_by("pk") if _is_morning(one)
    ]
    found = [message for person in awake for message in _digests(person)]
    outgoing_add(found)
    return len(found)


def _local(person: User) -> datetime:
    chosen = getattr(person, "desk_settings", None)
    zone = ZoneInfo(chosen.time_zone) if chosen is not None and chosen.time_zone else timezone.get_default_timezone()
    return timezone.localtime(timezone.now(), zone)


def _is_morning(person: User) -> bool:
    """Where they are. What begins to wait later in the day is told tomorrow."""
    return HOUR <= _local(person).hour < NOON


def _digests(person: User) -> list[Message]:
    """One of each desk they read and want to hear of, as far as today's were not written yet."""
    day = _local(person)
    key = f"digest:{person.pk}:{day:%Y-%m-%d}"
    written = set(person.outgoing.filter(key__startswith=key).values_list("key", flat=True))
    if key in written:  # of a version that wrote one of all desks
        return []
    read = desks_read(person)
    quiet = quiet_desks(person)
    wanted = [desk for desk in read if desk.pk not in quiet and f"{key}:{desk.slug}" not in written]
    chosen = getattr(person, "desk_settings", None)
    with override((chosen.language if chosen else "") or settings.LANGUAGE_CODE):
        made = [_digest(person, day, f"{key}:{desk.slug}", desk, alone=len(read) == 1) for desk in wanted]
    return [message for message in made if message is not None]


def quiet_desks(person: User) -> set[int]:
    """The desks this person wants no digest of."""
    chosen = getattr(person, "desk_settings", None)
    return {desk.pk for desk in chosen.quiet_desks.all()} if chosen is not None else set()


def _digest(person: User, day: datetime, key: str, desk: Desk, *, alone: bool) -> Message | None:
    """None where nothing waits: no mail is better than an empty one."""
    counts = queue_counts(person, desk=desk.slug)
    found = queue_page(person, Filters(desk=desk.slug), size=MOST_CLAIMS).rows
    rows = [row for row in found if row.needs_me]
    lines = [f"{counts[name]:>5}  {view_of(name).name}" for name in _TOLD if counts[name]]
    if not lines and not rows:
        return None
    urgent = [_line(row) for row in rows]
    body = "\n".join(
        [_("Good morning."), "", *lines, "", *([_("Most urgent for you:")] if urgent else []), "", *urgent]
    )
    where, link = ("", "/") if alone else (f"{desk.name}, ", queue_address(f"desk={desk.slug}"))
    subject = where + _("%(date)s: what waits for you") % {"date": date_format(day, "j F")}
    return Message(key, Channel.EMAIL, subject, f"{body}\n\n{settings.BASE_URL}{link}\n", person=person)


def _line(row: QueueRow) -> str:
    why = row.why
    if row.due_at:
        due = date_format(timezone.localtime(row.due_at), "j M, H:i")
        why = _("%(why)s, due %(moment)s") % {"why": row.why, "moment": due}
    return f"{row.priority:>3}  {row.statement[:160]} ({why})\n     {settings.BASE_URL}/claims/{row.pk}/"
