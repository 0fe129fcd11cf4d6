"""Whose eyes a proposed verdict is sealed from while a second person judges blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from reviews.models import Review


def sealed_from(person: User | AnonymousUser, review: Review | None) -> bool:
    """Whether this person may not see the verdict that stands: everybody but who proposed it."""
    if review is None or not review.sealed or review.verdict is None:
        return False
    return review.verdict.proposed_by_id != person.pk
