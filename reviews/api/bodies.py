"""Reading bodies: bounded in bytes and in depth, whatever the request says of itself."""

from __future__ import annotations

import json
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from articles.ingest.decode import MAX_BYTES
from factcheck.core.errors import Malformed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

# JSON writes a character in up to six bytes, and there are a few fields beside the text.
LARGEST_STORY: Final = 6 * MAX_BYTES + 65_536
# A rationale of 50,000 characters, escaped, and room.
LARGEST_BODY: Final = 512 * 1024
DEEPEST: Final = 20


class BoundedParser(BaseParser):
    """Reads a body of at most `view.largest_body` bytes, whatever its length says; raises TooLarge."""

    def read(self, stream: IO[Any], parser_context: Mapping[str, Any] | None) -> bytes:
        limit: int = getattr((parser_context or {}).get("view"), "largest_body", LARGEST_BODY)
        data: bytes = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge("request.too_large", limit=limit)
        return data


class JsonBody(BoundedParser):
    """One JSON object as RFC 8259 has it: UTF-8, no NaN, at most `DEEPEST` levels."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            value = json.loads(self.read(stream, parser_context).decode("utf-8-sig"), parse_constant=_no_constant)
        except RecursionError as error:
            raise Malformed("request.too_deep", limit=DEEPEST) from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}.") from error
        if depth_exceeds(value, DEEPEST):
            raise Malformed("request.too_deep", limit=DEEPEST)
        return value


def depth_exceeds(value: Any, most: int) -> bool:
    """Whether lists and objects in it are nested more than `most` deep; level by level, without recursion."""
    level = [value]
    for _ in range(most + 1):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


class PlainBody(BoundedParser):
    """The body as it is, for stories that are handed in as a file."""

    media_type = "text/plain"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return self.read(stream, parser_context)


class FormBody(BoundedParser):
    """A form with files, as browsers and `curl -F` send it."""

    media_type = "multipart/form-data"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        bounded = BytesIO(self.read(stream, parser_context))
        found = MultiPartParser().parse(bounded, media_type, parser_context)
        return {**found.data.dict(), **found.files.dict()}


class HtmlBody(PlainBody):
    media_type = "text/html"
