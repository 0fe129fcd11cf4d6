"""Labels of facts in the desk's own texts, what their authors are asked to change, and edits that were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api.base import ApiView, actor, body, detail
from reviews.api.claim_serializers import NoteOut
from reviews.api.paging import refuse_unknown
from reviews.choices import FactLabel
from reviews.models import ClaimLabel
from reviews.selectors.changes_asked import changes_asked
from reviews.services.label import label_set
from reviews.services.noting import edit_accept

if TYPE_CHECKING:
    from rest_framework.request import Request


class FactLabelIn(VersionIn):
    label = serializers.ChoiceField(choices=FactLabel.choices)  # type: ignore[assignment]
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=8000, default="",
        help_text="What is to stand there instead of the quote; needed where something is to be changed.",
    )  # fmt: skip
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class FactLabelOut(serializers.ModelSerializer[ClaimLabel]):
    label = serializers.ChoiceField(choices=FactLabel.choices, read_only=True)  # type: ignore[assignment]

    class Meta:
        model = ClaimLabel
        fields: ClassVar = ["claim", "label", "words", "note", "version", "set_by_name", "set_at"]
        read_only_fields = fields


class ChangeOut(serializers.Serializer[Any]):
    """One change asked of the author; an empty `new` is a cut. `start` counts code points of that revision."""

    start = serializers.IntegerField(read_only=True)
    old = serializers.CharField(read_only=True)
    new = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    by = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(read_only=True)


class ChangesOut(serializers.Serializer[Any]):
    results = ChangeOut(many=True, read_only=True)


class ClaimLabelOne(ApiView):
    scopes: ClassVar = {"PUT": "verdict:write"}

    @extend_schema(operation_id="claims_label", responses=FactLabelOut)
    def get(self, request: Request, pk: int) -> Response:
        """What became of a fact of the desk's own text."""
        refuse_unknown(request, ())
        held = ClaimLabel.objects.filter(claim=access.claim(actor(request), pk)).first()
        if held is None:
            raise NotFound("not_found", what="label")
        return detail(held, FactLabelOut)

    @extend_schema(operation_id="claims_set_label", request=FactLabelIn, responses={200: FactLabelOut})
    def put(self, request: Request, pk: int) -> Response:
        """Say what became of it; with `version`, only if nobody said otherwise meanwhile."""
        given = body(FactLabelIn, request)
        made = label_set(
            claim=access.claim(actor(request), pk), actor=actor(request), seen_version=given.pop("version", None),
            **given,
        )  # fmt: skip
        return detail(made, FactLabelOut)


class ChangesAsked(ApiView):
    @extend_schema(operation_id="articles_changes_asked", responses=ChangesOut)
    def get(self, request: Request, pk: int) -> Response:
        """What the author of a text is asked to change before publication, in the order of the text."""
        refuse_unknown(request, ())
        return Response(ChangesOut({"results": changes_asked(access.article(actor(request), pk))}).data)


class NoteAccept(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="annotations_accept", request=None, responses={200: NoteOut})
    def post(self, request: Request, pk: int) -> Response:
        """Accept a suggested edit: our wording of a claim has it then, the author of a text is asked for it."""
        found = access.note(actor(request), pk)
        edit_accept(note=found, actor=actor(request))
        found.refresh_from_db()
        return detail(found, NoteOut)
