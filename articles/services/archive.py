"""Claim memory: what was published, by us or others, becomes findable."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F

from articles.choices import ArchiveOrigin
from articles.claimreview_import import Refusal, Taken, review_from
from articles.claimreview_import.review import fingerprint_of
from articles.models import CheckedClaim
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from articles.claimreview_import import Review
    from articles.claimreview_import.containers import Found
    from articles.models import Claim

INDEX_TASK: Final = "articles.index_claims"
BATCH: Final = 1000


def checked_claim_save(
    *, identity: str, claim: str, rating: str, claimant: str = "", rating_value: float | None = None,
    best: float | None = None, worst: float | None = None, title: str = "", summary: str = "", url: str = "",
    publisher: str = "", reviewed_on: date | None = None, language: str = "",
    origin: ArchiveOrigin = ArchiveOrigin.IMPORTED, raw: dict[str, Any] | None = None, withdrawn: bool = False,
    of_claim: Claim | None = None,
) -> CheckedClaim:  # fmt: skip
    """Add one published claim review to the archive, or bring the known one up to date."""
    content = {
        "claim": claim, "claimant": claimant[:300], "rating": rating[:300], "rating_value": rating_value,
        "best_rating": best, "worst_rating": worst, "title": title[:500], "summary": summary, "url": url[:1000],
        "publisher": publisher[:200], "reviewed_on": reviewed_on, "language": language[:20], "origin": origin,
        "withdrawn": withdrawn, "raw": raw or {},
    }  # fmt: skip
    content |= {"fingerprint": fingerprint_of(content), "pending": True}
    stored: dict[str, Any] = content | {"of_claim": of_claim}
    with transaction.atomic():
        saved = CheckedClaim.objects.update_or_create(
            identity=identity[:700], defaults=stored | {"revision": F("revision") + 1}, create_defaults=stored
        )[0]
        enqueue(INDEX_TASK)
    saved.refresh_from_db(fields=["revision"])
    return saved


# --- import ---------------------------------------------------------------------------------------------
@dataclass(slots=True)
class ImportCounts:
    """What became of an import. `read` is the sum of the next four; `notes` count values left empty."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, object]:
        return asdict(self) | {"reasons": dict(self.reasons), "notes": dict(self.notes)}


def claimreviews_import(
    *, found: Iterable[Found | Refusal], today: date, refuse: Callable[[Refusal], None], counts: ImportCounts
) -> None:
    """Store what was found, a batch and transaction at a time; `counts` is kept up to date as it goes.

    A review is known again by its identity. One with the same content is left alone, so that an import that
    was broken off is simply run again. Our own published reviews are never overwritten. `refuse` is told of
    each that was not taken.
    """
    taken = _taken(found, today, refuse, counts)
    try:
        while batch := list(islice(taken, BATCH)):
            _store(batch, refuse, counts)
    finally:  # what is stored must be indexed, also when reading the rest failed
        if counts.added or counts.updated:
            enqueue(INDEX_TASK)


def _taken(
    found: Iterable[Found | Refusal], today: date, refuse: Callable[[Refusal], None], counts: ImportCounts
) -> Iterator[Review]:
    for one in found:
        counts.read += 1
        result = one if isinstance(one, Refusal) else _read(one, today)
        if isinstance(result, Taken):
            counts.notes.update(result.notes)
            yield result.review
        else:
            _refused(result, refuse, counts)


def _read(found: Found, today: date) -> Taken | Refusal:
    if found.item is None:
        return Refusal("empty_item")
    return review_from(found.item, today=today, deleted=found.deleted)


def _refused(refusal: Refusal, refuse: Callable[[Refusal], None], counts: ImportCounts) -> None:
    counts.refused += 1
    counts.reasons[refusal.reason] += 1
    refuse(refusal)


@dataclass(frozen=True, slots=True)
class _Known:
    fingerprint: str
    revision: int
    origin: str


def _store(batch: list[Review], refuse: Callable[[Refusal], None], counts: ImportCounts) -> None:
    with transaction.atomic():
        known = _known({review.identity for review in batch})
        rows: dict[str, CheckedClaim] = {}
        for review in batch:
            before = known.get(review.identity)
            if before and before.origin == ArchiveOrigin.OWN:
                _refused(Refusal("own", review.identity), refuse, counts)
            elif before and before.fingerprint == review.fingerprint:
                counts.unchanged += 1
            else:
                revision = before.revision + 1 if before else 1
                rows[review.identity] = _row(review, revision)
                # The same review may come twice in one file; the later one counts.
                known[review.identity] = _Known(review.fingerprint, revision, ArchiveOrigin.IMPORTED)
                counts.updated += before is not None
                counts.added += before is None
        if rows:
            CheckedClaim.objects.bulk_create(
                rows.values(), update_conflicts=True, unique_fields=["identity"], update_fields=_WRITTEN
            )


def _known(identities: set[str]) -> dict[str, _Known]:
    rows = CheckedClaim.objects.filter(identity__in=identities)
    values = rows.values_list("identity", "fingerprint", "revision", "origin")
    return {identity: _Known(fingerprint, revision, origin) for identity, fingerprint, revision, origin in values}


_COPIED: Final = (
    "identity", "claim", "claimant", "rating", "rating_value", "best_rating", "worst_rating", "title", "summary",
    "body", "url", "publisher", "reviewed_on", "claimed_on", "language", "withdrawn", "raw", "fingerprint",
)  # fmt: skip
_WRITTEN: Final = [*_COPIED[1:], "appearances", "revision", "pending"]


def _row(review: Review, revision: int) -> CheckedClaim:
    values = {name: getattr(review, name) for name in _COPIED}
    return CheckedClaim(**values, appearances=list(review.appearances), revision=revision, pending=True)
