"""The time zone a page is in: what is read and typed there is in it."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.functional import lazy

_ZERO: Final = frozenset({"UTC", "Etc/UTC", "GMT"})


def zone_name() -> str:
    """GMT, or the name of the zone the reader chose, such as Europe/Prague."""
    name = timezone.get_current_timezone_name()
    return "GMT" if name in _ZERO else name


# For what is written once, when a form is declared, and read in many zones.
zone_name_lazy: Final = lazy(zone_name, str)
