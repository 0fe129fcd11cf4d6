"""What every view of the API shares: scopes, versions, pages of results, bounded bodies."""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final, cast

from django.contrib.auth.models import User
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from articles.ingest.decode import MAX_BYTES
from factcheck.core.errors import Invalid, NotAllowed, PreconditionFailed, WrongState
from factcheck.core.models import ApiKey
from reviews.api.schema import ProblemSchema
from reviews.policies import may

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model, QuerySet
    from rest_framework.pagination import Cursor as Place
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer
    from rest_framework.views import APIView

# JSON writes a character in up to six bytes, and there are a few fields beside the text.
LARGEST_BODY: Final = 6 * MAX_BYTES + 65_536
_VERSION_TAG: Final = re.compile(r'"(\d{1,9})"')
_PRIMARY_KEY: Final = re.compile(r"[0-9]{1,18}")  # what 64 bits hold for sure


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


class BoundedParser(BaseParser):
    """Reads a body of at most `LARGEST_BODY` bytes, whatever its length says."""

    def read(self, stream: IO[Any]) -> bytes:
        data: bytes = stream.read(LARGEST_BODY + 1)
        if len(data) > LARGEST_BODY:
            raise Invalid("article.too_large", size=f"more than {LARGEST_BODY}", limit=MAX_BYTES)
        return data


class JsonBody(BoundedParser):
    """One JSON object as RFC 8259 has it: UTF-8, and no NaN."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return json.loads(self.read(stream).decode("utf-8-sig"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"The body is not JSON: {error}.") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


class PlainBody(BoundedParser):
    """The body as it is, for stories that are handed in as a file."""

    media_type = "text/plain"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return self.read(stream)


class HtmlBody(PlainBody):
    media_type = "text/html"


class Cursor(CursorPagination):
    """Newest first by primary key, which no two rows share; the neighbours are in Link headers too (RFC 8288)."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Place | None:
        """Raises NotFound too for a place that is no primary key: the database would fail on it."""
        place = super().decode_cursor(request)
        if place is not None and place.position is not None and not _PRIMARY_KEY.fullmatch(str(place.position)):
            raise NotFound(self.invalid_cursor_message)
        return place

    def get_paginated_response(self, data: Any) -> Response:
        answer = super().get_paginated_response(data)
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        header = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
        if header:
            answer["Link"] = header
        return answer

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        made = super().get_paginated_response_schema(schema)
        made["required"] = ["next", "previous", "results"]
        return made


class ApiView(GenericAPIView[Any]):
    """Parses, calls a service, answers. `scopes` names the scope of a key for each method."""

    scopes: ClassVar[dict[str, str]] = {}
    permission_classes: Sequence[Any] = (ScopedAccess, ReadsDesk)
    parser_classes: Sequence[Any] = (JsonBody,)
    pagination_class = Cursor
    schema = ProblemSchema()

    def scope_for(self, method: str) -> str:
        return self.scopes.get(method, "read")

    def page(self, rows: QuerySet[Any], serializer: type[Serializer[Any]]) -> Response:
        """One page of rows with its links."""
        found = self.paginate_queryset(rows)
        return self.get_paginated_response(serializer(found, many=True, context={"request": self.request}).data)


def actor(request: Request) -> User:
    """Who asks; behind `ScopedAccess` always a person."""
    assert isinstance(request.user, User)
    return request.user


def body(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body; raises ValidationError, which becomes a problem with a pointer for each field."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def query(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.query_params)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def seen_version(request: Request, held: int, given: int | None) -> int | None:
    """The version the client acts on, from If-Match or else from the body.

    Raises PreconditionFailed (412) where If-Match names another version than the one held, and WrongState
    (409) where the body does.
    """
    header = request.headers.get("If-Match", "").strip()
    if header and header != "*":
        match = _VERSION_TAG.fullmatch(header)
        if match is None:
            raise Invalid("request.if_match")
        if int(match[1]) != held:
            raise PreconditionFailed("request.precondition", given=match[1], held=held)
        return held
    if given is not None and given != held:
        raise WrongState("workflow.changed")
    return given


def detail(thing: Model, serializer: type[Serializer[Any]], *, status: int = 200, **context: Any) -> Response:
    """One resource with its version as ETag where it has one."""
    answer = Response(serializer(thing, context=context).data, status=status)
    version = getattr(thing, "version", None)
    if version is not None:
        answer["ETag"] = f'"{version}"'
    return answer
