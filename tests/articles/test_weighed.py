"""What the evidence of a claim amounts to: weights with reasons, likes, both sides, gaps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from articles.choices import EvidenceKind, EvidenceState, Reliability, Stance
from articles.models import Claim, Evidence
from articles.selectors.weighed import Picture, weigh
from tests import factories as f

pytestmark = pytest.mark.django_db
LONG = "The harbour tram carried thirty thousand passengers on every working day of the year, the council counted."


@pytest.fixture
def claim() -> Claim:
    story = f.article(url="https://tessel.example/tram")
    return f.claim(article=story, speaker="Oda Wren")


def found(claim: Claim, **values: Any) -> Evidence:
    given = {"passage": f"Words of their own, number {Evidence.objects.count()}.", "stance": Stance.SUPPORTS}
    return f.evidence(claim=claim, **{**given, **values})


def picture(claim: Claim) -> Picture:
    return weigh(claim, Evidence.objects.filter(claim=claim).select_related("source"))


def gaps(claim: Claim) -> set[str]:
    return {gap.code for gap in picture(claim).gaps}


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ({"url": "https://www.tessel.example/other"}, "own_outlet"),
        ({"publisher": "tessel wire"}, "own_outlet"),
        ({"passage": "The tram is full, Tessel Wire reported."}, "circular"),
        ({"publisher": "Office of Oda Wren"}, "claimant"),
        ({"published_at": f.NOON - timedelta(days=4000)}, "old"),
        ({"published_at": None}, "undated"),
        ({"kind": EvidenceKind.DATASET}, "primary"),
    ],
)
def test_what_counts_is_marked_with_points_and_words(claim: Claim, values: dict[str, Any], mark: str) -> None:
    plain = {"published_at": f.NOON, "publisher": "Somebody Else", "url": "", "kind": EvidenceKind.WEB}
    found(claim, **{**plain, **values})
    point = next(point for point in picture(claim).pieces[0].points if point.mark == mark)
    assert point.points
    assert point.words


def test_the_weight_is_the_sum_of_its_points_and_follows_the_reliability(claim: Claim) -> None:
    for rated in Reliability:
        found(claim, source=f.source(reliability=rated), published_at=f.NOON)
    pieces = picture(claim).pieces
    assert all(piece.weight == sum(point.points for point in piece.points) for piece in pieces)
    by_rating = sorted(pieces, key=lambda piece: piece.evidence.source.reliability)  # type: ignore[union-attr]
    assert [piece.weight for piece in by_rating] == sorted({piece.weight for piece in pieces})


def test_nearly_the_same_text_is_folded_under_the_stronger_and_stands_last(claim: Claim) -> None:
    copy = found(claim, passage=LONG + " More.", relevance=0.5)
    first = found(claim, passage=LONG, relevance=0.9)
    other = found(claim, relevance=0.1)
    pieces = picture(claim).pieces
    assert {piece.evidence.pk: piece.like for piece in pieces} == {copy.pk: first.pk, first.pk: None, other.pk: None}
    assert pieces[-1].evidence == copy


def test_both_sides_and_a_primary_source_are_seen_first(claim: Claim) -> None:
    good = f.source(reliability=Reliability.HIGH)
    for _ in range(4):
        found(claim, source=good)
    against = found(claim, stance=Stance.REFUTES, source=f.source(reliability=Reliability.LOW))
    data = found(
        claim, stance=Stance.CONTEXT, kind=EvidenceKind.DATASET, source=f.source(reliability=Reliability.LOW)
    )
    assert {against, data} <= {piece.evidence for piece in picture(claim).pieces[:3]}


def test_a_claim_without_evidence_has_one_gap(claim: Claim) -> None:
    assert gaps(claim) == {"nothing"}


def test_dropped_evidence_fills_no_gap(claim: Claim) -> None:
    found(claim, state=EvidenceState.DROPPED)
    assert gaps(claim) == {"nothing"}


def test_gaps_say_what_is_missing(claim: Claim) -> None:
    found(claim, publisher="Tessel Wire", published_at=f.NOON)
    assert gaps(claim) == {"no_primary", "none_against", "claimant_only", "nothing_after"}


def test_gaps_close_when_they_are_filled(claim: Claim) -> None:
    later = f.NOON + timedelta(days=2)
    found(claim, publisher="City archive", url="https://archive.example/1", published_at=later)
    assert "one_source" in gaps(claim)
    found(
        claim, publisher="Statistics", url="https://numbers.example/2", stance=Stance.REFUTES,
        kind=EvidenceKind.DATASET, published_at=later,
    )  # fmt: skip
    assert gaps(claim) == set()
