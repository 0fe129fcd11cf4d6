"""The values extraction works with. Pure Python; offsets are code points into the text handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from articles.ingest.model import Block

Span = tuple[int, int]
Speech = Literal["direct", "indirect", "own"]
SpeakerStance = Literal["asserts", "denies", "questions"]
Kind = Literal[
    "quantity",
    "event",
    "quote",
    "causal",
    "comparison",
    "rule_or_law",
    "biographical",
    "caption",
    "headline",
    "prediction",
    "opinion",
    "other",
]
RelationKind = Literal["same", "contradicts", "denies", "repeats"]


@dataclass(frozen=True, slots=True)
class Story:
    """What the extractor may know: the text, its blocks, and when and where it was written."""

    text: str
    blocks: tuple[Block, ...] = ()
    title: str = ""
    written_on: date | None = None
    place: str = ""
    agency: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reason:
    """One named feature that moved the score: `weight` is its signed share, `words` what triggered it."""

    name: str
    weight: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """`words` as written, `value` an ISO day, month ("2022-10"), year or range "a/b"; `against` an ISO day."""

    words: str
    start: int
    end: int
    value: str
    against: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    kind: Literal["person", "place", "organisation", "number", "money", "percent", "name"]
    words: str
    start: int
    end: int
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: spans of the source, of the cue ("said", "according to") and of the content."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speech: Speech
    speaker: str = ""
    stance: SpeakerStance = "asserts"


@dataclass(frozen=True, slots=True)
class ExtractedClaim:
    """One proposed claim; the invariant `quote == text[start:end]` always holds.

    `number` counts from 1 in text order and is what `related` refers to.
    """

    number: int
    quote: str
    start: int
    end: int
    statement: str
    needs_context: bool
    speaker: str
    speech: Speech
    stance_of_speaker: SpeakerStance
    kind: Kind
    score: float
    reasons: tuple[Reason, ...] = ()
    dates: tuple[ResolvedDate, ...] = ()
    entities: tuple[Entity, ...] = ()
    related: tuple[tuple[RelationKind, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything `extract` found: sentence spans, attributions, claims in text order.

    `not_claimed` holds the parts that are not worth checking (greetings, opinions, predictions), numbered on.
    """

    sentences: tuple[Span, ...]
    attributions: tuple[Attribution, ...]
    claims: tuple[ExtractedClaim, ...]
    not_claimed: tuple[ExtractedClaim, ...] = ()
