"""Parts of a sentence that claim something on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction import cues, verbs
from articles.extraction.lists import words as word_list
from articles.extraction.subjects import MARKS, Range, main_subject, subject_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.extraction.patterns import Line
    from articles.extraction.tokens import Token

_JOINERS: Final = word_list("and but while whereas although though so yet or")
_RELATIVES: Final = word_list("which who whom whose where")
_PREPOSITIONS: Final = word_list("for of in to by from with on under during after through at")
_SHORTEST: Final = 3


class Clause(NamedTuple):
    """Token range of one part. `subject` is the range of a subject said only once, before it.

    `aside` marks a relative clause set off by a comma: inside reported speech it is the article's own voice.
    """

    start: int
    end: int
    subject: Range | None = None
    aside: bool = False


class _Border(NamedTuple):
    left_end: int
    start: int
    kind: str
    subject: Range | None = None


def split_clauses(line: Line, start: int, end: int) -> list[Clause]:
    """The parts of `line.tokens[start:end]`, in order; the whole when nothing splits it."""
    clauses: list[Clause] = []
    begin, subject, aside = start, None, False
    for border in _borders(line.tokens, start, end):
        if border.start <= begin + 1:
            continue
        resumed = _resumes(line.tokens, border, end) if border.kind == "relative" else None
        if resumed is not None:
            clauses.append(Clause(border.start, resumed, border.subject, aside=True))
            continue
        clauses.append(Clause(begin, border.left_end, subject, aside))
        begin, subject, aside = border.start, border.subject, border.kind == "relative"
    clauses.append(Clause(begin, end, subject, aside))
    return sorted(clause for clause in clauses if clause.end - clause.start >= 2)


def _borders(tokens: list[Token], start: int, end: int) -> Iterator[_Border]:
    for k in range(start + 2, end - 2):
        border = _border_at(tokens, k, start, end)
        if border is not None:
            yield border


def _border_at(tokens: list[Token], k: int, start: int, end: int) -> _Border | None:
    if tokens[k].text in {";", "—", "–", "--"}:
        return _between_wholes(tokens, k, k + 1, start, end)
    if tokens[k].text == ",":
        return _after_comma(tokens, k, start, end)
    if tokens[k].low in {"and", "but"} and tokens[k - 1].text not in MARKS:
        return _shared_subject(tokens, k, k + 1, start, end)
    return None


def _after_comma(tokens: list[Token], k: int, start: int, end: int) -> _Border | None:
    following = tokens[k + 1].low
    if following in _JOINERS:
        return _shared_subject(tokens, k, k + 2, start, end) or _between_wholes(tokens, k, k + 2, start, end)
    if following in _RELATIVES or (following in _PREPOSITIONS and tokens[k + 2].low == "which"):
        return _relative(tokens, k, start, end)
    if following == "with":
        return _with_clause(tokens, k, end)
    return None


def _between_wholes(tokens: list[Token], k: int, right: int, start: int, end: int) -> _Border | None:
    """Two clauses, each with its verb; the right one with its own subject."""
    if right >= end or verbs.first_finite(tokens, start, k) is None:
        return None
    verb = verbs.first_finite(tokens, right + 1, end)
    if verb is None or _is_list_item(tokens, right, verb):
        return None
    return _Border(k, right, "whole")


def _is_list_item(tokens: list[Token], right: int, verb: int) -> bool:
    """A verb that belongs to "that", "who" or "to" further right proves no clause."""
    return any(tokens[i].low in {"that", "who", "which", "if", "when"} for i in range(right, verb))


def _shared_subject(tokens: list[Token], k: int, right: int, start: int, end: int) -> _Border | None:
    """`suggests X, and does not dispute Y`: the right verb takes the left subject."""
    if right >= end or end - right < _SHORTEST or not verbs.starts_predicate(tokens, right):
        return None
    if tokens[right].low in _PREPOSITIONS or not _is_verb_like(tokens, right):
        return None
    if "'" in tokens[right].low.removesuffix("n't") or _inside_relative(tokens, start, k):
        return None
    subject = main_subject(tokens[start:k], k - start)
    if subject is None:
        return None
    return _Border(k, right, "shared", (subject[0] + start, subject[1] + start))


def _inside_relative(tokens: list[Token], start: int, k: int) -> bool:
    """`a term that begins on Monday and ends in June`: the second verb belongs to the relative clause too."""
    for i in range(k - 1, start, -1):
        if tokens[i].text == ",":
            return False
        if tokens[i].low in {"that", "who", "which", "to"}:
            return tokens[i].low != "to" and tokens[i - 1].low not in cues.SAY
    return False


def _is_verb_like(tokens: list[Token], right: int) -> bool:
    """No participle after a participle: "was criticised and derided" is one event."""
    return not (tokens[right].low.endswith("ed") and _is_passive(tokens, right))


def _is_passive(tokens: list[Token], right: int) -> bool:
    window = [token.low for token in tokens[max(0, right - 6) : right]]
    return bool({"was", "were", "been", "be", "is", "are"} & set(window))


def _relative(tokens: list[Token], k: int, start: int, end: int) -> _Border | None:
    pronoun = k + 1 if tokens[k + 1].low in _RELATIVES else k + 2
    first = pronoun + 1
    if first >= end or verbs.first_finite(tokens, first, end) is None:
        return None
    if not verbs.starts_predicate(tokens, first):
        return _Border(k, first, "relative") if pronoun == k + 2 else None
    antecedent = subject_before([*tokens[start:k], tokens[first]], k - start)
    return _Border(k, first, "relative", _nearest(tokens, antecedent[0] + start, k) if antecedent else None)


def _nearest(tokens: list[Token], start: int, end: int) -> Range | None:
    """What "who" and "which" stand for: the whole phrase when it is plain, else the name it ends with."""
    if not any(token.low in _PREPOSITIONS for token in tokens[start:end]):
        return start, end
    begin = end
    while begin > start and tokens[begin - 1].is_capital:
        begin -= 1
    return (begin, end) if begin < end else None


def _resumes(tokens: list[Token], border: _Border, end: int) -> int | None:
    """Where the relative clause ends when the main clause goes on after a comma."""
    for k in range(border.start, end - 1):
        if tokens[k].text == "," and verbs.starts_predicate(tokens, k + 1):
            return k
    return None


def _with_clause(tokens: list[Token], k: int, end: int) -> _Border | None:
    """`, with people voting to join`: a subject and a participle after "with"."""
    for i in range(k + 3, min(end, k + 12)):
        if tokens[i].text in MARKS:
            return None
        if tokens[i].low.endswith("ing") and len(tokens[i].low) > 5:
            return _Border(k, k + 2, "with")
    return None
