"""What every view of the API shares: who asks, how often, about which version, and what is kept of the answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseNotModified
from django.utils.cache import get_conditional_response
from rest_framework.exceptions import AuthenticationFailed, ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from factcheck.core import limits
from factcheck.core.answers import once, read_key
from factcheck.core.errors import (
    Invalid,
    NotAllowed,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    TooMany,
    WrongState,
)
from factcheck.core.models import ApiKey
from factcheck.core.open import open_to_all
from reviews.api.bodies import LARGEST_BODY, FormBody, HtmlBody, JsonBody, PlainBody
from reviews.api.paging import PAGING, Cursor, refuse_unknown
from reviews.api.schema import ProblemSchema
from reviews.policies import may
from reviews.selectors.kept import changes_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer
    from rest_framework.views import APIView

__all__ = [
    "ApiView",
    "FormBody",
    "HtmlBody",
    "JsonBody",
    "PlainBody",
    "PublicView",
    "actor",
    "body",
    "detail",
    "query",
]

# The ETag of a resource is its version, and for a reading a fingerprint of the answer after it.
# Something between here and the client may have marked it as weak (W/) because it compressed the answer.
_VERSION_TAG: Final = re.compile(r'(?:W/)?"(\d{1,9})(?:\.[0-9a-f]{16})?"')
_JSON: Final = ("*/*", "application/*", "application/json")
_SEES: Final = ("GET", "HEAD")
_READS: Final = (*_SEES, "OPTIONS")
_GOOD: Final = (200, 304)
_Answer = TypeVar("_Answer", bound="HttpResponse")
_KEPT_HEADERS: Final = ("Location", "ETag", "Content-Type")
_EXPOSED: Final = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"


class ScopedAccess(BasePermission):
    """Somebody must have signed in; a program's key must carry the scope the view names for the method.

    A scope opens the door only. What its person may do is decided by the services, as for a page.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        scope = cast("ApiView", view).scope_for(request.method or "GET")
        if isinstance(request.auth, ApiKey) and scope not in request.auth.scopes:
            raise NotAllowed("key.scope", scope=scope)
        return True


class ReadsDesk(BasePermission):
    """Only people who may read the desk, or hand in articles and read what became of them."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        person = actor(request)
        held = may(person, "read_desk")
        if not (held.allowed or may(person, "ingest").allowed):
            raise NotAllowed(held.code, action="read the desk", needs=held.needs)
        return True


class ApiView(GenericAPIView[Any]):
    """Parses, calls a service, answers. `scopes` names the scope of a key for each method.

    `largest_body` is in bytes. `answers_secret`: the answer is shown once, so no Idempotency-Key can keep it.
    """

    scopes: ClassVar[dict[str, str]] = {}
    largest_body: ClassVar[int] = LARGEST_BODY
    answers_secret: ClassVar[bool] = False
    permission_classes: Sequence[Any] = (ScopedAccess, ReadsDesk)
    parser_classes: Sequence[Any] = (JsonBody,)
    pagination_class: type[Cursor] | None = Cursor
    schema = ProblemSchema()
    counted: limits.Count | None = None
    tag: str = ""  # the ETag of the answer, where it is known without the answer

    def scope_for(self, method: str) -> str:
        return self.scopes.get(method, "read")

    # --- before the act ---
    def perform_authentication(self, request: Request) -> None:
        """Find out who asks and count it: per key or person, else, and for keys that are no good, per address."""
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            self._count("address", limits.client_address(request), settings.API_RATE_ADDRESS)
            raise
        if isinstance(request.auth, ApiKey):
            self._count("key", f"key {request.auth.pk}", settings.API_RATE_KEY)
        elif request.user.is_authenticated:
            self._count("person", f"person {request.user.pk}", settings.API_RATE_KEY)
        else:
            self._count("address", limits.client_address(request), settings.API_RATE_ADDRESS)

    def _count(self, name: str, who: str, limit: int) -> None:
        self.counted = limits.count(name, who, limit)
        if self.counted.exceeded:
            raise TooMany("rate.exceeded", limit=limit, seconds=self.counted.reset)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        header = request.headers.get("Idempotency-Key")
        method = (request.method or "").lower()
        if header is None or request.method in _READS or not hasattr(self, method):
            return
        if self.answers_secret:
            raise Invalid("idempotency.secret")
        setattr(self, method, partial(self._once, getattr(self, method), read_key(header)))

    def _once(self, act: Callable[..., Response], key: str, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The act in one transaction with its kept answer, or the answer of the first time."""
        who = f"key {request.auth.pk}" if isinstance(request.auth, ApiKey) else f"person {request.user.pk}"
        sent = hashlib.sha256(f"{request.content_type}\n{request.get_full_path()}\n".encode() + _bytes(request))
        scope = f"{who} {request.method} {request.path}"
        with once(scope=scope, key=key, fingerprint=sent.hexdigest()) as held:
            if held.known:
                answer = Response(held.row.body, status=held.row.status)
                for name, value in held.row.headers.items():
                    answer[name] = value
                answer["Idempotency-Replayed"] = "true"
                return answer
            answer = act(request, *args, **kwargs)
            headers = {name: answer[name] for name in _KEPT_HEADERS if name in answer}
            held.keep(status=answer.status_code, headers=headers, body=json.loads(JSONRenderer().render(answer.data)))
            return answer

    # --- after it ---
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.counted is not None:
            for name, value in self.counted.headers().items():
                answer[name] = value
        if "Cache-Control" not in answer:
            answer["Cache-Control"] = "private, no-cache"
        if request.method in ("GET", "HEAD") and answer.status_code == 200 and hasattr(answer, "render"):
            answer.add_post_render_callback(partial(_conditional, request, self.tag))
        return answer

    def page(self, rows: QuerySet[Any], serializer: type[Serializer[Any]], *known: str) -> Response:
        """One page of rows with its links; `known` are the filters of this list."""
        refuse_unknown(self.request, {*known, *PAGING})
        found = self.paginate_queryset(rows)
        return self.get_paginated_response(serializer(found, many=True, context={"request": self.request}).data)


