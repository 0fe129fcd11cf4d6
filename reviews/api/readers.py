"""What readers are told of the desk, and what they write to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotAllowed
from reviews import access
from reviews.api.base import ApiView, PublicView, actor, body, detail, query, seen_version
from reviews.api.public_serializers import LabelOut
from reviews.choices import LetterKind
from reviews.claimreview import CONTEXT, organisation
from reviews.models import Letter
from reviews.policies import LETTER_RIGHTS, granted
from reviews.selectors.desks import labels_of
from reviews.selectors.published import publisher
from reviews.services.letter import LETTERS_FOR, LONGEST, letter_answer, letter_set_aside, letter_take

if TYPE_CHECKING:
    from rest_framework.request import Request


# --- who the desk is -----------------------------------------------------------------------------------
class OrganisationOut(serializers.Serializer[Any]):
    """The desk as a schema.org NewsMediaOrganization; what the desk has not filled in is left out."""

    name = serializers.CharField(help_text="As readers know it.")
    url = serializers.URLField(help_text="Its own address.")
    legalName = serializers.CharField(required=False)
    email = serializers.EmailField(required=False, help_text="Where readers may write.")
    address = serializers.DictField(required=False, help_text="A PostalAddress.")
    logo = serializers.DictField(required=False, help_text="An ImageObject.")
    correctionsPolicy = serializers.URLField(required=False, help_text="How it corrects.")
    verificationFactCheckingPolicy = serializers.URLField(required=False, help_text="How it checks.")
    ethicsPolicy = serializers.URLField(required=False)
    ownershipFundingInfo = serializers.URLField(required=False, help_text="Who owns and pays.")
    actionableFeedbackPolicy = serializers.URLField(required=False, help_text="How complaints are handled.")
    masthead = serializers.URLField(required=False, help_text="Who works there.")


class OrganisationOne(PublicView):
    @extend_schema(
        operation_id="organisation_read", responses={(200, "application/ld+json"): OrganisationOut}, auth=[]
    )
    def get(self, _request: Request) -> Response:
        """Who the desk is: the profile for readers, as the ClaimReviews name it."""
        return Response({"@context": CONTEXT, **organisation(publisher())}, content_type="application/ld+json")


# --- labels of a desk, also of one behind a wall ---------------------------------------------------------
class ClaimLabels(ApiView):
    pagination_class = None

    @extend_schema(operation_id="claims_labels", responses=LabelOut(many=True), filters=False)
    def get(self, request: Request, pk: int) -> Response:
        """The labels a verdict on this claim may have: those of its desk's own scale, else of the one in use."""
        return Response(LabelOut(labels_of(access.claim(actor(request), pk)), many=True).data)


# --- letters -------------------------------------------------------------------------------------------
class LetterQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=LetterKind.choices, required=False)
    open = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Not answered or set aside yet."
    )


class LetterOut(serializers.ModelSerializer[Letter]):
    """One letter of a reader. `outcome` is empty until it ended; `publication` is what a complaint is about."""

    kind = serializers.ChoiceField(choices=LetterKind.choices, read_only=True)
    outcome = serializers.CharField(read_only=True, help_text="`answered` or `set_aside`; empty while it is open.")
    url = serializers.CharField(read_only=True, help_text="Where the reader saw it; may be empty.")
    email = serializers.CharField(read_only=True, help_text="Where the answer goes; may be empty.")
    taken_by = serializers.IntegerField(source="taken_by_id", allow_null=True, read_only=True)

    class Meta:
        model = Letter
        fields: ClassVar = [
            "id", "version", "kind", "publication", "words", "url", "name", "email", "received_at", "due_at",
            "taken_by", "outcome", "answer", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class LetterAnswerIn(VersionIn):
    answer = serializers.CharField(max_length=LONGEST, help_text="What the reader is told.")


class LetterAsideIn(VersionIn):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST)


class LetterView(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}


class LetterList(LetterView):
    @extend_schema(operation_id="letters_list", parameters=[LetterQuery], responses=LetterOut(many=True))
    def get(self, request: Request) -> Response:
        """What readers asked to have checked or complained about, newest first."""
        if not LETTER_RIGHTS & granted(actor(request)):
            raise NotAllowed("workflow.not_allowed", action="read letters", needs=LETTERS_FOR)
        given, found = query(LetterQuery, request), access.letters(actor(request))
        if given.get("open") is not None:
            found = found.filter(outcome="") if given["open"] else found.exclude(outcome="")
        if "kind" in given:
            found = found.filter(kind=given["kind"])
        return self.page(found, LetterOut, *LetterQuery().fields)


class LetterOne(LetterView):
    @extend_schema(operation_id="letters_read", responses=LetterOut)
    def get(self, request: Request, pk: int) -> Response:
        """One letter, by whoever may answer it."""
        return detail(access.letter(actor(request), pk), LetterOut)


class LetterAct(LetterView):
    def given(self, request: Request, pk: int, serializer: Any) -> dict[str, Any]:
        letter, values = access.letter(actor(request), pk), body(serializer, request)
        seen = seen_version(request, letter.version, values.pop("version", None), needed=True)
        return {"letter": letter, "actor": actor(request), "seen_version": seen, **values}


class LetterTake(LetterAct):
    @extend_schema(operation_id="letters_take", request=VersionIn, responses={200: LetterOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say that you work on it."""
        given = self.given(request, pk, VersionIn)
        letter_take(**given)
        return detail(given["letter"], LetterOut)


class LetterAnswer(LetterAct):
    @extend_schema(operation_id="letters_answer", request=LetterAnswerIn, responses={200: LetterOut})
    def post(self, request: Request, pk: int) -> Response:
        """Answer it: the words stand at the reader's address, and go out by e-mail where one was given."""
        given = self.given(request, pk, LetterAnswerIn)
        letter_answer(**given)
        return detail(given["letter"], LetterOut)


class LetterSetAside(LetterAct):
    @extend_schema(operation_id="letters_set_aside", request=LetterAsideIn, responses={200: LetterOut})
    def post(self, request: Request, pk: int) -> Response:
        """End it without an answer."""
        given = self.given(request, pk, LetterAsideIn)
        letter_set_aside(**given)
        return detail(given["letter"], LetterOut)
