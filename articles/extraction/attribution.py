"""Who says what in a whole story: reports sentence by sentence, quotations tied to whoever speaks."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction import cues, verbs
from articles.extraction.abroad import find_told, speaker_name
from articles.extraction.attitudes import find_attitudes
from articles.extraction.base import Attribution
from articles.extraction.labels import find_labels
from articles.extraction.names import is_title_case
from articles.extraction.patterns import Line, Report, find_reports
from articles.extraction.speakers import UNNAMED_REPORTS, Speakers
from articles.extraction.subjects import subject_before
from articles.extraction.tokens import Token, tokenize, without_asides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.abroad import Told
    from articles.extraction.base import Span, SpeakerStance, Speech
    from articles.extraction.labels import SpeakerLabel
    from articles.extraction.names import NameBook
    from articles.extraction.quotes import Quotation
    from articles.extraction.tongues import Tongue

SCARE_QUOTE: Final = 2
"""So many quoted words or fewer, with nobody said to have said them, are emphasis and no quotation."""

_SINGLE_MARKS: Final = "'‘"
_SHORTEST_QUOTE: Final = 6
# How many tokens before a quotation the verb that introduces it is looked for.
_REACH: Final = 60
"""Fewer characters between marks are no words of anybody's; skipped before anything is counted."""


class Said(NamedTuple):
    """An attribution with the place of its sentence and the report noun it leans on ("claims"), if any."""

    attribution: Attribution
    sentence: int
    noun: str
    is_attitude: bool = False


class _Waiting(NamedTuple):
    """The part of a quotation inside one sentence while its end, and its speaker, are still to come."""

    quote: Quotation
    part: Span
    sentence: int
    earlier: Attribution | None


