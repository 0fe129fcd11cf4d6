"""A claim as a sentence of its own: names for pronouns, dates for "on Wednesday", nothing invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from articles.extraction import verbs
from articles.extraction.dates import in_words
from articles.extraction.lists import words as word_list
from articles.extraction.names import find_names, strip_titles
from articles.extraction.tokens import tokenize, without_possessive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import Entity, ResolvedDate
    from articles.extraction.names import NameBook
    from articles.extraction.spans import Piece

_SUBJECT: Final = re.compile(
    r"^(?P<lead>(?:(?:also|then|later|once|indeed|only)\s+)?)(?P<word>he|she|they|I)\b(?P<tail>['’]\w+)?", re.I
)
_LONGEST_SUBJECT: Final = 8
_WINDING: Final = re.compile(
    r"\b(?:with|by|from|after|before|during|about|that|who|which)\b|^(?:in|at|on|for|to)\b", re.I
)
_INNER: Final = re.compile(
    r"\b(?P<link>before|after|when|while|because|since|until|as|that)\s+(?P<word>he|she)\b(?!['’])"
)
_OPEN: Final = re.compile(
    r"\b(?:he|she|they|him|them|his|her|their|it|its|this|these|those|we|our|us|I|my|me|you|your)\b", re.I
)
_PERSONAL: Final = word_list("he she him his her it its they their them")
_DEFINITE: Final = re.compile(
    r"^(?:(?:In|On|By|At|Since|After|During|Last|Earlier|Later|Meanwhile)\b[^,]{0,40},\s+)?(?:The|the|these|those|such)\s+"
    r"(?P<count>two|three|four|five|six|seven|eight|nine|ten|latter|former)?\s*(?P<noun>[a-z]+),?\s+(?P<next>[a-z]+)"
)
"""A subject of "the" and one bare noun, as in "In October, the treaties were adopted"."""

_ONE_OF_A_KIND: Final = word_list(
    "government president police war world country public economy parliament army military pope king queen"
    " constitution senate house internet media press sun moon earth court opposition weather market dollar euro"
    " population universe law state city"
)
_FIRST: Final = {
    "'m": "is",
    "am": "is",
    "'ve": "has",
    "have": "has",
    "'ll": "will",
    "do": "does",
    "don't": "does not",
}
_SAFE_AFTER_I: Final = re.compile(
    r"^(?:was|had|has|did|will|would|could|never|\w+ed|spoke|went|met|saw|won|lost|told|said|made|took|gave)$"
)


_GENDERED: Final = word_list("he she")
_VERBS: Final = verbs.AUXILIARIES | verbs.IRREGULAR


@dataclass(slots=True)
class Memory:
    """What the story has told so far, as far as pronouns can lean on it."""

    subject: str = ""
    speaker: str = ""
    pair: tuple[str, ...] = ()
    people: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Worded:
    statement: str
    needs_context: bool
    subject: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Words claims of one story. `go_betweens` speak for others, so "he" after them is nobody certain."""

    text: str
    book: NameBook
    go_betweens: frozenset[str]

    def word(self, piece: Piece, dates: Sequence[ResolvedDate], memory: Memory) -> Worded:
        """The statement, whether it still leans on its surroundings, and whom it is about."""
        head = self._head(piece, memory)
        body = self._body(piece, dates)
        raw = f"{head} {body}" if head else body
        resolved, doubtful = self._pronouns(raw, piece, memory)
        named = self._names(resolved)
        expanded = self._full_names(resolved, named)
        people = self._people(named if expanded == resolved else self._names(expanded))
        subject = people[0] if people and expanded.startswith(people[0]) else self._titled(expanded, people)
        expanded = expanded if piece.reporting else self._inner(expanded, subject)
        needs = doubtful or verbs.starts_predicate(tokenize(expanded), 0) or self._leans(expanded, memory)
        return Worded(_sentence(expanded), needs, subject, people)

    def _head(self, piece: Piece, memory: Memory) -> str:
        if piece.subject is None or not _is_plain(self.text[slice(*piece.subject)]):
            return ""
        words = self.text[slice(*piece.subject)]
        low = words.lower()
        if low in {"he", "she"} and memory.subject:
            return memory.subject
        return words.split(",", 1)[0]

    def _body(self, piece: Piece, dates: Sequence[ResolvedDate]) -> str:
        """The quote with every relative date in plain words."""
        parts, place = [], piece.start
        for found in dates:
            if found.against and piece.start <= found.start and found.end <= piece.end and found.start >= place:
                if self.text[found.end : found.end + 2] in {"'s", "’s"}:
                    continue  # "Tuesday's hearing" has no short wording with a date
                before = self.text[piece.start : found.start].split()[-1:] or [""]
                parts += [self.text[place : found.start], in_words(found, before[0])]
                place = found.end
        return " ".join("".join([*parts, self.text[place : piece.end]]).split())

    def _pronouns(self, raw: str, piece: Piece, memory: Memory) -> tuple[str, bool]:
        match = _SUBJECT.match(raw)
        if match is None:
            return raw, False
        word = match["word"].lower()
        if word == "i":
            return self._first_person(raw, match, piece)
        name = self._they(piece, memory) if word == "they" else self._he(word, piece, memory)
        if not name:
            return raw, True
        return match["lead"] + name + _tail(match["tail"] or "") + raw[match.end() :], False

    def _he(self, word: str, piece: Piece, memory: Memory) -> str:
        if piece.report is None:
            return memory.subject
        speaker = piece.report.speaker
        source = {self.text[slice(*part)].lower() for part in piece.report.source}
        if source & _GENDERED and word not in source:
            return ""  # "She claimed that he ...": he is somebody else
        if piece.report.speech == "indirect" and self.book.is_person(speaker) and speaker not in self.go_betweens:
            return speaker
        return ""

    def _they(self, piece: Piece, memory: Memory) -> str:
        """Two people, and only two, who were named together just before; the speaker is not one of them."""
        speaker = piece.report.speaker if piece.report else ""
        return " and ".join(memory.pair) if len(memory.pair) == 2 and speaker not in memory.pair else ""

    def _first_person(self, raw: str, match: re.Match[str], piece: Piece) -> tuple[str, bool]:
        speaker = piece.report.speaker if piece.report else ""
        rest = raw[match.end() :].lstrip()
        following = (match["tail"] or "").replace("’", "'") or (rest.split(" ", 1)[0] if rest else "")
        if not self.book.is_person(speaker) or re.search(r"\b(?:my|me|we|our|you|myself)\b", rest, re.I):
            return raw, True
        if following in _FIRST:
            rest = rest if match["tail"] else rest.split(" ", 1)[-1]
            return f"{speaker} {_FIRST[following]} {rest}", False
        return (f"{speaker} {rest}", False) if _SAFE_AFTER_I.match(following) else (raw, True)

    def _names(self, statement: str) -> tuple[Entity, ...]:
        return find_names(statement, 0, len(statement), self.book)

    def _full_names(self, statement: str, found: Sequence[Entity]) -> str:
        """The first mention of each person in full: "Musk spoke with Putin" names both."""
        done: set[str] = set()
        parts, place = [], 0
        for entity in found:
            bare, full = self._surname(entity)
            if full and full not in done and full not in statement and bare != full:
                parts += [statement[place : entity.end - len(bare)], full]
                place = entity.end
            done.add(full)
        return "".join([*parts, statement[place:]])

    def _surname(self, entity: Entity) -> tuple[str, str]:
        name = " ".join(strip_titles(without_possessive(entity.words).split()))
        full = self.book.full(name) if name else ""
        return (name, full) if full != name and entity.words.endswith(name) else (name, "")

    def _people(self, found: Sequence[Entity]) -> tuple[str, ...]:
        names = [self._person(entity) for entity in found]
        return tuple(dict.fromkeys(name for name in names if name))

    def _person(self, entity: Entity) -> str:
        name = self.book.full(" ".join(strip_titles(without_possessive(entity.words).split())))
        return name if self.book.is_person(name) else ""

    def _titled(self, statement: str, people: tuple[str, ...]) -> str:
        """The subject after its titles: "Kremlin spokesman Dmitry Peskov denied"."""
        if not people:
            return ""
        before = statement[: statement.find(people[0])]
        return people[0] if before and not re.search(r"[,;]|\b(?:of|by|with|for|in|on|to|that|and)\b", before) else ""

    def _inner(self, statement: str, subject: str) -> str:
        """`Elon Musk spoke ... before he released`: the subject goes on."""
        if not subject:
            return statement
        return _INNER.sub(lambda m: f"{m['link']} {subject}", statement, count=1)

    def _leans(self, statement: str, memory: Memory) -> bool:
        definite = _DEFINITE.match(statement)
        if definite and (definite["count"] or definite["noun"] in memory.nouns or _is_bare(definite)):
            return True
        return any(self._is_open(statement, match) for match in _OPEN.finditer(statement))

    def _is_open(self, statement: str, match: re.Match[str]) -> bool:
        """A pronoun with no name before it in the statement itself."""
        low = match.group().lower()
        if match.group() == "US" or (
            low == "it" and re.match(r"it (?:is|was) \w+ (?:that|to)\b", statement[match.start() :], re.I)
        ):
            return False
        return low not in _PERSONAL or not re.search(r"\b(?:[A-Z]\w+|An?\b)", statement[: match.start()])


