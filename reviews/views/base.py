"""What every page of the desk shares: who may enter, and how it is drawn."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page

from factcheck.core.errors import NotAllowed
from reviews.policies import granted, may
from reviews.selectors import desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http.response import HttpResponseBase
    from django_htmx.middleware import HtmxDetails


class DeskRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def desk_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view for people who are signed in and have a role; others are asked to sign in, or told why not."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in(request)
        if not granted(request.user):
            raise NotAllowed(
                "workflow.not_allowed", action="see the desk", needs=may(request.user, "read_desk").needs
            )
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return gzip_page(guarded)  # Django's own hides the length, so that nobody can guess at the token in it


def _sign_in(request: DeskRequest) -> HttpResponse:
    """Programs of the page are told with a 401, so that the page stays and what was being written with it."""
    if request.htmx or request.headers.get("X-Requested-With") == "fetch":
        here = request.htmx.current_url_abs_path or "/"
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': here})}"
        response = render(request, "_partials/signed_out.html", {"address": address}, status=401)
        response["HX-Retarget"], response["HX-Reswap"] = "#errors", "innerHTML"
        return response
    return redirect_to_login(request.get_full_path())


def page(
    request: DeskRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A whole page: the context of the view with the rights and the number of waiting reviews."""
    known = context or {}
    waiting = known.get("waiting_reviews")
    rights = granted(request.user)
    return render(
        request,
        template,
        {
            "rights": rights,
            "waiting_reviews": desk.waiting_for(request.user) if waiting is None else waiting,
            **known,
        },
        status=status,
    )


def number_of(text: str) -> int | None:
    """A row's number from an address or form; None for what is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def on_article_page(request: DeskRequest) -> bool:
    """Whether the card that sent this stands beside a text (and the text must be drawn anew with it)."""
    return bool(request.htmx) and (request.htmx.current_url_abs_path or "").startswith("/articles/")
