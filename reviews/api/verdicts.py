"""Reviews, verdicts and publications: take, propose, approve, publish. Every act goes through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api import serializers as s
from reviews.api.base import ApiView, actor, body, detail, query, seen_version
from reviews.models import Publication, Review
from reviews.services.publication import publication_publish
from reviews.services.review import Proposal, claim_take, review_perform, verdict_approve, verdict_propose
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


# --- reviews -------------------------------------------------------------------------------------------
def _reviews(person: User) -> QuerySet[Review]:
    held = Review.objects.select_related("verdict__label", "claim__article")
    return held.filter(claim__in=access.claims(person))


def _review(request: Request, pk: int) -> Review:
    found = _reviews(actor(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="review")
    return found


def _review_now(pk: int) -> Response:
    return detail(Review.objects.select_related("verdict__label").get(pk=pk), s.ReviewOut)


class ReviewList(ApiView):
    @extend_schema(operation_id="reviews_list", parameters=[s.ReviewQuery], responses=s.ReviewOut(many=True))
    def get(self, request: Request) -> Response:
        """Reviews, newest first."""
        wanted = query(s.ReviewQuery, request)
        return self.page(_reviews(actor(request)).filter(**wanted), s.ReviewOut, *s.ReviewQuery().fields)


class ReviewOne(ApiView):
    @extend_schema(operation_id="reviews_read", responses=s.ReviewOut)
    def get(self, request: Request, pk: int) -> Response:
        """One review with the verdict that was proposed."""
        return detail(_review(request, pk), s.ReviewOut)


class ClaimTake(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="claims_take", request=None, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Take a claim and begin its review; a draft is confirmed on the way."""
        claim = access.claim(actor(request), pk)
        seen_version(request, claim.version, None)
        review = claim_take(claim=claim, actor=actor(request))
        return _review_now(review.pk)


class ReviewAct(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    def given(self, request: Request, pk: int, serializer: Any) -> tuple[Review, dict[str, Any]]:
        """The review and the checked body, whose `version` is the one the client has seen, if any."""
        review, values = _review(request, pk), body(serializer, request)
        values["version"] = seen_version(request, review.version, values.get("version"), needed=True)
        return review, values


class ReviewPropose(ReviewAct):
    @extend_schema(operation_id="reviews_propose", request=s.ProposeIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Propose a verdict. Refused with 422 while a gate is open."""
        review, given = self.given(request, pk, s.ProposeIn)
        version = given.pop("version")
        verdict_propose(review=review, actor=actor(request), proposal=Proposal(**given), seen_version=version)
        return _review_now(pk)


class ReviewApprove(ReviewAct):
    @extend_schema(operation_id="reviews_approve", request=s.ApproveIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Approve the proposed verdict; refused with 403 review.own_proposal for who proposed it."""
        review, given = self.given(request, pk, s.ApproveIn)
        verdict_approve(
            review=review, actor=actor(request), note=given["note"], override_reason=given["override_reason"],
            seen_version=given["version"],
        )  # fmt: skip
        return _review_now(pk)


class ReviewRequestChanges(ReviewAct):
    @extend_schema(operation_id="reviews_request_changes", request=s.NoteIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Send the proposed verdict back with a note."""
        review, given = self.given(request, pk, s.NoteIn)
        review_perform(
            review=review, action=ReviewAction.REQUEST_CHANGES, actor=actor(request), note=given["note"],
            seen_version=given["version"],
        )  # fmt: skip
        return _review_now(pk)


# --- publications --------------------------------------------------------------------------------------
def _publications(person: User) -> QuerySet[Publication]:
    held = Publication.objects.select_related("verdict__label__scale", "claim__article")
    return held.filter(claim__in=access.claims(person))


class PublicationList(ApiView):
    @extend_schema(
        operation_id="publications_list", parameters=[s.PublicationQuery], responses=s.PublicationOut(many=True)
    )
    def get(self, request: Request) -> Response:
        """Publications in every state, drafts too, newest first."""
        wanted = query(s.PublicationQuery, request)
        return self.page(
            _publications(actor(request)).filter(**wanted), s.PublicationOut, *s.PublicationQuery().fields
        )


class PublicationOne(ApiView):
    @extend_schema(operation_id="publications_read", responses=s.PublicationDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One publication with its versions."""
        return detail(_publication(request, pk), s.PublicationDetail)


def _publication(request: Request, pk: int) -> Publication:
    found = _publications(actor(request)).prefetch_related("versions").filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="publication")
    return found


class PublicationPublish(ApiView):
    scopes: ClassVar = {"POST": "publish"}

    @extend_schema(operation_id="publications_publish", request=VersionIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Make an approved verdict public. Refused with 422 publication.lint if its ClaimReview is not valid."""
        publication = _publication(request, pk)
        version = seen_version(request, publication.version, body(VersionIn, request).get("version"), needed=True)
        publication_publish(publication=publication, actor=actor(request), seen_version=version)
        return detail(_publication(request, pk), s.PublicationDetail)
