"""The model's claims and those of the rules made one list.

The rules' claims stay, all of them. A claim of the model on the same words raises its score a little and, where
the rules could not word it safely, words it; one on other words is added. The score says by name what the model
brought. Stance, kind, dates and names come from the rules; from the model come only places in the text, wordings
that the story covers, and a speaker the story names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from articles.extraction.base import ExtractedClaim, Extraction, Reason
from articles.extraction.checkworthy import score_sentence
from articles.extraction.dates import find_dates
from articles.extraction.kinds import is_claimed, kind_of
from articles.extraction.names import build_book, find_names
from articles.extraction.numbers import find_numbers
from articles.extraction.pipeline import CLAIM_THRESHOLD
from articles.extraction.relations import relate
from articles.extraction.sentences import paragraphs
from articles.llm.anchoring import fold
from articles.llm.grounds import Grounds, grounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.extraction.base import Attribution, Entity, Span, Story
    from articles.extraction.names import NameBook
    from articles.llm.reading import Placed

REASON: Final = "language model"
RAISE: Final = 0.5
"""Log-odds a claim gains when the model points at it too. A constant: what the model thinks of it is not asked."""

SAME_WORDS: Final = 0.5
"""Least intersection over union of two spans that are one claim."""

NEAR: Final = 600  # code points around a claim in which its speaker must be named


@dataclass(frozen=True, slots=True)
class Merged:
    """The claims of both. `both` were found twice, `added` by the model alone, `reworded` got its wording."""

    extraction: Extraction
    both: int
    added: int
    reworded: int


def merge(story: Story, extraction: Extraction, placed: Iterable[Placed]) -> Merged:
    """One extraction of the rules' claims and the model's, in text order and numbered anew."""
    return _Merger(story, extraction).merge(placed)


@dataclass(slots=True)
class _Merger:
    story: Story
    extraction: Extraction
    grounds: Grounds = field(init=False)
    book: NameBook = field(init=False)
    claims: dict[Span, ExtractedClaim] = field(init=False)
    rest: dict[Span, ExtractedClaim] = field(init=False)
    touched: set[Span] = field(default_factory=set)
    both: int = 0
    added: int = 0
    reworded: int = 0

    def __post_init__(self) -> None:
        blocks = [(block.start, block.end) for block in self.story.blocks] or paragraphs(self.story.text)
        self.grounds = grounds_of(self.story)
        self.book = build_book(self.story.text, blocks)
        self.claims = {(one.start, one.end): one for one in self.extraction.claims}
        self.rest = {(one.start, one.end): one for one in self.extraction.not_claimed}

    def merge(self, placed: Iterable[Placed]) -> Merged:
        for one in placed:
            self._take(one)
        ordered = sorted(self.claims.values(), key=lambda claim: (claim.start, claim.end))
        claims = [replace(claim, number=number, related=()) for number, claim in enumerate(ordered, 1)]
        rest = sorted(self.rest.values(), key=lambda claim: (claim.start, claim.end))
        numbered = [replace(claim, number=number) for number, claim in enumerate(rest, len(claims) + 1)]
        merged = replace(self.extraction, claims=relate(claims), not_claimed=tuple(numbered))
        return Merged(merged, self.both, self.added, self.reworded)

    def _take(self, one: Placed) -> None:
        span = self._same(one.span)
        if span in self.touched:
            return
        if span is None:
            self._add(one)
        elif span in self.claims:
            self._confirm(one, span)
        else:
            self._promote(one, span)

    def _same(self, span: Span) -> Span | None:
        """The rules' claim, or put-aside part, on the same words."""
        known = [*self.claims, *self.rest]
        best = max(known, key=lambda other: (_overlap(span, other), other in self.claims), default=None)
        return best if best is not None and _overlap(span, best) >= SAME_WORDS else None

    def _confirm(self, one: Placed, span: Span) -> None:
        self.both += 1
        self.touched.add(span)
        self.claims[span] = self._worded(_raised(self.claims[span], "found by the rules too"), one)

    def _promote(self, one: Placed, span: Span) -> None:
        """A part that scored too low is proposed after all, unless by its kind there is nothing to check."""
        if not is_claimed(self.rest[span].kind):
            return
        self.added += 1
        self.touched.add(span)
        self.claims[span] = self._worded(_raised(self.rest.pop(span), "scored low by the rules"), one)

    def _add(self, one: Placed) -> None:
        start, end = one.span
        quote = self.story.text[start:end]
        kind = kind_of(quote)
        if not is_claimed(kind):
            return
        self.added += 1
        self.touched.add(one.span)
        said = self._attribution(one.span)
        speaker = said.speaker if said else self._speaker(one)
        scored = score_sentence(quote)
        claim = ExtractedClaim(
            number=0,
            quote=quote,
            start=start,
            end=end,
            statement=quote,
            needs_context=True,
            speaker=speaker,
            speech=said.speech if said else "indirect" if speaker else "own",
            stance_of_speaker=said.stance if said else "asserts",
            kind=kind,
            score=scored.score,
            reasons=scored.reasons,
            dates=find_dates(self.story.text, start, end, self.story.written_on),
            entities=self._entities(start, end),
        )
        self.claims[one.span] = self._worded(_raised(claim, "not found by the rules"), one)

    def _worded(self, claim: ExtractedClaim, one: Placed) -> ExtractedClaim:
        """The model's wording where the rules have none that is safe, and the story covers every word of it."""
        wording = " ".join(one.proposed.claim.replace("[", "").replace("]", "").split())
        if not claim.needs_context or one.proposed.ambiguous or wording == claim.statement:
            return claim
        new = self.grounds.new_in(wording, claim.quote)
        if new:
            reason = Reason("model's wording not used: not in the story", 0.0, ", ".join(new)[:80])
            return replace(claim, reasons=(*claim.reasons, reason))
        self.reworded += 1
        reason = Reason("worded by the language model", 0.0)
        return replace(claim, statement=wording, needs_context=False, reasons=(*claim.reasons, reason))

    def _entities(self, start: int, end: int) -> tuple[Entity, ...]:
        names = find_names(self.story.text, start, end, self.book)
        figures = find_numbers(self.story.text, start, end)
        return tuple(sorted((*names, *figures), key=lambda entity: (entity.start, entity.end)))

    def _attribution(self, span: Span) -> Attribution | None:
        """Who says these words according to the rules."""
        inside = (
            said
            for said in self.extraction.attributions
            if any(start <= span[0] and span[1] <= end for start, end in said.content)
        )
        return min(inside, key=lambda said: sum(end - start for start, end in said.content), default=None)

    def _speaker(self, one: Placed) -> str:
        """The model's speaker where the story names him or her near the claim, else nobody."""
        name = fold(one.proposed.speaker)[0].strip()
        start, end = one.span
        near = fold(self.story.text[max(0, start - NEAR) : end + NEAR])[0]
        return name[:200] if name and name in near else ""


def _raised(claim: ExtractedClaim, words: str) -> ExtractedClaim:
    """The claim with the model as a named reason, never below what is proposed at all."""
    score = max(_share(_log_odds(claim.score) + RAISE), CLAIM_THRESHOLD)
    weight = round(_log_odds(score) - _log_odds(claim.score), 3)
    return replace(claim, score=round(score, 4), reasons=(*claim.reasons, Reason(REASON, weight, words)))


def _overlap(one: Span, other: Span) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


def _log_odds(share: float) -> float:
    bounded = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
