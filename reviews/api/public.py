"""What everybody may read without a key: verdicts, what became of them, and the scale they were judged with."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from factcheck.core.errors import NotFound
from reviews.api import public_serializers as s
from reviews.api.base import PublicView, query
from reviews.api.paging import PAGE, Position, page_length, position_of, refuse_unknown
from reviews.selectors.archive import slugs_saying
from reviews.selectors.changes import changes_after, verdict_lines
from reviews.selectors.kept import Drawn, page_kept
from reviews.selectors.page import verdict_said
from reviews.selectors.profile import scales_public
from reviews.selectors.published import absolute, document_of, newest_version, publication_by_slug
from reviews.services.kept import page_keep

if TYPE_CHECKING:
    from django.http import HttpRequest
    from rest_framework.request import Request

    from reviews.models import PublicationVersion


class VerdictList(PublicView):
    follows_changes = True

    def early(self, request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
        """Pages are filed and desks named without a verdict being touched: such lists are compared by their words."""
        return None if {"tag", "desk"} & request.GET.keys() else super().early(request, **kwargs)

    def quick(self, request: HttpRequest) -> HttpResponse | None:
        return None if request.GET else self._lines({}, Position())

    @extend_schema(
        operation_id="verdicts_list", parameters=[s.VerdictQuery], responses=s.VerdictRow(many=True), auth=[]
    )
    def get(self, request: Request) -> HttpResponse:
        """Published and retracted verdicts, newest first."""
        return self._lines(query(s.VerdictQuery, request), position_of(request.query_params))

    def _lines(self, given: dict[str, Any], at: Position) -> HttpResponse:
        wanted = {name: value for name, value in given.items() if name != "q"}
        slugs = slugs_saying(given["q"]) if "q" in given else None
        found = verdict_lines(wanted, place=at.at, backwards=at.backwards, limit=at.limit, slugs=slugs)
        older = self._page(given, Position(found.last, limit=at.limit)) if found.older else ""
        newer = self._page(given, Position(found.first, backwards=True, limit=at.limit)) if found.newer else ""
        body = f'{{"next": {_or_null(older)}, "previous": {_or_null(newer)}, "results": [{",".join(found.lines)}]}}'
        self.tag = self.tag or f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
        answer = HttpResponse(body, content_type="application/json")
        links = [f'<{url}>; rel="{rel}"' for rel, url in (("next", older), ("prev", newer)) if url]
        if links:
            answer["Link"] = ", ".join(links)
        return answer

    def _page(self, given: dict[str, Any], at: Position) -> str:
        asked = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
        limit = {} if at.limit == PAGE else {"limit": at.limit}
        return f"{absolute(reverse('api-verdicts'))}?{urlencode({**asked, **limit, 'cursor': at.cursor})}"


def _or_null(url: str) -> str:
    return json.dumps(url or None)


class VerdictOne(PublicView):
    def early(self, request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
        """The verdict as it is kept (`reviews.selectors.kept`); None where it must be made, or is not there."""
        try:
            self.place = page_kept(kwargs["slug"], "api", known=request.META.get("HTTP_IF_NONE_MATCH", ""))
        except Http404:
            return None
        if self.place.drawn is None or request.GET:
            return None
        self.tag = self.place.drawn.etag
        unchanged = self.place.unchanged or self.has(request)
        return HttpResponseNotModified() if unchanged else self._sent(self.place.drawn.body)

    @extend_schema(operation_id="verdicts_read", responses=s.PublicVerdict, auth=[])
    def get(self, request: Request, slug: str) -> HttpResponse:
        """One published verdict by the name in its address, with its ClaimReview."""
        refuse_unknown(request, ())
        publication = publication_by_slug(slug)
        body = json.dumps(verdict_said(publication), ensure_ascii=False)
        self.tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
        drawn = Drawn(200, self.tag, "", body)
        page_keep(publication=publication, form="api", drawn_from=self.place.drawn_from, drawn=drawn)
        return HttpResponseNotModified() if self.has(request) else self._sent(body)

    def _sent(self, body: str) -> HttpResponse:
        return HttpResponse(body, content_type="application/json")


class VerdictClaimReview(PublicView):
    @extend_schema(
        operation_id="verdicts_claimreview", responses={(200, "application/ld+json"): OpenApiTypes.OBJECT}, auth=[]
    )
    def get(self, _request: Request, slug: str) -> Response:
        """The ClaimReview of one published verdict, as its page carries it; 404 once it is retracted."""
        version: PublicationVersion = newest_version(publication_by_slug(slug))
        if not version.claimreview:
            raise NotFound("not_found", what="ClaimReview")
        return Response(document_of(version), content_type="application/ld+json")


class ChangeList(PublicView):
    follows_changes = True
    cache = "public, no-cache"  # what is asked for to learn of news must not be a minute old

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


class ScaleList(PublicView):
    @extend_schema(operation_id="scales_list", responses=s.ScaleOut(many=True), auth=[])
    def get(self, _request: Request) -> Response:
        """The verdict scales with their labels, newest version first; not those only a walled desk judges with."""
        return self.page(scales_public(), s.ScaleOut)


class ScaleOne(PublicView):
    @extend_schema(operation_id="scales_read", responses=s.ScaleOut, auth=[])
    def get(self, _request: Request, pk: int) -> Response:
        """One version of a verdict scale."""
        found = scales_public().filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="scale")
        return Response(s.ScaleOut(found).data)
