"""Texts to be checked, asked for by colleagues' programs, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from articles.choices import Mode
from articles.uploads import upload_read
from factcheck.core.errors import Invalid
from reviews import access
from reviews.api.base import ApiView, FormBody, JsonBody, actor, body
from reviews.api.bodies import LARGEST_STORY
from reviews.models import Submission
from reviews.policies import sees
from reviews.selectors.submission import Status, status_of
from reviews.services.submission import Asked, submission_ask

if TYPE_CHECKING:
    from rest_framework.request import Request


class SubmissionIn(serializers.Serializer[Any]):
    """One of `text`, `html`, `file` (multipart) and `url`; beside a text or file, `url` says where it stands."""

    text = serializers.CharField(required=False, trim_whitespace=False, help_text="The text as plain text.")
    html = serializers.CharField(required=False, trim_whitespace=False, help_text="The page as it was served.")
    file = serializers.FileField(required=False, allow_empty_file=True, help_text="Any format the desk reads.")
    url = serializers.URLField(required=False, max_length=600, help_text="Alone, the page is fetched from there.")
    headline = serializers.CharField(required=False, allow_blank=True, max_length=300)
    author = serializers.CharField(required=False, allow_blank=True, max_length=200)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False, default=Mode.PUBLISHED)
    due_at = serializers.DateTimeField(required=False, allow_null=True, help_text="By when it is needed.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, help_text="To the desk.")
    desk = serializers.SlugField(required=False, max_length=40, help_text="Else your first one.")


class SubmissionOut(serializers.ModelSerializer[Submission]):
    """Who asked for what by when, without what became of it."""

    class Meta:
        model = Submission
        fields: ClassVar = ["id", "headline", "author", "url", "mode", "due_at", "note", "created_by_name",
                            "created_at"]  # fmt: skip
        read_only_fields = fields


class SubmissionDetail(SubmissionOut):
    """`state` is fetching, refused, received, in_check, checked, signed_off, released, on_hold, rejected or archived.

    `closed` of the `claims` found are done. `article` is there for those who may read it.
    """

    state = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    claims = serializers.SerializerMethodField()
    closed = serializers.SerializerMethodField()
    read_at = serializers.SerializerMethodField()
    signed_at = serializers.SerializerMethodField()
    revision = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()

    class Meta(SubmissionOut.Meta):
        fields: ClassVar = [*SubmissionOut.Meta.fields, "state", "error", "claims", "closed", "read_at", "signed_at",
                            "revision", "article"]  # fmt: skip

    @property
    def status(self) -> Status:
        status: Status = self.context["status"]
        return status

    def get_state(self, _row: Submission) -> str:
        return self.status.key

    def get_error(self, _row: Submission) -> str:
        return self.status.error

    def get_claims(self, _row: Submission) -> int:
        return self.status.claims

    def get_closed(self, _row: Submission) -> int:
        return self.status.closed

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_read_at(self, _row: Submission) -> str | None:
        return self.status.read_at.isoformat() if self.status.read_at else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_signed_at(self, _row: Submission) -> str | None:
        return self.status.signed_at.isoformat() if self.status.signed_at else None

    def get_revision(self, _row: Submission) -> int | None:
        return self.status.revision

    def get_article(self, _row: Submission) -> int | None:
        article: int | None = self.context["article"]
        return article


class SubmissionList(ApiView):
    scopes: ClassVar = {"POST": "ingest"}
    largest_body = LARGEST_STORY
    parser_classes = (JsonBody, FormBody)

    @extend_schema(operation_id="submissions_list", responses=SubmissionOut(many=True))
    def get(self, request: Request) -> Response:
        """What was asked for, newest first: your own, and what was asked of the desks you read."""
        return self.page(access.submissions(actor(request)), SubmissionOut)

    @extend_schema(
        operation_id="submissions_ask",
        request={"application/json": SubmissionIn, "multipart/form-data": SubmissionIn},
        responses={201: SubmissionDetail, 200: SubmissionDetail},
    )
    def post(self, request: Request) -> Response:
        """Ask to have a text checked. 201 for a new request, 200 for one you have made already.

        `Location` is where its status is read. A page is fetched afterwards; `state` says when it is in, or why not.
        """
        taken = submission_ask(asked=_asked(body(SubmissionIn, request)), actor=actor(request))
        answer = _detail(request, taken.submission, status=201 if taken.created else 200)
        answer["Location"] = reverse("api-submission", args=[taken.submission.pk])
        return answer


def _asked(given: dict[str, Any]) -> Asked:
    upload, html = given.pop("file", None), given.pop("html", "")
    if upload and html:
        raise Invalid("submission.several")
    data = upload_read(upload) if upload else html.encode()
    kind = "text/html; charset=utf-8" if html else ""
    given["mode"] = Mode(given["mode"])
    return Asked(data=data, name=upload.name if upload else "", content_type=kind, **given)


def _detail(request: Request, found: Submission, *, status: int = 200) -> Response:
    shown = found.article_id if found.article and sees(actor(request), found.article) else None
    context = {"status": status_of(found), "article": shown}
    return Response(SubmissionDetail(found, context=context).data, status=status)


class SubmissionOne(ApiView):
    @extend_schema(operation_id="submissions_read", responses=SubmissionDetail)
    def get(self, request: Request, pk: int) -> Response:
        """What became of one request."""
        return _detail(request, access.submission(actor(request), pk))
