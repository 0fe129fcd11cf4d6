"""Copies in the Wayback Machine: looked up for pages that evidence rests on, asked for where the desk wants that.

The row is the truth: a worker takes it by compare-and-set, asks, and comes back for what the archive is still doing.
Asked twice, the archive gives the copy it has just made.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.choices import EvidenceState, KeepState, Visibility
from articles.models import ArchiveCopy, Page, Source
from articles.services.hosts import host_turn
from articles.services.local import outbound_client
from articles.sources.registry import connector
from articles.sources.wayback import NAME, WaybackConnector, closest, save_ask, save_look
from articles.workflow import ArticleState
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid, Permanent, Transient
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.sources.wayback import Copy, WaybackSettings

logger: Final = logging.getLogger(__name__)
AT_ONCE: Final = 7
"""Rows handed out by one tick; Save Page Now takes as many a minute."""
MOST_TRIES: Final = 12
NEAR: Final = timedelta(days=30)
"""A copy from so long before or after what we kept shows the same page."""
FIRST_LOOK: Final = timedelta(seconds=20)
OFF_FOR: Final = timedelta(hours=1)
_OPEN: Final = (KeepState.WAITING, KeepState.SENT)


@dataclass(frozen=True, slots=True)
class Wayback:
    """The source that is switched on, and the desks that named it; none means that it is asked for all."""

    settings: WaybackSettings
    desks: frozenset[int]

    def serves(self, desk_id: int | None) -> bool:
        return not self.desks or desk_id in self.desks


def wayback() -> Wayback | None:
    """The Wayback source that is switched on; None without one, and where its settings are not right any more."""
    source = Source.objects.filter(kind=NAME, enabled=True).order_by("pk").first()
    if source is None:
        return None
    try:
        found = connector(source.kind, source.settings)
    except Invalid as error:  # publishing must not wait for somebody to put them right
        logger.warning("No copies are asked for: %s", error.detail)
        return None
    assert isinstance(found, WaybackConnector)
    return Wayback(found.settings, frozenset(source.desks.values_list("pk", flat=True)))


def verdict_page_copy(*, occasion: str, url: str, desk_id: int | None) -> None:
    """A version of a public page is out: have it kept, where the desk wants that. Call it in that transaction."""
    found = wayback()
    if found is not None and found.settings.save_verdicts and found.serves(desk_id):
        _ask(occasion=occasion, url=url)


def _ask(*, occasion: str, url: str, page: Page | None = None) -> None:
    ArchiveCopy.objects.bulk_create([ArchiveCopy(occasion=occasion[:200], url=url, page=page)], ignore_conflicts=True)
    row = ArchiveCopy.objects.only("pk").get(occasion=occasion[:200])
    enqueue("articles.archive_copy", row.pk)


def copies_due() -> int:
    """Ask for pages that were kept lately, and hand out what is due; returns how many. May run twice."""
    found = wayback()
    if found is None:
        return 0
    _pages_ask(found)
    due = ArchiveCopy.objects.filter(state__in=_OPEN, not_before__lte=timezone.now()).order_by("not_before")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        enqueue("articles.archive_copy", key)
    return len(keys)


def _pages_ask(found: Wayback) -> None:
    """The archive is told of nothing that is confidential, and of no story on hold."""
    ours = {"evidence__claim__article__desk__in": found.desks} if found.desks else {}
    shown = Page.objects.filter(
        evidence__state=EvidenceState.KEPT, evidence__visibility=Visibility.PUBLIC, looked_at__isnull=False,
        archived_url="", copies=None, **ours,
    ).exclude(evidence__claim__article__state=ArticleState.HELD)  # fmt: skip
    for page in shown.distinct().order_by("pk")[:AT_ONCE]:
        with transaction.atomic():
            _ask(occasion=f"page:{page.pk}", url=page.url, page=page)


def copy_again(*, copy: ArchiveCopy, actor: User | None) -> None:
    """A person wants it tried once more."""
    with transaction.atomic():
        again = ArchiveCopy.objects.filter(pk=copy.pk, state=KeepState.REFUSED)
        if again.update(state=KeepState.WAITING, tries=0, job="", not_before=timezone.now(), token=None):
            record("archive_copy.again", copy, actor=actor)
            enqueue("articles.archive_copy", copy.pk)


def copy_work(*, copy_id: int) -> KeepState | None:
    """Do the next step for one row; None where it is not due, or somebody else has it."""
    found = wayback()
    now, token = timezone.now(), uuid.uuid4()
    due = ArchiveCopy.objects.filter(pk=copy_id, state__in=_OPEN, not_before__lte=now)
    lease = timedelta(seconds=settings.WATCH_LEASE_SECONDS)
    if due.update(token=token, not_before=now + lease, tries=F("tries") + 1) != 1:
        return None
    copy = ArchiveCopy.objects.select_related("page").get(pk=copy_id)
    if found is None:
        return _not_asked(copy, token, now + OFF_FOR)
    turn = host_turn(found.settings.save_url if copy.job else found.settings.base_url)
    if turn is not None:
        return _not_asked(copy, token, turn)
    try:
        return _step(copy, token, found.settings)
    except Transient as error:
        return _failed(copy, token, error, for_good=copy.tries >= MOST_TRIES)
    except FactcheckError as error:
        return _failed(copy, token, error, for_good=True)


def _step(copy: ArchiveCopy, token: uuid.UUID, found: WaybackSettings) -> KeepState | None:
    http = outbound_client()
    if copy.job:
        made = save_look(http, found, copy.url, copy.job)
        return _kept(copy, token, made) if made else _later(copy, token, timezone.now() + _wait(copy))
    if copy.page is not None:
        at = copy.page.looked_at or timezone.now()
        there, _ = closest(http, found, copy.url, at)
        if there is not None and abs(there.at - at) <= NEAR:
            return _kept(copy, token, there)
        if not found.save_evidence:
            return _failed(copy, token, Permanent("wayback.none"), for_good=True)
    job = save_ask(http, found, copy.url)
    return _settle(copy, token, KeepState.SENT, job=job, not_before=timezone.now() + FIRST_LOOK)


def _kept(copy: ArchiveCopy, token: uuid.UUID, made: Copy) -> KeepState | None:
    with transaction.atomic():
        state = _settle(copy, token, KeepState.KEPT, copy_url=made.url, copied_at=made.at, error_code="",
                        error_detail="")  # fmt: skip
        if state is not None and copy.page_id is not None:
            Page.objects.filter(pk=copy.page_id).update(archived_url=made.url, archived_at=made.at)
    return state


def _wait(copy: ArchiveCopy) -> timedelta:
    return timedelta(seconds=min(FIRST_LOOK.total_seconds() * 2 ** min(copy.tries, 8), 3_600))


def _failed(copy: ArchiveCopy, token: uuid.UUID, error: FactcheckError, *, for_good: bool) -> KeepState | None:
    said = {"error_code": error.code, "error_detail": error.detail}
    if for_good:
        return _settle(copy, token, KeepState.REFUSED, **said)
    named = error.retry_at if isinstance(error, Transient) else None
    due = timezone.now() + _wait(copy)
    # What the archive was doing may be lost with its answer; it is asked anew.
    return _settle(copy, token, KeepState.WAITING, job="", not_before=max(named or due, due), **said)


def _not_asked(copy: ArchiveCopy, token: uuid.UUID, until: datetime) -> KeepState | None:
    return _settle(copy, token, KeepState(copy.state), not_before=until, tries=F("tries") - 1)


def _later(copy: ArchiveCopy, token: uuid.UUID, until: datetime) -> KeepState | None:
    """It is not ready yet."""
    if copy.tries >= MOST_TRIES:
        return _failed(copy, token, Transient("wayback.busy", detail="it did not finish in time."), for_good=True)
    return _settle(copy, token, KeepState(copy.state), not_before=until)


def _settle(copy: ArchiveCopy, token: uuid.UUID, state: KeepState, **changes: object) -> KeepState | None:
    """Only while it is still ours."""
    mine = ArchiveCopy.objects.filter(pk=copy.pk, token=token)
    return state if mine.update(state=state, token=None, **changes) else None
