"""The only writer of the audit trail."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from django.db import models, transaction
from django.utils import timezone

from factcheck.audit.actions import ACTIONS
from factcheck.audit.chain import event_values, link
from factcheck.audit.models import AuditEvent, AuditHead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import User

_act: Final[ContextVar[uuid.UUID | None]] = ContextVar("audit_act", default=None)


@contextmanager
def one_act() -> Iterator[uuid.UUID]:
    """Everything recorded inside belongs to one human act; nested uses join the outer one."""
    held = _act.get()
    if held is not None:
        yield held
        return
    token = _act.set(uuid.uuid4())
    try:
        yield _act.get()  # type: ignore[misc]  # set on the line above
    finally:
        _act.reset(token)


def hold_end() -> AuditHead:
    """Lock the end of the trail until the caller's transaction ends; whoever else wants it waits.

    What is numbered while it is held is numbered in the order of the commits. SQLite's write lock does the same.
    Raises RuntimeError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The end of the trail can only be held in a transaction.")
    return AuditHead.objects.select_for_update().get_or_create(pk=1)[0]


def record(
    action: str,
    target: models.Model,
    *,
    actor: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    implied: bool = False,
) -> AuditEvent:
    """Append one event inside the caller's transaction, so that act and trace are one or none.

    1. Refuses an action that is not registered (KeyError) and a call outside a transaction (RuntimeError).
    2. Locks the head of the chain until the caller commits; SQLite's write lock does the same.
    3. Writes the link and moves the head.
    """
    _ = ACTIONS[action]
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event must be recorded in the transaction of the act itself.")
    head = hold_end()
    event = AuditEvent(
        sequence=head.sequence + 1,
        at=timezone.now(),
        action=action,
        action_id=_act.get() or uuid.uuid4(),
        implied=implied,
        actor=actor,
        actor_name=person_name(actor),
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(target)[:300],
        before=before or {},
        after=after or {},
        note=note,
        prev_hash=head.hash,
    )
    event.hash = link(event.prev_hash, event_values(event))
    event.save(force_insert=True)
    head.sequence, head.hash = event.sequence, event.hash
    head.save(update_fields=["sequence", "hash"])
    return event


def person_name(actor: User | None) -> str:
    """The name people read in the trail; the machine signs as "Factcheck"."""
    return "Factcheck" if actor is None else (actor.get_full_name() or actor.get_username())
