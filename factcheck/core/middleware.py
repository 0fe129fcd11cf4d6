"""Request ids, and errors of the rules as pages."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final

from django.shortcuts import render

from factcheck.core.errors import FactcheckError
from factcheck.core.logs import request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_SAFE_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Takes X-Request-ID over if it is well-formed, else makes one; gives it back in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        value = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(value)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = value
        return response


class ErrorMiddleware:
    """Turns a FactcheckError that left a view into a page, or into a fragment for htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FactcheckError):
            return None
        return error_page(request, exception)


def error_page(request: HttpRequest, error: FactcheckError) -> HttpResponse:
    """The page that says what a rule refused and what to do about it."""
    template = "_partials/error.html" if request.headers.get("HX-Request") else "error.html"
    response = render(request, template, {"error": error}, status=error.http_status)
    # htmx shows the fragment in the one place for errors, whatever the request wanted to replace.
    response["HX-Retarget"], response["HX-Reswap"] = "#errors", "innerHTML"
    return response
