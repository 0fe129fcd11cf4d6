"""Evidence from an address, a file or a pasted text: kept as it was, and quoted word for word.

The rows are the truth: a worker takes one that names an address by compare-and-set, and the sweeper hands it out
again where the broker or a worker was gone.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.ingest.decode import MAX_BYTES, decode
from articles.ingest.readers import read_bytes
from articles.services.evidence import evidence_add, snapshot_keep
from articles.services.hosts import host_get, host_turn
from articles.services.local import outbound_client
from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import FactcheckError, Invalid, Transient, WrongState
from factcheck.core.queue import enqueue
from reviews.choices import MaterialState
from reviews.models import Material
from reviews.quoting import NotThere, place_of, place_words
from reviews.services.transition import require

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.models import Claim, Evidence

TASK: Final = "reviews.fetch_material"
LEASE: Final = timedelta(minutes=2)
MOST_TRIES: Final = 4
MAX_URL: Final = 1000
# What people may bring as a file, and what is read at an address.
SUFFIXES: Final = (".pdf", ".docx", ".html", ".htm", ".txt")
FETCHED_TYPES: Final = (
    "text/html", "application/xhtml+xml", "text/plain", "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """One of `url`, `data` (a file called `name`) and a pasted `text`; with these, `url` says where they stand."""

    url: str = ""
    data: bytes = b""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reader made of the bytes."""

    text: str
    title: str = ""
    publisher: str = ""
    published_at: datetime | None = None


def material_bring(*, claim: Claim, actor: User, brought: Brought) -> Material:
    """Keep a page, file or text for a claim; the same one again is the one there is.

    A file or text is read now. An address is fetched by a worker; the row says how far that is, or why it failed.
    Raises NotAllowed, Invalid (material.nothing, material.several, material.format, http.bad_url, article.*), and
    then nothing is stored.
    """
    require(actor, "add_evidence", "add evidence", claim)
    _check(brought)
    now = timezone.now()
    row = Material(
        claim=claim, url=brought.url, name=PurePath(brought.name).name[:300], created_by=actor,
        created_by_name=person_name(actor), created_at=now, not_before=now,
    )  # fmt: skip
    if not (brought.data or brought.text):
        return _to_fetch(row)
    data = brought.data or brought.text.encode()
    read = _Read(_plain(brought.text)) if brought.text else _read(data, name=brought.name, url=brought.url)
    with transaction.atomic(), one_act():
        return _keep(row, data, read, content_type="")


def _check(brought: Brought) -> None:
    given = [bool(brought.text.strip()), bool(brought.data)]
    if all(given):
        raise Invalid("material.several")
    if not any(given) and not brought.url:
        raise Invalid("article.empty" if brought.name else "material.nothing")
    parts = urlsplit(brought.url)
    if brought.url and (parts.scheme not in {"http", "https"} or not parts.hostname or len(brought.url) > MAX_URL):
        raise Invalid("http.bad_url", url=brought.url[:200])
    if len(brought.data or brought.text.encode()) > MAX_BYTES:
        raise Invalid("article.too_large", size=len(brought.data or brought.text.encode()), limit=MAX_BYTES)
    if brought.data and PurePath(brought.name).suffix.lower() not in SUFFIXES:
        raise Invalid("material.format", known=", ".join(SUFFIXES))


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _read(data: bytes, *, name: str, url: str = "", content_type: str = "") -> _Read:
    """The words of a page or file. What a reader of stories would leave out, such as captions, stands at the end."""
    plain = content_type.startswith("text/plain") or PurePath(name).suffix.lower() == ".txt"
    if plain and not content_type.startswith("text/html"):
        text = _plain(decode(data))
        if not text:
            raise Invalid("article.empty")
        return _Read(text)
    found = read_bytes(data, name=name, url=url, content_type=content_type)
    left_out = [one.text for one in found.dropped if one.text not in found.text]
    text = "\n\n".join(part for part in (found.text, *left_out) if part.strip())
    return _Read(_plain(text), found.title, found.publisher, found.published_at)


def _keep(row: Material, data: bytes, read: _Read, *, content_type: str) -> Material:
    """Store what was read, or give back the same bytes that are there. In the transaction of the caller."""
    if not read.text:
        raise Invalid("article.no_body")
    known = Material.objects.filter(
        claim=row.claim_id, state=MaterialState.READ, snapshot__sha256=hashlib.sha256(data).hexdigest()
    ).first()  # fmt: skip
    if known is not None:
        if row.pk and row.pk != known.pk:
            Material.objects.filter(pk=row.pk).delete()
        return known
    row.state, row.token, row.text = MaterialState.READ, None, read.text
    row.title = read.title[:500] or row.name or read.text[:80].split("\n")[0]
    row.publisher, row.published_at = read.publisher[:200], read.published_at
    row.snapshot = snapshot_keep(data, content_type, row.url)
    row.retrieved_at, row.error_code, row.error_detail = timezone.now(), "", ""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the same bytes, brought twice at the same moment
        return Material.objects.get(claim=row.claim_id, state=MaterialState.READ, snapshot=row.snapshot)
    record("material.kept", row, actor=row.created_by, after={
        "claim": row.claim_id, "url": row.url, "name": row.name, "sha256": row.snapshot.sha256})  # fmt: skip
    return row


