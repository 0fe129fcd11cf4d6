"""The next draft of an article: compared without changing anything, and taken in on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from reviews import access
from reviews.api.base import ApiView, JsonBody, actor, body
from reviews.api.bodies import LARGEST_STORY
from reviews.services.nextdraft import draft_check, draft_take

if TYPE_CHECKING:
    from rest_framework.request import Request


class NextDraftIn(serializers.Serializer[Any]):
    """`take` is false for a dry run. To take the draft in, send `base`, the `sha256` of the dry run's answer."""

    text = serializers.CharField(trim_whitespace=False)
    take = serializers.BooleanField(required=False, default=False)
    base = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["take"] and "base" not in attrs:
            raise serializers.ValidationError({"base": "Name the text it was compared with."})
        return attrs


class TouchedOut(serializers.Serializer[Any]):
    """`new` is empty where the draft no longer says it; `verdict` where nobody has judged it."""

    claim = serializers.IntegerField(allow_null=True)
    old = serializers.CharField()
    new = serializers.CharField()
    verdict = serializers.CharField(source="label")
    settled = serializers.BooleanField()


class FreshOut(serializers.Serializer[Any]):
    quote = serializers.CharField()
    statement = serializers.CharField()
    score = serializers.FloatField()


class NextDraftOut(serializers.Serializer[Any]):
    """What the draft does. `sha256` is that of the text it was compared with; `revision` is null in a dry run."""

    sha256 = serializers.CharField()
    same = serializers.BooleanField()
    kept = serializers.IntegerField()
    changed = TouchedOut(many=True)
    gone = TouchedOut(many=True)
    fresh = FreshOut(many=True)
    ticks_kept = serializers.IntegerField()
    ticks_changed = TouchedOut(many=True)
    ticks_gone = TouchedOut(many=True)
    signed = serializers.BooleanField()
    revision = serializers.SerializerMethodField()

    def get_revision(self, _report: Any) -> int | None:
        revision: int | None = self.context["revision"]
        return revision


class NextDraft(ApiView):
    scopes: ClassVar = {"POST": "ingest"}
    largest_body = LARGEST_STORY
    parser_classes = (JsonBody,)

    @extend_schema(operation_id="articles_draft", request=NextDraftIn, responses={200: NextDraftOut})
    def post(self, request: Request, pk: int) -> Response:
        """Compare the next draft with the article's text: what follows, what must be checked again, what is lost."""
        found = access.article(actor(request), pk)
        given = body(NextDraftIn, request)
        data = given["text"].encode()
        report = draft_check(article=found, actor=actor(request), data=data)
        number = None
        if given["take"]:
            taken = draft_take(article=found, actor=actor(request), data=data, base=given["base"])
            number = taken.revision.number
        return Response(NextDraftOut(report, context={"revision": number}).data)
