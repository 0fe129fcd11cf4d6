"""From a claim to words worth searching for. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from articles.ranking.words import STOP_WORDS
from articles.sources.base import EvidenceQuery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STRICT_WORDS: Final = 8
LOOSE_WORDS: Final = 4
_WORD: Final = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*")
_NAME: Final = re.compile(r"(?<![^\W_])[^\W\d_a-z][\w'’.-]*[\w](?:\s+(?:of\s+)?[^\W\d_a-z][\w'’.-]*\w)*")
_QUOTED: Final = re.compile(r"[\"“«„]([^\"“”«»„]{3,80})[\"”»“]")
_TELLING: Final = 4
_ISO: Final = re.compile(r"^(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?$")
_FIGURES: Final = frozenset({"number", "money", "percent"})
_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday"
_WEAK_WORDS = """
according added announced called claim claimed claims denied during earlier last later made make month months new
next people percent published released reported reports says since statement take taken told today took use used
using way week weeks well went within without year years yesterday
"""
_DAYS: Final = frozenset(_DAY_NAMES.split())
_WEAK: Final = frozenset(_WEAK_WORDS.split())


def build_query(
    statement: str,
    quote: str = "",
    speaker: str = "",
    *,
    dates: Sequence[Mapping[str, Any]] = (),
    entities: Sequence[Mapping[str, Any]] = (),
    language: str = "en",
    limit: int = 5,
) -> EvidenceQuery:
    """The strict words (names, numbers, quoted and telling words, at most 8) and the loose ones (at most 4).

    `dates` and `entities` are as the extractor writes them ("value" is an ISO day, month, year or range;
    "words" and "kind"). Names are guessed from capitals as well. The speaker's name is left out unless the
    statement has it: what somebody said is checked, not that they exist. `claimed_on` is the latest of `dates`.
    """
    text = statement.strip() or quote.strip()
    known = [str(entity.get("words", "")) for entity in entities if entity.get("kind") not in _FIGURES]
    names = _unique(_words([*(name for name in known if name in text), *_names(text)]))
    numbers = _numbers(text)
    telling = _telling([*_words(_QUOTED.findall(text)), *_words([text])], {*names, *numbers})
    strict = _unique([*names[:4], *numbers[:2], *telling])[:STRICT_WORDS]
    loose = _unique([*names[:3], *_longest(telling)])[:LOOSE_WORDS]
    return EvidenceQuery(
        text=" ".join(strict),
        loose=" ".join(loose) if set(loose) != set(strict) else "",
        claim=text,
        speaker=speaker,
        language=language,
        claimed_on=max(filter(None, map(_day, dates)), default=None),
        limit=limit,
    )


def _day(resolved: Mapping[str, Any]) -> date | None:
    """The last day named; a month or year stands for its first day."""
    match = _ISO.search(str(resolved.get("value", "")).rpartition("/")[2])
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None


def _numbers(text: str) -> list[str]:
    """Words with digits, the longest first: a year or an amount finds more than a 3."""
    found = [word for word in _words([text]) if any(character.isdigit() for character in word)]
    return sorted(found, key=lambda word: -len(word))


def _words(texts: Iterable[str]) -> list[str]:
    return [
        _without_possessive(word)
        for text in texts
        for word in _WORD.findall(text)
        if word.lower() not in STOP_WORDS and word.lower() not in _DAYS
    ]


def _without_possessive(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _names(text: str) -> list[str]:
    """Runs of capitalised words; a lone one that only opens a sentence may be any word, so it is left out."""
    return [
        match.group()
        for match in _NAME.finditer(text)
        if " " in match.group() or not _opens_sentence(text, match.start()) or match.group().isupper()
    ]


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'“‘«(")
    return not before or before[-1] in ".!?:\n"


def _telling(words: Sequence[str], taken: set[str]) -> list[str]:
    return _unique(
        word for word in words if word not in taken and len(word) >= _TELLING and word.lower() not in _WEAK
    )


def _longest(words: Sequence[str]) -> list[str]:
    return sorted(words, key=lambda word: -len(word))[:2]


def _unique(words: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for word in words:
        seen.setdefault(word.lower(), word)
    return list(seen.values())