@dataclass(slots=True)
class Reader:
    """Reads the sentences of a story in order and collects who says what."""

    text: str
    sentences: Sequence[Span]
    quotations: Sequence[Quotation]
    blocks: Sequence[Span]
    speakers: Speakers
    found: list[Said] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    block: int = -1
    in_block: Attribution | None = None
    carried: Attribution | None = None
    going_on: bool = False
    waiting: list[_Waiting] = field(default_factory=list)
    labels: dict[int, SpeakerLabel] = field(default_factory=dict)
    labelled: Attribution | None = None
    tongue: Tongue | None = None

    def read(self) -> list[Said]:
        for number, span in enumerate(self.sentences):
            self._enter_block(span)
            self._read_sentence(number, span)
        self._give_up_waiting()
        self.found.sort(key=lambda said: said.sentence)
        return self.found

    def _give_up_waiting(self) -> None:
        """Quotations nobody was named for go to whoever spoke last in the paragraph, or go on speaking."""
        for one in self.waiting:
            if one.earlier is not None:
                self.found.append(_given(one.earlier, one.part, one.sentence))
        self.waiting = []

    def _enter_block(self, span: Span) -> None:
        block = self.block
        while block + 1 < len(self.blocks) and self.blocks[block + 1][0] <= span[0]:
            block += 1
        if block != self.block:
            self._give_up_waiting()
            self.going_on = self._was_left_open()
            self.block, self.in_block, self.labelled = block, None, None

    def _was_left_open(self) -> bool:
        """Whether the paragraph before ended inside a quotation that was never closed."""
        if self.block < 0:
            return False
        end = self.blocks[self.block][1]
        place = bisect_left(self.quotations, end, key=lambda q: q.end)
        return any(not q.closed and q.end == end for q in self.quotations[place : place + 1])

    def _read_sentence(self, number: int, span: Span) -> None:
        quotes = self._quotes_in(span)
        line = self._line(span, quotes)
        self.lines.append(line)
        if self.tongue is None:
            made = [self._said(number, line, report, quotes) for report in find_reports(line)]
        else:
            made = [self._abroad(number, told, quotes) for told in find_told(line, self.tongue)]
        made += self._settle(quotes, made)
        made += self._loose_quotes(number, span, line, quotes, made)
        made += self._labelled(number, span, line, made)
        self.found += made
        if self.tongue is None:
            self.found += self._attitudes(number, line, made)
        named = [said.attribution for said in made if said.attribution.source and not said.is_attitude]
        if named:
            self.carried = self.in_block = named[-1]

    def _settle(self, quotes: list[Quotation], made: list[Said]) -> list[Said]:
        """Gives the earlier sentences of a quotation to whoever is named at its end: `"A. B," he said.`"""
        if self.waiting and self.waiting[0].quote not in quotes:
            self._give_up_waiting()
        settled = []
        for quote in quotes:
            owner = next((said.attribution for said in made if _touches(said.attribution, quote)), None)
            if owner is None or not owner.source:
                continue
            settled += [_given(owner, one.part, one.sentence) for one in self.waiting if one.quote == quote]
            self.waiting = [one for one in self.waiting if one.quote != quote]
        return settled

    def _quotes_in(self, span: Span) -> list[Quotation]:
        first = bisect_left(self.quotations, span[0], key=lambda q: q.end)
        found = []
        for quote in self.quotations[first:]:
            if quote.start >= span[1]:
                break
            if quote.end > span[0]:
                found.append(quote)
        return found

    def _line(self, span: Span, quotes: list[Quotation]) -> Line:
        tokens = without_asides(tokenize(self.text, *span))
        if self.tongue is None and is_title_case(tokens):
            tokens = [token._replace(text=token.low) for token in tokens]
        quoted, place = [], 0
        for token in tokens:
            while place < len(quotes) and quotes[place].end <= token.start:
                place += 1
            quoted.append(place < len(quotes) and quotes[place].start <= token.start)
        return Line(tokens, quoted)

    def _abroad(self, number: int, told: Told, quotes: list[Quotation]) -> Said:
        """A report in another language; a pronoun stands for whoever spoke last."""
        source = (told.source,) if told.source else ()
        speaker = self.carried.speaker if self.carried else ""
        if told.source and self.tongue is not None:
            words = tokenize(self.text, *told.source)
            named = speaker_name(words, self.text, self.speakers.book, self.tongue)
            speaker = named or speaker or self.text[slice(*told.source)]
        speech: Speech = "direct" if told.aloud or _mostly_quoted(told.content, quotes) else "indirect"
        stance: SpeakerStance = "denies" if told.denies else "asserts"
        return Said(Attribution(source, (told.cue,), told.content, speech, speaker, stance), number, "")

    def _said(self, number: int, line: Line, report: Report, quotes: list[Quotation]) -> Said:
        content = tuple(_chars(line.tokens, part) for part in report.content)
        source = (_chars(line.tokens, report.source),) if report.source else ()
        speaker = self.speakers.resolve(self._source_tokens(source)) if source else ""
        if report.noun and not source:
            speaker = UNNAMED_REPORTS
        speech: Speech = "direct" if _mostly_quoted(content, quotes) else "indirect"
        cue = (_chars(line.tokens, report.cue),)
        made = Attribution(source, cue, content, speech, speaker, cues.stance_of(report.word))
        return Said(made, number, report.noun)

    def _labelled(self, number: int, span: Span, line: Line, made: list[Said]) -> list[Said]:
        """What stands behind "Q:" or "Roe:", and the rest of that paragraph where it is an interview."""
        label = self.labels.get(span[0])
        if label is not None and label.colon[1] < span[1]:
            speaker = self.speakers.resolve(self._source_tokens((label.who,)))
            rest = _without_space(self.text, label.colon[1], span[1])
            one = Attribution(
                (label.who,), (label.colon,), (rest,), "direct" if label.speaks_on else "indirect", speaker
            )
            self.labelled = one if label.speaks_on else None
            asks = self.text[span[1] - 1] == "?" or verbs.first_finite(line.tokens) is None
            return [] if made or asks else [Said(one, number, "")]
        if self.labelled is None or made or self.text[span[1] - 1] == "?":
            return []
        return [_given(self.labelled, span, number)]

    def _attitudes(self, number: int, line: Line, made: list[Said]) -> list[Said]:
        """Who supports, fears or is expected to do something, outside what is reported already."""
        covered = [part for said in made for part in (*said.attribution.content, *said.attribution.cue)]
        taken = [any(start <= token.start < end for start, end in covered) for token in line.tokens]
        return [self._attitude(number, line, report) for report in find_attitudes(line, taken)]

    def _attitude(self, number: int, line: Line, report: Report) -> Said:
        content = tuple(_chars(line.tokens, part) for part in report.content)
        source = (_chars(line.tokens, report.source),) if report.source else ()
        speaker = self.speakers.name_of(self._source_tokens(source)) if source else ""
        cue = (_chars(line.tokens, report.cue),)
        made = Attribution(source, cue, content, "indirect", speaker, cues.stance_of(report.word))
        return Said(made, number, "", is_attitude=True)

    def _source_tokens(self, source: tuple[Span, ...]) -> list[Token]:
        """The source as the story writes it, since a headline's small letters hide names."""
        return tokenize(self.text, *source[0])

    def _loose_quotes(
        self, number: int, span: Span, line: Line, quotes: list[Quotation], made: list[Said]
    ) -> list[Said]:
        """Quotations that no report of the sentence covers."""
        covered = [part for said in made for part in said.attribution.content]
        loose = []
        for quote in quotes:
            part = (max(span[0], quote.start), min(span[1], quote.end))
            if any(a < part[1] and part[0] < b for a, b in covered):
                continue
            if quote.end > span[1] and not made:
                self.waiting.append(_Waiting(quote, part, number, self._earlier_speaker(quote, span)))
                continue
            owner = self._owner(part, span, line, quote, made)
            if owner is not None:
                loose.append(Said(owner, number, ""))
            elif self.text[quote.start] not in _SINGLE_MARKS:
                loose.append(self._scare_quote(number, part, line))
        return loose

    def _scare_quote(self, number: int, part: Span, line: Line) -> Said:
        """A word or two between marks are somebody's, but nothing a claim could be cut out of."""
        owner = self._by_subject(part, line) or Attribution((), (), (part,), "direct")
        return Said(owner, number, "", is_attitude=True)

    def _owner(self, part: Span, span: Span, line: Line, quote: Quotation, made: list[Said]) -> Attribution | None:
        if part[1] - part[0] < _SHORTEST_QUOTE:
            return None
        words = sum(token.is_word and part[0] <= token.start < part[1] for token in line.tokens)
        opens = part[0] <= span[0] + 1
        if opens and (earlier := self._earlier_speaker(quote, span)) is not None:
            return Attribution(earlier.source, earlier.cue, (part,), "direct", earlier.speaker)
        if words <= SCARE_QUOTE:
            return None
        named = [said.attribution for said in made if said.attribution.source]
        if named:
            return Attribution(named[-1].source, named[-1].cue, (part,), "direct", named[-1].speaker)
        return self._by_subject(part, line)

    def _earlier_speaker(self, quote: Quotation, span: Span) -> Attribution | None:
        """`"A," he said. "B."`, and a speech that goes on in the next paragraph."""
        if self.in_block is not None:
            return self.in_block
        goes_on = self.going_on or self._fills_block(quote) or quote.start < span[0]
        return self.carried if goes_on else None

    def _fills_block(self, quote: Quotation) -> bool:
        return quote.start <= self.blocks[self.block][0] and quote.end >= self.blocks[self.block][1] - 2

    def _by_subject(self, part: Span, line: Line) -> Attribution | None:
        """`Roe has long mocked the deal as "a gift to nobody"`: the subject of the verb before the quotation."""
        if self.tongue is not None:
            return None
        place = bisect_left(line.tokens, part[0], key=lambda token: token.start)
        for verb in range(place - 1, max(0, place - 1 - _REACH), -1):
            if verbs.is_finite(line.tokens, verb) and (subject := subject_before(line.tokens, verb)):
                source = _chars(line.tokens, subject)
                speaker = self.speakers.resolve(self._source_tokens((source,)))
                return Attribution((source,), (_chars(line.tokens, (verb, verb + 1)),), (part,), "direct", speaker)
        return None


