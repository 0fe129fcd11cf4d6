"""Questions to people outside the desk: asked, answered, taken back; the same acts as on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import User
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from articles.api.serializers import VersionIn
from factcheck.core.errors import NotFound
from reviews import access
from reviews.api.base import ApiView, actor, body, detail, seen_version
from reviews.choices import BY_HAND, CONTACTED, AnswerWay, WaitKind
from reviews.models import Contact, Query
from reviews.selectors.replies import reply_words
from reviews.services.asking import (
    Asking,
    contact_add,
    query_answer,
    query_ask,
    query_extend,
    query_link_new,
    query_withdraw,
    reply_waive,
)
from reviews.workflow import QueryState

if TYPE_CHECKING:
    from rest_framework.request import Request

_LONG: dict[str, Any] = {"max_length": 10_000}


class ContactOut(serializers.ModelSerializer[Contact]):
    class Meta:
        model = Contact
        fields: ClassVar = ["kind", "words", "at", "by_name"]
        read_only_fields = fields


class QueryOut(serializers.ModelSerializer[Query]):
    """`reply_words` is the sentence for readers; empty for what is not theirs to read."""

    kind = serializers.ChoiceField(choices=WaitKind.choices, read_only=True)
    state = serializers.ChoiceField(choices=[(one.value, one.value) for one in QueryState], read_only=True)
    to_email = serializers.CharField(read_only=True)
    answered_way = serializers.ChoiceField(choices=[("", ""), *AnswerWay.choices], read_only=True)
    reply_words = serializers.SerializerMethodField()
    contacts = ContactOut(many=True, read_only=True)

    class Meta:
        model = Query
        fields: ClassVar = [
            "id", "claim", "version", "kind", "state", "to_name", "to_email", "question", "asked_by_name", "asked_at",
            "due_at", "reminded_at", "answer", "answered_at", "answered_by_name", "answered_way", "quote", "note",
            "reply_words", "contacts",
        ]  # fmt: skip
        read_only_fields = fields

    def get_reply_words(self, query: Query) -> str:
        return reply_words(query)


class AskIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=WaitKind.choices)
    to_name = serializers.CharField(max_length=200)
    to_email = serializers.EmailField(required=False, allow_blank=True, default="")
    to_person = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=150,
        help_text="User name, for an answer on the card",
    )
    question = serializers.CharField(**_LONG)
    due_at = serializers.DateTimeField()
    wait = serializers.BooleanField(default=True, help_text="Set the claim to waiting, if the asker has it.")


class AnswerIn(VersionIn):
    answer = serializers.CharField(**_LONG)
    way = serializers.ChoiceField(
        choices=[(way.value, way.label) for way in (AnswerWay.DESK, *BY_HAND)],
        help_text="`desk` is for the person who was asked.",
    )
    by_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    quote = serializers.CharField(required=False, allow_blank=True, default="", **_LONG)


class WithdrawIn(VersionIn):
    note = serializers.CharField(**_LONG)


class ExtendIn(VersionIn):
    due_at = serializers.DateTimeField()


class ContactIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[(one.value, one.label) for one in CONTACTED])
    words = serializers.CharField(**_LONG)


class WaiveIn(serializers.Serializer[Any]):
    reason = serializers.CharField(**_LONG)


class LinkOut(serializers.Serializer[Any]):
    url = serializers.CharField()


class QueryList(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="queries_list", responses=QueryOut(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """What was asked about a claim, newest first, with its contact log."""
        rows = Query.objects.filter(claim=access.claim(actor(request), pk)).prefetch_related("contacts")
        return self.page(rows, QueryOut)

    @extend_schema(operation_id="queries_ask", request=AskIn, responses={201: QueryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Ask somebody outside the desk, with a time to answer. The guest link has an endpoint of its own."""
        claim, given = access.claim(actor(request), pk), body(AskIn, request)
        name = given.pop("to_person")
        person = User.objects.filter(username=name, is_active=True).first() if name else None
        if name and person is None:
            raise NotFound("not_found", what="person of that name")
        query = query_ask(claim=claim, actor=actor(request), asking=Asking(**given, to_person=person))
        return _made(query)


class ReplyWaive(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="queries_waive", request=WaiveIn, responses={201: QueryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Say why nobody is asked for a reply."""
        claim = access.claim(actor(request), pk)
        return _made(reply_waive(claim=claim, actor=actor(request), **body(WaiveIn, request)))


def _made(query: Query) -> Response:
    answer = detail(query, QueryOut, status=201)
    answer["Location"] = reverse("api-query", args=[query.pk])
    return answer


class QueryOne(ApiView):
    @extend_schema(operation_id="queries_read", responses=QueryOut)
    def get(self, request: Request, pk: int) -> Response:
        """One question with what came back."""
        return detail(access.query(actor(request), pk), QueryOut)


class QueryAct(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    def given(self, request: Request, pk: int, serializer: Any) -> tuple[Query, dict[str, Any]]:
        """The question and the checked body, whose `seen_version` is the one the client has read."""
        query, values = access.query(actor(request), pk), body(serializer, request)
        seen = seen_version(request, query.version, values.pop("version", None), needed=True)
        return query, values | {"seen_version": seen}


class QueryAnswer(QueryAct):
    @extend_schema(operation_id="queries_answer", request=AnswerIn, responses={200: QueryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Write an answer down; the claim goes on when nothing else is open."""
        query, given = self.given(request, pk, AnswerIn)
        return detail(query_answer(query=query, actor=actor(request), **given), QueryOut)


class QueryWithdraw(QueryAct):
    @extend_schema(operation_id="queries_withdraw", request=WithdrawIn, responses={200: QueryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Take a question back, with the reason; its link is dead then."""
        query, given = self.given(request, pk, WithdrawIn)
        query_withdraw(query=query, actor=actor(request), **given)
        return detail(query, QueryOut)


class QueryExtend(QueryAct):
    @extend_schema(operation_id="queries_extend", request=ExtendIn, responses={200: QueryOut})
    def post(self, request: Request, pk: int) -> Response:
        """Give more time, also after it was over."""
        query, given = self.given(request, pk, ExtendIn)
        query_extend(query=query, actor=actor(request), **given)
        return detail(query, QueryOut)


class QueryContact(ApiView):
    scopes: ClassVar = {"POST": "verdict:write"}

    @extend_schema(operation_id="queries_contact", request=ContactIn, responses={201: ContactOut})
    def post(self, request: Request, pk: int) -> Response:
        """Put a call, letter or meeting into the contact log."""
        query = access.query(actor(request), pk)
        return detail(
            contact_add(query=query, actor=actor(request), **body(ContactIn, request)), ContactOut, status=201
        )


class QueryLink(ApiView):
    """The link is a secret: made anew here, told once, kept by no Idempotency-Key."""

    scopes: ClassVar = {"POST": "verdict:write"}
    answers_secret: ClassVar = True

    @extend_schema(operation_id="queries_link", request=None, responses={201: LinkOut})
    def post(self, request: Request, pk: int) -> Response:
        """A new guest link for this question; the one before is dead at once."""
        url = query_link_new(query=access.query(actor(request), pk), actor=actor(request))
        return Response(LinkOut({"url": url}).data, status=201)
