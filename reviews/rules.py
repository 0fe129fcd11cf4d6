"""Whether a claim fits a rule of triage. Pure: reads the rule and the claim, asks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.models import Claim
    from reviews.models import TriageRule


def fits(rule: TriageRule, claim: Claim) -> bool:
    """Every condition that is filled in holds; a rule without any fits nothing.

    `claim.article` should be read already. Words are compared without regard to case.
    """
    held = [holds for asked, holds in _conditions(rule, claim) if asked]
    return bool(held) and all(held)


def _conditions(rule: TriageRule, claim: Claim) -> list[tuple[bool, bool]]:
    score = round(100 * claim.score)
    text = f"{claim.statement}\n{claim.quote}".casefold()
    return [
        (bool(rule.publisher), rule.publisher.casefold() in claim.article.publisher.casefold()),
        (bool(rule.mode), rule.mode == claim.article.mode),
        (bool(rule.kinds), claim.kind in rule.kinds),
        (bool(rule.speaker), rule.speaker.casefold() in claim.speaker.casefold()),
        (bool(lines(rule.words)), any(word.casefold() in text for word in lines(rule.words))),
        (rule.score_from is not None, rule.score_from is None or score >= rule.score_from),
        (rule.score_to is not None, rule.score_to is None or score <= rule.score_to),
    ]


def lines(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
