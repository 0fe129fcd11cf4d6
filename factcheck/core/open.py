"""The short way for what is open to everybody.

A view marked `open_to_all` looks at no cookie and keeps nothing of who asks, so sessions, CSRF, sign-in and
messages have nothing to do for it. Reading it passes them by; it gets the headers that protect a reader all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from csp.middleware import CSPMiddleware
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation

from factcheck.core.errors import FactcheckError
from factcheck.core.language import language_of_place
from factcheck.core.middleware import error_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.urls import ResolverMatch

View = TypeVar("View", bound="Callable[..., Any]")
_MARK: Final = "open_to_all"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY: Final = "Content-Security-Policy"


def open_to_all(view: View) -> View:
    """Mark a view whose answer to a reading request depends on nobody's cookie."""
    setattr(view, _MARK, True)
    return view


class OpenMiddleware:
    """Answers readings of open views at once; everything else goes the whole way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._answer = convert_exception_to_response(self._call)
        self._csp, self._frames = CSPMiddleware(get_response), XFrameOptionsMiddleware(get_response)
        # Of a view that changes nothing about it the policy is always the same; made once, it costs nothing.
        self._policy = str(self._csp.process_response(HttpRequest(), HttpResponse())[_POLICY])

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _open(request)
        if match is None:
            return self.get_response(request)
        request.resolver_match = match
        response = cast("HttpResponse", self._answer(request))
        self._protect(request, response)
        return response

    def _call(self, request: HttpRequest) -> HttpResponse:
        with translation.override(language_of_place(request.path_info)):
            return self._drawn(request)

    def _drawn(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a host that is not ours, as the whole way does
        match = request.resolver_match
        assert match is not None
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except FactcheckError as error:
            return error_page(request, error)
        if callable(getattr(response, "render", None)):
            response = response.render()
        made: HttpResponse = response
        return made

    def _protect(self, request: HttpRequest, response: HttpResponse) -> None:
        if any(name.startswith("_csp") for name in vars(response)):
            self._csp.process_response(request, response)
        else:
            response.headers.setdefault(_POLICY, self._policy)
        self._frames.process_response(request, response)
        response.headers.setdefault("Content-Language", language_of_place(request.path_info))
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))


def _open(request: HttpRequest) -> ResolverMatch | None:
    if request.method not in _READS:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:  # a missing slash is mended, and the page of 404 shown, on the whole way
        return None
    return match if getattr(match.func, _MARK, False) else None
