"""What a passage has in common with a claim, and where it differs: the signs a stance is read from.

Every sign is a number between 0 and 1 with a name; `stance.py` weighs them. Pure Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from articles.ranking.words import NUMBER_WORDS, STOP_WORDS, SYNONYMS, stem, words_of

NEGATIONS: Final = re.compile(
    r"(?i)\b(?:not|no|never|nor|neither|none|nobody|nothing|without|cannot|unable|fail(?:s|ed)? to|refus\w+|"
    r"lack\w*|unlikely|rarely|hardly)\b|n['’]t\b"
)
DENIALS: Final = re.compile(
    r"(?i)\b(?:false(?:ly)?|fake[ds]?|hoax\w*|debunk\w*|myths?|misleading|incorrect\w*|untrue|inaccura\w+|"
    r"wrong(?:ly)?|baseless|unfounded|fabricat\w+|doctored|satir\w+|den(?:y|ied|ies|ying)|refut\w+|"
    r"reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|contrary to|no evidence|no proof|no truth|"
    r"contradict\w*|"
    r"misinformation|disinformation|rumou?rs?|conspiracy|unproven)\b"
)
CONTRASTS: Final = re.compile(
    r"(?i)\b(?:but|however|although|though|instead|rather than|despite|actually|in fact|whereas|unlike|"
    r"contrary|only|until|despite|except)\b"
)
HEDGES: Final = re.compile(
    r"(?i)\b(?:may|might|could|possibl[ey]|perhaps|suggest\w*|potential\w*|unclear|unknown|likely|appears?|"
    r"investigat\w+|alleged\w*|further (?:research|studies|study)|remains?)\b"
)
ABSOLUTES: Final = re.compile(
    r"(?i)\b(?:only|never|always|all|every|none|first|last|most|least|best|worst|\w+est|exclusively|solely|"
    r"entirely|completely|any)\b"
)
_OPPOSITES: Final = """
increase rise rose grow grew higher more up gain double | decrease fall fell decline lower less down drop reduce lose
first early oldest beginning | last late youngest end final
win victory won beat | lose defeat lost
male man boy father son brother husband he his | female woman girl mother daughter sister wife she her
north northern | south southern
east eastern | west western
legal allow permit approve | illegal ban forbid prohibit reject
accept agree support | refuse decline oppose
alive survive live | dead die killed
same similar identical | different distinct
best better good positive success successful praised | worst worse bad negative failure unsuccessful criticized
large big long high old | small little short low new young
public | private
open begin start | close stop cease
remember include present | forget exclude absent
single unmarried | married marry
protect prevent reduce | cause harm worsen
true real | false fake
rich | poor
left | right
safe | dangerous harmful
effective | ineffective
love like | hate dislike
always | never rarely
common frequent majority | rare uncommon minority
""".strip()
_SIDES: Final[dict[str, tuple[int, int]]] = {
    stem(word): (line, side)
    for line, pair in enumerate(_OPPOSITES.splitlines())
    for side, words in enumerate(pair.split("|"))
    for word in words.split()
}
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_TOKEN: Final = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’][a-z]+)?")
_NAME: Final = re.compile(r"\b[A-Z][\w'’.-]*\w")
_YEAR: Final = re.compile(r"^(?:1[5-9]|20)\d\d$")
_LONG_WORD: Final = 6
_UNIT_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim or sentence taken apart once: stems, numbers with what follows them, names, sides."""

    text: str
    words: frozenset[str]
    numbers: dict[str, frozenset[str]]
    years: frozenset[str]
    names: frozenset[str]
    sides: dict[int, frozenset[int]]


@lru_cache(maxsize=10_000)
def sentences_of(passage: str) -> tuple[str, ...]:
    """The sentences as verbatim parts of the passage, the whole passage if it has no end marks."""
    return tuple(part.strip() for part in _SENTENCE_END.split(passage) if part.strip()) or (passage,)


@lru_cache(maxsize=20_000)
def read(text: str) -> Reading:
    """Take a text apart; kept, because the same passages are read for claim after claim."""
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    numbers = _numbers(tokens)
    sides: dict[int, set[int]] = {}
    for token in tokens:
        if stem(token) in _SIDES:
            line, side = _SIDES[stem(token)]
            sides.setdefault(line, set()).add(side)
    return Reading(
        text=text,
        words=frozenset(words_of(text)) | frozenset(SYNONYMS[w] for w in words_of(text) if w in SYNONYMS),
        numbers={number: units for number, units in numbers.items() if not _YEAR.match(number)},
        years=frozenset(number for number in numbers if _YEAR.match(number)),
        names=frozenset(_names(text)),
        sides={line: frozenset(found) for line, found in sides.items()},
    )


def _numbers(tokens: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for at, token in enumerate(tokens):
        value = token.replace(",", "") if token[0].isdigit() else NUMBER_WORDS.get(token, "")
        if value:
            units = {stem(word) for word in tokens[at + 1 : at + 1 + _UNIT_REACH] if word not in STOP_WORDS}
            found.setdefault(value.rstrip("."), set()).update(units)
    return {value: frozenset(units) for value, units in found.items()}


def _names(text: str) -> set[str]:
    return {stem(name.lower().strip(".")) for name in _NAME.findall(text) if name.lower() not in STOP_WORDS}


def weight(word: str, names: frozenset[str]) -> float:
    """How much a claim's word tells: names and numbers most, long words more than short ones."""
    if word in names or word[0].isdigit():
        return 2.0
    return 1.3 if len(word) >= _LONG_WORD else 1.0


def covered(claim: Reading, found: frozenset[str]) -> float:
    """The weighted share of the claim's words that are found; a synonym counts half."""
    plain = [word for word in claim.words if word[0] != "="]
    total = sum(weight(word, claim.names) for word in plain)
    got = 0.0
    for word in plain:
        share = 1.0 if word in found else 0.5 if SYNONYMS.get(word) in found else 0.0
        got += share * weight(word, claim.names)
    return got / total if total else 0.0


def negated(text: str) -> bool:
    """Whether an odd number of negations stands in the text."""
    return len(NEGATIONS.findall(text)) % 2 == 1


def clashing_numbers(claim: Reading, other: Reading) -> list[tuple[str, str]]:
    """Pairs of different numbers that count the same thing (share a word after them)."""
    return [
        (mine, theirs)
        for mine, units in claim.numbers.items()
        if mine not in other.numbers
        for theirs, their_units in other.numbers.items()
        if theirs not in claim.numbers and units & their_units
    ]


def clashing_sides(claim: Reading, other: Reading) -> bool:
    """Whether the other text stands only on the opposite side of a pair such as rise and fall."""
    return any(line in other.sides and not (sides & other.sides[line]) for line, sides in claim.sides.items())
