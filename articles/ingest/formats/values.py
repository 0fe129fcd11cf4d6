"""Values out of JSON that may be of any kind."""

from __future__ import annotations

from typing import Any


def text(value: Any) -> str:
    """The value if it is text or a number, else ""."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of an array; one object alone counts as an array of one."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]


def inner(value: Any, *path: str) -> Any:
    """What stands at the end of a path of names; None when the path breaks."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
