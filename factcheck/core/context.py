"""What every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def desk(_request: HttpRequest) -> dict[str, object]:
    return {"desk_name": settings.DESK_NAME, "base_url": settings.BASE_URL}
