"""An extraction as the JSON that `extract_claims` prints; offsets are code points of "text"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from articles.extraction.base import (
        Attribution,
        Entity,
        ExtractedClaim,
        Extraction,
        Reason,
        ResolvedDate,
        Span,
    )


class ReasonJson(TypedDict):
    name: str
    weight: float
    words: str


class DateJson(TypedDict):
    words: str
    start: int
    end: int
    value: str
    against: str
    approximate: bool


class EntityJson(TypedDict):
    kind: str
    words: str
    start: int
    end: int
    value: float | None
    unit: str


class RelatedJson(TypedDict):
    relation: str
    number: int


class ClaimJson(TypedDict):
    number: int
    quote: str
    start: int
    end: int
    statement: str
    needs_context: bool
    speaker: str
    speech: str
    stance_of_speaker: str
    kind: str
    dates: list[DateJson]
    entities: list[EntityJson]
    score: float
    reasons: list[ReasonJson]
    related: list[RelatedJson]


class AttributionJson(TypedDict):
    source: list[Span]
    cue: list[Span]
    content: list[Span]
    speech: str
    speaker: str
    stance: str


class ExtractionJson(TypedDict):
    text: str
    sentences: list[Span]
    claims: list[ClaimJson]
    attributions: list[AttributionJson]


def extraction_to_json(text: str, found: Extraction) -> ExtractionJson:
    """The text, its sentences, the proposed claims and who says what."""
    return {
        "text": text,
        "sentences": list(found.sentences),
        "claims": [claim_to_json(claim) for claim in found.claims],
        "attributions": [_attribution(one) for one in found.attributions],
    }


def claim_to_json(claim: ExtractedClaim) -> ClaimJson:
    """One claim with the field names of `ExtractedClaim`."""
    return {
        "number": claim.number,
        "quote": claim.quote,
        "start": claim.start,
        "end": claim.end,
        "statement": claim.statement,
        "needs_context": claim.needs_context,
        "speaker": claim.speaker,
        "speech": claim.speech,
        "stance_of_speaker": claim.stance_of_speaker,
        "kind": claim.kind,
        "dates": [_date(found) for found in claim.dates],
        "entities": [_entity(entity) for entity in claim.entities],
        "score": claim.score,
        "reasons": [reason_to_json(reason) for reason in claim.reasons],
        "related": [{"relation": kind, "number": number} for kind, number in claim.related],
    }


def reason_to_json(reason: Reason) -> ReasonJson:
    return {"name": reason.name, "weight": reason.weight, "words": reason.words}


def _date(found: ResolvedDate) -> DateJson:
    return {
        "words": found.words,
        "start": found.start,
        "end": found.end,
        "value": found.value,
        "against": found.against,
        "approximate": found.approximate,
    }


def _entity(entity: Entity) -> EntityJson:
    return {
        "kind": entity.kind,
        "words": entity.words,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
        "unit": entity.unit,
    }


def _attribution(one: Attribution) -> AttributionJson:
    return {
        "source": list(one.source),
        "cue": list(one.cue),
        "content": list(one.content),
        "speech": one.speech,
        "speaker": one.speaker,
        "stance": one.stance,
    }
