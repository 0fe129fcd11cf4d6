"""What kind of claim it is, by its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from articles.extraction import verbs
from articles.extraction.lists import holds_any

if TYPE_CHECKING:
    from articles.extraction.base import Kind

_QUANTIFIED: Final = (
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundreds?|thousands?|millions?|billions?|percent"
    r"|per ?cent|half|third|quarter|majority|most|overwhelmingly|twice|double[sd]?|tripled?|one time|only once)\b"
)
_RULES: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]  # the literals below are kinds
    for kind, pattern in (
        ("other", r"\?\s*[\"”’»]?$"),
        ("prediction", r"\b(?:will|won't|shall|going to|'ll)\b(?! (?:be remembered|have been))"),
        ("opinion", r"^\W*(?:I|we) (?:think|believe|feel|hope|want|love|like)\b|\b(?:should|must|ought to|let's"
         r"|need to|needs to|disgrace\w*|terrible|wonderful|great|awful|beautiful|proud|honou?red|unfair"
         r"|shame\w*|best|worst|thrilled|sad|disaster|in my opinion|I'm (?:sorry|glad|happy))\b"),
        ("causal", r"\b(?:because of|because|caus(?:es?|ed|ing)|due to|led to|leads to|result(?:s|ed)? in|as a result"
         r"|thanks to|triggered|blamed on)\b"),
        ("comparison", r"\b(?:more|less|fewer|higher|lower|larger|smaller|better|worse|greater|bigger|faster|older"
         r"|longer)\b(?:\s+\S+){0,3}\s+than\b|\b(?:highest|lowest|largest|biggest|greatest|oldest|longest|record)\b"
         r"|\bcompared (?:to|with)\b"),
        ("quantity", _QUANTIFIED),
        ("rule_or_law", r"\b(?:laws?|legislation|bill|act|treaty|constitution\w*|bans?|banned|illegal|regulations?"
         r"|ruling|prohibits?|requires?|sanctions?)\b"),
        ("biographical", r"\b(?:born|graduated|married|grew up|years old|aged \d+|served as|worked as|alumn\w+)\b"),
        ("event", rf"\b(?:\w{{3,}}ed|was|were|had|has|have|is|are|{'|'.join(sorted(verbs.IRREGULAR))}"
         r"|\w+ing|\w+s)\b"),
    )
)  # fmt: skip
_NEEDED: Final[dict[Kind, tuple[str, ...]]] = {
    "other": ("?",),
    "prediction": ("will", "won", "shall", "going to", "'ll"),
    "causal": ("caus", "due to", "led to", "lead", "result", "thanks to", "triggered", "blamed on"),
    "comparison": ("than", "est", "record", "compared"),
    "biographical": ("born", "graduated", "married", "grew up", "years old", "aged", "served", "worked", "alumn"),
}
"""Letters without which the pattern of that kind cannot match, which are much faster to look for."""

_YEAR_ONLY: Final = re.compile(
    r"\b(?:1[6-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\s+\d{1,2}\b|\b\d{1,2}\s+(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)


def kind_of(text: str, reporting: str = "") -> Kind:
    """Kind of a claim from its own words; `reporting` is the verb of a claim that somebody said something."""
    if reporting:
        return "quote"
    plain = _YEAR_ONLY.sub("", text) if any(map(str.isdigit, text)) else text
    low = plain.casefold()
    return next((kind for kind, pattern in _RULES if _may_match(kind, low) and pattern.search(plain)), "other")


_QUESTION_MARKS: Final = "?؟？;"


def kind_abroad(text: str, reporting: str = "") -> Kind:
    """Kind of a claim in a language whose words are not known: by its numbers and its last mark."""
    if reporting:
        return "quote"
    if text.rstrip('"”’»」』 ')[-1:] in _QUESTION_MARKS:
        return "other"
    return "quantity" if any(map(str.isdigit, text)) else "event"


def _may_match(kind: Kind, low: str) -> bool:
    needed = _NEEDED.get(kind)
    return needed is None or holds_any(low, needed)


def is_claimed(kind: Kind) -> bool:
    """Predictions and opinions cannot be found true or false today."""
    return kind not in {"prediction", "opinion"}
