"""Pages that evidence rests on: kept when the evidence is, and looked at again for as long as a claim rests on them.

A row a page is the truth; workers take a look by compare-and-set, and what a killed one held is due again later.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.choices import PAGE_LOST, EvidenceState, PageState
from articles.ingest.decode import MAX_BYTES
from articles.keeping.quotes import places_of, share_kept
from articles.keeping.words import words_of
from articles.models import Capture, Evidence, Page, Snapshot, Source
from articles.services.evidence import snapshot_keep
from articles.services.hosts import host_get, host_turn
from articles.services.local import outbound_client
from articles.sources.registry import LOCAL
from articles.workflow import CLAIM_OPEN, ArticleState
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, Transient
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from factcheck.core.http import Response

AT_ONCE: Final = 20
"""Looks handed out by one tick."""
MOST_CAPTURES: Final = 10
FIRST_RETRY: Final = timedelta(hours=1)
# A page is gone when it said so once for good, said so twice, or its host was silent that often in a row.
GONE: Final = 410
NOT_FOUND: Final = 404
NOT_FOUND_TIMES: Final = 2
SILENT_TIMES: Final = 5
ANSWERED_LATELY: Final = timedelta(hours=2)
# Where no passage can be found even in what was kept, the page has changed when less than this is left of its words.
LEFT: Final = 0.5
_KEPT_HEADERS: Final = 60
_CLAIM_RESTS: Final = Q(state=EvidenceState.KEPT, claim__state__in=CLAIM_OPEN)


def pages_adopt() -> int:
    """Give kept evidence with an address its page; returns how many pieces. May run twice.

    While a story is on hold, nobody outside is asked for what its evidence rests on.
    """
    waiting = Evidence.objects.filter(_CLAIM_RESTS, page=None).exclude(url="")
    waiting = waiting.exclude(claim__article__state=ArticleState.HELD)
    found = list(waiting.order_by("pk").values_list("pk", "url")[:500])
    digests = {url: digest_of(url) for _, url in found}
    with transaction.atomic():
        rows = [Page(url=url, digest=digest) for url, digest in digests.items()]
        Page.objects.bulk_create(rows, ignore_conflicts=True)
        pages = dict(Page.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
        for url, digest in digests.items():
            mine = [pk for pk, its in found if its == url]
            Evidence.objects.filter(pk__in=mine, page=None).update(page=pages[digest])
    return len(found)


def digest_of(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def pages_due() -> int:
    """Hand the looks that are due to workers, a few at a time; returns how many. May run twice."""
    pages_adopt()
    due = Page.objects.filter(next_look_at__lte=timezone.now()).order_by("next_look_at")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        enqueue("articles.look_at_page", key)
    return len(keys)


def page_look_soon(*, page: Page, actor: User | None) -> None:
    """A person wants to know now."""
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(next_look_at=timezone.now(), token=None)
        record("page.look", page, actor=actor)
        enqueue("articles.look_at_page", page.pk)


def page_look(*, page_id: int) -> PageState | None:
    """Look at one page; None where it is not due, somebody else has it, or nothing rests on it any more."""
    now, token = timezone.now(), uuid.uuid4()
    mine = Page.objects.filter(pk=page_id, next_look_at__lte=now)
    lease = timedelta(seconds=settings.WATCH_LEASE_SECONDS)
    if mine.update(token=token, next_look_at=now + lease) != 1:
        return None
    page = Page.objects.get(pk=page_id)
    later = now + interval() if page.state != PageState.NEW else now + FIRST_RETRY
    if not _may_look(page):
        return _put_off(page, token, later)
    turn = host_turn(page.url)
    if turn is not None:
        return _put_off(page, token, turn)
    conditional = {"etag": page.etag, "modified": page.modified} if _is_as_kept(page) else {}
    try:
        answer = host_get(outbound_client(), page.url, max_bytes=MAX_BYTES, **conditional)
    except FactcheckError as error:
        return _not_there(page, token, error)
    return _there(page, token, answer)


def interval() -> timedelta:
    """Between two looks at a page. Without a monitor it is kept once and then left alone."""
    hours = settings.PAGES_EVERY_HOURS
    return timedelta(hours=hours) if hours else timedelta(days=36_500)


def _may_look(page: Page) -> bool:
    rests = page.evidence.filter(_CLAIM_RESTS)
    return rests.exclude(claim__article__state=ArticleState.HELD).exists()


def _is_as_kept(page: Page) -> bool:
    return page.state in (PageState.THERE, PageState.MOVED)


def _put_off(page: Page, token: uuid.UUID, until: datetime) -> PageState | None:
    """Nothing was seen; it is due again then."""
    Page.objects.filter(pk=page.pk, token=token).update(token=None, next_look_at=until)
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look says of a page."""

    state: PageState
    said: str = ""
    moved_to: str = ""
    failures: int = 0
    next_look_at: datetime | None = None
    etag: str = ""
    modified: str = ""


