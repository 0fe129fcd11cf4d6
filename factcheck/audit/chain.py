"""How one link of the chain is made. Pure: the same values give the same hash for ever."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factcheck.audit.models import AuditEvent


def canonical(values: dict[str, Any]) -> bytes:
    """JSON with sorted keys, no white space, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(prev_hash: str, values: dict[str, Any]) -> str:
    """SHA-256, in hex, of the previous link's hash followed by the canonical JSON of `values`."""
    return hashlib.sha256(prev_hash.encode() + canonical(values)).hexdigest()


def event_values(event: AuditEvent) -> dict[str, Any]:
    """Every field of the event that its hash covers, as JSON values."""
    return {
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "action": event.action,
        "action_id": str(event.action_id),
        "implied": event.implied,
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "target": [event.target_type, event.target_id, event.target_name],
        "before": event.before,
        "after": event.after,
        "note": event.note,
    }