def _is_bare(definite: re.Match[str]) -> bool:
    """Nothing behind the noun says which one: a verb follows at once."""
    return definite["noun"] not in _ONE_OF_A_KIND and definite["next"] in _VERBS


def turn_page(memory: Memory) -> None:
    """A new sentence begins: "he" is known only where the last one named one person and no other."""
    named = memory.people | ({memory.speaker} if memory.speaker else set())
    memory.subject = next(iter(named)) if len(named) == 1 else ""
    memory.people, memory.speaker = set(), ""


def remember(memory: Memory, worded: Worded) -> None:
    """Lets later pronouns lean on this claim."""
    memory.subject = worded.subject or memory.subject
    memory.people.update(worded.people)
    if len(worded.people) >= 2:
        memory.pair = worded.people
    memory.nouns.update(re.findall(r"\b[a-z]{4,}\b", worded.statement))


def _is_plain(subject: str) -> bool:
    """Whether a subject may be said again in front of another verb; long and winding ones may be misread."""
    words = subject.split(",", 1)[0].split()
    return len(words) <= _LONGEST_SUBJECT and not words[-1][-1].isdigit() and not _WINDING.search(" ".join(words))


def _tail(contraction: str) -> str:
    low = contraction.lower().replace("’", "'")
    return {"'s": " is", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would"}.get(low, contraction)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
