"""Times as newsrooms print them above a story, made into aware UTC datetimes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

MAX_STAMP: Final = 200
MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours east of Greenwich. Letters that name two zones (IST, CST in China) are left out on purpose.
ZONES: Final[dict[str, float]] = {
    "gmt": 0, "utc": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "est": -5, "edt": -4, "et": -5, "pst": -8, "pdt": -7,
}  # fmt: skip
MONTH: Final = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
ZONE: Final = r"(?P<zone>GMT|UTC|Z|WET|BST|CES?T|EES?T|MSK|E[SD]?T|P[SD]T)?"
OFFSET: Final = r"(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?"
CLOCK: Final = (
    r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?\s?\(?" + ZONE + OFFSET + r"\)?"
)
DAY: Final = r"(?P<day>[0-3]?\d)"
YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
DATES: Final = (
    YEAR + r"-(?P<month>[01]?\d)-" + DAY,
    DAY + r"[.](?P<month>[01]?\d)[.]" + YEAR,
    DAY + r"\s" + MONTH + r",?\s" + YEAR,
    MONTH + r"\s" + DAY + r",?\s" + YEAR,
)


def _patterns() -> tuple[re.Pattern[str], ...]:
    """Every date with the clock before it, behind it, or without one; the fullest first."""
    before = [rf"{CLOCK},?\s{day}" for day in DATES]
    behind = [rf"{day}(?:T|,?\s(?:at\s)?){CLOCK}" for day in DATES]
    return tuple(re.compile(rf"(?<![\w.]){form}(?!\w)", re.I) for form in (*before, *behind, *DATES))


PATTERNS: Final = _patterns()
UPDATED: Final = re.compile(r"(?:last\s)?(?:updated|modified|edited|corrected)(?:\s(?:at|on))?\s?[:;]?", re.I)
PUBLISHED: Final = re.compile(r"(?:first\s)?(?:published|posted|created|issued|date)(?:\s(?:at|on))?\s?[:;]?", re.I)
YEARLIKE: Final = re.compile(r"(?:19|20)\d\d")  # every form of a date holds a year of four digits
MAX_GLUED: Final = 400
MIN_TITLE: Final = 10
FILLER: Final = re.compile(r"[\s()\[\]|/,;:·•–—-]+")
DATE_LINE: Final = re.compile(r"date:?\s(?P<day>\d{4}-\d{2}-\d{2})(?:[\s:|–—-]+|$)", re.I)


# The patterns with a time of day, which come first.
CLOCKED: Final = PATTERNS[: 2 * len(DATES)]


@dataclass(frozen=True, slots=True)
class Stamp:
    published_at: datetime | None = None
    modified_at: datetime | None = None


def read_stamp(line: str) -> Stamp | None:
    """The times of a line that holds nothing else, or None. "(Updated: ...)" is the second of two."""
    if len(line) > MAX_STAMP or not YEARLIKE.search(line):
        return None
    moments, rest = _moments(line)
    if not moments or len(moments) > 2 or not _is_filler(rest):
        return None
    if len(moments) == 1 and UPDATED.search(line):
        return Stamp(modified_at=moments[0])
    return Stamp(moments[0], moments[1] if len(moments) == 2 else None)


def cut_stamp(line: str) -> tuple[str, str, Stamp] | None:
    """A headline and the words of the times glued in front of it or behind it; None without both.

    Only a time of day makes a stamp here: "on November 18, 2026" may well end a headline.
    """
    found = [match for pattern in CLOCKED for match in pattern.finditer(line)] if len(line) <= MAX_GLUED else []
    if not found:
        return None
    start, end = min(match.start() for match in found), max(match.end() for match in found)
    for words, rest in ((line[start:], line[:start]), (line[:end], line[end:])):
        stamp = read_stamp(words)
        title = rest.strip(" |·•–—-(),")
        if stamp and len(title) >= MIN_TITLE:
            return title, words.strip(), stamp
    return None


def read_date_line(line: str) -> tuple[str, datetime, str] | None:
    """Words of a leading "date 2026-11-19", that day at midnight UTC, and the rest; None without one."""
    match = DATE_LINE.match(line)
    if not match:
        return None
    try:
        day = datetime.strptime(match["day"], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return match.group().strip(" :|–—-"), day, line[match.end() :].strip()


def read_iso(value: str) -> datetime | None:
    """An ISO 8601 time in UTC, a day as midnight UTC; None when it is no such thing."""
    try:
        moment = datetime.fromisoformat(value.strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_moment(text: str) -> datetime | None:
    """The first time in `text`, however it is written; None without one."""
    moments, _ = _moments(text[:MAX_STAMP])
    return moments[0] if moments else None


def _moments(line: str) -> tuple[list[datetime], str]:
    """The times of the line in order of place, and what is left when they are cut out."""
    found: list[tuple[int, datetime]] = []
    rest = line
    for pattern in PATTERNS:
        for match in list(pattern.finditer(rest)):
            moment = _moment(match)
            if moment is not None:
                found.append((match.start(), moment))
                # Same length, so that places stay true for the patterns still to come.
                rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    return [moment for _, moment in sorted(found)], rest


def _moment(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    month = parts["month"].lower()
    zone = _zone(parts.get("zone"), parts.get("offset"))
    try:
        local = datetime(
            int(parts["year"]),
            MONTHS.get(month) or int(month),
            int(parts["day"]),
            _hour(parts.get("hour"), parts.get("half")),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            tzinfo=zone,
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hour(hour: str | None, half: str | None) -> int:
    """The hour of a day of 24; "12:05 am" is 0."""
    value = int(hour or 0)
    if half is None:
        return value
    return value % 12 + (12 if half.lower() == "p" else 0)


def _zone(name: str | None, offset: str | None) -> timezone:
    if offset:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        delta = timedelta(hours=int(hours), minutes=int(minutes))
        # Nobody is further from Greenwich; more is a misprint, and Greenwich the safest reading of it.
        if delta > timedelta(hours=14):
            return UTC
        return timezone(-delta if offset[0] == "-" else delta)
    return timezone(timedelta(hours=ZONES[name.lower()] if name else 0))


def _is_filler(rest: str) -> bool:
    return not FILLER.sub("", PUBLISHED.sub("", UPDATED.sub("", rest)))
