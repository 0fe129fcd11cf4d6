"""Setting up desks. Each change is in the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from factcheck.audit.services import record
from reviews.models import DeskPolicy

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Desk


def desk_values(desk: Desk) -> dict[str, Any]:
    """How a desk is set up, for the trail: its wall, its sources, and who holds which role on it."""
    if desk.pk is None:
        return {}
    people = desk.members.select_related("person", "role").order_by("person__username", "role__name")
    return {
        "name": desk.name, "slug": desk.slug, "walled": desk.walled,
        "sources": sorted(desk.sources.values_list("name", flat=True)),
        "people": [f"{one.person.get_username()}: {one.role.name}" for one in people],
    }  # fmt: skip


def desk_changed(*, desk: Desk, actor: User, before: dict[str, Any]) -> None:
    """Give a new desk its rules, and put what changed into the trail (`before` as `desk_values` had it)."""
    with transaction.atomic():
        DeskPolicy.objects.get_or_create(pk=desk.pk, defaults={"desk": desk})
        after = desk_values(desk)
        changed = [name for name in after if after[name] != before.get(name)]
        record(
            "desk.saved", desk, actor=actor, before={name: before[name] for name in changed if name in before},
            after={name: after[name] for name in changed},
        )  # fmt: skip
