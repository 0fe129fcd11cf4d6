"""What belongs to a desk: its rules, its scale, its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from articles.models import Desk
from factcheck.core.errors import Invalid
from reviews.models import DeskPolicy, Membership, VerdictLabel
from reviews.policies import desk_of, rights_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def policy_of(thing: Model) -> DeskPolicy:
    """The rules of the desk this thing is on."""
    return DeskPolicy.objects.get(pk=desk_of(thing))


def labels_of(thing: Model) -> QuerySet[VerdictLabel]:
    """The labels this thing's desk judges with, in the order of the picker: its own, or the active one's."""
    return labels_on(desk_of(thing))


def label_of(thing: Model, key: str) -> VerdictLabel | None:
    """The label with this key, None where none is chosen; raises Invalid (review.unknown_label)."""
    offered = list(labels_of(thing)) if key else []
    found = next((one for one in offered if one.key == key), None)
    if key and found is None:
        raise Invalid("review.unknown_label", label=key[:40], known=", ".join(one.key for one in offered))
    return found


def labels_on(desk: int | OuterRef) -> QuerySet[VerdictLabel]:
    """The same for a desk, or for the one that a query around this one names."""
    own = DeskPolicy.objects.filter(pk=_further_in(desk), scale__isnull=False)
    of_scale = Q(scale__in=own.values("scale")) | Q(Q(scale__active=True), ~Exists(own))
    return VerdictLabel.objects.filter(of_scale).select_related("scale").order_by("position")


def _further_in(desk: int | OuterRef) -> int | OuterRef:
    """A name of the query around, as a condition one query further in must write it."""
    return desk if isinstance(desk, int) else OuterRef(desk)


def people_who(permission: str, desk: int | OuterRef) -> QuerySet[User]:
    """Active people who hold a permission on a desk, by name: the same rule as `policies.may`.

    The desk may be one that a query around this one names.
    """
    inner = _further_in(desk)
    named = {"content_type__app_label": "reviews", "codename": permission}
    here = Membership.objects.filter(
        person=OuterRef("pk"), desk=inner, **{f"role__permissions__{name}": value for name, value in named.items()}
    )
    anywhere = Q(**{f"groups__permissions__{name}": value for name, value in named.items()})
    anywhere |= Q(**{f"user_permissions__{name}": value for name, value in named.items()})
    walled = Exists(Desk.objects.filter(pk=inner, walled=True))
    found = User.objects.filter(Q(Exists(here)) | (anywhere & ~Q(walled)), is_active=True).distinct()
    return found.order_by("first_name", "last_name", "username")


def desks_where(person: User, permission: str) -> list[Desk]:
    """The desks on which this person holds a permission, in order."""
    rights = rights_of(person)
    return [desk for desk in Desk.objects.all() if permission in rights.at(desk.pk)]
