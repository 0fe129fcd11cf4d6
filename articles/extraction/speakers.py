"""From the words of a source to the fullest name the story has for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from articles.extraction import cues
from articles.extraction.lists import words as word_list
from articles.extraction.names import is_title_case, name_spans, strip_titles
from articles.extraction.tokens import without_possessive

if TYPE_CHECKING:
    from articles.extraction.names import NameBook
    from articles.extraction.tokens import Token

UNNAMED_REPORTS: Final = "(reports)"
"""Speaker of what unnamed others claim: "denied claims that ..."."""

_SINGULAR: Final = word_list("he she him her his i himself herself")
_MALE: Final = word_list(
    "he him his himself mr sir lord king prince spokesman chairman businessman congressman father"
)
_FEMALE: Final = word_list(
    "she her herself mrs ms lady queen princess spokeswoman chairwoman congresswoman actress mother"
)
_PLURAL: Final = word_list("they we them their themselves")
_DETERMINERS: Final = word_list("the a an")
_LEADS: Final = word_list("on in at by during after before since amid as for and but earlier later last")
_OWNERS: Final = word_list("the a an his her its their")
_GO_BETWEENS: Final = word_list("spokesman spokeswoman spokesperson lawyer attorney aide adviser advisor")

_MOST_RECENT: Final = 5


@dataclass(slots=True)
class Speakers:
    """Remembers who spoke last while the story is read from top to bottom."""

    book: NameBook
    last_person: str = ""
    last_group: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    go_betweens: set[str] = field(default_factory=set)
    women: dict[str, bool] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)

    def resolve(self, source: list[Token]) -> str:
        """Name of the source; the words as written where no name fits; "" for nothing."""
        name = self.name_of(source)
        if name:
            self._remember(name, _head_words(source))
        return name

    def name_of(self, source: list[Token]) -> str:
        """The same without taking it that they spoke."""
        words = _head_words(source)
        if not words:
            return ""
        return self._by_pronoun(words) or self._by_name(source) or self._by_role(words) or _as_written(words)

    def _by_pronoun(self, words: list[Token]) -> str:
        if len(words) != 1 and words[0].low not in _LEADS:
            return ""
        low = words[-1].low
        if low in _SINGULAR:
            return self._last_fitting(low) or words[-1].text
        return (self.last_group or words[-1].text) if low in _PLURAL else ""

    def _last_fitting(self, pronoun: str) -> str:
        """Who spoke last, passing over those whom a title or an earlier pronoun made the other sex."""
        if pronoun == "i":
            return self.last_person
        is_woman = pronoun in _FEMALE
        fitting = (name for name in reversed(self.recent) if self.women.get(name, is_woman) == is_woman)
        return next(fitting, "")

    def _by_name(self, source: list[Token]) -> str:
        """The last personal name of the head; in the apposition only when the head names nobody."""
        head = _head_words(source)
        found = self._person_in(head)
        return found or (self._person_in(source) if not any(w.is_capital for w in head[1:]) else "")

    def _person_in(self, words: list[Token]) -> str:
        if words and words[-1].is_word and not words[-1].is_capital and "who" not in {w.low for w in words}:
            return ""
        known = self.book.words if is_title_case(words) else None
        for i, j in reversed(list(name_spans(words, known))):
            parts = strip_titles([without_possessive(word.text) for word in words[i:j] if word.text != "."])
            name = self.book.full(" ".join(parts))
            if parts and not self.book.is_person(name):
                name = self.book.full(parts[-1])  # "... the Vessin Post Roe": two names side by side
            if name and self.book.is_person(name):
                self._note_roles(words[:j], name)
                return name
        return ""

    def _note_roles(self, words: list[Token], name: str) -> None:
        titles = {word.low for word in words if word.low in cues.TITLES}
        self.roles.update(dict.fromkeys(titles, name))
        if titles & (_MALE | _FEMALE):
            self.women.setdefault(name, bool(titles & _FEMALE))
        if titles & _GO_BETWEENS:
            self.go_betweens.add(name)

    def _by_role(self, words: list[Token]) -> str:
        if words[0].low != "the" or len(words) > 3:
            return ""
        return self.roles.get(words[-1].low, "")

    def _remember(self, name: str, words: list[Token]) -> None:
        if self.book.is_person(name):
            self.last_person = name
            self.recent = [*self.recent[-_MOST_RECENT:], name]
            if len(words) == 1 and words[0].low in {"he", "she"}:
                self.women.setdefault(name, words[0].low == "she")
        elif words[-1].low.endswith("s") or words[-1].low in cues.UNNAMED:
            self.last_group = name


def _head_words(source: list[Token]) -> list[Token]:
    """Up to the comma of an apposition or a relative clause, introductory "on Tuesday" left out."""
    end = next((i for i, word in enumerate(source) if word.text in {",", "who"} and i), len(source))
    return [word for word in source[:end] if word.text not in {'"', "“", "”", "(", ")"}]


def _as_written(words: list[Token]) -> str:
    if words[0].low in _LEADS:
        last = max((i for i, word in enumerate(words) if word.low in _OWNERS), default=0)
        words = words[last:]
    kept = words[1:] if words[0].low in _DETERMINERS and len(words) > 1 and words[1].is_capital else words
    text, place = "", kept[0].start
    for word in kept:
        text += " " * (word.start > place) + word.text
        place = word.end
    return without_possessive(text) if text.endswith(("'s", "’s")) else text
