"""Evidence from an address, a file or a pasted text, by API: the same acts as on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import EvidenceOut
from articles.choices import Stance
from articles.models import Evidence
from articles.uploads import upload_read
from reviews import access
from reviews.api.base import ApiView, FormBody, JsonBody, actor, body, detail
from reviews.api.bodies import LARGEST_STORY
from reviews.api.weighing import BlindEvidence
from reviews.choices import MaterialState
from reviews.models import Material
from reviews.selectors.sealed import is_sealed
from reviews.services.material import Brought, material_bring, material_quote, material_remove

if TYPE_CHECKING:
    from rest_framework.request import Request


class MaterialIn(serializers.Serializer[Any]):
    """One of `url`, `file` (multipart) and `text`; beside a file or text, `url` says where it stands."""

    url = serializers.URLField(required=False, max_length=1000, default="", help_text="Alone, it is fetched there.")
    file = serializers.FileField(
        required=False, allow_empty_file=True, help_text="PDF, Word (.docx), HTML or plain text."
    )
    text = serializers.CharField(required=False, trim_whitespace=False, default="", help_text="A pasted text.")


class MaterialOut(serializers.ModelSerializer[Material]):
    """`state` is fetching, read or failed; `error_detail` says why it failed, or why it is tried again."""

    state = serializers.ChoiceField(choices=MaterialState.choices, read_only=True)
    sha256 = serializers.CharField(source="snapshot.sha256", default="", read_only=True)

    class Meta:
        model = Material
        fields: ClassVar = [
            "id", "claim", "state", "url", "name", "title", "publisher", "published_at", "retrieved_at", "sha256",
            "created_by_name", "created_at", "tries", "error_code", "error_detail",
        ]  # fmt: skip
        read_only_fields = fields


class MaterialDetail(MaterialOut):
    """With the kept text, which quotations are checked against."""

    class Meta(MaterialOut.Meta):
        fields: ClassVar = [*MaterialOut.Meta.fields, "text"]


class QuoteIn(serializers.Serializer[Any]):
    """`passage` must stand in the kept text word for word; white space does not count."""

    passage = serializers.CharField(max_length=20_000)
    stance = serializers.ChoiceField(choices=Stance.choices)
    locator = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default="", help_text="Else its place in the kept text."
    )
    title = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    publisher = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class MaterialList(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}
    largest_body = LARGEST_STORY
    parser_classes = (JsonBody, FormBody)

    @extend_schema(operation_id="materials_list", responses=MaterialOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The pages, files and texts that were brought for one claim, newest first, without their words."""
        held = access.claim(actor(request), pk).materials.select_related("snapshot")
        return self.page(held.defer("text", "snapshot__content"), MaterialOut)

    @extend_schema(
        operation_id="materials_bring",
        request={"application/json": MaterialIn, "multipart/form-data": MaterialIn},
        responses={201: MaterialOut},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Keep a page, file or text, to quote from. A page is fetched afterwards: `Location` is where that is told.

        The same one again answers with the one there is.
        """
        given = body(MaterialIn, request)
        upload = given.pop("file", None)
        brought = Brought(data=upload_read(upload) if upload else b"", name=upload.name if upload else "", **given)
        made = material_bring(claim=access.claim(actor(request), pk), actor=actor(request), brought=brought)
        answer = detail(access.material(actor(request), made.pk), MaterialOut, status=201)
        answer["Location"] = reverse("api-material", args=[made.pk])
        return answer


class MaterialOne(ApiView):
    @extend_schema(operation_id="materials_read", responses=MaterialDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One of them with its text."""
        return detail(access.material(actor(request), pk), MaterialDetail)


class MaterialRemove(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="materials_remove", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Put it away; what was quoted from it stays."""
        material_remove(material=access.material(actor(request), pk), actor=actor(request))
        return Response(status=204)


class MaterialQuote(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="materials_quote", request=QuoteIn, responses={201: EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Make evidence of words that stand in it; it counts as kept at once. 422 `material.not_there` says where
        the quotation and the text part.
        """
        held = access.material(actor(request), pk)
        made = material_quote(material=held, actor=actor(request), **body(QuoteIn, request))
        shape = BlindEvidence if is_sealed(actor(request), held.claim) else EvidenceOut
        return detail(Evidence.objects.select_related("snapshot").get(pk=made.pk), shape, status=201)
