"""Names in the story: sequences of capitalised words, told apart by what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from articles.extraction import cues
from articles.extraction.base import Entity
from articles.extraction.lists import words as word_list
from articles.extraction.tokens import tokenize, without_possessive

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from articles.extraction.base import Span
    from articles.extraction.tokens import Token

PARTICLES: Final = word_list("de da do dos del della di du la le van von der den ter bin ibn al el of the and")
_JOINERS: Final = word_list("de da do dos del della di du la le van von der den ter bin ibn al el of")
_IN_NAMES: Final = frozenset(["people's", "women's", "men's", "children's", "veterans'", "workers'", "teachers'"])
NOT_NAMES: Final = word_list(
    "the a an in on at by for from with to of and or but if when while after before since although though he she it"
    " they we i you his her its their our my your this that these those there here what who why how where which not"
    " no yes some many most all both each one two three four five six seven eight nine ten last next earlier later"
    " meanwhile however also then now still according asked speaking january february march april june july august"
    " september october november december monday tuesday wednesday thursday friday saturday sunday during under over"
    " between among despite because as so only just more than about until through even such once people police"
    " officials critics experts i'm i've it's he's she's that's they're we're you're don't breaking watch read photo"
    " mr mrs ms"
)
_ORGANISATION: Final = re.compile(
    r"\b(?:University|Ministry|Party|Council|Committee|Commission|Agency|Association|Bank|Company|Corp|Inc|Ltd|Group"
    r"|Department|Institute|Union|Court|Senate|House|Congress|Parliament|Police|Times|Post|News|Journal|Press|Office"
    r"|Organi[sz]ation|Foundation|Center|Centre|Service|Bureau|Board|Guard|Army|Navy|Force|Club|Federation|Reserve"
    r"|Authority|Society|College|School|Hospital|Network|Media|Herald|Tribune|Guardian|Administration|Kremlin|Twitter"
    r"|Facebook|Google|Reuters|CNN|BBC|NATO|Pentagon|Campaign|Coalition|Alliance|Assembly|Airlines|Motors|Energy)\b"
)
_PLACE: Final = re.compile(
    r"\b(?:Street|Avenue|Road|City|County|Region|Republic|Island|Islands|River|Lake|Mountain|Mountains|Sea|Ocean|Bay"
    r"|Valley|State|States|Province|District|Kingdom|York|Square|Park|Airport|Beach|Hill|Hills|North|South|East|West"
    r"|America|Europe|Africa|Asia|Crimea|Washington|London|Moscow|Paris|Berlin|Brussels|Beijing)\b"
)
_ABBREVIATION: Final = re.compile(r"[A-Z]{3,}s?$|[A-Z]{2,}s$|.*\d")
_PLACE_BEFORE: Final = word_list("in at near from to across throughout outside inside of")


@dataclass(slots=True)
class NameBook:
    """Everyone the story names in full. `people` maps the last word of a name to the full names met.

    `words` are the words written with a capital inside sentences: what is a name in a headline.
    """

    people: dict[str, list[str]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def full(self, name: str) -> str:
        """The fullest form of a person's name, or the name itself where it is unknown or two share it."""
        known = self.people.get(name.rsplit(" ", maxsplit=1)[-1], []) if name else []
        fitting = [full for full in known if full == name or full.endswith(" " + name)]
        return fitting[0] if len(fitting) == 1 else name

    def is_person(self, name: str) -> bool:
        return name in self.people or name in self.people.get(name.rsplit(" ", maxsplit=1)[-1], [])

    def add(self, name: str) -> None:
        known = self.people.setdefault(name.rsplit(" ", maxsplit=1)[-1], [])
        if name not in known:
            known.append(name)


def is_title_case(tokens: Sequence[Token]) -> bool:
    """Whether capitals tell nothing, as in a headline: most of the longer words have one."""
    first = [token.text[0] for token in tokens if len(token.text) > 3 and token.is_word]
    return len(first) > 3 and sum(map(str.isupper, first)) >= 0.6 * len(first) + 1


def name_spans(tokens: Sequence[Token], known: Container[str] | None = None) -> Iterator[tuple[int, int]]:
    """Token ranges of capitalised sequences ("Dmitry Peskov", "Bank of Kestria"), function words left out.

    With `known`, only those words begin or go on a name.
    """
    if known is not None:
        tokens = [token if _is_known(token, known) else token._replace(text=token.low) for token in tokens]
    named = [
        (first := token.text[0]).isupper() and first.isalnum() and token.low not in NOT_NAMES for token in tokens
    ]
    i = 0
    while i < len(tokens):
        if not named[i]:
            i += 1
            continue
        end = _run_end(tokens, named, i)
        yield i, end
        i = end


