"""Outlets that carried a published claim: the same acts as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api.base import ApiView, actor, body, detail, seen_version
from reviews.choices import FollowUpFound, FollowUpOutcome
from reviews.models import FollowUp, Publication
from reviews.services.followup import followup_add, followup_ask, followup_end, followups_find

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response


class FollowUpOut(serializers.ModelSerializer[FollowUp]):
    """`outcome` is empty until it ended, `asked_at` null until the outlet was asked."""

    found_as = serializers.ChoiceField(choices=FollowUpFound.choices, read_only=True)
    outcome = serializers.ChoiceField(choices=[("", ""), *FollowUpOutcome.choices], read_only=True)
    url = serializers.CharField(read_only=True)

    class Meta:
        model = FollowUp
        fields: ClassVar = [
            "id", "publication", "version", "outlet", "url", "found_as", "found_at", "contact", "asked_by_name",
            "asked_at", "words", "due_at", "reminded_at", "outcome", "answer", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class FollowUpIn(serializers.Serializer[Any]):
    outlet = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    url = serializers.URLField(
        required=False, allow_blank=True, default="", max_length=1000, help_text="Where the claim stands there."
    )
    contact = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class FollowUpAskIn(VersionIn):
    words = serializers.CharField(max_length=10_000, help_text="What the outlet was asked.")
    due_at = serializers.DateTimeField(required=False, help_text="A week from now unless given.")
    contact = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class FollowUpEndIn(VersionIn):
    outcome = serializers.ChoiceField(choices=FollowUpOutcome.choices)
    answer = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)


def _publication(request: Request, pk: int) -> Publication:
    held = Publication.objects.select_related("verdict__label", "claim__article")
    found = held.filter(pk=pk, claim__in=access.claims(actor(request))).first()
    if found is None:
        raise NotFound("not_found", what="publication")
    return found


class FollowUpList(ApiView):
    scopes: ClassVar = {"POST": "publish"}

    @extend_schema(operation_id="followups_list", responses=FollowUpOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Outlets that carried the claim of a publication."""
        return self.page(_publication(request, pk).follow_ups.all(), FollowUpOut)

    @extend_schema(operation_id="followups_add", request=FollowUpIn, responses={201: FollowUpOut})
    def post(self, request: Request, pk: int) -> Response:
        """Note an outlet; the same address again answers with what is known of it."""
        made = followup_add(publication=_publication(request, pk), actor=actor(request), **body(FollowUpIn, request))
        return detail(made, FollowUpOut, status=201)


class FollowUpFind(ApiView):
    scopes: ClassVar = {"POST": "publish"}

    @extend_schema(operation_id="followups_find", request=None, responses=FollowUpOut(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Note the places where the desk knows the claim to stand; answers with the list."""
        publication = _publication(request, pk)
        followups_find(publication=publication, actor=actor(request))
        return self.page(publication.follow_ups.all(), FollowUpOut)


class FollowUpAct(ApiView):
    scopes: ClassVar = {"POST": "publish"}

    def given(self, request: Request, pk: int, serializer: Any) -> dict[str, Any]:
        held = FollowUp.objects.select_related("publication__claim__article")
        found = held.filter(pk=pk, publication__claim__in=access.claims(actor(request))).first()
        if found is None:
            raise NotFound("not_found", what="follow-up")
        values = body(serializer, request)
        seen = seen_version(request, found.version, values.pop("version", None), needed=True)
        return {"follow_up": found, "actor": actor(request), "seen_version": seen, **values}


class FollowUpAsk(FollowUpAct):
    @extend_schema(operation_id="followups_ask", request=FollowUpAskIn, responses={200: FollowUpOut})
    def post(self, request: Request, pk: int) -> Response:
        """Note that the outlet was asked to correct."""
        return detail(followup_ask(**self.given(request, pk, FollowUpAskIn)), FollowUpOut)


class FollowUpEnd(FollowUpAct):
    @extend_schema(operation_id="followups_end", request=FollowUpEndIn, responses={200: FollowUpOut})
    def post(self, request: Request, pk: int) -> Response:
        """Note what came of it."""
        return detail(followup_end(**self.given(request, pk, FollowUpEndIn)), FollowUpOut)
