"""Keeping Fact Check Tools in step with what is published: created, updated, deleted, each once.

The row says which version should be there. A worker takes it with a lease, asks what the page says now, and notes
which version it sent; what was published meanwhile leaves the row queued. Sent twice the result is the same: an
update replaces the whole page, a page that was made without our hearing of it is found by its address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError, WrongState
from factcheck.core.http import retry_after
from factcheck.core.queue import enqueue
from reviews.choices import PushState
from reviews.facttools_page import markup_page
from reviews.models import Publication, ToolsPage
from reviews.selectors.published import document_of, newest_version, publication_by_slug, publication_url
from reviews.services.toolsapi import Said, call, pushing

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from reviews.models import PublicationVersion

TASK: Final = "reviews.push_tools_page"
LEASE: Final = timedelta(seconds=180)  # a search, an act, and a new token for both
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 360, 720, 1440))
_GONE: Final = frozenset({404, 410})


def tools_page_want(*, version: PublicationVersion) -> None:
    """Note that this version should be there; call it in the transaction of the act. Nothing while it is off."""
    if not pushing():
        return
    now = timezone.now()
    wanted = {"wanted": version.number, "state": PushState.QUEUED, "tries": 0, "not_before": now}
    row, _ = ToolsPage.objects.update_or_create(publication=version.publication, defaults=wanted)
    enqueue(TASK, row.pk)


@dataclass(frozen=True, slots=True)
class Taken:
    row: ToolsPage
    token: uuid.UUID


def tools_page_push(*, page_id: int) -> PushState | None:
    """Take the row, bring the page there in step, note how it went; None if there was nothing to take."""
    taken = _take(page_id)
    if taken is None:
        return None
    number, name, at = taken.row.wanted, taken.row.name, timezone.now()
    try:
        said, name = _push(taken.row)
    except FactcheckError as error:
        answer = error.said if isinstance(error, _RefusedThere) else None
        return _settle(taken, number, name, at, said=answer, words=error.detail[:300])
    except Exception as error:
        _settle(taken, number, name, at, said=None, words=f"Factcheck broke: {type(error).__name__}.")
        raise
    return _settle(taken, number, name, at, said=said)


def _take(page_id: int) -> Taken | None:
    now, token = timezone.now(), uuid.uuid4()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = ToolsPage.objects.filter(free, pk=page_id, state=PushState.QUEUED, not_before__lte=now)
    if not pushing() or due.update(lease_until=now + LEASE, token=token, tries=F("tries") + 1) != 1:
        return None
    return Taken(ToolsPage.objects.select_related("publication").get(pk=page_id), token)


def _push(row: ToolsPage) -> tuple[Said | None, str]:
    """The answer to the last call, and the name of the page there now; no answer where nothing had to be said."""
    publication = publication_by_slug(row.publication.slug)
    document = document_of(newest_version(publication))
    held = _held(row, publication)
    if not document:
        if held is None:
            return None, ""
        return _taken(call("DELETE", str(held["name"])), or_=_GONE), ""
    body = markup_page(document)
    if held is None:
        said = _taken(call("POST", "pages", body=body))
    else:
        said = _taken(call("PUT", str(held["name"]), body=body | {"versionId": held.get("versionId", "")}))
    return said, str(said.body.get("name", ""))


def _held(row: ToolsPage, publication: Publication) -> dict[str, Any] | None:
    """The page there, by its name, or by its address where we never heard its name or it is gone."""
    if row.name:
        said = _taken(call("GET", row.name), or_=_GONE)
        if said.ok:
            return said.body
    said = _taken(call("GET", "pages", params={"url": publication_url(publication)}), or_=_GONE)
    found = said.body.get("claimReviewMarkupPages") if said.ok else None
    return found[0] if isinstance(found, list) and found else None


class _RefusedThere(FactcheckError):
    """A call was refused; carries the answer."""

    def __init__(self, said: Said) -> None:
        super().__init__("tools.refused", status=said.status, words=said.words)
        self.said = said


def _taken(said: Said, *, or_: frozenset[int] = frozenset()) -> Said:
    """The answer to a call that was taken, or has one of these statuses; raises _RefusedThere for every other."""
    if not said.ok and said.status not in or_:
        raise _RefusedThere(said)
    return said


def _settle(
    taken: Taken, number: int, name: str, at: datetime, *, said: Said | None, words: str = ""
) -> PushState | None:
    """Note how it went, while our token stands; `words` say what went wrong. None where somebody else has the row."""
    done = not words
    later = None if done else _later(taken.row.tries, said)
    values: dict[str, Any] = {
        "name": name, "asked_at": at, "status": said.status if said else None, "said": words, "lease_until": None,
        "token": None,
    }  # fmt: skip
    with transaction.atomic():
        mine = ToolsPage.objects.filter(pk=taken.row.pk, token=taken.token)
        if done:
            values["done"], values["tries"] = number, 0
        elif later is not None:
            values["not_before"] = later
        else:
            values["state"] = PushState.FAILED
        if mine.update(**values) != 1:
            return None
        if done:
            ToolsPage.objects.filter(pk=taken.row.pk, wanted=number).update(state=PushState.DONE)
        row = ToolsPage.objects.get(pk=taken.row.pk)
        if row.state == PushState.QUEUED and row.not_before <= timezone.now():
            enqueue(TASK, row.pk)
    return PushState(row.state)


def _later(tries: int, said: Said | None) -> datetime | None:
    """When to try again: as the table has it, not before we were told; None after the last try."""
    if tries > len(WAITS):
        return None
    now = timezone.now()
    told = retry_after(said.headers, now=now) if said else None
    return max(now + WAITS[tries - 1], told or now)


def tools_pages_sweep(*, most: int = 200) -> int:
    """Nudge what is due, also what a dead worker held; returns how many. Safe to run twice."""
    if not pushing():
        return 0
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = ToolsPage.objects.filter(free, state=PushState.QUEUED, not_before__lte=now).order_by("not_before")
    pks = list(due.values_list("pk", flat=True)[:most])
    for pk in pks:
        enqueue(TASK, pk)
    return len(pks)


def tools_page_again(*, publication: Publication, actor: User | None) -> None:
    """Send a page that is out once more, or for the first time; raises WrongState while nothing is pushed."""
    if not pushing():
        raise WrongState("tools.off")
    with transaction.atomic():
        tools_page_want(version=newest_version(publication_by_slug(publication.slug)))
        record("tools_page.again", publication, actor=actor)
