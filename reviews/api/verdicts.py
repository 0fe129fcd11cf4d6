"""Reviews, verdicts and publications: take, propose, approve, publish. Every act goes through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api import serializers as s
from reviews.api.base import ApiView, actor, body, detail, query, seen_version
from reviews.models import Publication, Review, Verdict
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.opinion import opinion_decide, opinion_give
from reviews.services.publication import publication_publish
from reviews.services.recheck import claim_check_again, publication_recheck_on, publication_stands
from reviews.services.review import Proposal, claim_take, review_perform, verdict_approve, verdict_propose
from reviews.services.schedule import publication_cancel, publication_embargo, publication_schedule
from reviews.services.tag import publication_tag
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


def _review_now(request: Request, pk: int) -> Response:
    return detail(Review.objects.select_related("verdict__label").get(pk=pk), s.ReviewOut, request=request)


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
        return detail(_review(request, pk), s.ReviewOut, request=request)


class ClaimTake(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="claims_take", request=None, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Take a claim and begin its review; a draft is confirmed on the way."""
        claim = access.claim(actor(request), pk)
        seen_version(request, claim.version, None)
        review = claim_take(claim=claim, actor=actor(request))
        return _review_now(request, review.pk)


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
        return _review_now(request, pk)


class ReviewApprove(ReviewAct):
    @extend_schema(operation_id="reviews_approve", request=s.ApproveIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Approve the proposed verdict; refused with 403 review.own_proposal for who proposed it."""
        review, given = self.given(request, pk, s.ApproveIn)
        verdict_approve(
            review=review, actor=actor(request), note=given["note"], override_reason=given["override_reason"],
            seen_version=given["version"],
        )  # fmt: skip
        return _review_now(request, pk)


class ReviewOpinion(ReviewAct):
    @extend_schema(operation_id="reviews_opinion", request=s.OpinionIn, responses={201: s.OpinionOut})
    def post(self, request: Request, pk: int) -> Response:
        """Judge a second time, blind: the first verdict is shown once this one is saved."""
        review, given = self.given(request, pk, s.OpinionIn)
        given.pop("version")
        return detail(opinion_give(review=review, actor=actor(request), **given), s.OpinionOut, status=201)


class ReviewDecide(ReviewAct):
    @extend_schema(operation_id="reviews_decide", request=s.OpinionIn, responses={201: s.OpinionOut})
    def post(self, request: Request, pk: int) -> Response:
        """Decide between two verdicts that are far apart."""
        review, given = self.given(request, pk, s.OpinionIn)
        given.pop("version")
        return detail(opinion_decide(review=review, actor=actor(request), **given), s.OpinionOut, status=201)


class ReviewRequestChanges(ReviewAct):
    @extend_schema(operation_id="reviews_request_changes", request=s.NoteIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Send the proposed verdict back with a note."""
        review, given = self.given(request, pk, s.NoteIn)
        review_perform(
            review=review, action=ReviewAction.REQUEST_CHANGES, actor=actor(request), note=given["note"],
            seen_version=given["version"],
        )  # fmt: skip
        return _review_now(request, pk)


class ReviewPerform(ReviewAct):
    """An act that carries no verdict; `action` is its name in the table of the workflow."""

    action: ClassVar[ReviewAction]

    def perform(self, request: Request, pk: int, serializer: Any) -> Response:
        review, given = self.given(request, pk, serializer)
        review_perform(
            review=review, action=self.action, actor=actor(request), note=given.get("note", ""),
            wait_kind=given.get("wait_kind", ""), seen_version=given["version"],
        )  # fmt: skip
        return _review_now(request, pk)


class ReviewStart(ReviewPerform):
    action = ReviewAction.START

    @extend_schema(operation_id="reviews_start", request=VersionIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Begin a review one was given."""
        return self.perform(request, pk, VersionIn)


class ReviewBlock(ReviewPerform):
    action = ReviewAction.BLOCK

    @extend_schema(operation_id="reviews_block", request=s.BlockIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say that it waits for something, and for what."""
        return self.perform(request, pk, s.BlockIn)


class ReviewUnblock(ReviewPerform):
    action = ReviewAction.UNBLOCK

    @extend_schema(operation_id="reviews_unblock", request=VersionIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Go on after a wait."""
        return self.perform(request, pk, VersionIn)


class ReviewResume(ReviewPerform):
    action = ReviewAction.RESUME

    @extend_schema(operation_id="reviews_resume", request=VersionIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Go on after changes were asked for."""
        return self.perform(request, pk, VersionIn)


class ReviewWithdraw(ReviewPerform):
    action = ReviewAction.WITHDRAW

    @extend_schema(operation_id="reviews_withdraw", request=VersionIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Take a proposed verdict back."""
        return self.perform(request, pk, VersionIn)


class ReviewGiveBack(ReviewPerform):
    action = ReviewAction.GIVE_BACK

    @extend_schema(operation_id="reviews_give_back", request=VersionIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Give the claim back to the queue."""
        return self.perform(request, pk, VersionIn)


class ReviewReopen(ReviewPerform):
    action = ReviewAction.REOPEN

    @extend_schema(operation_id="reviews_reopen", request=s.NoteIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Reopen an approved review that is not published yet, with a note."""
        return self.perform(request, pk, s.NoteIn)


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
        given = query(s.PublicationQuery, request)
        wanted = {name: value for name, value in given.items() if value is not None}
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


class PublicationAct(ApiView):
    scopes: ClassVar = {"POST": "publish"}

    def given(self, request: Request, pk: int, serializer: Any) -> tuple[Publication, dict[str, Any]]:
        publication, values = _publication(request, pk), body(serializer, request)
        seen = seen_version(request, publication.version, values.pop("version", None), needed=True)
        return publication, values | {"seen_version": seen}


class PublicationSchedule(PublicationAct):
    @extend_schema(operation_id="publications_schedule", request=s.ScheduleIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Publish at a time to come, in the name of who asks."""
        publication, given = self.given(request, pk, s.ScheduleIn)
        publication_schedule(publication=publication, actor=actor(request), **given)
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationCancel(PublicationAct):
    @extend_schema(operation_id="publications_cancel", request=VersionIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Take a scheduled time back."""
        publication, given = self.given(request, pk, VersionIn)
        publication_cancel(publication=publication, actor=actor(request), **given)
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationEmbargo(PublicationAct):
    @extend_schema(operation_id="publications_embargo", request=s.EmbargoIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Let nothing of it go out before a moment; null lifts the embargo."""
        publication, given = self.given(request, pk, s.EmbargoIn)
        publication_embargo(publication=publication, actor=actor(request), **given)
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationRecheck(PublicationAct):
    @extend_schema(operation_id="publications_recheck", request=s.RecheckIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Set the date on which it is to be looked at again; its claim is then back in the queue."""
        publication, given = self.given(request, pk, s.RecheckIn)
        publication_recheck_on(publication=publication, actor=actor(request), at=given["at"])
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationCheckAgain(PublicationAct):
    @extend_schema(operation_id="publications_check_again", request=s.NoteIn, responses={200: s.ReviewOut})
    def post(self, request: Request, pk: int) -> Response:
        """Begin a new check of a claim whose verdict is out; the page stays as it is until a new version goes out."""
        publication, given = self.given(request, pk, s.NoteIn)
        review = claim_check_again(claim=publication.claim, actor=actor(request), note=given["note"])
        return _review_now(request, review.pk)


class PublicationStands(PublicationAct):
    @extend_schema(operation_id="publications_stands", request=s.NoteIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Say that a page that was to be looked at again is right as it is; its open check ends."""
        publication, given = self.given(request, pk, s.NoteIn)
        publication_stands(publication=publication, actor=actor(request), note=given["note"])
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationCorrect(PublicationAct):
    @extend_schema(operation_id="publications_correct", request=s.CorrectIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Publish the next version of a live page; all but a refile need a public note."""
        publication, given = self.given(request, pk, s.CorrectIn)
        number = given.pop("verdict", None)
        if number is not None:
            held = Verdict.objects.select_related("label__scale", "review").filter(review__claim=publication.claim_id)
            given["verdict"] = held.filter(pk=number).first()
            if given["verdict"] is None:
                raise NotFound("not_found", what="verdict on this claim")
        publication_correct(publication=publication, actor=actor(request), **given)
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationRetract(PublicationAct):
    @extend_schema(operation_id="publications_retract", request=s.NoteIn, responses={200: s.PublicationDetail})
    def post(self, request: Request, pk: int) -> Response:
        """Take a published verdict back, with a public note. The page stays and says so."""
        publication, given = self.given(request, pk, s.NoteIn)
        publication_retract(publication=publication, actor=actor(request), **given)
        return detail(_publication(request, pk), s.PublicationDetail)


class PublicationTags(PublicationAct):
    scopes: ClassVar = {"PUT": "publish"}

    @extend_schema(operation_id="publications_tags", request=s.TagsIn, responses={200: s.PublicationDetail})
    def put(self, request: Request, pk: int) -> Response:
        """File a page under exactly these subjects."""
        publication, given = self.given(request, pk, s.TagsIn)
        publication_tag(
            publication=publication, actor=actor(request), names=given["tags"], seen_version=given["seen_version"]
        )
        return detail(_publication(request, pk), s.PublicationDetail)
