"""The page of somebody who was asked: their question and a form, and nothing else of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from factcheck.core import limits
from factcheck.core.errors import TooMany, WrongState
from reviews.forms import GuestForm
from reviews.selectors.profile import desk_name
from reviews.selectors.replies import link_of
from reviews.services.asking import query_answer_as_guest, query_by_token
from reviews.workflow import QueryState

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from reviews.models import Query

# Requests a minute from one address: enough for people, too few to try addresses.
A_MINUTE: Final = 20
_GONE: Final = 410


@never_cache
@csrf_exempt  # whoever has the address may answer; there is no session that another site could borrow
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or that it was answered, or that the link has ended."""
    counted = limits.count("guest", limits.client_address(request), A_MINUTE)
    if counted.exceeded:
        raise TooMany("rate.exceeded", limit=A_MINUTE, seconds=counted.reset)
    query = query_by_token(token)
    form = GuestForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _page(request, query, form)
    try:
        query = query_answer_as_guest(token=token, answer=form.cleaned_data["answer"],
                                      by_name=form.cleaned_data["by_name"])  # fmt: skip
    except WrongState:  # it ended, or was answered, while this was being written: the page says so, text kept
        query = query_by_token(token)
    return _page(request, query, form)


def _page(request: HttpRequest, query: Query, form: GuestForm | None) -> HttpResponse:
    answered = query.state == QueryState.ANSWERED
    ended = not answered and not link_of(query)
    context: dict[str, Any] = {
        "query": query, "form": form, "answered": answered, "ended": ended, "desk_name": desk_name(),
        "kept": form.data.get("answer", "") if form is not None else "",
    }  # fmt: skip
    status = _GONE if ended else 422 if form is not None and form.errors else 200
    response = render(request, "public/answer.html", context, status=status)
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
    return response
