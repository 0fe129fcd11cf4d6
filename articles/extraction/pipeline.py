"""From a story to its claims. Deterministic, linear in the text, no framework and no network."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from articles.extraction import kinds, verbs
from articles.extraction.abroad import tongue_of
from articles.extraction.attribution import Said, read_story
from articles.extraction.base import ExtractedClaim, Extraction, Reason, ResolvedDate
from articles.extraction.checkworthy import score_sentence, worth_of
from articles.extraction.dates import find_dates
from articles.extraction.names import build_book, find_names
from articles.extraction.numbers import find_numbers
from articles.extraction.quotes import find_quotations
from articles.extraction.relations import relate
from articles.extraction.sentences import paragraphs, split_sentences
from articles.extraction.spans import Piece, pieces_abroad, pieces_of, trim
from articles.extraction.speakers import UNNAMED_REPORTS
from articles.extraction.tokens import tokenize
from articles.extraction.wording import Memory, Wording, remember, turn_page

if TYPE_CHECKING:
    from articles.extraction.attribution import Reader
    from articles.extraction.base import Entity, Kind, Span, SpeakerStance, Story
    from articles.extraction.names import NameBook

EXTRACTOR: Final = "rules-3"
"""Name and version of these rules, kept with every claim they proposed."""

CLAIM_THRESHOLD: Final = 0.15
"""From this score on a part is proposed as a claim; below it is listed under "not claimed".

