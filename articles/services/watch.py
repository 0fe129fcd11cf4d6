"""Watching places for stories. Rows are the truth: workers take a look or a story by compare-and-set."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles.choices import ItemState, LookOutcome, Origin, WatchedKind
from articles.ingest.decode import MAX_BYTES
from articles.ingest.formats.common import article_of
from articles.ingest.serialise import parsed_to_json
from articles.models import Watch, WatchItem, WatchLook
from articles.services.article import Ingested, article_ingest, parsed_ingest
from articles.services.fetch import FETCHED_TYPES
from articles.services.hosts import Paced, host_get, host_turn
from articles.services.local import outbound_client
from articles.watching.base import Found, Look, Place, digest
from articles.watching.registry import KINDS
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Invalid, Transient
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User

LONGEST_PAUSE: Final = timedelta(days=1)
KEPT_LOOKS: Final = 500
MOST_TRIES: Final = 6
GONE: Final = 410
BASELINE: Final = "watch.before"
_SET_BY_PEOPLE: Final = ("name", "kind", "url", "desk", "enabled", "interval_minutes", "fetch_pages", "wanted_words",
                         "unwanted_words", "newest_days", "notes", "stopped_reason", "etag", "modified",
                         "next_look_at", "last_answer_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tested:
    """What came back when a place was tested, as a sentence."""

    ok: bool
    said: str


def watch_save(*, watch: Watch, actor: User | None) -> Watch:
    """Store a watched place; it is looked at anew at once. Raises Invalid (watch.bad_url, watch.taken)."""
    parts = urlsplit(watch.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid("watch.bad_url", url=watch.url)
    other = Watch.objects.filter(url=watch.url).exclude(pk=watch.pk).first()
    if other is not None:
        raise Invalid("watch.taken", url=watch.url, name=other.name)
    if watch.enabled:
        watch.stopped_reason = ""
    watch.etag = watch.modified = ""
    watch.next_look_at = timezone.now()
    if watch.pk and not Watch.objects.filter(pk=watch.pk, url=watch.url).exists():
        watch.last_answer_at = None  # another place: what it lists today is where watching begins
    with transaction.atomic():
        # How it has been answering belongs to the workers and may have changed since the row was read.
        watch.save(update_fields=_SET_BY_PEOPLE if watch.pk else None)
        record("watch.saved", watch, actor=actor, after={"url": watch.url, "enabled": watch.enabled})
    return watch


def watch_test(*, watch: Watch, actor: User | None) -> Tested:
    """Look now, say what is listed, and take nothing in."""
    try:
        look = KINDS[watch.kind].look(Paced(outbound_client()), Place(watch.url, since=_since(watch)))
        latest = f', the first being "{look.found[0].title or look.found[0].url}"' if look.found else ""
        moved = f" It has moved for good to {look.moved_to}." if look.moved_to else ""
        tested = Tested(ok=True, said=f"{len(look.found)} stories are listed{latest}.{moved}")
    except FactcheckError as error:
        tested = Tested(ok=False, said=error.detail)
    with transaction.atomic():
        record("watch.tested", watch, actor=actor, after={"ok": tested.ok, "said": tested.said})
    return tested


def watches_due(*, most: int = 200) -> int:
    """Hand out the looks and the stories that are due; returns how many messages were sent."""
    now = timezone.now()
    free = Q(token=None) | Q(lease_until__lt=now)
    looks = list(Watch.objects.filter(free, enabled=True, next_look_at__lte=now).values_list("pk", flat=True)[:most])
    items = WatchItem.objects.filter(state=ItemState.WAITING, not_before__lte=now).order_by("not_before")
    stories = list(items.values_list("pk", flat=True)[:most])
    for pk in looks:
        enqueue("articles.watch_look", pk)
    for pk in stories:
        enqueue("articles.watch_fetch", pk)
    return len(looks) + len(stories)


def watch_look(*, watch_id: int) -> WatchLook | None:
    """Look at a place and store what it lists; None if it is not due or somebody else has it.

    1. The look is taken by compare-and-set, and the place is asked outside of any transaction.
    2. Stories that come with their text are stored one by one, the others wait as rows to be fetched.
    3. Last, the state of the place and the log: a worker that dies before leaves a look to be made again, and
       what it had stored by then is known and stays as it is.
    """
    now = timezone.now()
    token = uuid.uuid4()
    free = Q(token=None) | Q(lease_until__lt=now)
    due = Watch.objects.filter(free, pk=watch_id, enabled=True, next_look_at__lte=now)
    if due.update(token=token, lease_until=now + lease()) != 1:
        return None
    watch = Watch.objects.select_related("desk").get(pk=watch_id)
    turn = host_turn(watch.url)
    if turn is not None:
        _settle(watch, token, next_look_at=turn)
        return None
    try:
        place = Place(watch.url, watch.etag, watch.modified, _since(watch))
        look = KINDS[watch.kind].look(Paced(outbound_client()), place)
        counts = _take_in(watch, look.found)
    except FactcheckError as error:
        return _failed(watch, token, error)
    return _answered(watch, token, look, counts)


def lease() -> timedelta:
    """How long a worker holds a look or a story: below the broker's visibility time-out, above any look."""
    return timedelta(seconds=settings.WATCH_LEASE_SECONDS)