def read_story(
    text: str,
    sentences: Sequence[Span],
    quotations: Sequence[Quotation],
    blocks: Sequence[Span],
    book: NameBook,
    tongue: Tongue | None = None,
) -> Reader:
    """A reader that has read the whole story; `found` holds who says what, `lines` the tokens by sentence.

    `tongue` are the word lists of another language, None for English.
    """
    labels = find_labels(text, blocks, book)
    reader = Reader(text, sentences, quotations, blocks, Speakers(book), labels=labels, tongue=tongue)
    reader.read()
    return reader


def _without_space(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _touches(attribution: Attribution, quote: Quotation) -> bool:
    return any(start < quote.end and quote.start < end for start, end in attribution.content)


def _given(owner: Attribution, part: Span, sentence: int) -> Said:
    return Said(Attribution(owner.source, owner.cue, (part,), "direct", owner.speaker), sentence, "")


def _chars(tokens: list[Token], part: tuple[int, int]) -> Span:
    return tokens[part[0]].start, tokens[part[1] - 1].end


def _mostly_quoted(content: tuple[Span, ...], quotes: list[Quotation]) -> bool:
    total = sum(end - start for start, end in content)
    inside = sum(max(0, min(end, quote.end) - max(start, quote.start)) for start, end in content for quote in quotes)
    return inside * 2 >= total
