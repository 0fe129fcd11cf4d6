"""Saving, ordering and removing views of the queue. One's own are everybody's; a desk's take its editor in charge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max

from articles.models import Desk
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, NotFound
from reviews.models import SavedView
from reviews.selectors.queue import filters_query, filters_read
from reviews.selectors.rail import views_seen
from reviews.services.transition import require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

MOST_VIEWS: Final = 20
LONGEST_NAME: Final = 60


def view_save(*, actor: User, name: str, filters: Mapping[str, str], desk: Desk | None = None) -> SavedView:
    """Keep filters under a name, at the end: for oneself, or for everybody who reads `desk`.

    Raises NotAllowed, Invalid (view.name, view.name_taken, view.too_many).
    """
    if desk is not None:
        require(actor, "assign_reviews", "save views of the desk", desk)
    owner = {"person": None, "desk": desk} if desk else {"person": actor, "desk": None}
    with transaction.atomic():
        _hold(actor, desk)
        known = SavedView.objects.filter(**owner)
        if known.count() >= MOST_VIEWS:
            raise Invalid("view.too_many", most=MOST_VIEWS)
        last = known.aggregate(last=Max("position"))["last"]
        query = filters_query(filters_read(filters))
        position = 0 if last is None else last + 1
        view = SavedView(**owner, name=_name(name), query=query, position=position)
        _write(view, lambda: view.save(force_insert=True))
        _told("view.saved", view, actor)
    return view


def view_of(*, actor: User, pk: int) -> SavedView:
    """A view this person sees; raises NotFound."""
    found = SavedView.objects.filter(views_seen(actor), pk=pk).select_related("desk").first()
    if found is None:
        raise NotFound("not_found", what="saved view")
    return found


def view_rename(*, view: SavedView, actor: User, name: str) -> None:
    """Raises NotAllowed, Invalid (view.name, view.name_taken)."""
    _require(view, actor)
    with transaction.atomic():
        view.name = _name(name)
        _write(view, lambda: view.save(update_fields=["name"]))
        _told("view.saved", view, actor)


def view_remove(*, view: SavedView, actor: User) -> None:
    """Raises NotAllowed."""
    _require(view, actor)
    with transaction.atomic():
        _told("view.removed", view, actor)
        view.delete()


def view_move(*, view: SavedView, actor: User, up: bool) -> None:
    """One place up or down among those of the same owner; at the end nothing happens. Raises NotAllowed."""
    _require(view, actor)
    with transaction.atomic():
        _hold(actor, view.desk)
        order = list(_siblings(view).order_by("position", "pk"))
        at = next((place for place, one in enumerate(order) if one.pk == view.pk), None)
        other = None if at is None else at - 1 if up else at + 1
        if at is None or other is None or not 0 <= other < len(order):
            return
        order[at], order[other] = order[other], order[at]
        for place, one in enumerate(order):
            one.position = place
        SavedView.objects.bulk_update(order, ["position"])


def _siblings(view: SavedView) -> QuerySet[SavedView]:
    return SavedView.objects.filter(person=view.person_id, desk=view.desk_id)


def _require(view: SavedView, actor: User) -> None:
    if view.desk is not None:
        require(actor, "assign_reviews", "change views of the desk", view.desk)
    elif view.person_id != actor.pk:
        raise NotFound("not_found", what="saved view")


def _hold(actor: User, desk: Desk | None) -> None:
    """Two at once count and order one after the other."""
    held: QuerySet[User] | QuerySet[Desk] = (
        User.objects.filter(pk=actor.pk) if desk is None else Desk.objects.filter(pk=desk.pk)
    )
    held.select_for_update(no_key=True).get()


def _name(name: str) -> str:
    clean = " ".join(name.replace("\x00", "").split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Invalid("view.name", most=LONGEST_NAME)
    return clean


def _write(view: SavedView, act: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        raise Invalid("view.name_taken", name=view.name) from error


def _told(action: str, view: SavedView, actor: User) -> None:
    """What a person saves for themselves is nobody else's; what a desk has is in its trail."""
    if view.desk is not None:
        record(action, view.desk, actor=actor, after={"name": view.name, "query": view.query})