class PublicView(ApiView):
    """What everybody may read, from scripts of any site too: no key, no cookie, nothing that depends on either."""

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = ()
    # Nothing but an act on a published verdict changes the answers: what is unchanged is told before it is made.
    follows_changes: ClassVar[bool] = False
    cache: ClassVar[str] = "public, max-age=60, stale-while-revalidate=600"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return open_to_all(super().as_view(**initkwargs))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        plain = request.method in _SEES and _takes_json(request)
        early = self._counted(request, self.early(request, **kwargs)) if plain else None
        return early or super().dispatch(request, *args, **kwargs)

    def early(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse | None:
        """A 304, or what `quick` makes; None for what needs the whole way, all errors among it."""
        if not self.follows_changes:
            return None
        whole = f"{changes_tag()} {request.get_full_path()}"
        self.tag = f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'
        return HttpResponseNotModified() if self.has(request) else self.quick(request)

    def has(self, request: HttpRequest) -> bool:
        """Whether the client has what is tagged so."""
        return self.tag in request.META.get("HTTP_IF_NONE_MATCH", "")

    def _counted(self, request: HttpRequest, made: HttpResponse | None) -> HttpResponse | None:
        """The answer with where its reader stands; None once the limit is reached, which is told on the whole way."""
        if made is None:
            return None
        counted = limits.count("address", limits.client_address(request), settings.API_RATE_ADDRESS)
        if counted.exceeded:
            return None
        for name, value in counted.headers().items():
            made[name] = value
        return self._for_all(made)

    def quick(self, _request: HttpRequest) -> HttpResponse | None:
        """The answer to a request that has nothing special about it, made without the framework; None else."""
        return None

    def _for_all(self, answer: _Answer) -> _Answer:
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = _EXPOSED
        answer["Vary"] = "Accept"
        if answer.status_code in _GOOD:
            answer["Cache-Control"] = self.cache
            if self.tag:
                answer["ETag"] = self.tag
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """The answer to a preflight request of a browser."""
        answer = Response(status=204)
        answer["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        answer["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        answer["Access-Control-Max-Age"] = "86400"
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        return self._for_all(super().finalize_response(request, response, *args, **kwargs))


def _takes_json(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT", "*/*")
    return any(name in accepted for name in _JSON)


def _bytes(request: Request) -> bytes:
    try:
        return bytes(request._request.body)
    except RequestDataTooBig as error:
        raise TooLarge("request.too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from error


def _conditional(request: Request, known: str, answer: HttpResponse) -> HttpResponse:
    """The `known` ETag, else one of the bytes after the version, where there is one; 304 where the client has it."""
    digest = hashlib.sha256(answer.content).hexdigest()[:16]
    version = _VERSION_TAG.fullmatch(answer.get("ETag", ""))
    tag = known or (f'"{version[1]}.{digest}"' if version else f'"{digest}"')
    answer["ETag"] = tag
    if_none_match = "If-None-Match" in request.headers
    found = get_conditional_response(request._request, etag=tag, response=answer) if if_none_match else answer
    return found or answer


def actor(request: Request) -> User:
    """Who asks; behind `ScopedAccess` always a person."""
    assert isinstance(request.user, User)
    return request.user


def body(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body; raises ValidationError, which becomes a problem with a pointer for each field."""
    checked = serializer(data=request.data)
    refuse_unknown_fields(request.data, checked)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def refuse_unknown_fields(data: Any, serializer: Serializer[Any]) -> None:
    """Raise ValidationError for a field that is not read: what is misspelt must not be lost without a word."""
    known = serializer.fields
    unknown = [name for name in data if name not in known] if isinstance(data, Mapping) else []
    if unknown:
        said = ErrorDetail(f"There is no such field here. Known: {', '.join(known) or 'none'}.", "unknown_field")
        raise ValidationError({str(name)[:60]: [said] for name in unknown})


def query(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked parameters; raises Invalid for one that this list does not know."""
    refuse_unknown(request, {*serializer().fields, *PAGING})
    checked = serializer(data=request.query_params)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def seen_version(request: Request, held: int, given: int | None, *, needed: bool = False) -> int | None:
    """The version the client acts on, from If-Match or else from the body.

    Raises PreconditionFailed (412) where If-Match names only other versions than the one held, WrongState (409)
    where the body does, and PreconditionRequired (428) where one is needed and none is named.
    """
    header = request.headers.get("If-Match", "").strip()
    if header and header != "*":
        found = [_VERSION_TAG.fullmatch(one.strip()) for one in header.split(",")]
        named = [match[1] for match in found if match is not None]
        if not named:
            raise Invalid("request.if_match")
        if held not in map(int, named):
            raise PreconditionFailed("request.precondition", given=" or ".join(named)[:60], held=held)
        return held
    if given is not None and given != held:
        raise WrongState("workflow.changed")
    if needed and given is None and not header:
        raise PreconditionRequired("request.version_needed")
    return given


def detail(thing: Any, serializer: type[Serializer[Any]], *, status: int = 200, **context: Any) -> Response:
    """One resource with its version as ETag where it has one."""
    answer = Response(serializer(thing, context=context).data, status=status)
    version = getattr(thing, "version", None)
    if version is not None:
        answer["ETag"] = f'"{version}"'
    return answer
