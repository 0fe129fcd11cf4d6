"""Keeps the matcher's signatures in step with the archive: after commit, by sweep, and by rebuild."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.matching import claim_proper, embedder, packed, packed_words
from articles.models import CheckedClaim, ClaimSignature, MatchIndex
from articles.selectors.matching import indexed_words
from articles.services.archive import INDEX_TASK
from articles.services.match import looks_renew
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH: Final = 256
# One task ends well within the broker's visibility timeout and leaves the rest to the next.
BATCHES_A_TASK: Final = 16
LEASE: Final = timedelta(minutes=2)


def claims_index(*, batches: int | None = None, progress: Callable[[int], None] | None = None) -> int:
    """Make the signatures that are missing or out of date; returns how many.

    A review that is changed while its signature is made keeps waiting, so that no signature outlives its text.
    `progress` is told the number so far after each batch.
    """
    done, after = 0, 0
    while batches is None or batches > 0:
        rows = list(CheckedClaim.objects.filter(pending=True, pk__gt=after).order_by("pk").defer("raw")[:BATCH])
        if not rows:
            break
        done += _sign(rows)
        after = rows[-1].pk
        batches = None if batches is None else batches - 1
        if progress:
            progress(done)
    return done


def claims_index_task() -> None:
    """The worker's share: some batches under a lease, then another task if there is more."""
    if not _lease_take():
        return
    try:
        if claims_index(batches=BATCHES_A_TASK):
            looks_renew()
    finally:
        MatchIndex.objects.update(busy_until=None)
    claims_sweep()


def claims_sweep() -> None:
    """Send what waits to a worker; what a lost task left undone too."""
    if CheckedClaim.objects.filter(pending=True).exists():
        busy = MatchIndex.objects.filter(busy_until__gt=timezone.now()).exists()
        if not busy:
            enqueue(INDEX_TASK)


def index_rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Make every signature anew; matching goes on with the old ones meanwhile. Returns how many were made."""
    CheckedClaim.objects.update(pending=True)
    return claims_index(progress=progress)


def outdated_mark() -> int:
    """Set reviews waiting whose vector is of another model than the one installed; returns how many."""
    encoder = embedder()
    if encoder is None:
        return 0
    other = ~Q(signature__model=encoder.name) & Q(withdrawn=False)
    return CheckedClaim.objects.filter(other, pending=False).update(pending=True)


def _lease_take() -> bool:
    MatchIndex.objects.get_or_create(pk=1)
    free = Q(busy_until=None) | Q(busy_until__lte=timezone.now())
    return bool(MatchIndex.objects.filter(free, pk=1).update(busy_until=timezone.now() + LEASE))


def _sign(rows: Sequence[CheckedClaim]) -> int:
    """Signatures of these rows, computed outside of the transaction; returns how many were still wanted."""
    words = [packed_words(indexed_words(row)) for row in rows]
    vectors, model = _vectors(rows)
    with transaction.atomic():
        MatchIndex.objects.get_or_create(pk=1)
        state = MatchIndex.objects.select_for_update().get(pk=1)
        state.version = max(state.version + 1, time.time_ns())
        state.save(update_fields=["version"])
        unchanged = set(
            CheckedClaim.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in rows], pending=True)
            .values_list("pk", "revision")
        )  # fmt: skip
        made = [
            ClaimSignature(claim_id=row.pk, model=model, words=word, vector=vector, version=state.version)
            for row, word, vector in zip(rows, words, vectors, strict=True)
            if (row.pk, row.revision) in unchanged
        ]
        ClaimSignature.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["claim"],
            update_fields=["model", "words", "vector", "version"],
        )
        CheckedClaim.objects.filter(pk__in=[signature.claim_id for signature in made]).update(pending=False)
    return len(made)


def _vectors(rows: Sequence[CheckedClaim]) -> tuple[list[bytes], str]:
    encoder = embedder()
    if encoder is None:
        return [b""] * len(rows), ""
    table = encoder.encode([claim_proper(row.claim) for row in rows])
    return [b"" if row.withdrawn else packed(vector) for row, vector in zip(rows, table, strict=True)], encoder.name
