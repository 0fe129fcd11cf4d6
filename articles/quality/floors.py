"""The recorded floors and ceilings, and which figures break them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FLOORS_FILE: Final = Path(__file__).with_name("floors.toml")


class Floors(NamedTuple):
    """Bounds by the name of the figure ("experts.f1")."""

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]


def read_floors(path: Path = FLOORS_FILE) -> Floors:
    """The bounds of a file with the tables [at_least] and [at_most]; raises `tomllib.TOMLDecodeError`."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Floors(raw.get("at_least", {}), raw.get("at_most", {}))


def bound_of(name: str, floors: Floors) -> str:
    """The bound in words, "" where there is none."""
    if name in floors.at_least:
        return f">= {floors.at_least[name]:g}"
    return f"<= {floors.at_most[name]:g}" if name in floors.at_most else ""


def broken(figures: Mapping[str, float], floors: Floors) -> Iterator[str]:
    """Names of the figures that were measured and miss their bound, in order."""
    for name, value in figures.items():
        if value < floors.at_least.get(name, float("-inf")) or value > floors.at_most.get(name, float("inf")):
            yield name
