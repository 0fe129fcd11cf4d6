"""Articles in; articles, claims and evidence out, and what editors make of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import F, Prefetch, Q, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from articles.api import serializers as s
from articles.choices import Mode, Origin, Visibility
from articles.models import Claim, ClaimRelation, Evidence, Revision
from articles.selectors.cited import with_numbers
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api.base import ApiView, HtmlBody, JsonBody, PlainBody, actor, body, detail, query, seen_version
from reviews.api.bodies import LARGEST_STORY
from reviews.api.serializers import ClaimDetail
from reviews.models import Review
from reviews.selectors.queue import claims_saying
from reviews.services.article import article_hand_in
from reviews.services.evidence import finding_show, suggestion_drop, suggestion_keep, suggestion_stance

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request
    from rest_framework.response import Response


class ArticleList(ApiView):
    scopes: ClassVar = {"POST": "ingest"}
    largest_body = LARGEST_STORY
    parser_classes = (JsonBody, PlainBody, HtmlBody)

    @extend_schema(operation_id="articles_list", parameters=[s.ArticleQuery], responses=s.ArticleOut(many=True))
    def get(self, request: Request) -> Response:
        """Articles, newest first; with words in the title, in one state, of one desk."""
        given = query(s.ArticleQuery, request)
        fields = {"q": "title__icontains", "state": "state", "desk": "desk__slug"}
        wanted = {fields[name]: value for name, value in given.items()}
        return self.page(access.articles(actor(request)).filter(**wanted), s.ArticleOut, *s.ArticleQuery().fields)

    @extend_schema(
        operation_id="articles_ingest",
        parameters=[s.ArticleRawQuery],
        request={
            "application/json": s.ArticleIn,
            "text/plain": OpenApiTypes.STR,
            "text/html": OpenApiTypes.STR,
        },
        responses={201: s.IngestedOut, 200: s.IngestedOut},
    )
    def post(self, request: Request) -> Response:
        """Hand a story in. 201 for a new text, 200 for one the desk already has.

        As JSON, or as the file itself: then `url`, `name` and `mode` are parameters. Claims are found and
        their evidence is gathered afterwards; read the article's claims to follow.
        """
        data, content_type, given = _story(request)
        stored = article_hand_in(
            data=data, name=given.get("name", ""), url=given.get("url", ""), content_type=content_type,
            origin=Origin.API, mode=Mode(given["mode"]), actor=actor(request), desk=given.get("desk", ""),
        )  # fmt: skip
        answer = detail(stored.article, s.IngestedOut, status=201 if stored.created else 200, created=stored.created)
        answer["Location"] = reverse("api-article", args=[stored.article.pk])
        return answer


def _story(request: Request) -> tuple[bytes, str, dict[str, Any]]:
    media_type = request.content_type or ""
    if media_type.partition(";")[0].strip() in (PlainBody.media_type, HtmlBody.media_type):
        # An empty body is never given to a parser.
        data: Any = request.data
        return data if isinstance(data, bytes) else b"", media_type, query(s.ArticleRawQuery, request)
    given = body(s.ArticleIn, request)
    kind, media_type = ("html", "text/html") if "html" in given else ("text", "text/plain")
    return given[kind].encode(), f"{media_type}; charset=utf-8", given


class ArticleOne(ApiView):
    @extend_schema(operation_id="articles_read", responses=s.ArticleDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One article with all its revisions."""
        revisions = Prefetch("revisions", Revision.objects.defer("raw", "sentences", "attributions"))
        found = access.articles(actor(request)).prefetch_related(revisions).filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="article")
        return detail(found, s.ArticleDetail)


class ClaimList(ApiView):
    @extend_schema(operation_id="claims_list", parameters=[s.ClaimQuery], responses=s.ClaimOut(many=True))
    def get(self, request: Request) -> Response:
        """Claims, newest first; with words, of one article, in one state, or from a score on."""
        given = query(s.ClaimQuery, request)
        words = claims_saying(given.pop("q")) if "q" in given else Q()
        fields = {"article": "article", "state": "state", "min_score": "score__gte"}
        wanted = {fields[name]: value for name, value in given.items()}
        return self.page(access.claims(actor(request)).filter(words, **wanted), s.ClaimOut, *s.ClaimQuery().fields)


class ClaimOne(ApiView):
    @extend_schema(operation_id="claims_read", responses=ClaimDetail)
    def get(self, request: Request, pk: int) -> Response:
        """One claim with its evidence, the sources that were asked, its relations and its review."""
        found = _claim_bundle(access.claims(actor(request))).filter(pk=pk).first()
        if found is None:
            raise NotFound("not_found", what="claim")
        return detail(found, ClaimDetail, request=request)


def _claim_bundle(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    return claims.select_related("article").prefetch_related(
        Prefetch("evidence", _open_evidence(), to_attr="open_evidence"),
        Prefetch("reviews", Review.objects.filter(active=True).select_related("verdict"), to_attr="active_reviews"),
        "runs__source",
        Prefetch("relations", ClaimRelation.objects.filter(claim__article__desk=F("other__article__desk"))),
    )


def _open_evidence() -> QuerySet[Evidence]:
    """What may leave the desk: confidential evidence is read on its pages only."""
    return (
        with_numbers(Evidence.objects.exclude(visibility=Visibility.CONFIDENTIAL))
        .select_related("snapshot", "source")
        .defer("snapshot__content")
    )


class EvidenceAct(ApiView):
    """One decision about one piece of evidence."""

    scopes: ClassVar = {"POST": "verdict:write"}

    def decide(self, request: Request, pk: int, given: dict[str, Any], act: Callable[..., None]) -> Response:
        held = access.claims(actor(request))
        evidence = _open_evidence().filter(pk=pk, claim__in=held).first()
        if evidence is None:
            raise NotFound("not_found", what="evidence")
        seen_version(request, evidence.version, given.pop("version", None))
        act(evidence=evidence, actor=actor(request), **given)
        return detail(evidence, s.EvidenceOut)


class EvidenceKeep(EvidenceAct):
    @extend_schema(operation_id="evidence_keep", request=s.KeepIn, responses={200: s.EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Keep a suggestion; without a stance the suggested one is confirmed."""
        return self.decide(request, pk, body(s.KeepIn, request), suggestion_keep)


class EvidenceDrop(EvidenceAct):
    @extend_schema(operation_id="evidence_drop", request=s.DropIn, responses={200: s.EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Drop a suggestion; it stays readable with the claim."""
        return self.decide(request, pk, body(s.DropIn, request), suggestion_drop)


class EvidenceStance(EvidenceAct):
    @extend_schema(operation_id="evidence_stance", request=s.StanceIn, responses={200: s.EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say what a piece of evidence means for the claim."""
        return self.decide(request, pk, body(s.StanceIn, request), suggestion_stance)


class EvidenceVisibility(EvidenceAct):
    @extend_schema(operation_id="evidence_visibility", request=s.VisibilityIn, responses={200: s.EvidenceOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say who may see a piece of evidence. What was made confidential is not shown to programs again."""
        return self.decide(request, pk, body(s.VisibilityIn, request), finding_show)
