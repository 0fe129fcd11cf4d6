"""The queue, what is next, and the second reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from reviews import shown
from reviews.policies import granted
from reviews.selectors import claim_card, desk
from reviews.selectors.queue import STATES, VIEWS, Filters, place_of, queue_counts, queue_page, view_of
from reviews.views.base import DeskRequest, desk_page, page

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
    filters = filters_of(request)
    found = queue_page(request.user, filters)
    context = {
        "page": found,
        "filters": filters,
        "query": _query(filters),
        "rights": granted(request.user),
    }
    if request.htmx and filters.after:
        return render(request, "reviews/_rows.html", context)
    counts = queue_counts(request.user)
    groups = [(name, [(view, counts[view.key]) for view in VIEWS if view.group == name]) for name in _GROUPS]
    context |= {
        "groups": groups,
        "count": counts[filters.view.key],
        "nobody": counts["nobody"],
        "states": [(key, _WORDS[key]) for key in STATES],
        "state_word": _WORDS.get(filters.state, ""),
        "waiting_reviews": counts["second"],
    }
    return page(request, "reviews/queue.html", context)


_GROUPS = tuple(dict.fromkeys(view.group for view in VIEWS))


def filters_of(request: DeskRequest) -> Filters:
    """The address as filters; what cannot be read is left out."""
    get = request.GET
    article = get.get("article", "")
    return Filters(
        view=view_of(get.get("view", "")),
        q=get.get("q", "").strip()[:200].replace("\x00", ""),
        article=int(article) if article.isdecimal() and len(article) < 19 else None,
        state=get.get("state", "") if get.get("state", "") in STATES else "",
        after=place_of(get.get("after", "")),
    )


def _query(filters: Filters) -> str:
    """The filters as an address again, without the place."""
    known = {
        "view": "" if filters.view is VIEWS[0] else filters.view.key,
        "q": filters.q,
        "article": filters.article or "",
        "state": filters.state,
    }
    return urlencode({name: value for name, value in known.items() if value})


@require_GET
@desk_page
def next_for_me(request: DeskRequest) -> HttpResponse:
    """Open the most urgent claim that this person could go on with, else the queue."""
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
