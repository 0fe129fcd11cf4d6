"""Numbers with what they count: money, percentages, counts with their unit."""

from __future__ import annotations

import re
from typing import Final

from articles.extraction.base import Entity
from articles.extraction.lists import holds_any
from articles.extraction.lists import words as word_list

_SMALL: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS: Final = {
    word: 10 * i
    for i, word in enumerate(["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=3)
}
VALUES: Final = {**{word: float(i) for i, word in enumerate(_SMALL)}, **{k: float(v) for k, v in _TENS.items()}}
SCALES: Final = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "mn": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
COUNT_WORDS: Final = "|".join(sorted(VALUES, key=len, reverse=True))
_SOME_COUNT: Final = tuple(word for word in VALUES if not any(other in word for other in VALUES if other != word))
"""One of these stands in every written number ("seven" in "seventeen"): where none does, there is no number."""

_VAGUE: Final = {"a couple of": 2.0, "several": 4.0, "a few": 3.0, "a": 1.0, "an": 1.0}
CURRENCIES: Final = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₹": "INR", "₴": "UAH"}
_MONEY_WORDS: Final = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "rouble": "RUB", "ruble": "RUB", "rupee": "INR",
    "yuan": "CNY", "franc": "CHF", "hryvnia": "UAH", "peso": "MXN",
}  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?P<currency>US\$|[$€£¥₽₹₴])?\s?"
    rf"(?P<digits>(?<![\w.,])\d{{1,3}}(?:[, ]\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?|\b(?:{COUNT_WORDS})\b)"
    r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|m|k)\b)?"
    r"(?:\s?(?P<percent>%|per ?cent\b|percentage points?\b))?"
    r"(?:[\s-](?P<unit>[^\W\d_][\w-]*))?",
    re.IGNORECASE,
)
_NO_UNIT: Final = word_list(
    "and or of to in the for from on at by with is was were are as but that than who which a an per out after"
    " before between had has have will would since until points"
)


def count_value(words: str) -> float:
    """The number that "3", "three", "a" or "a couple of" stands for."""
    low = words.lower()
    if low in _VAGUE:
        return _VAGUE[low]
    return VALUES[low] if low in VALUES else float(low)


def find_numbers(text: str, start: int, end: int) -> tuple[Entity, ...]:
    """Numbers of `text[start:end]` as entities: `value` in units of `unit` ("percent", "EUR", "troops")."""
    low = text[start:end].casefold()
    if not any(map(str.isdigit, low)) and not holds_any(low, _SOME_COUNT):
        return ()
    return tuple(_entity(match) for match in _NUMBER.finditer(text, start, end) if not _is_year(match))


def _is_year(match: re.Match[str]) -> bool:
    return not match["currency"] and not match["scale"] and bool(re.fullmatch(r"(?:1[6-9]|20)\d\d", match["digits"]))


def _entity(match: re.Match[str]) -> Entity:
    value = _value(match["digits"]) * SCALES.get((match["scale"] or "").lower(), 1.0)
    unit = _unit(match)
    stop = match.end("unit") if unit else match.end("percent") if match["percent"] else _bare_end(match)
    begin = match.start() + (len(match.group()) - len(match.group().lstrip()))
    words = match.string[begin:stop]
    if match["currency"] or _currency_word(unit):
        code = CURRENCIES[match["currency"].upper()] if match["currency"] else _currency_word(unit)
        return Entity("money", words, begin, stop, value, code)
    if match["percent"]:
        return Entity(
            "percent", match.string[begin : match.end("percent")], begin, match.end("percent"), value, "percent"
        )
    return Entity("number", words, begin, stop, value, unit.lower())


def _bare_end(match: re.Match[str]) -> int:
    return match.end("scale") if match["scale"] else match.end("digits")


def _unit(match: re.Match[str]) -> str:
    unit = match["unit"] or ""
    if match["percent"] or unit.lower() in _NO_UNIT or (match["currency"] and not _currency_word(unit)):
        return ""
    return unit


def _currency_word(unit: str) -> str:
    return _MONEY_WORDS.get(unit.lower().rstrip("s"), "")


def _value(digits: str) -> float:
    low = digits.lower()
    if low in VALUES:
        return VALUES[low]
    if re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?", digits):
        return float(re.sub(r"[, ]", "", digits))
    return float(digits.replace(",", "."))
