"""Time expressions and what they mean on the day the story was written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction.base import ResolvedDate
from articles.extraction.lists import holds_any
from articles.extraction.lists import words as word_list
from articles.extraction.numbers import COUNT_WORDS, count_value

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        [
            "january|jan",
            "february|feb",
            "march|mar",
            "april|apr",
            "may",
            "june|jun",
            "july|jul",
            "august|aug",
            "september|sept|sep",
            "october|oct",
            "november|nov",
            "december|dec",
        ],
        start=1,
    )
    for name in names.split("|")
}
WEEKDAYS: Final = {
    name: i for i, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_MONTH: Final = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR: Final = r"(?P<year>(?:1[6-9]|20)\d\d)"
_ROUND: Final = r"(?P<round>about|around|approximately|some|nearly|almost|roughly|more than|over)\s+"
_PART: Final = "morning|night|evening|afternoon"
_UNIT: Final = r"(?P<unit>day|week|month|year|decade)s?"


class _Day(NamedTuple):
    """What relative words count from, and whether their clause looks ahead."""

    written_on: date | None
    ahead: bool


Resolver = Callable[[re.Match[str], _Day], str]


def find_dates(text: str, start: int, end: int, written_on: date | None) -> tuple[ResolvedDate, ...]:
    """Time expressions of `text[start:end]` that can be resolved, in order, never overlapping.

    Relative ones need `written_on`. A weekday is the last one on or before that day unless the clause looks
    ahead ("will", "next"); a month without a year is the last one that had begun by then, likewise; a day of
    a month without a year is the nearest one.
    """
    found: list[ResolvedDate] = []
    against = written_on.isoformat() if written_on else ""
    for match, value, rough, is_relative in _all(text, start, end, written_on):
        if value and not any(match.start() < d.end and d.start < match.end() for d in found):
            base = against if is_relative else ""
            found.append(ResolvedDate(match.group(), match.start(), match.end(), value, base, rough))
    return tuple(sorted(found, key=lambda d: d.start))


_AHEAD: Final = re.compile(
    r"\b(?:will|shall|going to|plans? to|expected to|due to|scheduled|is to|are to|'ll)\b", re.I
)


_BORDER: Final = re.compile(r"[,;]|\b(?:and|but|while)\b")
_FEWEST_WORDS: Final = 4


def _looks_ahead(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether the part of the sentence the words stand in speaks of what is to come.

    `was extended in January and is to end in May`: the parts are told apart; a part of a few words ("on
    Thursday,") goes with what stands before it.
    """
    after = _BORDER.search(text, match.end(), end)
    stop = after.start() if after else end
    for border in reversed(list(_BORDER.finditer(text, start, match.start()))):
        if len(text[border.end() : stop].split()) >= _FEWEST_WORDS:
            return bool(_AHEAD.search(text, border.end(), stop))
    return bool(_AHEAD.search(text, start, stop))


def _all(text: str, start: int, end: int, written_on: date | None) -> Iterator[tuple[re.Match[str], str, bool, bool]]:
    low = text[start:end].casefold()
    if any(map(str.isdigit, low)):
        low += _DIGITS[0]
    for needed, pattern, resolve, is_relative in _RULES:
        if not _all_there(needed, low):
            continue
        for match in pattern.finditer(text, start, end):
            rough = is_relative and "ago" in match.group().lower()
            try:
                ahead = is_relative and _looks_ahead(text, start, end, match)
                value = resolve(match, _Day(written_on, ahead))
            except (ValueError, OverflowError):
                continue  # "30 February" is written now and then; it is no date
            yield match, value, rough, is_relative


def _all_there(needed: tuple[tuple[str, ...], ...], text: str) -> bool:
    """Whether one of each group stands in the text."""
    return all(holds_any(text, group) for group in needed)


def _full(match: re.Match[str], day: _Day) -> str:
    month = MONTHS[match["month"].lower()]
    return date(int(match["year"]), month, int(match["day"])).isoformat()


def _numeric(match: re.Match[str], day: _Day) -> str:
    return date(int(match["year"]), int(match["mon"]), int(match["day"])).isoformat()


def _month_year(match: re.Match[str], day: _Day) -> str:
    return f"{match['year']}-{MONTHS[match['month'].lower()]:02d}"


