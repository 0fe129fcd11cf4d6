"""What connectors are given: the guarded client and the search in the desk's own collections."""

from __future__ import annotations

import atexit
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings

from articles.models import Evidence, Passage, Source
from articles.selectors.fulltext import search_evidence, search_passages
from articles.selectors.matching import Query, matching_claims
from articles.sources.base import Collection, EvidenceItem, SourceContext
from factcheck.core.errors import Transient
from factcheck.core.http import HttpClient

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from articles.models import CheckedClaim, Claim
    from articles.sources.base import ItemKind, Outbound
    from factcheck.core.http import Response

# A review scored lower shares a word or a topic with the claim, not its statement.
RELATED: Final = 0.15


class _Outbound:
    """The process's one client; made anew, and the old one closed, when what it may do has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._key: tuple[str, frozenset[str], str] | None = None
        self._client: HttpClient | None = None
        atexit.register(self.close)

    def client(self) -> HttpClient:
        key = (settings.CONTACT, settings.OUTBOUND_ALLOWED, _own_host())
        with self._lock:
            if self._client is None or self._key != key:
                self.close()
                contact, allowed, own = key
                self._client = HttpClient(
                    version=settings.VERSION, contact=contact, allow_hosts=allowed, deny_hosts=frozenset({own})
                )
                self._key = key
            return self._client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


_outbound: Final = _Outbound()


def outbound_client() -> HttpClient:
    """The guarded client with this desk's name and its operator's allowances.

    One a process, shared by its threads, so that connections and what a feed said a moment ago are used again.
    """
    return _outbound.client()


def _own_host() -> str:
    """This desk is not a source for itself; its archive is asked directly."""
    base = urlsplit(settings.BASE_URL)
    return f"{base.hostname}:{base.port or {'https': 443}.get(base.scheme, 80)}"


def source_context(source: Source, http: Outbound, claim: Claim | None = None) -> SourceContext:
    """What its connector is given; evidence kept earlier is that of the claim's desk, and none without a claim."""
    desk = claim.article.desk_id if claim is not None else None
    return SourceContext(http=http, search=DeskSearch(source.pk, desk, claim.pk if claim is not None else None))


@dataclass(slots=True)
class Metered:
    """The client for one question: counts what really went out, and ends with the question's own time.

    A source that is slow in every step would else hold its run beyond the lease, again and again.
    """

    http: HttpClient
    ends: float
    requests: int = 0

    def get(self, url: str, **how: Any) -> Response:
        response = self.http.get(url, seconds=self._left(url), **how)
        # What a moment ago's answer gave again was no request. One that raises was: it is counted before.
        self.requests -= response.remembered
        return response

    def post_json(self, url: str, document: Mapping[str, object], **how: Any) -> Response:
        return self.http.post_json(url, document, seconds=self._left(url), **how)

    def _left(self, url: str) -> float:
        self.requests += 1
        left = self.ends - monotonic()
        if left <= 0:
            host = urlsplit(url).hostname or url
            raise Transient("http.timeout", host=host, seconds=round(ask_seconds()))
        return left


def ask_seconds() -> float:
    """How long one question may take: well within its lease."""
    return settings.PREFILL_LEASE_SECONDS * 2 / 3


@contextmanager
def asking(source: Source, claim: Claim | None = None) -> Iterator[tuple[SourceContext, Metered]]:
    """What a connector is given for one question, and the meter to read afterwards."""
    metered = Metered(outbound_client(), monotonic() + ask_seconds())
    yield source_context(source, metered, claim), metered


@dataclass(frozen=True, slots=True)
class DeskSearch:
    """`LocalSearch` over this desk's database; documents are those of one source, evidence that of one desk."""

    source_id: int
    desk_id: int | None = None
    claim_id: int | None = None

    def __call__(self, collection: Collection, text: str, *, limit: int) -> list[EvidenceItem]:
        if collection == "documents":
            return _passages(text, self.source_id, limit)
        if collection == "evidence":
            return _evidence(text, self.desk_id, self.claim_id, limit) if self.desk_id is not None else []
        return _checked_claims(text, limit)


def _passages(text: str, source_id: int, limit: int) -> list[EvidenceItem]:
    hits = search_passages(text, source_id=source_id, limit=limit)
    rows = Passage.objects.select_related("document").in_bulk([hit.pk for hit in hits])
    return [_passage_item(rows[hit.pk], rank) for rank, hit in enumerate(hits, 1)]


def _passage_item(row: Passage, rank: int) -> EvidenceItem:
    document = row.document
    return EvidenceItem(
        external_id=f"{document.sha256}#{row.number}",
        title=document.title,
        url=document.url,
        text=row.text,
        kind="document",
        locator=row.locator,
        publisher=document.publisher,
        published_at=document.published_at,
        rank=rank,
        snapshot=bytes(document.content),
        snapshot_type=document.content_type,
    )


def _evidence(text: str, desk_id: int, claim_id: int | None, limit: int) -> list[EvidenceItem]:
    hits = search_evidence(text, desk_id=desk_id, claim_id=claim_id, limit=limit)
    rows = Evidence.objects.select_related("snapshot").in_bulk([hit.pk for hit in hits])
    found: dict[str, EvidenceItem] = {}
    for rank, hit in enumerate(hits, 1):
        item = _evidence_item(rows[hit.pk], rank)
        found.setdefault(item.external_id, item)  # kept for two claims, it is one thing
    return list(found.values())


def _evidence_item(row: Evidence, rank: int) -> EvidenceItem:
    name = hashlib.sha256(f"{row.url}\n{row.passage}".encode()).hexdigest()
    return EvidenceItem(
        external_id=f"previous:{name}",
        title=row.title,
        url=row.url,
        text=row.passage,
        kind=cast("ItemKind", row.kind),
        locator=row.locator,
        publisher=row.publisher or row.source_name,
        published_at=row.published_at,
        licence=row.licence,
        rank=rank,
        snapshot=bytes(row.snapshot.content) if row.snapshot else b"",
        snapshot_type=row.snapshot.content_type if row.snapshot else "",
    )


def _checked_claims(text: str, limit: int) -> list[EvidenceItem]:
    found = matching_claims(Query(text), top=limit)
    related = [one.claim for one in found if one.match.score >= RELATED]
    return [_checked_item(claim, rank) for rank, claim in enumerate(related, 1)]


def _checked_item(row: CheckedClaim, rank: int) -> EvidenceItem:
    return EvidenceItem(
        external_id=row.identity,
        title=row.claim,
        url=row.url,
        text=row.summary or row.claim,
        kind="factcheck",
        locator="Claim review",
        publisher=row.publisher,
        published_at=_midnight(row.reviewed_on),
        language=row.language,
        rank=rank,
        rating=row.rating,
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None
