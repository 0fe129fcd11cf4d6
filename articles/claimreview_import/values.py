"""Single values of schema.org markup in the shapes that occur: text, numbers, dates, addresses, names.

Nothing here raises on bad input: a value that cannot be read is empty (`""`, `None`, `[]`), and the caller
decides whether that matters.
"""

from __future__ import annotations

import html
import math
import re
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

Json = object

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_BLANKS: Final = re.compile(r"\s+")
# NUL is refused by Postgres, and a lone surrogate cannot be encoded.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_ISO_DAY: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT_DAY: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)(?!\d)")
_MONTHS: Final = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_DAY_MONTH: Final = re.compile(r"^(?:[A-Za-z]+,\s*)?(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})(?!\d)")
_MONTH_DAY: Final = re.compile(r"^(?:[A-Za-z]+,\s*)?([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_EARLIEST_YEAR: Final = 1900
_LONGEST_ADDRESS: Final = 1000
_NUMBER: Final = re.compile(r"^[-+]?\d+(?:[.,]\d+)?$")


def first(value: Json) -> Json:
    """The value, or the first that is not empty of a list."""
    while isinstance(value, list):
        value = next((item for item in value if item not in (None, "", [], {})), None)
    return value


def listed(value: Json) -> list[Json]:
    """A list whatever was given; nothing is an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def storable(text: str) -> str:
    """`text` without the characters that a database or UTF-8 cannot hold."""
    return _UNSTORABLE.sub("", text)


def plain(value: Json) -> str:
    """One line of text from a string, number, `{"@value"}`, `{"name"}` or a list of them; mark-up taken out."""
    value = first(value)
    if isinstance(value, dict):
        return plain(value.get("@value") or value.get("name") or value.get("text"))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return _BLANKS.sub(" ", storable(text)).strip()


def names(value: Json) -> str:
    """The names of people or organisations given as a string, object or list, joined by ", ", each once."""
    return ", ".join(dict.fromkeys(name for name in (plain(item) for item in listed(value)) if name))


def number(value: Json) -> float | None:
    """A finite number from a number or a string such as "4" or "4,5"."""
    value = first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def address(value: Json) -> str:
    """An absolute http(s) address from a string, object (`url`, `@id`) or list; "" where there is none."""
    value = first(value)
    if isinstance(value, dict):
        return address(value.get("url")) or address(value.get("@id")) or address(value.get("contentUrl"))
    if not isinstance(value, str):
        return ""
    text = storable(value).strip()
    if len(text) > _LONGEST_ADDRESS or any(sign.isspace() for sign in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def day(value: Json, *, today: date) -> date | None:
    """The day of an ISO date or time, of "26 May 2015" or "May 26, 2015"; None when it is none.

    Years before 1900 (`0001-01-01` is a common filler) and days more than one ahead of `today` are none.
    """
    text = plain(value)
    found = _parsed_day(text) if text else None
    if found is None or found.year < _EARLIEST_YEAR or found > today + timedelta(days=1):
        return None
    return found


def _parsed_day(text: str) -> date | None:
    try:
        if match := _ISO_DAY.match(text) or _COMPACT_DAY.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_MONTH.match(text):
            return _named_month(match[3], match[2], match[1])
        if match := _MONTH_DAY.match(text):
            return _named_month(match[3], match[1], match[2])
    except ValueError:
        return None
    return None


def _named_month(year: str, month: str, day_of_month: str) -> date | None:
    number_of = _MONTHS.get(month[:3].lower())
    return date(int(year), number_of, int(day_of_month)) if number_of else None
