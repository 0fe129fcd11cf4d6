"""How somebody stands to something: who supports, fears, plans, is expected; without words of their own.

These are attributions too, but no claim is cut out of them: that Roe opposes the bridge is what the article
says, and the claim a checker would check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.extraction import attitude_words, cues, verbs
from articles.extraction.lists import words as word_list
from articles.extraction.patterns import Line, Report
from articles.extraction.subjects import MARKS, Range, main_subject, phrase_after, subject_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.tokens import Token

_BE: Final = word_list("was were been be is are being 's 're isn't wasn't aren't weren't")
_NOUN_BEFORE: Final = word_list(
    "the a an his her their its our my your this that these those some any no such of by in on at for from with new"
    " many multiple several recent first last other one two three whose each every"
)
_OWNERS: Final = word_list("his her their its my our your")
_AUXILIARIES: Final = word_list(
    "to will would can could may might must should shall do does did not n't don't doesn't didn't won't wouldn't"
)
_ADVERBS: Final = cues.ADVERBS - word_list("have has had is was are were been be being")
_SUBJECTS: Final = word_list("he she they it we i you who people many some most and")
_CLAUSE_END: Final = MARKS | {"."}
_FARTHEST: Final = 40
_ADJECTIVES_BETWEEN: Final = 2
_FINDER_REACH: Final = 12


def find_attitudes(line: Line, taken: Sequence[bool]) -> list[Report]:
    """Attitudes of the sentence, in text order; tokens that are `taken` or quoted start none."""
    found: list[Report] = []
    free_from = 0
    for i, token in enumerate(line.tokens):
        if i < free_from or taken[i] or line.quoted[i]:
            continue
        report = _attitude(line.tokens, i, token.low)
        if report is not None:
            found.append(report)
            free_from = max(end for _, end in report.content)
    return found


def _attitude(tokens: list[Token], i: int, low: str) -> Report | None:
    if low in attitude_words.SEEMING:
        return _seeming(tokens, i)
    if low in attitude_words.FINDINGS and _finder_before(tokens, i):
        return _verb(tokens, i)
    if low in attitude_words.FINDERS:
        found = _in_poll(tokens, i) if low in attitude_words.POLLS else None
        return found or _noun_of(tokens, i)
    if low in attitude_words.ADJECTIVES:
        return _adjective(tokens, i)
    if low in attitude_words.VERB_FORMS and not _is_noun(tokens, i):
        return _verb(tokens, i)
    return _noun_of(tokens, i)


def _noun_of(tokens: list[Token], i: int) -> Report | None:
    return _noun(tokens, i) if tokens[i].low in attitude_words.NOUNS else None


def _finder_before(tokens: list[Token], i: int) -> bool:
    window = {token.low for token in tokens[max(0, i - _FINDER_REACH) : i]}
    return bool(window & attitude_words.FINDERS) and tokens[i - 1].low not in _NOUN_BEFORE


def _in_poll(tokens: list[Token], i: int) -> Report | None:
    """ "In the latest poll, Roe leads by 3 points": the rest of the sentence is what the poll found."""
    begin = next((k for k in range(i - 1, max(-1, i - _FINDER_REACH), -1) if tokens[k].low == "in"), None)
    if begin is None or verbs.first_finite(tokens, begin, i) is not None:
        return None
    if any(token.text in _CLAUSE_END for token in tokens[begin:i]):
        return None
    after = _clause_after(tokens, i + 1)
    parts = [part for part in ((0, begin), after) if part is not None and part[1] - part[0] > 2]
    told = [part for part in parts if verbs.first_finite(tokens, *part) is not None]
    return Report((begin + 1, i + 1), (begin, begin + 1), tuple(told), "in") if told else None


def _clause_after(tokens: list[Token], start: int) -> Range | None:
    comma = next((k for k in range(start, len(tokens)) if tokens[k].text == ","), None)
    return (comma + 1, len(tokens)) if comma is not None and comma + 1 < len(tokens) else None


def _is_noun(tokens: list[Token], i: int) -> bool:
    """ "the plan", "Roe's view", "public support": a noun, whatever else the spelling may be."""
    if i == 0:
        return True
    before, low = tokens[i - 1], tokens[i].low
    if low in attitude_words.NOUN_TOO and not _wants_verb(before, low):
        return True
    if low.endswith(("ed", "ing")) and before.low not in _NOUN_BEFORE:
        return False
    return before.low in _NOUN_BEFORE or before.low.endswith(("'s", "s'")) or tokens[i].is_capital


def _wants_verb(before: Token, low: str) -> bool:
    """Whether a spelling that is a noun as well is a verb behind this word: "to support", "Roe supports"."""
    if before.low in _AUXILIARIES or before.low in _SUBJECTS or before.low in _ADVERBS:
        return True
    return before.is_capital if low.endswith("s") else before.low.endswith("s") and "'" not in before.low


def _verb(tokens: list[Token], i: int) -> Report | None:
    passive = _is_passive(tokens, i)
    if passive and tokens[i].low not in attitude_words.PASSIVES:
        return None
    rest = _rest(tokens, i + 1)
    if rest is None:
        return None
    if not passive:
        return Report(_actor(tokens, i), (i, i + 1), (rest,), tokens[i].low)
    source = phrase_after(tokens, rest[0] + 1) if tokens[rest[0]].low == "by" else None
    return _about_subject(tokens, i, rest, source)


def _is_passive(tokens: list[Token], i: int) -> bool:
    place = i - 1
    while place > 0 and (tokens[place].low in cues.ADVERBS - _BE or tokens[place].low.endswith("ly")):
        place -= 1
    return tokens[i].low not in {"say", "says"} and tokens[place].low in _BE and not tokens[i].low.endswith("ing")


def _actor(tokens: list[Token], i: int) -> Range | None:
    """Who it is: the subject before the verb, or of the clause that "to support" hangs on."""
    if tokens[i].low.endswith("ing") or (i > 0 and tokens[i - 1].low == "to"):
        return main_subject(tokens, i)
    return subject_before(tokens, i) or main_subject(tokens, i)


def _about_subject(tokens: list[Token], i: int, rest: Range, source: Range | None = None) -> Report | None:
    subject = subject_before(tokens, i)
    content = (subject, rest) if subject else (rest,)
    return Report(source, (i, i + 1), content, tokens[i].low)


def _seeming(tokens: list[Token], i: int) -> Report | None:
    low = tokens[i].low
    following = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if low.startswith("look") and following not in {"like", "as", "to", "set", "likely"}:
        return None
    if low.startswith("appear") and following in {"in", "on", "at", "with", "before"}:
        return None
    rest = _rest(tokens, i + 1)
    return _about_subject(tokens, i, rest) if rest and not _is_noun(tokens, i) else None


def _adjective(tokens: list[Token], i: int) -> Report | None:
    """ "is wary of", "are confident that"."""
    window = {token.low for token in tokens[max(0, i - 4) : i]}
    if not window & _BE or i + 1 >= len(tokens):
        return None
    if tokens[i + 1].low not in attitude_words.PREPOSITIONS:
        return None
    rest = _rest(tokens, i + 1)
    return Report(main_subject(tokens, i), (i, i + 1), (rest,), tokens[i].low) if rest else None


def _noun(tokens: list[Token], i: int) -> Report | None:
    """ "Roe's support for the ban", "questions about his record"."""
    if i + 2 >= len(tokens) or tokens[i + 1].low not in attitude_words.PREPOSITIONS:
        return None
    rest = _rest(tokens, i + 2)
    return Report(_owner(tokens, i), (i, i + 1), (rest,), tokens[i].low) if rest else None


def _owner(tokens: list[Token], i: int) -> Range | None:
    for k in range(i - 1, max(-1, i - 2 - _ADJECTIVES_BETWEEN), -1):
        if tokens[k].low in _OWNERS:
            return k, k + 1
        if tokens[k].low.endswith(("'s", "s'")):
            begin = k
            while begin > 0 and tokens[begin - 1].is_capital and tokens[begin - 1].text not in MARKS:
                begin -= 1
            return begin, k + 1
        if tokens[k].text in MARKS or verbs.is_finite(tokens, k):
            return None
    return None


def _rest(tokens: list[Token], start: int) -> Range | None:
    """From `start` to the end of the clause; None where nothing is left in it."""
    end = start
    while end < len(tokens) and end - start < _FARTHEST and tokens[end].text not in _CLAUSE_END:
        end += 1
    if end == start + 1 and not tokens[start].is_word:
        return None
    return (start, end) if end > start else None
