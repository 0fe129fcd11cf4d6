"""Words as ranking sees them: folded, stemmed, stop words gone, numbers in one spelling. Pure Python."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from articles.ranking.synonyms import GROUPS

_STOP = """
a an the and or but if then than that this these those there here of in on at by for with from to into onto over
under as is are was were be been being am do does did done has have had having will would shall should can could
may might must not no nor so such it its he him his she her hers they them their theirs we us our ours you your
yours i me my mine who whom whose which what when where why how all any both each few more most other some own
same s t re ve ll d m also just about after before while during between up down out off again only very said say
says
"""
STOP_WORDS: Final = frozenset(_STOP.split())
_COUNTED = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS: Final = {
    **{word: str(value) for value, word in enumerate(_COUNTED.split())},
    **{word: str(10 * tens) for tens, word in enumerate(_TENS.split(), start=1)},
    **{"first": "1", "second": "2", "third": "3", "once": "1", "twice": "2"},
}

_WORD: Final = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+")
# Countries whose short names fold into pronouns, or are two words, become one word first.
_COUNTRIES: Final = (
    (re.compile(r"\bU\.\s?S\.?(?:A\.?)?(?!\w)|\bUS\b|\bUnited States\b"), "USA "),
    (re.compile(r"\bU\.\s?K\.?(?!\w)|\bUnited Kingdom\b"), "UK "),
)
_ENDINGS: Final = (
    *("ational", "isation", "ization", "ation", "ingly", "ement", "ments", "ment", "ness", "ings", "ing"),
    *("edly", "ed", "ers", "er", "ly", "ion", "ive", "al", "e"),
)
_PLURALS: Final = (("ies", "y"), ("sses", "ss"), ("es", "e"), ("s", ""))
_SHORTEST_STEM: Final = 3


def stem(word: str) -> str:
    """A lower-case English word without its usual endings; the same for every form, not always a word."""
    if len(word) <= _SHORTEST_STEM:
        return word
    return _tidy(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("ss"):
        return word
    for plural, single in _PLURALS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + single
    return word


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _tidy(word: str) -> str:
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > _SHORTEST_STEM else word


SYNONYMS: Final = {stem(word): f"={group[0]}" for group in GROUPS for word in group}


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """The content words in order: stems, and numbers without thousands separators."""
    for pattern, name in _COUNTRIES:
        text = pattern.sub(name, text)
    return tuple(
        _number(word) if word[0].isdigit() else NUMBER_WORDS.get(word) or stem(word)
        for word in (found.lower() for found in _WORD.findall(text))
        if word not in STOP_WORDS
    )


def _number(word: str) -> str:
    return re.sub(r",(?=\d{3})", "", word)


@lru_cache(maxsize=50_000)
def letter_runs(text: str, length: int = 4) -> frozenset[str]:
    """All runs of letters of the content words, with word borders as blanks: what misspellings share."""
    runs: set[str] = set()
    for word in _WORD.findall(text.lower()):
        if word not in STOP_WORDS:
            edged = f" {word} "
            runs.update(edged[at : at + length] for at in range(max(1, len(edged) - length + 1)))
    return frozenset(runs)
