"""Search over everything, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from articles.selectors.fulltext import asked_for
from factcheck.core.errors import Invalid
from reviews.api.base import ApiView, actor, query
from reviews.api.paging import Position, position_of
from reviews.selectors.search import KINDS, kind_of, section

if TYPE_CHECKING:
    from rest_framework.request import Request


class SearchQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        max_length=200, help_text='Words that must all be there, "words together", or a beginning: gener*.'
    )
    kind = serializers.ChoiceField(choices=[(one.key, one.name) for one in KINDS], required=False, default="claims")


class WordsOut(serializers.Serializer[Any]):
    text = serializers.CharField(trim_whitespace=False)
    found = serializers.BooleanField(help_text="Whether these are words that were asked for.")


class PlaceOut(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Where the words stand: Claim, Quote, Passage …")
    pieces = WordsOut(many=True)


class HitOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[(one.key, one.name) for one in KINDS])
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    url = serializers.CharField(help_text="The page of the desk.")
    article = serializers.IntegerField()
    article_title = serializers.CharField()
    claim = serializers.IntegerField(allow_null=True)
    places = PlaceOut(many=True)


class Search(ApiView):
    @extend_schema(operation_id="search", parameters=[SearchQuery], responses=HitOut(many=True))
    def get(self, request: Request) -> Response:
        """What has these words, newest first, with the places where they stand; confidential evidence left out."""
        given = query(SearchQuery, request)
        asked, kind = asked_for(given["q"]), kind_of(given["kind"])
        assert kind is not None  # the serializer knows the kinds
        if not asked:
            raise Invalid("search.no_words")
        position = position_of(request.query_params.dict())
        found = section(actor(request), asked, kind, size=position.limit, after=position.at, confidential=False)
        following = Position(found.after, limit=position.limit).cursor if found.after else None
        url = replace_query_param(request.build_absolute_uri(), "cursor", following) if following else None
        return Response({"next": url, "previous": None, "results": HitOut(found.hits, many=True).data})
