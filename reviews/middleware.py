"""Times and words as the reader has set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.contrib.auth.models import AnonymousUser, User
    from django.http import HttpRequest, HttpResponse

# Pages of people who are signed in. What the public reads is in GMT, and asks for nobody's session.
_OF_READERS: Final = frozenset({"reviews", "admin"})


class ReaderMiddleware:
    """Draws the pages of the desk and the admin in the time zone of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):  # whatever is activated below ends with the request
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        if match is not None and match.app_name in _OF_READERS and request.user.is_authenticated:
            zone = zone_of(request.user)
            if zone is not None:
                timezone.activate(zone)


def zone_of(person: User | AnonymousUser) -> ZoneInfo | None:
    """The time zone this person has chosen; no query for who came with the session (`accounts.DeskBackend`)."""
    chosen = getattr(person, "desk_settings", None)
    return ZoneInfo(chosen.time_zone) if chosen is not None and chosen.time_zone else None
