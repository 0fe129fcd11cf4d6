"""How far apart two verdicts are. Pure Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# So many steps on the axis need a third person (field study, TR9).
FAR: Final = 2


def steps_between(first: int, second: int, places: Mapping[int, int]) -> int:
    """Steps on the axis between two labels; a label beside it is `FAR` from every other. `places` are the axis."""
    if first == second:
        return 0
    if first in places and second in places:
        return abs(places[first] - places[second])
    return FAR
