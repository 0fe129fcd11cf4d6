"""The queue, what is next, and the second reviews."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.choices import DismissReason
from factcheck.core.errors import NotFound
from reviews import access, shown
from reviews.policies import desk_of, granted, rights_of
from reviews.selectors import claim_card, desk
from reviews.selectors.desks import people_who
from reviews.selectors.queue import STATES, VIEWS, Filters, filters_query, filters_read, queue_counts, queue_page
from reviews.selectors.rail import Rail, rail_of
from reviews.services.bulk import MOST, Bulk, bulk_perform, claim_next
from reviews.services.undo import undo_last
from reviews.templatetags.desk import came_from
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.rows import lines_of

if TYPE_CHECKING:
    from django.http import HttpResponse

_WORDS = {
    state.key: state.word
    for state in (
        shown.DRAFT, shown.OPEN, shown.IN_PROGRESS, shown.CHANGES, shown.WAITING, shown.REVIEW, shown.STALE,
        shown.APPROVED, shown.CLOSED,
    )
}  # fmt: skip


@require_GET
@desk_page
def queue(request: DeskRequest) -> HttpResponse:
    """The list; for htmx only the rows behind `?after=`."""
    filters = filters_read(request.GET.dict())
    query = filters_query(filters)
    found = queue_page(request.user, filters)
    context = {
        "page": found,
        "lines": lines_of(found.rows),
        "filters": filters,
        "query": query,
        "rights": granted(request.user),
    }
    if request.htmx and filters.after:
        return render(request, "reviews/_rows.html", context)
    rail = rail_of(request.user)
    counts = queue_counts(request.user, {view.pk: view.query for view in rail.saved})
    saved = [(view, counts[f"saved_{view.pk}"]) for view in rail.saved]
    here = next((view for view in rail.saved if view.query == query), None) if query else None
    groups = [(name, [(view, counts[view.key]) for view in VIEWS if view.group == name]) for name in _GROUPS]
    context |= {
        "groups": groups,
        "saved": [(desk, list(views)) for desk, views in groupby(saved, key=lambda one: one[0].desk)],
        "here": here,
        "count": counts[f"saved_{here.pk}" if here else filters.view.key],
        "desks": [(desk.slug, desk.name) for desk in rail.desks] if len(rail.desks) > 1 else [],
        "desk_shown": next((desk.name for desk in rail.desks if desk.slug == filters.desk), filters.desk),
        "may_save_for": _may_save_for(request.user, rail),
        "nobody": counts["nobody"],
        "changed": counts["ticks"] + counts["verdicts"],
        "states": [(key, _WORDS[key]) for key in STATES],
        "state_word": _WORDS.get(filters.state, ""),
        "waiting_reviews": counts["second"],
    }
    return page(request, "reviews/queue.html", context)


_GROUPS = tuple(dict.fromkeys(view.group for view in VIEWS))


def _may_save_for(person: User, rail: Rail) -> list[tuple[str, str]]:
    """The desks for which this person may save a view: slug and name."""
    rights = rights_of(person)
    return [(desk.slug, desk.name) for desk in rail.desks if "assign_reviews" in rights.at(desk.pk)]


@require_POST
@desk_page
def bulk(request: DeskRequest) -> HttpResponse:
    """One act on the selected claims; what needs a word more is asked on a page of its own."""
    act, back = request.POST.get("act", ""), _back(request)
    chosen = [int(pk) for pk in request.POST.getlist("claims") if pk.isdecimal() and len(pk) < 19]
    if act in _ASKS and chosen and "sure" not in request.POST:
        return _ask(request, act, chosen, back)
    outcome = bulk_perform(claims=chosen, actor=request.user, bulk=_bulk_of(request, act))
    level = messages.SUCCESS if outcome.done else messages.ERROR
    messages.add_message(request, level, outcome.words, extra_tags="undo" if outcome.done else "")
    if request.POST.get("open") and outcome.done:
        return redirect("reviews:claim", outcome.done[0])
    return redirect(back)


_ASKS = {
    "assign": ngettext_lazy("Assign %(many)s claim", "Assign %(many)s claims", "many"),
    "dismiss": ngettext_lazy("Dismiss %(many)s claim", "Dismiss %(many)s claims", "many"),
    "prioritise": ngettext_lazy("Set the priority of %(many)s claim", "Set the priority of %(many)s claims", "many"),
}


def _back(request: DeskRequest) -> str:
    """The page to go on with: the one the form named or came from, if it is one of ours."""
    back = request.POST.get("back", "") or came_from(request)
    return back if url_has_allowed_host_and_scheme(back, None) else "/"


def _bulk_of(request: DeskRequest, act: str) -> Bulk:
    post = request.POST
    person, priority = post.get("assignee", ""), post.get("priority", "")
    known = User.objects.filter(pk=int(person)) if person.isdecimal() and len(person) < 19 else User.objects.none()
    return Bulk(
        act=act,
        assignee=known.first(),
        reason=post.get("reason", ""),
        note=post.get("note", "")[:300],
        priority=int(priority) if priority.isdecimal() and len(priority) < 4 else None,
    )


def _ask(request: DeskRequest, act: str, chosen: list[int], back: str) -> HttpResponse:
    claims = list(access.claims(request.user).select_related("article").filter(pk__in=chosen[:MOST]))
    if not claims:
        raise NotFound("not_found", what="claim")
    title = _ASKS[act] % {"many": len(claims)}
    context: dict[str, Any] = {"act": act, "back": back, "claims": claims, "title": title, "verb": title}
    if act == "assign":
        context["people"] = people_who("propose_verdict", desk_of(claims[0]))
    return page(request, "reviews/bulk.html", context | {"reasons": DismissReason.choices})


@require_POST
@desk_page
def undo(request: DeskRequest) -> HttpResponse:
    messages.success(request, _("Undone: %(what)s.") % {"what": undo_last(actor=request.user)})
    return redirect(_back(request))


@require_http_methods(["GET", "POST"])
@desk_page
def next_for_me(request: DeskRequest) -> HttpResponse:
    """Take the most urgent claim that this person could go on with and open it; a GET only opens it."""
    if request.method == "POST":
        found = claim_next(actor=request.user)
        return redirect(f"/articles/{found[0]}/?claim={found[1]}" if found else "reviews:queue")
    rows = queue_page(request.user, Filters()).rows
    row = next((row for row in rows if row.needs_me), None)
    if row is None:
        return redirect("reviews:queue")
    return redirect(f"/articles/{row.article}/?claim={row.pk}")


@require_GET
@desk_page
def second_reviews(request: DeskRequest) -> HttpResponse:
    reviews = desk.second_reviews(request.user)
    choices = claim_card.choices_of_scales([review.verdict.label for review in reviews if review.verdict])
    rows = [(review, choices[review.verdict.label_id]) for review in reviews if review.verdict]
    return page(request, "reviews/reviews.html", {"rows": rows})
