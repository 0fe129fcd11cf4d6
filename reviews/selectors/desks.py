"""What belongs to a desk: its rules, its scale, its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from articles.models import Desk
from reviews.models import DeskPolicy, Membership, VerdictLabel
from reviews.policies import desk_of, rights_of

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def policy_of(thing: Model) -> DeskPolicy:
    """The rules of the desk this thing is on."""
    return DeskPolicy.objects.get(pk=desk_of(thing))


def labels_of(thing: Model) -> QuerySet[VerdictLabel]:
    """The labels this thing's desk judges with, in the order of the picker: its own, or the active one's."""
    own = DeskPolicy.objects.filter(pk=desk_of(thing), scale__isnull=False)
    of_scale = Q(scale__in=own.values("scale")) | Q(Q(scale__active=True), ~Exists(own))
    return VerdictLabel.objects.filter(of_scale).select_related("scale").order_by("position")


def people_who(permission: str, desk: int) -> QuerySet[User]:
    """Active people who hold a permission on a desk, by name: the same rule as `policies.may`."""
    named = {"content_type__app_label": "reviews", "codename": permission}
    here = Membership.objects.filter(
        person=OuterRef("pk"), desk=desk, **{f"role__permissions__{name}": value for name, value in named.items()}
    )
    held = Q(Exists(here))
    if not Desk.objects.filter(pk=desk, walled=True).exists():
        held |= Q(**{f"groups__permissions__{name}": value for name, value in named.items()})
        held |= Q(**{f"user_permissions__{name}": value for name, value in named.items()})
    found = User.objects.filter(held, is_active=True).distinct()
    return found.order_by("first_name", "last_name", "username")


def desks_where(person: User, permission: str) -> list[Desk]:
    """The desks on which this person holds a permission, in order."""
    rights = rights_of(person)
    return [desk for desk in Desk.objects.all() if permission in rights.at(desk.pk)]