Low on purpose, and set by reading a dozen news stories: a claim too many is dismissed with one key, and a claim
that was never shown is checked by nobody.
"""

THRESHOLD_ABROAD: Final = 0.1
"""The same for a language without a model: whatever is no question, for nothing is known against it."""

_DAMPING: Final[dict[Kind, float]] = {"prediction": 0.35, "opinion": 0.35, "other": 0.5}


def extract(story: Story) -> Extraction:
    """Sentences, attributions and claims of the story; `claims` in text order, numbered from 1.

    Parts below the threshold of the language are in `not_claimed`, numbered on after the claims.
    """
    blocks = [(block.start, block.end) for block in story.blocks] or paragraphs(story.text)
    sentences = split_sentences(story.text, story.blocks)
    quotations = find_quotations(story.text, blocks)
    book = build_book(story.text, blocks)
    tongue = tongue_of(story.text, story.language)
    reader = read_story(story.text, sentences, quotations, blocks, book, tongue)
    proposed = _Writer(story, reader, book, english=tongue is None).write()
    claims, rest = _divide(proposed, CLAIM_THRESHOLD if tongue is None else THRESHOLD_ABROAD)
    return Extraction(sentences, tuple(said.attribution for said in reader.found), relate(claims), rest)


def _divide(
    proposed: list[ExtractedClaim], threshold: float
) -> tuple[tuple[ExtractedClaim, ...], tuple[ExtractedClaim, ...]]:
    above = [claim for claim in proposed if claim.score >= threshold]
    below = [claim for claim in proposed if claim.score < threshold]
    ordered = [replace(claim, number=number) for number, claim in enumerate([*above, *below], start=1)]
    return tuple(ordered[: len(above)]), tuple(ordered[len(above) :])


@dataclass(slots=True)
class _Writer:
    """Writes the claims of a story that has been read."""

    story: Story
    reader: Reader
    book: NameBook
    english: bool = True
    memory: Memory = field(default_factory=Memory)

    def write(self) -> list[ExtractedClaim]:
        kind_by_start = {block.start: block.kind for block in self.story.blocks}
        said = self._by_sentence()
        claims: list[ExtractedClaim] = []
        block_kind = "paragraph"
        for number, span in enumerate(self.reader.sentences):
            block_kind = kind_by_start.get(span[0], block_kind)
            claims += self._sentence(number, span, said.get(number, []), block_kind)
        return claims

    def _by_sentence(self) -> dict[int, list[Said]]:
        found: dict[int, list[Said]] = {}
        for one in self.reader.found:
            if one.is_attitude:
                continue
            found.setdefault(one.sentence, []).append(one)
        return found

    def _sentence(self, number: int, span: Span, said: list[Said], block_kind: str) -> list[ExtractedClaim]:
        dates = find_dates(self.story.text, *span, self.story.written_on)
        pieces = self._pieces(number, span, said, block_kind)
        turn_page(self.memory)
        claims = [self._claim(piece, span, dates, block_kind) for piece in pieces]
        return _scored(claims, self.story.text[slice(*span)], english=self.english)

    def _pieces(self, number: int, span: Span, said: list[Said], block_kind: str) -> list[Piece]:
        if block_kind == "caption":
            return [Piece(*span, None)]
        if self.english:
            found = pieces_of(self.story.text, span, self.reader.lines[number], said)
        else:
            found = pieces_abroad(self.story.text, span, said)
        if block_kind == "headline" and not any((p.start, p.end) == span for p in found):
            found = [p for p in found if p.report is not None]
            return [Piece(*span, None), *found]
        whole = trim(self.story.text, Piece(*span, None))
        return found or ([whole] if whole else [])

    def _claim(self, piece: Piece, span: Span, dates: tuple[ResolvedDate, ...], block_kind: str) -> ExtractedClaim:
        text, report = self.story.text, piece.report
        quote = text[piece.start : piece.end]
        go_betweens = frozenset(self.reader.speakers.go_betweens)
        worded = Wording(text, self.book, go_betweens).word(piece, dates, self.memory)
        remember(self.memory, worded)
        if report is not None and self.book.is_person(report.speaker):
            self.memory.speaker = report.speaker
        kind = _kind(quote, piece, block_kind, english=self.english)
        return ExtractedClaim(
            number=0,
            quote=quote,
            start=piece.start,
            end=piece.end,
            statement=worded.statement,
            needs_context=worded.needs_context
            or (kind not in {"caption", "headline"} and _is_fragment(worded.statement)),
            speaker=_speaker(piece),
            speech=report.speech if report else "own",
            stance_of_speaker=_stance(piece),
            kind=kind,
            score=0.0,
            dates=_dates(piece, span, dates),
            entities=self._entities(piece),
        )

    def _entities(self, piece: Piece) -> tuple[Entity, ...]:
        names = find_names(self.story.text, piece.start, piece.end, self.book)
        numbers = find_numbers(self.story.text, piece.start, piece.end)
        return tuple(sorted((*names, *numbers), key=lambda entity: (entity.start, entity.end)))


def _is_fragment(statement: str) -> bool:
    """ "People overwhelmingly voting to join": no sentence without what stood before it."""
    return verbs.first_finite(tokenize(statement)) is None


def _speaker(piece: Piece) -> str:
    if piece.report is None:
        return ""
    return UNNAMED_REPORTS if piece.noun else piece.report.speaker


def _stance(piece: Piece) -> SpeakerStance:
    if piece.report is None or piece.noun:
        return "asserts"
    return piece.report.stance


def _kind(quote: str, piece: Piece, block_kind: str, *, english: bool) -> Kind:
    if block_kind == "caption":
        return "caption"
    if block_kind == "headline":
        return "headline"
    return kinds.kind_of(quote, piece.reporting) if english else kinds.kind_abroad(quote, piece.reporting)


def _dates(piece: Piece, span: Span, dates: tuple[ResolvedDate, ...]) -> tuple[ResolvedDate, ...]:
    """The dates of the claim, and for reported words the day they were said on."""
    inside = [d for d in dates if piece.start <= d.start and d.end <= piece.end]
    if piece.report is not None:
        content = piece.report.content
        inside += [d for d in dates if not any(a <= d.start < b for a, b in content) and d not in inside]
    return tuple(sorted(inside, key=lambda d: d.start))


def _scored(claims: list[ExtractedClaim], sentence: str, *, english: bool) -> list[ExtractedClaim]:
    """The claims of one sentence with their scores."""
    is_whole = all(claim.statement == sentence.rstrip(".") for claim in claims)
    # A claim that is the whole sentence is not lifted by it.
    whole = 0.0 if is_whole or not english else worth_of(sentence)
    found = []
    for claim in claims:
        score, reasons = _score(claim.statement, whole, claim.kind, english=english)
        found.append(replace(claim, score=score, reasons=reasons))
    return found


def _score(statement: str, whole: float, kind: Kind, *, english: bool) -> tuple[float, tuple[Reason, ...]]:
    """Score of the self-contained wording, lifted half way to its sentence where that scores higher.

    Predictions, opinions and questions are damped, and say so.
    """
    scored = score_sentence(statement, english=None if english else False)
    score, reasons = scored.score, scored.reasons
    if whole > score:
        lifted = (score + whole) / 2
        weight = round(_log_odds(lifted) - _log_odds(score), 3)
        score, reasons = lifted, (Reason("stands in a sentence worth checking", weight), *reasons)
    damping = _DAMPING.get(kind)
    if damping is not None:
        weight = round(_log_odds(score * damping) - _log_odds(score), 3)
        score, reasons = score * damping, (Reason(f"{kind}: nothing to check today", weight), *reasons)
    if kind == "headline" and score < CLAIM_THRESHOLD and kinds.kind_of(statement) not in _DAMPING:
        weight = round(_log_odds(CLAIM_THRESHOLD) - _log_odds(score), 3)
        score, reasons = CLAIM_THRESHOLD, (Reason("headline: the words most people read", weight), *reasons)
    return round(score, 4), reasons


def _log_odds(share: float) -> float:
    bounded = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
