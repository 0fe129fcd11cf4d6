"""The evidence of a claim weighed, and its gaps, as the API tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.serializers import ClaimOut, EvidenceOut
from articles.choices import EvidenceState
from articles.selectors.weighed import Picture, weigh

if TYPE_CHECKING:
    from articles.models import Claim, Evidence


class PointOut(serializers.Serializer[Any]):
    mark = serializers.CharField(read_only=True)
    points = serializers.IntegerField(read_only=True)
    words = serializers.CharField(read_only=True)


class PieceOut(serializers.Serializer[Any]):
    evidence = serializers.IntegerField(read_only=True, source="evidence.pk")
    weight = serializers.IntegerField(read_only=True, help_text="0 to 100, the sum of the points.")
    points = PointOut(many=True, read_only=True)
    like = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="A stronger piece with nearly the same text."
    )


class GapOut(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True)
    words = serializers.CharField(read_only=True)


class BlindEvidence(EvidenceOut):
    """Evidence as it came, for whoever may not see what was made of it: every piece is as if nobody had decided."""

    def to_representation(self, instance: Evidence) -> dict[str, Any]:
        untouched = {
            "state": EvidenceState.SUGGESTED.value,
            "stance": "",
            "suggested_stance": "context",
            "version": 1,
        }
        return super().to_representation(instance) | untouched


class ClaimWeighed(ClaimOut):
    """A claim whose `open_evidence` the view has read; confidential evidence neither counts nor fills a gap."""

    weighing = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField()

    @extend_schema_field(PieceOut(many=True))
    def get_weighing(self, claim: Claim) -> Any:
        """Each piece that is not dropped, in the order in which both sides and a primary source are seen."""
        return PieceOut(_picture(claim).pieces, many=True).data

    @extend_schema_field(GapOut(many=True))
    def get_gaps(self, claim: Claim) -> Any:
        return GapOut(_picture(claim).gaps, many=True).data


def _picture(claim: Claim) -> Picture:
    return weigh(claim, claim.open_evidence)  # type: ignore[attr-defined]  # prefetched by the view