def _since(watch: Watch) -> datetime | None:
    newest = timezone.now() - timedelta(days=watch.newest_days) if watch.newest_days else None
    return watch.seen_until or newest


@dataclass(slots=True)
class _Counts:
    listed: int = 0
    fresh: int = 0
    changed: int = 0
    left_out: int = 0
    before: int = 0  # of those left out: listed without a date when watching began


def _take_in(watch: Watch, listed: Sequence[Found]) -> _Counts:
    counts = _Counts(listed=len(listed))
    for found in listed:
        key = digest(found.key)
        known = WatchItem.objects.filter(watch=watch, key=key).first()
        if known is not None and known.fingerprint == found.fingerprint:
            continue
        state = _wanted(watch, found)
        before = known is None and state == ItemState.WAITING and _was_there_before(watch, found)
        if before:
            state = ItemState.LEFT_OUT
        counts.before += before
        counts.left_out += state == ItemState.LEFT_OUT
        if state != ItemState.LEFT_OUT:
            counts.changed += known is not None
            counts.fresh += known is None
        item = known or WatchItem(watch=watch, key=key)
        item.fingerprint, item.title, item.url = found.fingerprint, found.title[:500], found.url[:2000]
        item.state, item.tries, item.token, item.seen_at = state, 0, None, timezone.now()
        item.not_before = timezone.now()
        item.error_code = item.error_detail = ""
        if before:
            item.error_code, item.error_detail = BASELINE, "It was listed, without a date, when watching began."
        _store(watch, item, found)
    return counts


def _was_there_before(watch: Watch, found: Found) -> bool:
    """Whether the first look finds a page that may be of any age: a map may list all there is, a feed does not.

    What is listed later without a date is new.
    """
    first = watch.kind == WatchedKind.SITEMAP and watch.last_answer_at is None and bool(watch.newest_days)
    return first and found.changed_at is None and found.published_at is None


def _is_notice(found: Found) -> bool:
    return found.entry is not None and found.entry.withdrawn


def _wanted(watch: Watch, found: Found) -> ItemState:
    words = found.words.casefold()
    wanted, unwanted = _lines(watch.wanted_words), _lines(watch.unwanted_words)
    out = (wanted and not any(word in words for word in wanted)) or any(word in words for word in unwanted)
    oldest = timezone.now() - timedelta(days=watch.newest_days) if watch.newest_days else None
    at = found.changed_at or found.published_at
    is_old = bool(oldest and at and at < oldest)
    # A notice that a story is withdrawn concerns the desk whatever its age and words.
    return ItemState.LEFT_OUT if (out or is_old) and not _is_notice(found) else ItemState.WAITING


def _lines(words: str) -> list[str]:
    return [line.strip().casefold() for line in words.splitlines() if line.strip()]


def _store(watch: Watch, item: WatchItem, found: Found) -> None:
    """The item and, where its text is here, its article in one transaction."""
    entry = found.entry
    here = entry is not None and (
        not watch.fetch_pages or watch.kind == WatchedKind.WORDPRESS or entry.withdrawn or not found.url
    )
    with transaction.atomic():
        if item.state == ItemState.WAITING and here:
            _store_entry(watch, item, found)
        item.save()


def _store_entry(watch: Watch, item: WatchItem, found: Found) -> None:
    assert found.entry is not None
    try:
        with transaction.atomic():
            parsed = article_of(found.entry)
            data = json.dumps(parsed_to_json(parsed, found.url), ensure_ascii=False).encode("utf-8", "replace")
            taken = parsed_ingest(
                parsed,
                data,
                identity=_identity(watch, found),
                name=f"{watch.name}.json",
                origin=Origin.WATCH,
                desk=watch.desk.pk,
            )
    except FactcheckError as error:
        item.state, item.error_code, item.error_detail = ItemState.REFUSED, error.code, error.detail
    else:
        item.state, item.article = ItemState.STORED, taken.article


def _identity(watch: Watch, found: Found) -> str:
    """The story's address where it is on the place's own host: a feed speaks for no other site's articles."""
    if found.url and urlsplit(found.url).hostname == urlsplit(watch.url).hostname:
        return found.url
    return f"watch:{watch.pk}:{digest(found.key)}"


