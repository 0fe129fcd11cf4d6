"""Who says what in a sentence that is not English, by word order, marks and the lists of `tongues`.

Far coarser than the rules for English: verbs that report, the word that opens what was said, "according to". A
language without a list has its sentences and quotation marks, and nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction.subjects import MARKS
from articles.extraction.tongues import TONGUES, UNKNOWN
from articles.ingest.language import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from articles.extraction.base import Span
    from articles.extraction.names import NameBook
    from articles.extraction.patterns import Line
    from articles.extraction.subjects import Range
    from articles.extraction.tokens import Token
    from articles.extraction.tongues import Tongue

_MARKS: Final = MARKS | set(".-،؛؟»«‹›「」『』。！？")
_DASHES: Final = frozenset("—–-")
_LONGEST_SOURCE: Final = 14
_TO_THAT: Final = 12
_FEWEST: Final = 3
_AMBIGUOUS: Final = frozenset(["segundo", "conforme", "suivant", "согласно", "حسب", "gemäß"])
"""Words that mean "according to" only at the beginning of a sentence or behind a comma."""

_LATIN: Final = 0x250
_SAMPLE: Final = 2_000


class Told(NamedTuple):
    """Character spans in the text; `word` is the reporting word. `aloud`: spoken words, set between dashes."""

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    word: str
    denies: bool = False
    aloud: bool = False


def tongue_of(text: str, language: str = "en") -> Tongue | None:
    """The lists for the language of a story, None for English; `language` is what its page says, "en" if nothing."""
    code = language.lower().split("-")[0].split("_")[0]
    if code == "en":
        code = detect_language(text) or ("en" if _is_latin(text[:_SAMPLE]) else "")
    return None if code == "en" else TONGUES.get(code, UNKNOWN)


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(ord(char) < _LATIN for char in letters) * 2 >= len(letters)


def find_told(line: Line, tongue: Tongue) -> list[Told]:
    """Every report of the sentence, in order, none inside another."""
    sentence = _Sentence(line.tokens, line.quoted, tongue)
    found = [*sentence.according(), *sentence.verbs()]
    kept: list[Told] = []
    for told in sorted(found, key=lambda one: one.content):
        if not kept or told.content[0][0] >= kept[-1].content[-1][1]:
            kept.append(told)
    return kept


@dataclass(frozen=True, slots=True)
class _Sentence:
    tokens: Sequence[Token]
    quoted: Sequence[bool]
    tongue: Tongue

    def verbs(self) -> Iterator[Told]:
        for i in range(len(self.tokens)):
            word = self._base(i)
            if not self.quoted[i] and (word in self.tongue.say or word in self.tongue.deny):
                told = self._that(i, word) or self._dash(i, word) or self._quote(i, word) or self._bare(i, word)
                if told is not None:
                    yield told

    def _base(self, i: int) -> str:
        """The word without an "and" that is written together with it."""
        low = self.tokens[i].low
        known = self.tongue.say | self.tongue.deny
        return next(
            (low[len(p) :] for p in self.tongue.prefixes if low.startswith(p) and low[len(p) :] in known), low
        )

    def _that(self, i: int, word: str) -> Told | None:
        """`Roe said that X`, `said Roe that X`."""
        for k in range(i + 1, min(len(self.tokens), i + 1 + _TO_THAT)):
            if self.quoted[k] or self.tokens[k].text in {".", ":", ";"}:
                return None
            opened = self._opens(k)
            if opened is not None and self._end() - k >= _FEWEST:
                source = self._source(i, k)
                return self._told(source, i, ((opened, self._stop()),), word) if source else None
        return None

    def _opens(self, k: int) -> int | None:
        """Where the content begins if `tokens[k]` is the word for "that"."""
        token = self.tokens[k]
        if token.low in self.tongue.that:
            is_bare = not self.tongue.prefixes or len(token.text) < len("بأنه")
            return self.tokens[k + 1].start if is_bare and k + 1 < len(self.tokens) else token.start
        if token.low.startswith("qu'") and "que" in self.tongue.that:
            return token.start + len("qu'")
        return None

    def _dash(self, i: int, word: str) -> Told | None:
        """`—The bridge is shut —said Roe`, as speech is set in novels and in Spanish and Russian papers."""
        k = i - 1
        if self.tokens[0].text not in _DASHES or k <= _FEWEST or self.tokens[k].text not in _DASHES:
            return None
        content = ((self.tokens[1].start, self.tokens[k - 1].end),)
        return self._told(self._after(i, len(self.tokens)), i, content, word)._replace(aloud=True)

    def _quote(self, i: int, word: str) -> Told | None:
        """Quoted words beside the verb, before or behind it."""
        runs = [run for run in self._quoted_runs() if run[1] - run[0] >= _FEWEST]
        if not runs:
            return None
        source = self._source(i, len(self.tokens))
        return self._told(source, i, tuple(self._chars(run) for run in runs), word)

    def _quoted_runs(self) -> Iterator[Range]:
        start = None
        for i, inside in enumerate([*self.quoted, False]):
            if inside and start is None:
                start = i
            elif not inside and start is not None:
                yield start, i
                start = None

    def _bare(self, i: int, word: str) -> Told | None:
        """German: `Roe sagte, die Brücke sei zu`."""
        comma = i + 1
        if not self.tongue.bare_clause or comma >= len(self.tokens) or self.tokens[comma].text != ",":
            return None
        source = self._source(i, comma)
        if source is None or self._end() - comma <= _FEWEST:
            return None
        return self._told(source, i, ((self.tokens[comma + 1].start, self._stop()),), word)

    def according(self) -> Iterator[Told]:
        for i in range(len(self.tokens)):
            if self.quoted[i]:
                continue
            run = next((run for run in self.tongue.according if self._stands(run, i)), None)
            if run is not None and (told := self._by_source(i, i + len(run), " ".join(run))) is not None:
                yield told
            elif self.tokens[i].low in self.tongue.behind and 0 < i <= _LONGEST_SOURCE:
                content = (self.tokens[i + 1].start, self._stop()) if i + 1 < len(self.tokens) else None
                if content:
                    yield Told(self._chars((0, i)), self._chars((i, i + 1)), (content,), self.tokens[i].low)

    def _stands(self, run: tuple[str, ...], i: int) -> bool:
        return all(i + k < len(self.tokens) and self._same(i + k, word) for k, word in enumerate(run))

    def _same(self, i: int, word: str) -> bool:
        low = self.tokens[i].low
        return low == word or any(low == prefix + word for prefix in self.tongue.prefixes)

    def _by_source(self, i: int, begin: int, word: str) -> Told | None:
        close = next((k for k in range(begin, self._end()) if self.tokens[k].text in {",", "،"}), None)
        if close is not None and close - begin > _LONGEST_SOURCE:
            close = None
        if i == 0:
            end = close if close is not None else self._phrase_end(begin)
            start = end + 1 if close is not None else end
            parts = [(start, self._end())]
        else:
            is_set_off = self.tokens[i - 1].text in {",", "،"}
            if not is_set_off and word in _AMBIGUOUS:
                return None
            end = close if close is not None else self._end()
            parts = [(0, i - is_set_off), (end + 1, self._end())]
        told = tuple(self._chars(part) for part in parts if part[1] - part[0] >= _FEWEST)
        if end <= begin or end - begin > _LONGEST_SOURCE or not told:
            return None
        return Told(self._chars((begin, end)), self._chars((i, begin)), told, word)

    def _phrase_end(self, begin: int) -> int:
        """Where a German noun phrase ends that no comma closes: behind its last capital."""
        if not self.tongue.bare_clause:
            return begin
        end = begin
        while end < self._end() and (self.tokens[end].is_capital or self.tokens[end].low in self.tongue.articles):
            end += 1
        return end

    def _source(self, i: int, stop: int) -> Range | None:
        """Who says it: what stands before the verb, or behind it where nothing does or where only there is a name."""
        before, after = self._before(i), self._after(i, stop)
        if before is None or after is None:
            return before or after
        return after if self._has_name(after) and not self._has_name(before) else before

    def _before(self, i: int) -> Range | None:
        end = i
        while end > 0 and (self.tokens[end - 1].low in self.tongue.helpers or self.tokens[end - 1].text == ","):
            end -= 1
        begin = 0
        for k in range(end - 1, -1, -1):
            far = end - k > _LONGEST_SOURCE and self.tokens[k].text in {",", "،"}
            if far or self.quoted[k] or self.tokens[k].text in _MARKS - {",", "،", "-"}:
                begin = k + 1
                break
        while begin < end and (self.tokens[begin].text in _MARKS or self.tokens[begin].low in self.tongue.helpers):
            begin += 1
        return (begin, end) if 0 < end - begin <= _LONGEST_SOURCE else None

    def _after(self, i: int, stop: int) -> Range | None:
        begin = i + 1
        while begin < stop and (self.tokens[begin].text in _DASHES or self.tokens[begin].low in self.tongue.helpers):
            begin += 1
        end = begin
        while end < stop and end - begin < _LONGEST_SOURCE and not self._ends_source(end):
            end += 1
        return (begin, end) if end > begin else None

    def _ends_source(self, k: int) -> bool:
        return self.quoted[k] or self.tokens[k].text in _MARKS or self.tokens[k].low in self.tongue.that

    def _has_name(self, part: Range) -> bool:
        return any(token.is_capital and token.start > self.tokens[0].start for token in self.tokens[slice(*part)])

    def _told(self, source: Range | None, i: int, content: tuple[Span, ...], word: str) -> Told:
        span = self._chars(source) if source else None
        return Told(span, self._chars((i, i + 1)), content, word, word in self.tongue.deny)

    def _chars(self, part: Range) -> Span:
        return self.tokens[part[0]].start, self.tokens[part[1] - 1].end

    def _end(self) -> int:
        return len(self.tokens) - (self.tokens[-1].text in {".", "。", "।"})

    def _stop(self) -> int:
        return self.tokens[self._end() - 1].end


def speaker_name(tokens: Sequence[Token], text: str, book: NameBook, tongue: Tongue) -> str:
    """The name in a source: two capitals or more in a row, a surname in full, else the words as they stand.

    "" for a pronoun.
    """
    end = next((i for i, token in enumerate(tokens) if token.text in {",", "،"}), len(tokens))
    words = list(tokens[:end])
    while len(words) > 1 and words[0].low in tongue.articles and words[1].is_capital:
        words.pop(0)
    if not words or (len(words) == 1 and words[0].low in tongue.pronouns):
        return ""
    begin = len(words)
    while begin > 0 and words[begin - 1].is_capital:
        begin -= 1
    name = " ".join(word.text for word in words[begin:])
    if not tongue.bare_clause and len(words) - begin > 1:
        return book.full(name)
    return book.full(name) if name and book.full(name) != name else text[words[0].start : words[-1].end]