def _is_known(token: Token, known: Container[str]) -> bool:
    return without_possessive(token.text) in known or (token.text.isupper() and len(token.text) > 1)


def _run_end(tokens: Sequence[Token], named: Sequence[bool], i: int) -> int:
    end = i + 1
    while end < len(tokens) and not _closes(tokens[end - 1]):
        goes_on = end + 1 < len(tokens) and named[end + 1]
        if named[end] or (goes_on and _is_initial_dot(tokens, end)):
            end += 1
        elif goes_on and tokens[end].low in _JOINERS:
            end += 2
        else:
            break
    return end


def _closes(token: Token) -> bool:
    return token.low.endswith(("'s", "s'")) and token.low not in _IN_NAMES


def _is_initial_dot(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].text == "." and len(tokens[i - 1].text) <= 2


def strip_titles(words: Sequence[str]) -> list[str]:
    """ "Tesla CEO Elon Musk" -> Elon Musk: everything up to the last title goes, if a name is left."""
    last = max((i for i, word in enumerate(words) if word.lower().rstrip(".") in cues.TITLES), default=-1)
    rest = list(words[last + 1 :])
    return [word for word in rest if word != "."] if rest else []


def build_book(text: str, stretches: Sequence[Span]) -> NameBook:
    """Reads the story once and notes every person named with a title, or in full and again by surname."""
    book = NameBook()
    candidates: dict[str, int] = {}
    alone: set[str] = set()
    for start, end in stretches:
        _note_names(tokenize(text, start, end), book, candidates, alone)
    for name in candidates:
        if name.split(" ")[-1] in alone:
            book.add(name)
    return book


def _note_names(tokens: list[Token], book: NameBook, candidates: dict[str, int], alone: set[str]) -> None:
    if is_title_case(tokens):
        return
    book.words.update(without_possessive(t.text) for t in tokens[1:] if t.is_word and t.is_capital)
    for i, j in name_spans(tokens):
        words = [without_possessive(token.text) for token in tokens[i:j] if token.text != "."]
        name = strip_titles(words)
        titled = len(name) < len(words) or _title_before(tokens, i) or _reports_after(tokens, j)
        joined = " ".join(name)
        if len(name) == 1:
            alone.add(joined)
        elif _may_be_person(name):
            candidates.setdefault(joined, i)
            if titled:
                book.add(joined)


def _title_before(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].low.rstrip(".") in cues.TITLES


def _reports_after(tokens: list[Token], j: int) -> bool:
    return j < len(tokens) and tokens[j].low in {"said", "says", "told", "who", "added"}


def _may_be_person(words: Sequence[str]) -> bool:
    joined = " ".join(words)
    if not 2 <= len(words) <= 5 or any(_ABBREVIATION.match(word) for word in words):
        return False
    return not (_ORGANISATION.search(joined) or _PLACE.search(joined) or " of " in joined)


def find_names(text: str, start: int, end: int, book: NameBook) -> tuple[Entity, ...]:
    """Names in `text[start:end]` with the kind their words and neighbours hint at; `name` where nothing does."""
    tokens = tokenize(text, start, end)
    known = book.words if is_title_case(tokens) else None
    return tuple(_entity(text, tokens, i, j, book) for i, j in name_spans(tokens, known))


def _entity(text: str, tokens: list[Token], i: int, j: int, book: NameBook) -> Entity:
    begin, end = tokens[i].start, tokens[j - 1].end
    plain = [token for token in tokens[i:j] if token.text != "."]
    named = strip_titles([token.text for token in plain])
    if named and len(named) < len(plain) and book.is_person(" ".join(map(without_possessive, named))):
        begin = plain[-len(named)].start
    shown = without_possessive(text[begin:end])
    return Entity(_kind(shown, tokens, i, book), shown, begin, begin + len(shown))


def _kind(
    words: str, tokens: list[Token], i: int, book: NameBook
) -> Literal["person", "place", "organisation", "name"]:
    if book.is_person(words):
        return "person"
    if _ORGANISATION.search(words) or (words.isupper() and len(words) > 2):
        return "organisation"
    if _PLACE.search(words) or (i > 0 and tokens[i - 1].low in _PLACE_BEFORE):
        return "place"
    return "name"
