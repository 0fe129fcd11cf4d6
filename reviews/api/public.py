"""What everybody may read without a key: verdicts, what became of them, and the scale they were judged with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.cache import patch_cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from factcheck.core.errors import NotFound
from reviews.api import public_serializers as s
from reviews.api.base import PublicView, query
from reviews.api.paging import page_length
from reviews.models import PublicationVersion, Scale
from reviews.selectors.changes import changes_after, verdict_rows, verdicts_public
from reviews.selectors.page import public_rows
from reviews.selectors.published import absolute, newest_version, publication_by_slug

if TYPE_CHECKING:
    from rest_framework.request import Request


class VerdictList(PublicView):
    @extend_schema(
        operation_id="verdicts_list", parameters=[s.VerdictQuery], responses=s.VerdictRow(many=True), auth=[]
    )
    def get(self, request: Request) -> Response:
        """Published and retracted verdicts, newest first."""
        given = query(s.VerdictQuery, request)
        fields = {
            "label": "verdict__label__key", "speaker": "verdict__speaker", "language": "verdict__language",
            "changed_after": "last_published_at__gt", "state": "state",
        }  # fmt: skip
        wanted = {fields[name]: value for name, value in given.items()}
        found = self.paginate_queryset(verdicts_public().filter(**wanted))
        return self.get_paginated_response(verdict_rows(found or []))


class VerdictOne(PublicView):
    @extend_schema(operation_id="verdicts_read", responses=s.PublicVerdict, auth=[])
    def get(self, _request: Request, slug: str) -> Response:
        """One published verdict by the name in its address, with its ClaimReview."""
        return Response(s.PublicVerdict(public_rows([publication_by_slug(slug)])[0]).data)


class VerdictClaimReview(PublicView):
    @extend_schema(
        operation_id="verdicts_claimreview", responses={(200, "application/ld+json"): OpenApiTypes.OBJECT}, auth=[]
    )
    def get(self, _request: Request, slug: str) -> Response:
        """The ClaimReview of one published verdict, as its page carries it; 404 once it is retracted."""
        version: PublicationVersion = newest_version(publication_by_slug(slug))
        if not version.claimreview:
            raise NotFound("not_found", what="ClaimReview")
        return Response(version.claimreview, content_type="application/ld+json")


class ChangeList(PublicView):
    @extend_schema(
        operation_id="changes_list",
        parameters=[s.ChangeQuery],
        responses=s.ChangePage,
        filters=False,
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Everything that became of published verdicts, oldest first, each change once.

        Begin without `since`. Keep the `since` of the answer and ask for it the next time, after a second or a
        year: nothing is missed and nothing comes twice. `more` says that there is more already; else ask again
        later, with If-None-Match.
        """
        given = query(s.ChangeQuery, request)
        found = changes_after(given["since"], limit=page_length(request, 100))
        following = absolute(f"{reverse('api-changes')}?since={found.since}")
        if "limit" in request.query_params:
            following += f"&limit={page_length(request, 100)}"
        answer = Response({"results": found.results, "since": found.since, "more": found.more, "next": following})
        answer["Link"] = f'<{following}>; rel="next"'
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 200:  # what is asked for to learn of news must not be a minute old
            del answer["Cache-Control"]
            patch_cache_control(answer, public=True, no_cache=True)
        return answer


class ScaleList(PublicView):
    @extend_schema(operation_id="scales_list", responses=s.ScaleOut(many=True), auth=[])
    def get(self, _request: Request) -> Response:
        """The verdict scales with their labels, the active one too; newest version first."""
        rows = Scale.objects.prefetch_related("labels")
        return self.page(rows, s.ScaleOut)


class ScaleOne(PublicView):
    @extend_schema(operation_id="scales_read", responses=s.ScaleOut, auth=[])
    def get(self, _request: Request, pk: int) -> Response:
        """One version of a verdict scale."""
        found = Scale.objects.prefetch_related("labels").filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="scale")
        return Response(s.ScaleOut(found).data)
