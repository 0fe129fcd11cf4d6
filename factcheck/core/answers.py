"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): an act that is sent twice is done once.

The answer is stored in the transaction of the act, so there is never the one without the other. A row is
reserved before it; while its act runs the row is locked, and a process that dies leaves it free.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from factcheck.core.errors import Invalid, Malformed, WrongState
from factcheck.core.models import StoredAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT: Final = timedelta(hours=24)
# A structured string in quotes; the quotes may be left out.
_KEY: Final = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,200})"?')


@dataclass
class Once:
    """One use of a key. `known` is the answer of the first time; else the caller acts and calls `keep`."""

    row: StoredAnswer
    known: bool

    def keep(self, *, status: int, headers: dict[str, str], body: Any) -> None:
        self.row.status, self.row.headers, self.row.body = status, headers, body
        self.row.save(update_fields=["status", "headers", "body", "fingerprint"])


def read_key(header: str) -> str:
    """The key in an Idempotency-Key header; raises Malformed (idempotency.bad_key)."""
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise Malformed("idempotency.bad_key")
    return match[1]


@contextmanager
def once(*, scope: str, key: str, fingerprint: str) -> Iterator[Once]:
    """Hold the key while the act is done, in one transaction with it; `scope` is who asks for what.

    Raises Invalid (idempotency.reused) for a key that was used with another request, WrongState
    (idempotency.running) while the first one is still being done. What failed is not kept: it changed
    nothing, and the same key may be tried again.
    """
    digest = hashlib.sha256(f"{scope}\n{key}".encode()).hexdigest()
    pk = _reserved(digest)
    with transaction.atomic():
        row = _locked(pk)
        if row.status is not None and row.fingerprint != fingerprint:
            raise Invalid("idempotency.reused")
        row.fingerprint = fingerprint
        yield Once(row, known=row.status is not None)


def _reserved(digest: str) -> int:
    """The row of this key, made and committed if there is none or if it is past its day."""
    StoredAnswer.objects.filter(digest=digest, created_at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            return StoredAnswer.objects.get_or_create(digest=digest)[0].pk
    except IntegrityError:
        return StoredAnswer.objects.get(digest=digest).pk


def _locked(pk: int) -> StoredAnswer:
    try:
        with transaction.atomic():
            nowait = connection.features.has_select_for_update_nowait
            row = StoredAnswer.objects.select_for_update(nowait=nowait).filter(pk=pk).first()
    except OperationalError as error:
        raise WrongState("idempotency.running") from error
    if row is None:  # the tidying task took it between our two looks
        raise WrongState("idempotency.running")
    return row


def answers_tidy() -> int:
    """Forget the answers whose day is over; returns how many."""
    return StoredAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
