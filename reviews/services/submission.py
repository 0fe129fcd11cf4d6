"""Texts that colleagues ask the desk to check: taken in at once, or fetched from the address they name.

The rows are the truth: a worker takes one that names an address by compare-and-set, and the sweeper hands it out
again where the broker or a worker was gone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import Mode, Origin
from articles.ingest.decode import MAX_BYTES
from articles.ingest.readers import read_bytes
from articles.models import Article
from articles.services.article import Ingested, parsed_ingest
from articles.services.fetch import FETCHED_TYPES
from articles.services.hosts import host_get, host_turn
from articles.services.local import outbound_client
from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import FactcheckError, Invalid, Transient
from factcheck.core.queue import enqueue
from reviews.choices import SubmissionState
from reviews.models import Review, Submission
from reviews.policies import sees
from reviews.services.article import desk_for
from reviews.services.transition import require
from reviews.services.triage import rank_soon

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.ingest.model import ParsedArticle
    from articles.models import Desk

LEASE: Final = timedelta(minutes=2)
MOST_TRIES: Final = 6
MAX_URL: Final = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to have checked: one of `text`, `data` (a file called `name`) and an `url` alone.

    With a text or a file, `url` says where it stands. `headline` and `author` stand where the text names none;
    a headline is put above a pasted text, so that what it says is checked, too.
    """

    text: str = ""
    data: bytes = b""
    name: str = ""
    content_type: str = ""
    url: str = ""
    headline: str = ""
    author: str = ""
    mode: Mode = Mode.PUBLISHED
    due_at: datetime | None = None
    note: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """`created` is False where the same person had asked for exactly this already."""

    submission: Submission
    created: bool


def submission_ask(*, asked: Asked, actor: User) -> Taken:
    """Take a request in; the same one again is the one there is, with the newest deadline and note.

    1. Raises NotAllowed, NotFound (a desk that is not theirs), Invalid (submission.*, http.bad_url, article.*),
       and then nothing is stored.
    2. A text or file is read now and becomes an article, or is found to be one the desk has.
    3. An address is fetched by a worker; whether it could be, the row says.
    """
    taking = desk_for(actor, asked.desk)
    require(actor, "ingest", _("hand in articles"), taking)
    _check(asked)
    with transaction.atomic(), one_act():
        if asked.text or asked.data:
            taken = _take_in(asked, actor, taking)
        else:
            taken = _store(
                _row(asked, actor, taking, state=SubmissionState.FETCHING, fetched=True),
                Q(created_by=actor, desk=taking, url=asked.url, state=SubmissionState.FETCHING),
            )
            if taken.created:
                enqueue("reviews.fetch_submission", taken.submission.pk)
        if not taken.created:
            _change(taken.submission, asked, actor)
        if taken.submission.article is not None:
            _due(taken.submission.article, asked.due_at)
    return taken


def _check(asked: Asked) -> None:
    given = [bool(asked.text.strip()), bool(asked.data)]
    if all(given):
        raise Invalid("submission.several")
    if not any(given) and not asked.url:
        raise Invalid("article.empty" if asked.name else "submission.nothing")
    parts = urlsplit(asked.url)
    if asked.url and (parts.scheme not in {"http", "https"} or not parts.hostname or len(asked.url) > MAX_URL):
        raise Invalid("http.bad_url", url=asked.url[:200])
    if asked.due_at is not None and asked.due_at <= timezone.now():
        raise Invalid("submission.due_past")


def _row(asked: Asked, actor: User, desk: Desk, **more: Any) -> Submission:
    return Submission(
        desk=desk, url=asked.url, headline=asked.headline[:300], author=asked.author[:200], mode=asked.mode,
        due_at=asked.due_at, note=asked.note.strip(), created_by=actor, created_by_name=person_name(actor), **more,
    )  # fmt: skip


def _take_in(asked: Asked, actor: User, desk: Desk) -> Taken:
    data, name = asked.data, asked.name
    if not data:
        data, name = _with_headline(asked).encode(), asked.name or "pasted.txt"
    parsed = read_bytes(data, name=name, url=asked.url, content_type=asked.content_type)
    kept = _ingest(parsed, data, asked, actor, desk, name)
    row = _row(asked, actor, desk, state=SubmissionState.IN, article=kept.article, revision=kept.revision)
    return _store(row, Q(created_by=actor, revision=kept.revision, fetched=False))


def _with_headline(asked: Asked) -> str:
    """The pasted text below its headline, unless it begins with it."""
    headline = " ".join(asked.headline.split())
    begins = " ".join(asked.text.split(maxsplit=60)[:60]).casefold().startswith(headline.casefold())
    return asked.text if begins else f"{headline}\n\n{asked.text}"


