"""Named features of a sentence that make it more or less worth checking.

Every feature has a name an editor can read and the words that set it off. The weights are in
`weights.json`; what a feature means is here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

NUMBER_WORDS: Final = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|hundreds|thousand|thousands|dozen|dozens"
)
_TABLE: Final = {
    "exact number": rf"\d[\d.,]*|\b(?:{NUMBER_WORDS})\b",
    "large amount": r"\b(?:million|billion|trillion)s?\b",
    "share or rate": r"%|\bper ?cent(?:age)?\b|\bpercent\b|\brates?\b|\bout of (?:every )?\w+\b|\bhalf\b|\bthirds?\b",
    "money": r"[$€£¥]\s?\d|\bdollars?\b|\bcosts?\b|\bbudget\b|\bspen[dt](?:ing)?\b|\bdeficits?\b|\bdebt\b",
    "year or date": r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|June|July|August|September|October"
    r"|November|December)\b",
    "span of time": r"\b(?:years?|months?|weeks?|days?|decades?|century|centuries|ago|last (?:year|month|week))\b",
    "comparison": r"\b(?:more|less|fewer|higher|lower|larger|smaller|better|worse|greater|bigger|faster|older"
    r"|younger|longer)\b(?:\s+\w+){0,3}\s+than\b|\btwice\b|\bdoubled?\b|\btripled?\b|\bthan (?:any|ever|all)\b"
    r"|\bcompared (?:to|with)\b|\bas (?:many|much) as\b",
    "superlative": r"\b(?:most|least|highest|lowest|largest|biggest|greatest|worst|best|oldest|longest|first"
    r"|record|ever|only|never|every|always)\b",
    "rise or fall": r"\b(?:ris(?:e|es|en|ing)|rose|fell|fall(?:s|en|ing)?|increas\w+|decreas\w+|cuts?|cutting"
    r"|grow(?:n|s|ing|th)?|grew|declin\w+|drop(?:s|ped)?|reduc\w+|gain(?:s|ed)?|los(?:t|es|ing|s)|up|down)\b",
    "quantity word": r"\b(?:many|majority|average|total|number|several|all|none|nearly|almost|about|approximately"
    r"|roughly|at least|more than|less than|over|under|amount|level)\b",
    "past event": r"\b(?:\w{3,}ed|was|were|had|did|went|came|took|gave|made|said|told|got|began|became|won|lost"
    r"|met|led|left|sent|held|ran|put|paid|brought|spoke|wrote|voted|signed|kept|built|saw|found|knew|stood)\b",
    "has done": r"\b(?:has|have|had)\s+(?:\w+ly\s+|not\s+|never\s+|been\s+|already\s+|also\s+)?"
    r"\w+(?:ed|en|un|wn|id|nt|de|ne)\b",
    "will or would": r"\b(?:will|would|shall|going to|gonna|'ll|plan to|intend to|tomorrow|future)\b|'ll\b",
    "could or may": r"\b(?:could|may|might|perhaps|maybe|possibly|probably|likely)\b",
    "should or must": r"\b(?:should|must|ought|need to|needs to|have to|has to|got to|let's|let us|need)\b",
    "opinion": r"\b(?:think|believe|feel|hope|guess|opinion|wish|want|love|like|proud|honou?red|glad|happy|sorry"
    r"|great|terrible|wonderful|beautiful|important|right|wrong|good|bad|sad|disaster|fair|unfair|strong)\b",
    "first person": r"\bI\b|\b(?:I'm|I've|I'd|I'll|my|me|mine|myself)\b",
    "we": r"\b(?:we|our|us|ours|we're|we've|we'll)\b",
    "you": r"\b(?:you|your|yours|you're|you've|you'll)\b",
    "greeting or thanks": r"\b(?:thank|thanks|welcome|good (?:evening|morning|night|afternoon)|hello|hi|god bless"
    r"|ladies and gentlemen|please|congratulations|excuse me|applause)\b",
    "question": r"\?\s*[\"”’»)]*\s*$",
    "asking word first": r"^\W*(?:what|why|how|who|when|where|which|do|does|did|is|are|can|could|would|will)\b",
    "named actor": r"(?<=[a-z,;:] )(?:[A-Z][\w.'’-]+)(?:\s+[A-Z][\w.'’-]+)*",
    "official": r"\b(?:president|senator|governor|minister|congress|senate|house|court|department|administration"
    r"|government|congressman|secretary|administration's|parliament|agency|commission|committee|police|mayor)\b",
    "law": r"\b(?:laws?|bills?|act|amendment|treaty|legislation|constitution|illegal|legal|ban(?:ned)?|rules?"
    r"|tax(?:es|ed)?|veto(?:ed)?|regulations?|policy|program|sanctions?)\b",
    "vote": r"\b(?:vot(?:e|ed|es|ing)|elected|election|referendum|ballot|poll|polls|supported|opposed|against"
    r"|signed|passed)\b",
    "economy": r"\b(?:jobs?|unemploy\w+|econom\w+|wages?|incomes?|trade|inflation|interest|business(?:es)?|workers?"
    r"|manufacturing|exports?|imports?|poverty|prices?|oil|energy|gdp|market)\b",
    "health, school, crime": r"\b(?:health|insurance|medicare|medicaid|hospitals?|schools?|students?|teachers?"
    r"|crimes?|drugs?|prison|guns?|killed|died|deaths?|murders?|social security)\b",
    "war and arms": r"\b(?:troops|nuclear|weapons?|missiles?|military|war|army|soldiers|attack(?:s|ed)?|terrorists?"
    r"|defen[sc]e|bomb\w*|invaded?|forces)\b",
    "cause": r"\b(?:because|caused?|causes|due to|led to|result(?:s|ed)? in|as a result|since|therefore|thanks to)\b",
    "denial or not": r"\b(?:not|no|never|none|nothing|nobody|denied|denies)\b|n't\b",
    "reported words": r"\b(?:said|says|told|according to|reported|announced|claimed|promised|called|testified)\b",
    "quoted words": r"[\"“”«»„]",
    "life facts": r"\b(?:born|graduated|married|served|worked|grew up|years old|career|father|mother|son|daughter)\b",
    "vague": r"\b(?:things?|stuff|something|anything|everything|somebody|someone|kind of|sort of|a lot|way)\b",
    "condition": r"\b(?:if|unless|whether|suppose)\b",
    "starts with a conjunction": r"^\W*(?:and|but|so|well|now|or|because|yes|no|look)\b",
    "starts with a pronoun": r"^\W*(?:he|she|they|it|this|that|these|those|there)\b",
    "starts with I": r"^\W*(?:I|I'm|I've|I'd|I'll)\b",
}
_ANY_CASE: Final = re.IGNORECASE
_KEEP_CASE: Final = frozenset({"named actor", "first person", "starts with I", "year or date"})
PATTERNS: Final = {
    name: re.compile(pattern, 0 if name in _KEEP_CASE else _ANY_CASE) for name, pattern in _TABLE.items()
}
LENGTHS: Final = ((5, "very short"), (9, "short"), (16, "medium"), (28, "long"), (10**9, "very long"))
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d.,]*|[%$?]")


@dataclass(frozen=True, slots=True)
class Feature:
    """`value` is 0-3 (times it is met, capped) or 1; `words` is what set it off, at most five hits."""

    name: str
    value: float
    words: str = ""


def named_features(text: str) -> list[Feature]:
    """The features of one sentence by their names, in a fixed order."""
    straight = text.replace("’", "'").replace("‘", "'")
    found = [_match(name, pattern, straight) for name, pattern in PATTERNS.items()]
    count = len(straight.split())
    length = next(label for limit, label in LENGTHS if count <= limit)
    return [feature for feature in found if feature is not None] + [Feature(f"{length} sentence", 1.0)]


def _match(name: str, pattern: re.Pattern[str], text: str) -> Feature | None:
    hits = [match.group() for match, _ in zip(pattern.finditer(text), range(5), strict=False)]
    if not hits:
        return None
    return Feature(name, min(3, len(hits)) ** 0.5, ", ".join(hits))


def words(text: str) -> list[str]:
    """Small-letter words and pairs of neighbours, numbers folded into "<number>", in order, once each."""
    found = [_fold(word) for word in _WORD.findall(text.lower().replace("’", "'"))]
    pairs = [f"{a} {b}" for a, b in pairwise(found)]
    return list(dict.fromkeys(found + pairs))


def _fold(word: str) -> str:
    return "<number>" if word[0].isdigit() else word