def _answered(watch: Watch, token: uuid.UUID, look: Look, counts: _Counts) -> WatchLook | None:
    now = timezone.now()
    changes = {"failures_in_row": 0, "last_answer_at": now, "next_look_at": now + _interval(watch)}
    if not look.not_modified:
        changes |= {"etag": look.etag, "modified": look.modified}
    if look.seen_until:
        changes["seen_until"] = look.seen_until
    with transaction.atomic():
        if not _settle(watch, token, **changes):
            return None
        if look.moved_to and not Watch.objects.filter(url=look.moved_to).exists():
            Watch.objects.filter(pk=watch.pk).update(url=look.moved_to[:600])
            record("watch.moved", watch, actor=None, before={"url": watch.url}, after={"url": look.moved_to})
        outcome = LookOutcome.NOT_MODIFIED if look.not_modified else LookOutcome.OK
        said = f"It has moved for good to {look.moved_to}." if look.moved_to else ""
        if counts.before:
            said += f" {counts.before} listed without a date were there before and are left out; later ones come in."
        return _log(watch, outcome, said.strip(), counts)


def _failed(watch: Watch, token: uuid.UUID, error: FactcheckError) -> WatchLook | None:
    """Wait as long as the place says, else twice as long after each failure; what is gone is not asked again."""
    now = timezone.now()
    pause = min(_interval(watch) * 2 ** min(watch.failures_in_row + 1, 12), LONGEST_PAUSE)
    retry_at = error.retry_at if isinstance(error, Transient) else None
    changes = {
        "failures_in_row": F("failures_in_row") + 1, "last_error_at": now, "last_error": error.detail,
        "next_look_at": max(retry_at, now + _interval(watch)) if retry_at else now + pause,
    }  # fmt: skip
    gone = error.code == "http.status" and error.values.get("status") == GONE
    outcome = LookOutcome.GONE if gone else LookOutcome.FAILED
    if error.code == "http.throttled":
        outcome = LookOutcome.THROTTLED
    if gone:
        changes |= {"enabled": False, "stopped_reason": f"{error.detail} It is gone for good and no longer asked."}
    with transaction.atomic():
        if not _settle(watch, token, **changes):
            return None
        if gone:
            record("watch.stopped", watch, actor=None, after={"said": error.detail})
        return _log(watch, outcome, error.detail, _Counts())


def _settle(watch: Watch, token: uuid.UUID, **changes: object) -> bool:
    mine = Watch.objects.filter(pk=watch.pk, token=token)
    return mine.update(token=None, lease_until=None, **changes) == 1


def _log(watch: Watch, outcome: LookOutcome, said: str, counts: _Counts) -> WatchLook:
    look = WatchLook.objects.create(
        watch=watch, outcome=outcome, said=said, listed=counts.listed, fresh=counts.fresh, changed=counts.changed,
        left_out=counts.left_out,
    )  # fmt: skip
    oldest = WatchLook.objects.filter(watch=watch).values_list("pk", flat=True)[KEPT_LOOKS : KEPT_LOOKS + 1]
    WatchLook.objects.filter(watch=watch, pk__lte=next(iter(oldest), 0)).delete()
    return look


def _interval(watch: Watch) -> timedelta:
    return timedelta(minutes=watch.interval_minutes)


def item_fetch(*, item_id: int) -> ItemState | None:
    """Fetch one story's page and take it in; None if it is not due or somebody else has it."""
    now = timezone.now()
    token = uuid.uuid4()
    due = WatchItem.objects.filter(pk=item_id, state=ItemState.WAITING, not_before__lte=now)
    if due.update(token=token, not_before=now + lease(), tries=F("tries") + 1) != 1:
        return None
    item = WatchItem.objects.select_related("watch__desk").get(pk=item_id)
    turn = host_turn(item.url)
    if turn is not None:
        return _item_settle(item, token, ItemState.WAITING, not_before=turn, tries=F("tries") - 1)
    try:
        taken = _fetched(item)
    except Transient as error:
        return _put_off(item, token, error)
    except FactcheckError as error:
        return _item_settle(item, token, ItemState.REFUSED, error_code=error.code, error_detail=error.detail)
    return _item_settle(item, token, ItemState.STORED, article=taken.article, error_code="", error_detail="")


def _fetched(item: WatchItem) -> Ingested:
    page = host_get(outbound_client(), item.url, accept=FETCHED_TYPES, max_bytes=MAX_BYTES)
    return article_ingest(
        page.content, url=page.url, content_type=page.content_type, origin=Origin.WATCH, desk=item.watch.desk.pk
    )


def _put_off(item: WatchItem, token: uuid.UUID, error: Transient) -> ItemState:
    if item.tries >= MOST_TRIES:
        return _item_settle(item, token, ItemState.REFUSED, error_code=error.code, error_detail=error.detail)
    due = timezone.now() + timedelta(minutes=2**item.tries)
    return _item_settle(
        item, token, ItemState.WAITING, not_before=max(error.retry_at or due, due), error_code=error.code,
        error_detail=error.detail,
    )  # fmt: skip


def _item_settle(item: WatchItem, token: uuid.UUID, state: ItemState, **changes: object) -> ItemState:
    """Only while it is still ours: the place may list another version since, which must be fetched anew."""
    WatchItem.objects.filter(pk=item.pk, token=token).update(state=state, token=None, **changes)
    return state