def _day_month(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    years = [written_on.year - 1, written_on.year, written_on.year + 1]
    month, number = MONTHS[match["month"].lower()], int(match["day"])
    near = [date(year, month, number) for year in years if number <= calendar.monthrange(year, month)[1]]
    if day.ahead:
        near = [found for found in near if found >= written_on]
    return min(near, key=lambda found: abs((found - written_on).days)).isoformat()


def _month(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    month, year = MONTHS[match["month"].lower()], written_on.year
    if day.ahead and month < written_on.month:
        year += 1
    elif not day.ahead and month > written_on.month:
        year -= 1
    return f"{year}-{month:02d}"


def _range(match: re.Match[str], day: _Day) -> str:
    last = match["last"]
    return f"{match['year']}/{last if len(last) == 4 else match['year'][:2] + last}"


def _decade(match: re.Match[str], day: _Day) -> str:
    return f"{match['year']}/{int(match['year']) + 9}"


def _year(match: re.Match[str], day: _Day) -> str:
    return str(match["year"])


def _quarter(match: re.Match[str], day: _Day) -> str:
    first = 1 + 3 * (["first", "second", "third", "fourth"].index(match["nth"].lower()))
    return f"{match['year']}-{first:02d}/{match['year']}-{first + 2:02d}"


def _weekday(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    which = (match["which"] or "").lower()
    back = (written_on.weekday() - WEEKDAYS[match["weekday"].lower()]) % 7
    if which == "last" and back == 0:
        back = 7
    if which == "next" or (day.ahead and which != "last" and back):
        return (written_on + timedelta(days=7 - back)).isoformat()
    return (written_on - timedelta(days=back)).isoformat()


def _near_day(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    if match["word"].isupper():
        return ""  # the name of a newspaper or a channel
    shift = {"yesterday": -1, "tomorrow": 1}.get(match["word"].lower(), 0)
    return (written_on + timedelta(days=shift)).isoformat()


def _ago(match: re.Match[str], day: _Day) -> str:
    """ "18 months ago", "a year and a half ago"."""
    if day.written_on is None:
        return ""
    half = 0.5 if match["half"] or match["half2"] else 0.0
    return _before(day.written_on, count_value(match["count"]) + half, match["unit"].lower())


def _before(written_on: date, count: float, unit: str) -> str:
    """Days for days and weeks, the month for months and half years, the year for whole years."""
    if unit in {"day", "week"}:
        return (written_on - timedelta(days=round(count * (7 if unit == "week" else 1)))).isoformat()
    months = round(count * {"month": 1, "year": 12, "decade": 120}[unit])
    place = written_on.year * 12 + written_on.month - 1 - months
    year, month = divmod(place, 12)
    if year < 1:
        return ""
    return f"{year:04d}" if unit != "month" and count == int(count) else f"{year:04d}-{month + 1:02d}"


def _neighbour(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    step = {"last": -1, "previous": -1, "next": 1, "this": 0, "past": -1}[match["which"].lower()]
    unit = match["unit"].lower()
    if unit == "week":
        monday = written_on - timedelta(days=written_on.weekday()) + timedelta(weeks=step)
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "month":
        year, month = divmod(written_on.year * 12 + written_on.month - 1 + step, 12)
        return f"{year:04d}-{month + 1:02d}"
    return f"{written_on.year + step:04d}"


def _this_month_last_year(match: re.Match[str], day: _Day) -> str:
    written_on = day.written_on
    if written_on is None:
        return ""
    month = MONTHS[match["month"].lower()]
    step = -1 if match["which"].lower() == "last" else 0
    year = written_on.year + (step if month >= written_on.month or step == 0 else 0)
    return f"{year}-{month:02d}"


_DIGITS: Final = ("0-9",)
_MONTHS: Final = tuple(name for name in MONTHS if len(name) == 3)


def _rule(
    pattern: str, resolve: Resolver, *needed: tuple[str, ...], relative: bool
) -> tuple[tuple[tuple[str, ...], ...], re.Pattern[str], Resolver, bool]:
    """`needed`: of each group something must be there for a match, which is much faster to see than to match."""
    return needed, re.compile(pattern, re.IGNORECASE), resolve, relative


_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_RULES: Final = (
    _rule(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", _full, _DIGITS, _MONTHS, relative=False),
    _rule(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", _full, _DIGITS, _MONTHS, relative=False),
    _rule(r"\b(?P<year>(?:19|20)\d\d)-(?P<mon>[01]\d)-(?P<day>[0-3]\d)\b", _numeric, _DIGITS, ("-",), relative=False),
    _rule(
        r"\b(?P<day>[0-3]?\d)\.(?P<mon>[01]?\d)\.(?P<year>(?:19|20)\d\d)\b",
        _numeric,
        _DIGITS,
        (".",),
        relative=False,
    ),
    _rule(
        rf"\b(?:the\s+)?(?P<nth>first|second|third|fourth) quarter of {_YEAR}\b",
        _quarter,
        _DIGITS,
        ("quarter",),
        relative=False,
    ),
    _rule(rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b", _month_year, _DIGITS, _MONTHS, relative=False),
    _rule(
        rf"\b(?:between|from)\s+{_YEAR}\s+(?:and|to|until)\s+(?P<last>(?:1[6-9]|20)\d\d)\b",
        _range,
        _DIGITS,
        ("between", "from"),
        relative=False,
    ),
    _rule(rf"\b{_YEAR}[-–](?P<last>\d\d(?:\d\d)?)\b", _range, _DIGITS, ("-", "–"), relative=False),
    _rule(r"\bthe\s+(?P<year>(?:1[6-9]|20)\d0)s\b", _decade, _DIGITS, ("0s",), relative=False),
    _rule(
        rf"(?:\b{_ROUND})?\b(?P<count>\d+(?:\.\d+)?|{COUNT_WORDS}|an?|a couple of|several|a few)"
        rf"(?P<half>\s+and\s+a\s+half)?\s+{_UNIT}(?P<half2>\s+and\s+a\s+half)?\s+(?:ago|earlier)\b",
        _ago,
        ("ago", "earlier"),
        relative=True,
    ),
    _rule(
        r"\b(?:on\s+)?(?:(?P<which>last|next|this)\s+)?"
        rf"(?P<weekday>{'|'.join(WEEKDAYS)})(?:\s+(?:morning|night|evening|afternoon))?\b",
        _weekday,
        tuple(WEEKDAYS),
        relative=True,
    ),
    _rule(
        rf"\b(?P<which>last|this)\s+{_MONTH}(?!\w)", _this_month_last_year, ("last", "this"), _MONTHS, relative=True
    ),
    _rule(rf"\b{_MONTH}\s+{_DAY}\b(?!(?:[.,]|\s?[-–])?\d)", _day_month, _DIGITS, _MONTHS, relative=True),
    _rule(rf"(?<![\d.,])\b{_DAY}\s+{_MONTH}(?!\w)", _day_month, _DIGITS, _MONTHS, relative=True),
    _rule(
        r"\b(?P<which>last|next|this|previous|past)\s+(?P<unit>week|month|year)\b",
        _neighbour,
        ("week", "month", "year"),
        relative=True,
    ),
    _rule(
        r"\b(?P<word>yesterday|today|tomorrow|tonight)\b(?!['’]s)",
        _near_day,
        ("today", "yesterday", "tomorrow", "tonight"),
        relative=True,
    ),
    _rule(
        r"\b(?:in|since|by|until|during|early|late|mid|through)\s+(?P<month>"
        + "|".join(n for n in MONTHS if len(n) > 3 or n == "may")
        + r")\b(?!\s+\d)",
        _month,
        _MONTHS,
        relative=True,
    ),
    _rule(
        rf"\b(?:in|since|by|until|before|after|during|early|late|mid|of|from|for)\s+{_YEAR}\b(?![.,]?\d)",
        _year,
        _DIGITS,
        relative=False,
    ),
)


_KEPT: Final = word_list("on in since by until during before after from for of between through early late mid")
_PREPOSITIONS: Final = _KEPT | word_list("and the a an to his her its their our following every than")


def in_words(found: ResolvedDate, before: str) -> str:
    """The date as words that fit behind the word `before`: "on Wednesday" is "on 12 October 2022".

    A preposition of the expression stays; one is put in where neither the expression nor `before` has any.
    """
    plain = _plain_range(found.value)
    first = found.words.split()[0].lower()
    if first in _KEPT:
        return f"{found.words.split()[0]} {plain}"
    if before.lower() in _PREPOSITIONS:
        return plain
    if found.approximate:
        return f"around {plain}"
    return f"{'on' if len(found.value) == 10 else 'in'} {plain}"


def _plain_range(value: str) -> str:
    first, _, last = value.partition("/")
    if not last:
        return _plain(first)
    return f"the week of {_plain(first)}" if len(first) == 10 else f"{_plain(first)} to {_plain(last)}"


def _plain(value: str) -> str:
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return value
    name = calendar.month_name[parts[1]]
    return f"{name} {parts[0]}" if len(parts) == 2 else f"{parts[2]} {name} {parts[0]}"
