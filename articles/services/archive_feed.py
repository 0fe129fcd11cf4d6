"""Archives of claim reviews that are read again on schedule: fetched to a file, then imported as a stream.

The row is the truth: a worker takes a reading by compare-and-set and holds it longer as it goes on. One that broke
off is simply begun anew; the import knows each review again.
"""

from __future__ import annotations

import tempfile
import uuid
import zlib
from contextlib import contextmanager
from datetime import timedelta
from gzip import GzipFile
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.claimreview_import.containers import reviews_in
from articles.models import ArchiveFeed
from articles.services.archive import ImportCounts, claimreviews_import
from articles.services.hosts import host_turn
from articles.services.local import outbound_client
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid, Permanent, Transient
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

    from articles.claimreview_import import Refusal
    from articles.claimreview_import.containers import Found

MAX_ARCHIVE: Final = 2_000_000_000
FETCH_SECONDS: Final = 1_800.0
RENEW_EVERY: Final = 2_000
"""Reviews between two times the lease is renewed; a second's work."""
LONGEST_PAUSE: Final = timedelta(days=1)
_GZIP: Final = b"\x1f\x8b"
_SET_BY_PEOPLE: Final = ("name", "url", "enabled", "interval_hours", "notes", "etag", "modified", "next_at")


def archive_feed_save(*, feed: ArchiveFeed, actor: User | None) -> ArchiveFeed:
    """Store an archive; it is read at once. Raises Invalid (watch.bad_url)."""
    parts = urlsplit(feed.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid("watch.bad_url", url=feed.url)
    feed.etag = feed.modified = ""
    feed.next_at = timezone.now()
    with transaction.atomic():
        feed.save(update_fields=_SET_BY_PEOPLE if feed.pk else None)
        record("archive_feed.saved", feed, actor=actor, after={"url": feed.url, "enabled": feed.enabled})
        if feed.enabled:
            enqueue("articles.read_archive", feed.pk)
    return feed


def archive_feeds_due() -> int:
    """Hand readings that are due to workers; returns how many. May run twice."""
    due = ArchiveFeed.objects.filter(enabled=True, next_at__lte=timezone.now()).order_by("next_at")
    keys = list(due.values_list("pk", flat=True)[:20])
    for key in keys:
        enqueue("articles.read_archive", key)
    return len(keys)


def archive_feed_read(*, feed_id: int) -> ImportCounts | None:
    """Read one archive; None where it is not due, somebody else has it, or there was nothing to read."""
    now, token = timezone.now(), uuid.uuid4()
    due = ArchiveFeed.objects.filter(pk=feed_id, enabled=True, next_at__lte=now)
    if due.update(token=token, next_at=now + timedelta(seconds=FETCH_SECONDS) + _lease()) != 1:
        return None
    feed = ArchiveFeed.objects.get(pk=feed_id)
    turn = host_turn(feed.url)
    if turn is not None:
        ArchiveFeed.objects.filter(pk=feed.pk, token=token).update(token=None, next_at=turn)
        return None
    counts = ImportCounts()
    try:
        tags = _read(feed, token, counts)
    except FactcheckError as error:
        _failed(feed, token, error, counts)
        return None
    except (OSError, EOFError, zlib.error) as error:
        broken = Permanent(
            "source.bad_answer", host=urlsplit(feed.url).hostname, detail=f"its file is broken ({error})"
        )
        _failed(feed, token, broken, counts)
        return None
    _settle(feed, token, counts, tags)
    return counts if tags else None


def _lease() -> timedelta:
    return timedelta(seconds=settings.WATCH_LEASE_SECONDS)


def _read(feed: ArchiveFeed, token: uuid.UUID, counts: ImportCounts) -> dict[str, str]:
    """What the server names this version by; empty where it said that nothing is new."""
    with tempfile.TemporaryFile() as file:
        answer = outbound_client().download(
            feed.url, file, etag=feed.etag, modified=feed.modified, max_bytes=MAX_ARCHIVE, seconds=FETCH_SECONDS
        )
        if answer.not_modified:
            return {}
        file.seek(0)
        with _unpacked(file) as stream:
            found = _renewed(reviews_in(stream, urlsplit(answer.url).path), feed, token)
            claimreviews_import(found=found, today=timezone.now().date(), refuse=lambda _: None, counts=counts)
    headers = answer.headers
    return {"etag": headers.get("etag", "")[:300], "modified": headers.get("last-modified", "")[:100]}


@contextmanager
def _unpacked(file: IO[bytes]) -> Iterator[BinaryIO]:
    packed = file.read(2) == _GZIP
    file.seek(0)
    if not packed:
        yield cast("BinaryIO", file)
        return
    with GzipFile(fileobj=file) as unpacked:
        yield cast("BinaryIO", unpacked)


def _renewed(found: Iterator[Found | Refusal], feed: ArchiveFeed, token: uuid.UUID) -> Iterator[Found | Refusal]:
    """The same, with the lease renewed as it goes on; ends with `Transient` where somebody else has taken over."""
    for number, one in enumerate(found):
        if number % RENEW_EVERY == 0:
            mine = ArchiveFeed.objects.filter(pk=feed.pk, token=token, enabled=True)
            if not mine.update(next_at=timezone.now() + _lease()):
                raise Transient("archive_feed.taken_over", name=feed.name)
        yield one


def _settle(feed: ArchiveFeed, token: uuid.UUID, counts: ImportCounts, tags: dict[str, str]) -> None:
    now = timezone.now()
    changes: dict[str, object] = {**tags, "last_result": counts.to_json()} if tags else {}
    ArchiveFeed.objects.filter(pk=feed.pk, token=token).update(
        token=None, failures_in_row=0, last_read_at=now, next_at=now + timedelta(hours=feed.interval_hours), **changes
    )


def _failed(feed: ArchiveFeed, token: uuid.UUID, error: FactcheckError, counts: ImportCounts) -> None:
    """What was imported before it failed stays; the wait doubles with each failure in a row, up to a day."""
    now, failures = timezone.now(), feed.failures_in_row + 1
    due = now + min(timedelta(minutes=5) * 2 ** min(failures, 10), LONGEST_PAUSE)
    named = error.retry_at if isinstance(error, Transient) else None
    ArchiveFeed.objects.filter(pk=feed.pk, token=token).update(
        token=None, failures_in_row=failures, last_error_at=now, last_error=error.detail,
        next_at=max(named or due, due), last_result=counts.to_json(),
    )  # fmt: skip
