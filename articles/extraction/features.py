"""Named features of a sentence that make it more or less worth checking.

Every feature has a name an editor can read and the words that set it off. The weights are in
`weights.json`; what a feature means is here and in `feature_words`, and nowhere else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from articles.extraction.feature_words import NUMBER_WORDS, PAST, WORD_LISTS
from articles.extraction.lists import holds_any

_PAST: Final = rf"(?:\w{{3,}}ed|{'|'.join(sorted(PAST))})"
_BETWEEN: Final = r"(?:(?:also|never|just|already|have|has|had|\w+ly) )?"
_PHRASES: Final = {
    "year or date": r"\b(?:1[89]|20)\d\d\b",
    "comparison": r"\b(?:more|less|fewer|higher|lower|larger|smaller|better|worse|greater|bigger|faster|older|younger"
    r"|longer)\b(?:\s+\w+){0,3}\s+than\b|\btwice\b|\bthan (?:any|ever|all)\b|\bcompared (?:to|with)\b"
    r"|\bas (?:many|much) as\b",
    "share or rate": r"\bout of (?:every )?\w+\b|\bper cent\b",
    "quantity word": r"\bat least\b|\b(?:more|less) than\b",
    "has done": r"\b(?:has|have|had)\s+(?:\w+ly\s+|not\s+|never\s+|been\s+|already\s+|also\s+)?"
    r"\w+(?:ed|en|un|wn|id|nt|de|ne)\b",
    "will or would": r"\bgoing to\b|\b(?:plan|intend) to\b",
    "should or must": r"\b(?:have|has|got) to\b|\blet us\b",
    "greeting or thanks": r"\bgood (?:evening|morning|night|afternoon)\b|\bgod bless\b|\bladies and gentlemen\b",
    "question": r"\?\s*[\"”’»)]*\s*$",
    "asking word first": r"^\W*(?:what|why|how|who|when|where|which|do|does|did|is|are|can|could|would|will)\b",
    "health, school, crime": r"\bsocial security\b",
    "cause": r"\bdue to\b|\bled to\b|\bresult(?:s|ed)? in\b|\bas a result\b|\bthanks to\b",
    "denial or not": r"n't\b",
    "reported words": r"\baccording to\b",
    "quoted words": r"[\"“”«»„]",
    "life facts": r"\bgrew up\b|\byears old\b",
    "vague": r"\b(?:kind|sort) of\b|\ba lot\b",
    "starts with a conjunction": r"^\W*(?:and|but|so|well|now|or|because|yes|no|look)\b",
    "starts with a pronoun": r"^\W*(?:he|she|they|it|this|that|these|those|there)\b",
    "call to act": r"^\W*(?:let|go|give|take|look|put|stop|make|get|keep|do|don't|please|tell|ask|remember|come)\b",
    "own past deed": rf"\bi {_BETWEEN}{_PAST}\b",
    "what others did": rf"\b(?:you|he|she|they) {_BETWEEN}{_PAST}\b",
    "what we did": rf"\bwe(?:'ve)? {_BETWEEN}{_PAST}\b",
    "own wish or plan": r"\bi(?:'d| would)? (?:want|like|hope|wish|intend|plan|propose|favou?r|support|will"
    r"|am going)\b|\bi'(?:ll|m going)\b",
    "whole country or world": r"\bin (?:the|our|all) (?:entire |whole )?(?:world|history|country|nation|united states"
    r"|america)\b|\bof any\b|\bin american? history\b",
    "going on": r"\b(?:is|are|been)(?: now| still| not| also| already)? \w+ing\b|'(?:s|re) \w+ing\b",
    "passive": r"\b(?:was|were|been|is|are|being) (?:\w+ly )?(?:\w+ed|made|cut|put|given|taken|built|sent|held|paid"
    r"|lost|spent|sold|shot)\b",
    "large number": r"\b\d{1,3}(?:,\d{3})+|\b\d{3,}\b",
    "small number": r"(?<![\d.,])\d{1,2}\b(?![,.]\d)",
    "counted things": r"\b\d[\d.,]*(?: (?:million|billion|trillion|thousand|percent))? (?:\w+ )?\w+s\b",
    "there is": r"\bthere (?:is|are|was|were|has been|have been)\b|\bwe have (?:a|an|the|more|less|fewer|now|\d)",
    "thought experiment": r"\b(?:if|would|could)\b.{1,160}?\b(?:would|could|will|if)\b",
}
_KEEP_CASE: Final = {
    "named actor": r"(?<=[a-z,;:] )(?:[A-Z][\w.'’-]+)(?:\s+[A-Z][\w.'’-]+)*",
    "titled name": r"\b(?:Senator|Governor|President|Mr\.?|Ms\.?|Mrs\.?|Secretary|Congressman|General|Minister)"
    r" [A-Z]\w+",
    "starts with I": r"^\W*I\b",
    "starts with we": r"^\W*(?:We|Our)\b",
    "starts with a name": r"^\W*(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z]\w+ (?:[A-Z]\w+|is|has|was|had|will|says|said)\b",
}
_WITH_DIGIT: Final[tuple[str, ...]] = ("0-9",)
_NEEDED: Final = {
    "year or date": _WITH_DIGIT,
    "comparison": ("than", "twice", "compared", "as many", "as much"),
    "share or rate": ("out of", "per cent"),
    "quantity word": ("at least", "than"),
    "has done": ("has", "have", "had"),
    "will or would": ("going to", "plan to", "intend to"),
    "should or must": ("have to", "has to", "got to", "let us"),
    "greeting or thanks": ("good ", "god bless", "ladies and gentlemen"),
    "question": ("?",),
    "health, school, crime": ("social security",),
    "cause": ("due to", "led to", "result", "thanks to"),
    "denial or not": ("n't",),
    "reported words": ("according to",),
    "life facts": ("grew up", "years old"),
    "vague": ("kind of", "sort of", "a lot"),
    "own past deed": ("i ",),
    "what others did": ("you ", "he ", "they "),
    "what we did": ("we ", "we've "),
    "own wish or plan": ("i ", "i'"),
    "whole country or world": ("in the", "in our", "in all", "of any", "in america"),
    "going on": ("ing",),
    "passive": ("was ", "were ", "been ", "is ", "are ", "being "),
    "large number": _WITH_DIGIT,
    "small number": _WITH_DIGIT,
    "counted things": _WITH_DIGIT,
    "there is": ("there ", "we have "),
    "thought experiment": ("if", "would", "could"),
    "titled name": ("Sen", "Gov", "Pres", "Mr", "Ms", "Sec", "Cong", "Gen", "Min"),
}
"""Letters without which a pattern cannot match: looking for those first is ten times as fast."""

PATTERNS: Final = {name: re.compile(pattern) for name, pattern in (_PHRASES | _KEEP_CASE).items()}
_AT_BEGINNING: Final = frozenset(name for name, pattern in PATTERNS.items() if pattern.pattern.startswith("^"))
_OF_TOKENS: Final = ("exact number", "past event")
NAMES: Final = tuple(dict.fromkeys([*_OF_TOKENS, *WORD_LISTS, *PATTERNS]))
LENGTHS: Final = ((5, "very short"), (9, "short"), (16, "medium"), (28, "long"), (10**9, "very long"))
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d.,]*|[%$?]")
_MOST: Final = 5


class Feature(NamedTuple):
    """`value` is 1 or the root of how often it is met (3 at most); `words` what set it off, at most five hits."""

    name: str
    value: float
    words: str = ""


def named_features(text: str) -> list[Feature]:
    """The features of one sentence by their names, in a fixed order."""
    straight = text.replace("’", "'").replace("‘", "'")
    low = straight.lower()
    hits: dict[str, list[str]] = {}
    for token in _WORD.findall(low):
        for name in _names_of(token):
            hits.setdefault(name, []).append(token)
    has_digit = any(map(str.isdigit, low))
    for name, pattern in PATTERNS.items():
        where = straight if name in _KEEP_CASE else low
        if _may_match(name, where, has_digit=has_digit) and (met := _matches(name, pattern, where)):
            hits.setdefault(name, []).extend(met)
    found = [Feature(name, min(3, len(met)) ** 0.5, _shown(met)) for name, met in sorted(hits.items())]
    count = len(straight.split())
    return [*found, Feature(f"{next(label for limit, label in LENGTHS if count <= limit)} sentence", 1.0)]


def _may_match(name: str, text: str, *, has_digit: bool) -> bool:
    needed = _NEEDED.get(name)
    if needed is None:
        return True
    if needed is _WITH_DIGIT:
        return has_digit
    return holds_any(text, needed)


def _matches(name: str, pattern: re.Pattern[str], text: str) -> list[str]:
    """What stands where the pattern matches; one that is bound to the beginning is tried there only."""
    if name in _AT_BEGINNING:
        match = pattern.match(text)
        return [match.group()] if match else []
    return [match.group() for match in pattern.finditer(text)]


def _shown(met: list[str]) -> str:
    return ", ".join([words.rstrip(",.") for words in met[:_MOST]])


@lru_cache(maxsize=1 << 15)
def _names_of(token: str) -> tuple[str, ...]:
    """The features one word sets off by itself."""
    found = [name for name, members in WORD_LISTS.items() if token in members]
    if token[0].isdigit() or token in NUMBER_WORDS:
        found.append("exact number")
    if token in PAST or (token.endswith("ed") and len(token) > 4):
        found.append("past event")
    return tuple(found)


def words(text: str) -> list[str]:
    """Small-letter words, pairs and triples of neighbours, numbers folded into "<number>", in order, once each."""
    found = [_fold(word) for word in _WORD.findall(text.lower().replace("’", "'"))]
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    triples = [f"{a} {b} {c}" for a, b, c in zip(found, found[1:], found[2:], strict=False)]
    return list(dict.fromkeys([*found, *pairs, *triples]))


def _fold(word: str) -> str:
    return "<number>" if word[0].isdigit() else word
