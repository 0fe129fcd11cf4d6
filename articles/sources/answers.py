"""Reading JSON that somebody else wrote: whatever is in it, it becomes text, a list, a time, or a clear refusal."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from articles.sources.markup import one_line
from factcheck.core.errors import Permanent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factcheck.core.http import Response

JSON: Final = ("application/json", "*/*+json", "text/json", "text/javascript")
_LONE_BACKSLASH: Final = re.compile(r'\\(?!["\\/bfnrtu])')


def bad_answer(url: str, detail: str) -> Permanent:
    return Permanent("source.bad_answer", host=urlsplit(url).hostname or url, detail=detail)


def json_of(response: Response, *, lenient: bool = False) -> Any:
    """The document; `lenient` forgives raw control characters and lone backslashes. Raises `source.bad_answer`."""
    text = response.content.decode("utf-8", errors="replace")
    try:
        return json.loads(_LONE_BACKSLASH.sub(r"\\\\", text) if lenient else text, strict=not lenient)
    except (ValueError, RecursionError) as error:
        raise bad_answer(response.url, "it is not whole JSON") from error


def object_of(response: Response, *, lenient: bool = False) -> dict[str, Any]:
    """The document where it is an object; raises `source.bad_answer`."""
    found = json_of(response, lenient=lenient)
    if not isinstance(found, dict):
        raise bad_answer(response.url, "it is not an object")
    return found


def dig(value: Any, *path: str | int) -> Any:
    """What lies at the end of the path, None where there is no such way."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """Words on one line without mark-up; nothing where there are none."""
    found = dig(value, *path)
    return one_line(found) if isinstance(found, str) else ""


def objects_at(value: Any, *path: str | int) -> list[Mapping[str, Any]]:
    """The objects of a list; whatever else is in it is passed over."""
    found = dig(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def address_at(value: Any, *path: str | int) -> str:
    """A web address, else nothing."""
    found = dig(value, *path)
    return found if isinstance(found, str) and found.startswith(("http://", "https://")) else ""


def moment_at(value: Any, *path: str | int) -> datetime | None:
    """An ISO time or day, or GDELT's 20260929T101500Z; UTC where it names no zone."""
    found = dig(value, *path)
    try:
        at = datetime.fromisoformat(found) if isinstance(found, str) else None
        return _utc(at) if at is not None else None
    except (ValueError, OverflowError):
        return None


def _utc(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def day_of_parts(value: Any) -> datetime | None:
    """A day from [year, month, day], of which the later parts may be missing."""
    parts = [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
    try:
        year, month, day = [*parts, 1, 1][:3]
        return datetime(year, month, day, tzinfo=UTC) if parts else None
    except (ValueError, OverflowError):
        return None


def year_of(value: Any) -> datetime | None:
    """The first day of a year."""
    return day_of_parts([value]) if isinstance(value, int) and not isinstance(value, bool) else None
