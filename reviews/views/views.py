"""Saved views of the queue: kept, named, ordered and removed on a page of their own; they are opened in the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.models import Desk
from factcheck.core.errors import NotFound
from reviews.policies import rights_of
from reviews.selectors.queue import queue_address
from reviews.selectors.rail import rail_of, readable_desks
from reviews.services.saved import view_move, view_of, view_remove, view_rename, view_save
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from django.http import HttpResponse

LONGEST_QUERY = 900


@require_http_methods(["GET", "POST"])
@desk_page
def views(request: DeskRequest) -> HttpResponse:
    """All a person sees, those they may change with their forms; a POST saves the filters of `query`."""
    if request.method == "POST":
        view = view_save(
            actor=request.user, name=request.POST.get("name", ""), desk=_desk(request),
            filters=dict(parse_qsl(request.POST.get("query", "")[:LONGEST_QUERY])),
        )  # fmt: skip
        messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
        return redirect(queue_address(view.query))
    rights = rights_of(request.user)
    rows = [
        (view, view.desk_id is None or "assign_reviews" in rights.at(view.desk_id))
        for view in rail_of(request.user).saved
    ]
    return page(request, "reviews/views.html", {"rows": rows})


def _desk(request: DeskRequest) -> Desk | None:
    """The desk the form names, "" for oneself; raises NotFound for one the person does not read."""
    slug = request.POST.get("desk", "")
    if not slug:
        return None
    desk = Desk.objects.filter(readable_desks(request.user), slug=slug[:60]).first()
    if desk is None:
        raise NotFound("not_found", what="desk")
    return desk


@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """`act` is rename, remove, up or down."""
    view, wanted = view_of(actor=request.user, pk=pk), request.POST.get("act", "")
    if wanted == "rename":
        view_rename(view=view, actor=request.user, name=request.POST.get("name", ""))
        messages.success(request, _("“%(name)s” is its name now.") % {"name": view.name})
    elif wanted == "remove":
        view_remove(view=view, actor=request.user)
        messages.success(request, _("“%(name)s” is removed.") % {"name": view.name})
    elif wanted in ("up", "down"):
        view_move(view=view, actor=request.user, up=wanted == "up")
    else:
        raise NotFound("not_found", what="act")
    return redirect("reviews:views")
