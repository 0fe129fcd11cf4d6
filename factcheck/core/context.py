"""What every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, object]:
    """`theme` is what the person chose on this machine, so that the first paint has it; "": the browser decides."""
    chosen = request.COOKIES.get("theme", "")
    return {
        "desk_name": settings.DESK_NAME,
        "base_url": settings.BASE_URL,
        "theme": chosen if chosen in ("light", "dark") else "",
    }