def _ingest(
    parsed: ParsedArticle, data: bytes, asked: Asked, actor: User | None, desk: Desk, name: str,
    *, fetched: bool = False,
) -> Ingested:  # fmt: skip
    """What we fetched ourselves may revise whatever stands at that address; what people send may not."""
    named = tuple(one.strip() for one in asked.author.split(",") if one.strip())
    parsed = replace(parsed, title=parsed.title or asked.headline, authors=parsed.authors or named)

    def may_revise(article: Article) -> bool:
        # An article that its words alone identify is never revised by them: it is the same text.
        return actor is None or fetched or article.identity.startswith("sha256:") or sees(actor, article)

    return parsed_ingest(
        parsed, data, identity=parsed.url or asked.url, name=name, origin=Origin.URL if fetched else Origin.FILE,
        mode=asked.mode, actor=actor, may_revise=may_revise, desk=desk.pk,
    )  # fmt: skip


def _store(row: Submission, same: Q) -> Taken:
    known = Submission.objects.filter(same).first()
    if known is not None:
        return Taken(known, created=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same request, sent twice at the same moment
        return Taken(Submission.objects.get(same), created=False)
    record("submission.asked", row, actor=row.created_by, after=_said(row), note=row.note)
    return Taken(row, created=True)


def _said(row: Submission) -> dict[str, Any]:
    return {"url": row.url, "article": row.article_id, "due_at": row.due_at.isoformat() if row.due_at else ""}


def _change(known: Submission, asked: Asked, actor: User) -> None:
    """Who asks again may say another time and another note; nothing given changes nothing."""
    before = (known.due_at, known.note)
    known.due_at, known.note = asked.due_at or known.due_at, asked.note.strip() or known.note
    if (known.due_at, known.note) != before:
        Submission.objects.filter(pk=known.pk).update(due_at=known.due_at, note=known.note)
        record("submission.changed", known, actor=actor, after=_said(known), note=known.note)


def _due(article: Article, due_at: datetime | None) -> None:
    """The earliest time somebody asked for is when the article, and each of its claims, is due."""
    if due_at is None:
        return
    later = Q(due_at=None) | Q(due_at__gt=due_at)
    Article.objects.filter(later, pk=article.pk).update(due_at=due_at)
    Review.objects.filter(later, claim__article=article, active=True, closed_at=None).update(due_at=due_at)
    rank_soon(Q(article=article.pk))


# --- fetching -------------------------------------------------------------------------------------------
def submissions_due(*, most: int = 200) -> int:
    """Hand out the addresses that wait to be fetched; returns how many messages were sent."""
    due = Submission.objects.filter(state=SubmissionState.FETCHING, not_before__lte=timezone.now())
    waiting = list(due.order_by("not_before").values_list("pk", flat=True)[:most])
    for pk in waiting:
        enqueue("reviews.fetch_submission", pk)
    return len(waiting)


def submission_fetch(*, submission_id: int) -> SubmissionState | None:
    """Fetch the address and take it in; None if it is not due or somebody else has it. May run twice."""
    now, token = timezone.now(), uuid.uuid4()
    due = Submission.objects.filter(pk=submission_id, state=SubmissionState.FETCHING, not_before__lte=now)
    if due.update(token=token, not_before=now + LEASE, tries=F("tries") + 1) != 1:
        return None
    row = Submission.objects.select_related("desk", "created_by").get(pk=submission_id)
    place = host_turn(row.url)
    if place is not None:
        return _settle(row, token, SubmissionState.FETCHING, not_before=place, tries=F("tries") - 1)
    try:
        return _fetched(row, token)
    except Transient as error:
        if row.tries < MOST_TRIES:
            later = max(error.retry_at or now, timezone.now() + timedelta(minutes=2**row.tries))
            return _settle(row, token, SubmissionState.FETCHING, not_before=later, **_why(error))
        return _refuse(row, token, error)
    except FactcheckError as error:
        return _refuse(row, token, error)


def _fetched(row: Submission, token: uuid.UUID) -> SubmissionState:
    page = host_get(outbound_client(), row.url, accept=FETCHED_TYPES, max_bytes=MAX_BYTES)
    parsed = read_bytes(page.content, name="", url=page.url, content_type=page.content_type)
    said = Asked(url=page.url, headline=row.headline, author=row.author, mode=Mode(row.mode))
    with transaction.atomic(), one_act():
        if not Submission.objects.select_for_update(no_key=True).filter(pk=row.pk, token=token).exists():
            return SubmissionState.FETCHING  # another worker has it since
        kept = _ingest(parsed, page.content, said, row.created_by, row.desk, "", fetched=True)
        _due(kept.article, row.due_at)
        record("submission.fetched", row, actor=None, after={"article": kept.article.pk, "url": page.url})
        return _settle(row, token, SubmissionState.IN, article=kept.article, revision=kept.revision, error_code="",
                       error_detail="")  # fmt: skip


def _why(error: FactcheckError) -> dict[str, str]:
    return {"error_code": error.code, "error_detail": error.detail}


def _refuse(row: Submission, token: uuid.UUID, error: FactcheckError) -> SubmissionState:
    with transaction.atomic():
        record("submission.refused", row, actor=None, after={"code": error.code}, note=error.detail)
        return _settle(row, token, SubmissionState.REFUSED, **_why(error))


def _settle(row: Submission, token: uuid.UUID, state: SubmissionState, **changes: Any) -> SubmissionState:
    Submission.objects.filter(pk=row.pk, token=token).update(state=state, token=None, **changes)
    return state
