"""Earlier reviews of the same claim over the API: listed, accepted, rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import VersionIn
from articles.choices import MatchState
from articles.services.match import claim_look
from reviews import access
from reviews.api.base import ApiView, actor, body, detail, seen_version
from reviews.api.paging import refuse_unknown
from reviews.models import Review
from reviews.selectors.matches import match_shown, matches_of
from reviews.selectors.sealed import sealed_from
from reviews.services.match import match_accept, match_reject, match_reopen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from articles.models import Claim
    from reviews.selectors.matches import MatchShown


class MatchOut(serializers.Serializer[Any]):
    """A review that was published before, how it matches, and what the desk made of it."""

    id = serializers.CharField(source="review.reference", help_text="What others know the review by.")
    match = serializers.IntegerField(source="match.pk", help_text="For the acts under `/matches/`.")
    version = serializers.IntegerField()
    claim = serializers.CharField(source="review.claim")
    claimant = serializers.CharField(source="review.claimant")
    rating = serializers.CharField(source="review.rating")
    url = serializers.CharField(source="review.url")
    publisher = serializers.CharField(source="review.publisher")
    reviewed_on = serializers.DateField(source="review.reviewed_on", allow_null=True)
    score = serializers.FloatField(source="match.score", help_text="0 to 1.")
    why = serializers.ListField(child=serializers.CharField(), source="match.why")
    model = serializers.CharField(source="match.model", help_text="Version of the weighing, and the encoder.")
    found_at = serializers.DateTimeField(source="match.found_at")
    state = serializers.ChoiceField(source="match.state", choices=MatchState.choices)
    decided_by = serializers.CharField(help_text="Empty while nobody decided.")
    decided_at = serializers.DateTimeField(source="match.decided_at", allow_null=True)
    of_claim = serializers.IntegerField(
        source="review.of_claim_id", allow_null=True, help_text="The claim of this desk the verdict was given on."
    )
    merge_into = serializers.IntegerField(
        source="merge_into.pk", default=None, allow_null=True, help_text="The claim this one can be merged into."
    )


class MatchesOut(serializers.Serializer[Any]):
    results = MatchOut(many=True)


class AcceptIn(VersionIn):
    merge = serializers.BooleanField(
        required=False, default=False, help_text="Merge the claim into the one the earlier verdict was given on."
    )


class ClaimMatches(ApiView):
    @extend_schema(operation_id="claims_matches", responses=MatchesOut)
    def get(self, request: Request, pk: int) -> Response:
        """What was checked before and may mean the same, ours and others', with why: accepted first, rejected last.

        Nothing is listed for whoever judges the claim blind.
        """
        refuse_unknown(request, ())
        claim = access.claim(actor(request), pk)
        if claim.matched_at is None:
            claim_look(claim=claim)
        return Response(MatchesOut({"results": _shown(request, claim)}).data)


def _shown(request: Request, claim: Claim) -> list[MatchShown]:
    review = Review.objects.filter(claim=claim, active=True).first()
    return [] if sealed_from(actor(request), review) else matches_of(claim, review).rows


class MatchAct(ApiView):
    """One decision about one earlier review."""

    scopes: ClassVar = {"POST": "verdict:write"}

    def decide(self, request: Request, pk: int, given: dict[str, Any], act: Callable[..., None]) -> Response:
        found = access.match(actor(request), pk)
        seen_version(request, found.version, given.pop("version", None))
        act(match=found, actor=actor(request), **given)
        return detail(match_shown(access.match(actor(request), pk)), MatchOut)


class MatchAccept(MatchAct):
    @extend_schema(operation_id="matches_accept", request=AcceptIn, responses={200: MatchOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say that the earlier review is of the same claim; with `merge` its verdict answers for both."""
        return self.decide(request, pk, body(AcceptIn, request), match_accept)


class MatchReject(MatchAct):
    @extend_schema(operation_id="matches_reject", request=VersionIn, responses={200: MatchOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say that the earlier review is of another claim: it is not suggested for this one again."""
        return self.decide(request, pk, body(VersionIn, request), match_reject)


class MatchReopen(MatchAct):
    @extend_schema(operation_id="matches_reopen", request=VersionIn, responses={200: MatchOut})
    def post(self, request: Request, pk: int) -> Response:
        """Make it a suggestion again."""
        return self.decide(request, pk, body(VersionIn, request), match_reopen)
