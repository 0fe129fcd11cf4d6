"""The rail of the queue: the desks a person can choose from, and the views they or their desks have saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import CharField, F, IntegerField, Q, Value

from articles.models import Desk
from reviews.models import SavedView
from reviews.policies import rights_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved view as the rail shows it; `desk` is the name of the desk it is of, "" for one's own."""

    pk: int
    name: str
    query: str
    desk: str = ""
    desk_id: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A desk the person reads."""

    pk: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Rail:
    """The desks the person reads, by name; `saved` are their own views first, then those of desks."""

    desks: list[Read] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)


def _readable(person: User) -> Q:
    """The condition on saved views that they are of a desk the person reads."""
    rights = rights_of(person)
    if "read_desk" in rights.open:
        return ~Q(desk__in=rights.hidden()) & Q(desk__isnull=False)
    return Q(desk__in=rights.desks("read_desk"))


def readable_desks(person: User) -> Q:
    """The same as a condition on desks."""
    rights = rights_of(person)
    return ~Q(pk__in=rights.hidden()) if "read_desk" in rights.open else Q(pk__in=rights.desks("read_desk"))


def desks_read(person: User) -> list[Desk]:
    """The desks this person reads, in order; one query."""
    return list(Desk.objects.filter(readable_desks(person)))


def views_seen(person: User) -> Q:
    """The condition on saved views that are the person's own, or of a desk they read."""
    return Q(person=person) | _readable(person)


def rail_of(person: User) -> Rail:
    """One query for both."""
    desks = Desk.objects.filter(readable_desks(person)).order_by().values_list(
        Value(0, IntegerField()), "pk", "name", "slug", Value("", CharField()), Value(0, IntegerField()),
        Value(0, IntegerField()),
    )  # fmt: skip
    views = SavedView.objects.filter(views_seen(person)).order_by().values_list(
        Value(1, IntegerField()), "pk", "name", "query", F("desk__name"), F("position"), F("desk"),
    )  # fmt: skip
    rows = list(desks.union(views, all=True))
    saved = sorted((row for row in rows if row[0]), key=lambda row: (row[4] or "", row[5], row[1]))
    return Rail(
        sorted(
            (Read(pk, slug, name) for is_view, pk, name, slug, *_ in rows if not is_view), key=lambda one: one.name
        ),
        [Saved(pk, name, query, desk or "", desk_id) for _, pk, name, query, desk, _, desk_id in saved],
    )
