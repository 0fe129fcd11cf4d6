"""Pages of results, and the parameters a list may be asked with."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rest_framework.pagination import Cursor as Place
    from rest_framework.request import Request
    from rest_framework.response import Response

PAGE: Final = 50
MOST: Final = 200
_PRIMARY_KEY: Final = re.compile(r"[0-9]{1,18}")  # what 64 bits hold for sure
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
PAGING: Final = ("cursor", "limit")


class Cursor(CursorPagination):
    """Newest first by primary key, which no two rows share; the neighbours are in Link headers too (RFC 8288)."""

    ordering = "-pk"
    page_size = PAGE
    page_size_query_param = "limit"
    page_size_query_description = f"Rows of one page, from 1 to {MOST}."
    max_page_size = MOST

    def get_page_size(self, request: Request) -> int:
        """Raises Invalid (request.bad_limit): a page that is silently shorter would look like the last one."""
        return page_length(request, PAGE)

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


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a list of lines begins: beyond the key `at` (None: at the newest), or ends when `backwards`."""

    at: int | None = None
    backwards: bool = False
    limit: int = PAGE

    @property
    def cursor(self) -> str:
        return b64encode(urlencode({"r": 1, "p": self.at} if self.backwards else {"p": self.at}).encode()).decode()


def position_of(given: Mapping[str, str]) -> Position:
    """The position in the parameters of a request; raises NotFound for a cursor that is none, Invalid for a limit."""
    limit, cursor = length_of(given.get("limit", ""), PAGE), given.get("cursor", "")
    if not cursor:
        return Position(limit=limit)
    try:
        parts = parse_qs(b64decode(cursor.encode("ascii"), validate=True).decode("ascii"))
    except ValueError as error:
        raise NotFound(Cursor.invalid_cursor_message) from error
    place = parts.get("p", [""])[0]
    if not _PRIMARY_KEY.fullmatch(place):
        raise NotFound(Cursor.invalid_cursor_message)
    return Position(int(place), parts.get("r") == ["1"], limit)


def page_length(request: Request, usual: int) -> int:
    """The `limit` of a request; raises Invalid (request.bad_limit) outside of 1 to `MOST`."""
    return length_of(request.query_params.get("limit", ""), usual)


def length_of(given: str, usual: int) -> int:
    if not given:
        return usual
    if not _NUMBER.fullmatch(given) or not 1 <= int(given) <= MOST:
        raise Invalid("request.bad_limit", most=MOST)
    return int(given)


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise Invalid (request.unknown_parameter): a filter that is misspelt must not answer with everything."""
    names = sorted(known)
    for name in request.query_params:
        if name not in names:
            raise Invalid("request.unknown_parameter", name=name[:60], known=", ".join(names) or "none")
