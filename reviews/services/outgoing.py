"""Messages that leave the desk for one person or one room, by e-mail or into a chat.

The row is the truth and is written with what it tells; a worker is nudged after the commit and a sweep stands
behind it. What is refused or cannot be reached is tried again. A worker that dies on the way leaves a message that
was perhaps sent: it is never sent again, since the notice on the page tells the same.
"""

from __future__ import annotations

import json
import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from articles.services.local import outbound_client
from factcheck.core.errors import FactcheckError, Transient
from factcheck.core.http import retry_after
from factcheck.core.queue import enqueue
from reviews.choices import Channel, SendState
from reviews.models import Outgoing, PersonSettings
from reviews.policies import sees

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.models import Article
    from reviews.models import ChatRoom, Letter

logger: Final = logging.getLogger(__name__)
TASK: Final = "reviews.send_outgoing"
LEASE: Final = timedelta(seconds=90)
TIMEOUT_SECONDS: Final = 15.0
_WAITS: Final = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES: Final = len(_WAITS) + 1
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person, to one room, or to the reader who wrote a letter. `key` names it for ever."""

    key: str
    channel: Channel
    subject: str
    body: str
    person: User | None = None
    room: ChatRoom | None = None
    letter: Letter | None = None
    article: Article | None = None


def outgoing_add(messages: Iterable[Message]) -> None:
    """Write these messages and nudge workers after the commit; one whose key is known is left as it is."""
    now = timezone.now()
    rows = [
        Outgoing(
            key=one.key[:200], channel=one.channel, person=one.person, room=one.room, letter=one.letter,
            article=one.article,
            subject=one.subject[:400], body=one.body, not_before=now,
        )
        for one in messages
    ]  # fmt: skip
    if not rows:
        return
    Outgoing.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [row.key for row in rows]
    for pk in Outgoing.objects.filter(key__in=keys, state=SendState.QUEUED).values_list("pk", flat=True):
        enqueue(TASK, pk)


def outgoing_send(*, outgoing_id: int) -> SendState | None:
    """Take a message, send it outside of any transaction and note how it went; None if there was none to take."""
    now = timezone.now()
    taken = Outgoing.objects.filter(pk=outgoing_id, state=SendState.QUEUED, not_before__lte=now).update(
        state=SendState.SENDING, lease_until=now + LEASE, tries=F("tries") + 1
    )
    if taken != 1:
        return None
    row = Outgoing.objects.select_related("person", "room__desk", "letter", "article").get(pk=outgoing_id)
    if not _wanted(row):
        return _end(row, SendState.CANCELLED)
    try:
        return _SENDERS[Channel(row.channel)](row)
    except Exception as error:
        _end(row, SendState.UNSURE, f"Factcheck broke: {type(error).__name__}.")
        raise


def _wanted(row: Outgoing) -> bool:
    """Whoever may not know any longer, because of a wall or an account that is off, is not told."""
    if row.letter is not None:  # whoever wrote is answered
        return True
    if row.person is not None:
        return row.person.is_active and (row.article is None or sees(row.person, row.article))
    assert row.room is not None  # the database wants one of the three
    return row.room.enabled and (row.article is None or row.article.desk_id == row.room.desk_id)


def _email(row: Outgoing) -> SendState:
    to = row.letter.email if row.letter else row.person.email if row.person else ""
    if not to:
        return _end(row, SendState.CANCELLED, "There is no e-mail address.")
    # A fixed id, so that a mail server that took it twice shows it once.
    headers = {"Message-ID": f"<outgoing-{row.pk}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(row.subject.split())
    mail = EmailMessage(f"[{settings.DESK_NAME}] {subject}", row.body, to=[to], headers=headers)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        return _end(row, SendState.FAILED, f"The address was refused: {error}")
    except (smtplib.SMTPException, OSError) as error:
        return _again(row, f"{type(error).__name__}: {error}")
    return _end(row, SendState.SENT)


def _chat(row: Outgoing) -> SendState:
    """The shape that Slack's and Mattermost's incoming webhooks share."""
    url = _chat_url(row)
    if not url:
        return _end(row, SendState.CANCELLED, "There is no address.")
    body = json.dumps({"text": escaped(row.body.strip())}, ensure_ascii=False).encode()
    try:
        got = outbound_client().post_bytes(
            url, body, headers={"Content-Type": "application/json"}, seconds=TIMEOUT_SECONDS
        )
    except Transient as error:
        if error.code == "http.timeout":  # it may have been taken
            return _end(row, SendState.UNSURE, error.detail)
        return _again(row, error.detail)
    except FactcheckError as error:
        return _end(row, SendState.FAILED, error.detail)
    if 200 <= got.status < 300:
        return _end(row, SendState.SENT)
    said = f"The chat answered {got.status}."
    if got.status in _BUSY:
        return _again(row, said, retry_after(got.headers, now=timezone.now()))
    return _end(row, SendState.FAILED, said)


def escaped(text: str) -> str:
    """Words of a claim are not markup of a chat: the three characters both chats ask to be written so."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _chat_url(row: Outgoing) -> str:
    if row.room is not None:
        return row.room.url
    chosen = PersonSettings.objects.filter(person=row.person).values_list("chat_url", flat=True).first()
    return chosen or ""


_SENDERS: Final = {Channel.EMAIL: _email, Channel.CHAT: _chat}


def _end(row: Outgoing, state: SendState, error: str = "") -> SendState:
    Outgoing.objects.filter(pk=row.pk, state=SendState.SENDING).update(
        state=state, error=error[:300], lease_until=None, finished_at=timezone.now()
    )
    return state


def _again(row: Outgoing, error: str, at: datetime | None = None) -> SendState:
    """Put it off, or give it up after the last try."""
    if row.tries >= MOST_TRIES:
        return _end(row, SendState.FAILED, error)
    later = timezone.now() + _WAITS[row.tries - 1]
    Outgoing.objects.filter(pk=row.pk, state=SendState.SENDING).update(
        state=SendState.QUEUED, error=error[:300], lease_until=None, not_before=max(later, at) if at else later
    )
    return SendState.QUEUED


def outgoing_sweep(*, most: int = 500) -> int:
    """Nudge what is due, and end what a dead worker held; returns how many were nudged. Safe to run twice."""
    now = timezone.now()
    Outgoing.objects.filter(state=SendState.SENDING, lease_until__lt=now).update(
        state=SendState.UNSURE, lease_until=None, finished_at=now, error="The worker ended while it was being sent."
    )
    due = Outgoing.objects.filter(state=SendState.QUEUED, not_before__lte=now).order_by("not_before")
    found = list(due.values_list("pk", flat=True)[:most])
    for pk in found:
        enqueue(TASK, pk)
    return len(found)
