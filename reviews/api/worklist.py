"""What changed since a person ticked or judged it, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import LARGEST_ID
from reviews import access
from reviews.api.base import ApiView, actor, body, query
from reviews.choices import TickDecision, TickKind
from reviews.selectors.worklist import worklist
from reviews.services.ticks import tick_decide

if TYPE_CHECKING:
    from rest_framework.request import Request

_ANSWERS = [(one.value, one.label) for one in (TickDecision.CONFIRMED, TickDecision.REOPENED)]


class WorklistQuery(serializers.Serializer[Any]):
    article = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    whose = serializers.ChoiceField(choices=["mine", "all"], required=False, default="mine")


class WorklistRow(serializers.Serializer[Any]):
    """`id` is that of the tick or of the claim. A claim is answered with `claims/ID/follow/`, a tick here."""

    kind = serializers.ChoiceField(choices=["tick", "claim"])
    id = serializers.IntegerField(source="pk")
    change = serializers.ChoiceField(choices=TickKind.choices)
    old = serializers.CharField(help_text="The words that were ticked or judged.")
    new = serializers.CharField(help_text="The words now; empty where they are gone.")
    before = serializers.CharField(help_text="The words before the old ones, for claims.")
    after = serializers.CharField(help_text="The words behind the old ones, for claims.")
    article = serializers.IntegerField(source="article.pk")
    old_revision = serializers.IntegerField()
    revision = serializers.IntegerField()
    verdict = serializers.CharField(source="label", help_text="Empty for ticks.")


class WorklistOut(serializers.Serializer[Any]):
    results = WorklistRow(many=True)


class TickIn(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=_ANSWERS)


class TickOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    decision = serializers.CharField()


class Worklist(ApiView):
    @extend_schema(operation_id="worklist", parameters=[WorklistQuery], responses=WorklistOut)
    def get(self, request: Request) -> Response:
        """Sentences you found no fact in and verdicts you gave whose words a new revision changed: at most 400."""
        given = query(WorklistQuery, request)
        rows = worklist(actor(request), article=given.get("article"), everybody=given["whose"] == "all")
        return Response(WorklistOut({"results": rows}).data)


class WorklistTick(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="worklist_tick", request=TickIn, responses={200: TickOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say that a changed sentence still holds no fact (`confirmed`), or must be looked at (`reopened`)."""
        change = access.tick_change(actor(request), pk)
        tick_decide(change=change, actor=actor(request), **body(TickIn, request))
        return Response(TickOut(change).data)
