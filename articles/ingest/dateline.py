"""The dateline in front of a paragraph: "PORT ALMAR, November 19 (Tessel) – ", in many agencies' ways."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from articles.ingest.model import Dateline
from articles.ingest.words import word_set

WINDOW: Final = 140  # a dateline is never longer, so only this much of a paragraph is looked at
AGENCIES: Final = word_set(
    "sputnik ap reuters afp dpa tass xinhua efe ansa interfax ria ukrinform upi kyodo yonhap pa",
    "afx bloomberg anadolu aa apa sda ats belga anp ntb tt ritzau stt pti ani ians bernama antara irna",
    "wam spa mena petra sana kuna lusa cna unian cp aap cnn bbc npr prnewswire newswire wire рейтер",
    "тасс риа укринформ интерфакс униан спутник белта رويترز سبوتنيك واس وام قنا كونا سانا بترا",
)
NO_PLACE: Final = word_set(
    "BREAKING UPDATE UPDATED URGENT EXCLUSIVE CORRECTED CORRECTION WATCH VIDEO OPINION ANALYSIS FACTBOX",
    "LIVE NATO UNESCO UNICEF OPEC FIFA UEFA NASA ASEAN EXPLAINER NEWS ALERT FLASH SPORT SPORTS",
)
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|янв\w*|фев\w*|мар\w*|апр\w*|ма[йя]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*"
    r"|дек\w*|січ\w*|лют\w*|бер\w*|кві\w*|тра\w*|чер\w*|лип\w*|сер\w*|вер\w*|жов\w*|лис\w*|гру\w*"
    r"|ene\w*|abr\w*|ago\w*|dic\w*|janv\w*|févr\w*|mars|avr\w*|juin|juil\w*|août|déc\w*|mai|okt\w*|dez\w*)"
)
DAY: Final = rf"(?:{MONTH}\.?\s\d{{1,2}}|\d{{1,2}}\.?\s{MONTH}\.?)(?:,?\s\d{{4}})?"
PLACE: Final = r"(?P<place>[^\W\d_][^()\n:;!?\"“”«»0-9]{1,60}?)"
DASH: Final = r"\s?(?:--|[-–—―])\s"
PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{PLACE}(?:,\s{DAY})?[.,]?\s\((?P<agency>[^()\n]{{2,40}})\)\s?(?:{DASH}|[.:]\s)",
        rf"{PLACE}(?:,\s{DAY})?[.,]?\s/(?P<agency>[^/()\n]{{2,40}})/[.:]?(?:{DASH}|\s)",
        rf"{PLACE},\s{DAY}{DASH}(?P<agency>[^\W\d_][\w ]{{1,20}}(?:Новости|Novosti|Press))[.:]\s",
        rf"{PLACE}(?:,\s{DAY}){DASH}",
        rf"{PLACE}{DASH}",
        r"\((?P<agency>[^()\n]{2,40})\)\s?(?:--|[-–—―])\s",
    )
)


class Opening(NamedTuple):
    """A paragraph's dateline, its words, and the paragraph without it."""

    dateline: Dateline
    words: str
    rest: str


def read_dateline(paragraph: str, *, first: bool) -> Opening | None:
    """The dateline a paragraph opens with, or None.

    A place in capitals with a dash but without an agency counts only in the `first` paragraph: further
    down it is an abbreviation with an aside behind it.
    """
    head = paragraph[:WINDOW]
    for pattern in PATTERNS:
        match = pattern.match(head)
        if match and _is_dateline(match.groupdict(), head[: match.end()], first=first):
            rest = paragraph[match.end() :].strip()
            words = paragraph[: match.end()].strip()
            return Opening(_dateline(match), words, rest) if rest else None
    return None


def _dateline(match: re.Match[str]) -> Dateline:
    parts = match.groupdict()
    return Dateline((parts.get("place") or "").strip(" .,"), (parts.get("agency") or "").strip())


def _is_dateline(parts: dict[str, str | None], words: str, *, first: bool) -> bool:
    place, agency = parts.get("place") or "", parts.get("agency") or ""
    if not place:
        return is_agency(agency)
    if agency:
        return _is_shouted(place) or (is_agency(agency) and _is_titled(place))
    has_day = any(character.isdigit() for character in words)
    return _is_shouted(place) and place not in NO_PLACE and (first or has_day)


def is_agency(name: str) -> bool:
    """Whether a known agency is among the words: "dpa/lni" and "Tessel Wire" are."""
    return any(word in AGENCIES for word in re.findall(r"\w+", name.casefold()))


def _is_shouted(place: str) -> bool:
    """The first name of the place is in capitals, as in "GROSSETO, Italy"."""
    name = place.split(",", maxsplit=1)[0]
    letters = [character for character in name if character.isalpha()]
    return len(letters) >= 3 and name == name.upper() != name.lower()


def _is_titled(place: str) -> bool:
    """ "Berlin/Paris", "Rio de Janeiro", or a script without capitals; at most five words."""
    words = re.findall(r"[^\W\d_]+", place)
    small = sum(word[0].islower() for word in words)
    return 0 < len(words) <= 5 and words[0][0].islower() is False and small <= len(words) // 2
