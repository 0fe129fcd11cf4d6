"""Times and words as the reader has set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from factcheck.core.language import language_of_place, language_wished

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest, HttpResponse

# Pages of people who are signed in. What the public reads is in GMT, and asks for nobody's session.
_OF_READERS: Final = frozenset({"reviews", "admin"})
_AT_THE_DOOR: Final = frozenset({"login", "logout"})


class ReaderMiddleware:
    """Draws the pages of the desk and the admin in the time zone and the language of whoever is signed in.

    All other pages are in the language of this instance, the same for everybody: they are kept as drawn, and by
    caches on the way. The API is in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whatever is activated below ends with the request.
        with timezone.override(None), translation.override(language_of_place(request.path_info)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
        if _is_of_a_reader(request):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if not _is_of_a_reader(request):
            return
        translation.activate(language_wished(request, language_of(request.user)))
        zone = zone_of(request.user)
        if zone is not None:
            timezone.activate(zone)


def _is_of_a_reader(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.app_name in _OF_READERS or match.url_name in _AT_THE_DOOR)


def zone_of(person: User | AnonymousUser) -> ZoneInfo | None:
    """The time zone this person has chosen; no query for who came with the session (`accounts.DeskBackend`)."""
    chosen = getattr(person, "desk_settings", None)
    return ZoneInfo(chosen.time_zone) if chosen is not None and chosen.time_zone else None


def language_of(person: User | AnonymousUser) -> str:
    """The code of the language this person has chosen; "" for none. Costs what `zone_of` costs."""
    chosen = getattr(person, "desk_settings", None)
    return chosen.language if chosen is not None else ""
