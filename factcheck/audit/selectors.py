"""Reading the trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factcheck.audit.chain import event_values, link
from factcheck.audit.models import AuditEvent, AuditHead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`walked` events were read; `broken_at` is the sequence of the first bad link, None if all hold."""

    walked: int
    broken_at: int | None = None
    problem: str = ""


def timeline(*targets: models.Model) -> QuerySet[AuditEvent]:
    """Every event of these things, oldest first."""
    found = AuditEvent.objects.none()
    for label in {target._meta.label_lower for target in targets}:
        ids = [str(target.pk) for target in targets if target._meta.label_lower == label]
        found = found | AuditEvent.objects.filter(target_type=label, target_id__in=ids)
    return found.order_by("sequence")


def chain_check() -> ChainReport:
    """Walk the whole chain in order, in constant memory, and stop at the first link that does not hold."""
    walked, prev = 0, ""
    events: Iterable[AuditEvent] = AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000)
    for event in events:
        walked += 1
        if event.sequence != walked:
            return ChainReport(walked, walked, f"event {walked} is missing")
        if event.prev_hash != prev:
            return ChainReport(walked, event.sequence, "it does not follow from the event before it")
        if event.hash != link(prev, event_values(event)):
            return ChainReport(walked, event.sequence, "its words are not the ones that were recorded")
        prev = event.hash
    return _end(walked, prev)


def _end(walked: int, last: str) -> ChainReport:
    """What the head of the chain says about `walked` good links, the last with the hash `last`."""
    head = AuditHead.objects.filter(pk=1).first()
    sequence, end = (head.sequence, head.hash) if head is not None else (0, "")
    if sequence > walked:
        return ChainReport(walked, walked + 1, "the newest events are missing")
    if (sequence, end) != (walked, last):
        return ChainReport(walked, walked, "the end of the chain was changed")
    return ChainReport(walked)