def _to_fetch(row: Material) -> Material:
    waiting = Material.objects.filter(claim=row.claim_id, url=row.url, state=MaterialState.FETCHING)
    with transaction.atomic(), one_act():
        known = waiting.first()
        if known is not None:
            return known
        Material.objects.filter(claim=row.claim_id, url=row.url, state=MaterialState.FAILED).delete()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the same address, sent twice at the same moment
            return waiting.get()
        record("material.asked", row, actor=row.created_by, after={"claim": row.claim_id, "url": row.url})
        enqueue(TASK, row.pk)
    return row


def material_remove(*, material: Material, actor: User) -> None:
    """Put a page or file away that is of no use; what was quoted from it stays, with its snapshot."""
    require(actor, "add_evidence", "add evidence", material)
    with transaction.atomic():
        before = {"claim": material.claim_id, "url": material.url, "name": material.name}
        record("material.removed", material, actor=actor, before=before)
        material.delete()


def material_quote(
    *, material: Material, actor: User, passage: str, stance: str, locator: str = "", title: str = "",
    publisher: str = "",
) -> Evidence:  # fmt: skip
    """Make evidence of words that stand in the material, word for word; white space does not count.

    Without a locator, the place in the kept text is told: “paragraph 4”.
    Raises NotAllowed, WrongState (material.not_read), Invalid (material.not_there, evidence.bad_stance).
    """
    require(actor, "add_evidence", "add evidence", material)
    if material.state != MaterialState.READ or material.snapshot is None:
        raise WrongState("material.not_read")
    found = place_of(passage, material.text)
    if isinstance(found, NotThere):
        raise Invalid("material.not_there", title=str(material)[:120], detail=found.words)
    return evidence_add(
        claim=material.claim, actor=actor, title=(title.strip() or str(material))[:500],
        passage=material.text[found.start : found.end],
        locator=locator.strip() or place_words(material.text, found.start), stance=stance, url=material.url,
        publisher=publisher.strip() or material.publisher, snapshot=material.snapshot,
        published_at=material.published_at, retrieved_at=material.retrieved_at,
    )  # fmt: skip


# --- fetching -------------------------------------------------------------------------------------------
def materials_due(*, most: int = 200) -> int:
    """Hand out the addresses that wait to be fetched; returns how many messages were sent."""
    due = Material.objects.filter(state=MaterialState.FETCHING, not_before__lte=timezone.now())
    waiting = list(due.order_by("not_before").values_list("pk", flat=True)[:most])
    for pk in waiting:
        enqueue(TASK, pk)
    return len(waiting)


def material_fetch(*, material_id: int) -> MaterialState | None:
    """Fetch the address and read it; None if it is not due or somebody else has it. May run twice."""
    now, token = timezone.now(), uuid.uuid4()
    due = Material.objects.filter(pk=material_id, state=MaterialState.FETCHING, not_before__lte=now)
    if due.update(token=token, not_before=now + LEASE, tries=F("tries") + 1) != 1:
        return None
    row = Material.objects.select_related("claim__article", "created_by").get(pk=material_id)
    place = host_turn(row.url)
    if place is not None:
        return _settle(row, token, MaterialState.FETCHING, not_before=place, tries=F("tries") - 1)
    try:
        return _fetched(row, token)
    except Transient as error:
        if row.tries < MOST_TRIES:
            later = max(error.retry_at or now, timezone.now() + timedelta(minutes=2**row.tries))
            return _settle(row, token, MaterialState.FETCHING, not_before=later, **_why(error))
        return _settle(row, token, MaterialState.FAILED, **_why(error))
    except FactcheckError as error:
        return _settle(row, token, MaterialState.FAILED, **_why(error))


def _fetched(row: Material, token: uuid.UUID) -> MaterialState:
    page = host_get(outbound_client(), row.url, accept=FETCHED_TYPES, max_bytes=MAX_BYTES)
    read = _read(page.content, name="", url=page.url, content_type=page.content_type)
    with transaction.atomic(), one_act():
        held = Material.objects.select_for_update(of=("self",), no_key=True).filter(pk=row.pk, token=token).first()
        if held is None:
            return MaterialState.FETCHING  # another worker has it since, or it was put away
        row.tries = held.tries
        _keep(row, page.content, read, content_type=page.content_type[:100])
    return MaterialState.READ


def _why(error: FactcheckError) -> dict[str, str]:
    return {"error_code": error.code, "error_detail": error.detail}


def _settle(row: Material, token: uuid.UUID, state: MaterialState, **changes: Any) -> MaterialState:
    Material.objects.filter(pk=row.pk, token=token).update(state=state, token=None, **changes)
    return state