def _settle(page: Page, token: uuid.UUID, found: Found) -> PageState | None:
    """Write it down, if the look is still ours. What is lost is told of once; what came back may be lost again."""
    now = timezone.now()
    lost = found.state in PAGE_LOST
    news = found.state != page.state
    changes: dict[str, object] = {"lost_at": (page.lost_at or now) if lost else None}
    if not lost or (news and page.state not in PAGE_LOST):
        changes["reported"] = False
    held = Page.objects.filter(pk=page.pk, token=token)
    with transaction.atomic():
        if not held.update(
            state=found.state, said=found.said, moved_to=found.moved_to, failures_in_row=found.failures,
            looked_at=now, etag=found.etag, modified=found.modified, token=None,
            next_look_at=found.next_look_at or now + interval(), **changes,
        ):  # fmt: skip
            return None
        if news and page.state != PageState.NEW:
            record("page.state", page, actor=None, before={"state": page.state}, after={"state": found.state.value})
    return found.state


# --- it did not come -------------------------------------------------------------------------------------
def _not_there(page: Page, token: uuid.UUID, error: FactcheckError) -> PageState | None:
    now, failures = timezone.now(), page.failures_in_row + 1
    status = error.values.get("status")
    if error.code == "http.throttled":
        wait = error.retry_at if isinstance(error, Transient) else None
        return _put_off(page, token, wait or now + FIRST_RETRY)
    if status == GONE or (status == NOT_FOUND and failures >= NOT_FOUND_TIMES):
        return _settle(page, token, Found(PageState.GONE, error.detail, failures=failures))
    if status == NOT_FOUND or isinstance(error, Transient):
        return _failing(page, token, error, failures)
    # It refuses us, or is nothing that can be kept: that says nothing of what others see there.
    closed = PageState(page.state) if page.state in PAGE_LOST else PageState.CLOSED
    return _settle(page, token, Found(closed, error.detail, failures=failures))


def _failing(page: Page, token: uuid.UUID, error: FactcheckError, failures: int) -> PageState | None:
    silent = failures >= SILENT_TIMES and (error.code == "http.status" or _others_answer(page))
    gone = page.state == PageState.GONE or silent
    wait = interval() if gone else min(FIRST_RETRY * 2 ** min(failures - 1, 6), interval())
    state = PageState.GONE if gone else PageState(page.state)
    found = Found(
        state, error.detail, page.moved_to, failures, timezone.now() + wait, etag=page.etag, modified=page.modified
    )
    return _settle(page, token, found)


def _others_answer(page: Page) -> bool:
    """Somebody else answered a moment ago; else the silence may be our own network's."""
    since = timezone.now() - ANSWERED_LATELY
    pages = Page.objects.exclude(pk=page.pk).filter(failures_in_row=0, looked_at__gte=since)
    return pages.exists() or Source.objects.exclude(kind__in=LOCAL).filter(last_answer_at__gte=since).exists()


