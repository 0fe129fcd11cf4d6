"""Who does it: the noun phrase in front of a verb, found by walking left to where it must begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from articles.extraction import cues, verbs
from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from articles.extraction.tokens import Token

Range = tuple[int, int]

MARKS: Final = frozenset(',;:"“”«»„—–…!?()[]') | {"--", "``", "''", "..."}
_BORDER_WORDS: Final = word_list(
    "that but because while when as if although though after before since which where whereas however so then"
    " what how why whether or nor yet until unless"
)
_PRONOUNS: Final = word_list("he she they it i we you")
_BROKEN_OFF: Final = word_list("in on at by during after before since amid despite")
_FARTHEST: Final = 28
_APPOSITION: Final = 24


def subject_before(tokens: list[Token], verb: int) -> Range | None:
    """Token range of the subject of `tokens[verb]`, an apposition between commas left out; None if absent.

    "Mr Roe, the mayor, later said" gives the range of "Mr Roe, the mayor".
    """
    end = _skip_adverbs(tokens, verb)
    if end <= 0:
        return None
    if tokens[end - 1].low in _PRONOUNS:
        return end - 1, end
    if tokens[end - 1].text == ",":
        return _with_apposition(tokens, end - 1)
    begin = _phrase_start(tokens, end)
    return (begin, end) if begin < end else None


def _skip_adverbs(tokens: list[Token], verb: int) -> int:
    end = verb
    while end > 0 and (tokens[end - 1].low in cues.ADVERBS or _is_adverb(tokens[end - 1])):
        end -= 1
    return end


def _is_adverb(token: Token) -> bool:
    return token.low.endswith("ly") and len(token.low) > 4 and not token.is_capital


def _with_apposition(tokens: list[Token], comma: int) -> Range | None:
    """The phrase before the comma that opens an apposition which ends at `comma`."""
    for i in range(comma - 1, max(-1, comma - _APPOSITION), -1):
        if tokens[i].text in MARKS and tokens[i].text != ",":
            return None
        if tokens[i].text == "," and not _inside_list(tokens, i, comma):
            begin = _before_second(tokens, _phrase_start(tokens, i))
            return (begin, comma) if begin < i and _looks_nominal(tokens, begin, i) else None
    return None


def _before_second(tokens: list[Token], begin: int) -> int:
    """`Jane Roe, the mayor of Vessin, one of four cities, said`: the name stands before two appositions."""
    if begin < 2 or tokens[begin - 1].text != "," or tokens[begin].low not in {"the", "a", "an", "one"}:
        return begin
    earlier = _phrase_start(tokens, begin - 1)
    named = any(token.is_capital for token in tokens[earlier : begin - 1])
    return earlier if named and _looks_nominal(tokens, earlier, begin - 1) else begin


def _inside_list(tokens: list[Token], i: int, comma: int) -> bool:
    return i + 1 == comma


def _looks_nominal(tokens: list[Token], begin: int, end: int) -> bool:
    return verbs.first_finite(tokens, begin, end) is None and tokens[begin].low not in _BROKEN_OFF


def _phrase_start(tokens: list[Token], end: int) -> int:
    """Where the noun phrase ending at `end` begins: after a mark, a conjunction, or another clause's verb."""
    lowest = max(0, end - _FARTHEST)
    i = end
    while i > lowest:
        token = tokens[i - 1]
        if token.text in MARKS or token.low in _BORDER_WORDS:
            break
        if token.low == "and" and _joins_clauses(tokens, i - 1, lowest):
            break
        if verbs.is_finite(tokens, i - 1):
            relative = _relative_start(tokens, i - 1, lowest)
            if relative is None:
                break
            i = relative + 1
        i -= 1
    return i


def _joins_clauses(tokens: list[Token], i: int, lowest: int) -> bool:
    return verbs.first_finite(tokens, lowest, i) is not None or i == lowest or tokens[i - 1].text == ","


def _relative_start(tokens: list[Token], verb: int, lowest: int) -> int | None:
    """ "a man who had been there": the place of "who" when the verb belongs to it."""
    for i in range(verb - 1, max(lowest, verb - 7) - 1, -1):
        if tokens[i].low in {"who", "whom"}:
            return i
        if tokens[i].text in MARKS:
            return None
    return None


def main_subject(tokens: list[Token], before: int) -> Range | None:
    """Subject of the first clause of the sentence, for ", saying that ..." further on."""
    verb = verbs.first_finite(tokens, 0, before)
    while verb is not None:
        found = subject_before(tokens, verb)
        if found is not None:
            return found
        verb = verbs.first_finite(tokens, verb + 1, before)
    return None


def phrase_after(tokens: list[Token], start: int) -> Range | None:
    """The noun phrase that begins at `start`: for "said Peskov", "according to a senior official"."""
    end = start
    while end < len(tokens) and end - start < _FARTHEST and not _ends_phrase(tokens, start, end):
        end += 1
    return (start, end) if end > start else None


def _ends_phrase(tokens: list[Token], start: int, end: int) -> bool:
    token = tokens[end]
    if token.text in MARKS or token.text == ".":
        return not (token.text == "." and end + 1 < len(tokens) and len(tokens[end - 1].text) <= 3)
    goes_on = token.low not in _BORDER_WORDS and token.low not in _ADJUNCT and not verbs.is_finite(tokens, end)
    return end > start and not goes_on


_ADJUNCT: Final = word_list("on during in at after before when while as last this who and from with to")