# --- it came ---------------------------------------------------------------------------------------------
def _there(page: Page, token: uuid.UUID, answer: Response) -> PageState | None:
    etag, modified = answer.headers.get("etag", "")[:300], answer.headers.get("last-modified", "")[:100]
    if answer.not_modified:
        same = Found(
            PageState(page.state), moved_to=page.moved_to, etag=etag or page.etag, modified=modified or page.modified
        )
        return _settle(page, token, same)
    kept = list(page.captures.select_related("words")[:MOST_CAPTURES])
    fresh = words_of(answer.content, answer.content_type, url=answer.url)
    every = words_of(answer.content, answer.content_type, url=answer.url, whole=True)
    change = _change(page, [bytes(one.words.content).decode() for one in kept], f"{fresh}\n{every}")
    if change.worth_keeping and len(kept) < MOST_CAPTURES:
        if not Page.objects.filter(pk=page.pk, token=token).exists():
            return None
        _capture(page, answer, fresh or every)
    if change.lost:
        return _settle(page, token, Found(PageState.CHANGED, change.lost, answer.moved_to))
    state = PageState.MOVED if answer.moved_to else PageState.THERE
    return _settle(page, token, Found(state, moved_to=answer.moved_to, etag=etag, modified=modified))


@dataclass(frozen=True, slots=True)
class _Change:
    """`lost` says in words what is not there any more."""

    worth_keeping: bool
    lost: str = ""


def _change(page: Page, kept: Sequence[str], now: str) -> _Change:
    """Compare a page with what was kept of it, by the passages that claims rest on."""
    if not kept:
        return _Change(worth_keeping=True)
    passages = list(page.evidence.filter(_CLAIM_RESTS).values_list("passage", flat=True))
    were = [one for one in passages if any(places_of(one, text) for text in kept)]
    gone = [one for one in were if not places_of(one, now)]
    came = [one for one in passages if one not in were and places_of(one, now)]
    if gone:
        return _Change(worth_keeping=True, lost=f"It no longer says: “{gone[0][:200]}”")
    left = max(share_kept(text, now) for text in kept)
    if not were and not came and left < LEFT:
        return _Change(worth_keeping=True, lost=f"{round(left * 100)} per cent of its words are left.")
    return _Change(worth_keeping=bool(came))


def _capture(page: Page, answer: Response, words: str) -> None:
    with transaction.atomic():
        Capture.objects.bulk_create(
            [
                Capture(
                    page=page, at=answer.fetched_at, url=answer.url, status=answer.status,
                    headers=[list(one) for one in answer.headers.items()][:_KEPT_HEADERS],
                    body=snapshot_keep(answer.content, answer.content_type[:100], answer.url),
                    words=snapshot_keep(words.encode(), "text/plain; charset=utf-8", answer.url),
                )
            ],
            ignore_conflicts=True,  # the page says again what it said before
        )  # fmt: skip


# --- telling -----------------------------------------------------------------------------------------------
def pages_unreported(most: int) -> list[Page]:
    """The lost pages nobody was told of yet, longest first."""
    return list(Page.objects.filter(lost_at__isnull=False, reported=False).order_by("lost_at", "pk")[:most])


def page_reported(page: Page) -> bool:
    """Note that the desk was told of this loss, in the transaction of the telling; False where somebody else did."""
    lost = Page.objects.filter(pk=page.pk, lost_at=page.lost_at, reported=False)
    return lost.update(reported=True) == 1


# --- how long things are kept ----------------------------------------------------------------------------
def snapshots_discard() -> int:
    """Throw away the bytes nothing rests on and that are older than the desk keeps them; returns how many.

    Evidence that was kept, and what was kept of its page, is not touched: a verdict may rest on it.
    """
    days = settings.SNAPSHOT_KEEP_DAYS
    if not days:
        return 0
    old = Snapshot.objects.filter(discarded_at=None, retrieved_at__lt=timezone.now() - timedelta(days=days))
    free = old.filter(captures=None, captures_of_words=None).exclude(pk__in=_rested_on())
    keys = list(free.order_by("pk").values_list("pk", flat=True)[:1_000])
    return Snapshot.objects.filter(pk__in=keys).exclude(pk__in=_rested_on()).update(
        content=b"", discarded_at=timezone.now()
    )  # fmt: skip


def _rested_on() -> QuerySet[Evidence, int]:
    open_or_kept = Q(state=EvidenceState.KEPT) | Q(claim__settled=False, claim__state__in=CLAIM_OPEN)
    return Evidence.objects.filter(open_or_kept, snapshot__isnull=False).order_by().values_list("snapshot", flat=True)
