"""How the API describes itself: every view declares the problems it may answer with."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable for programs, `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the field."},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_ALWAYS: Final = {
    400: "The request cannot be read.",
    401: "No key, or one that is not valid.",
    403: "The key lacks the scope, or its person the right.",
    404: "It does not exist, or this person may not see it; or the cursor is not valid.",
    406: "The format asked for is not offered.",
    429: "Too many requests in this minute; `Retry-After` says when to go on.",
    422: "A field, a parameter or the body is not valid.",
}
_ON_WRITES: Final = {
    409: "It is not in the state for this act, or somebody was first.",
    412: "If-Match names another version than the one that is held.",
    413: "The body is larger than what is read here.",
    415: "This media type is not read here.",
    428: "The act needs to know which version it is about, and none was named.",
}
_HEADER: Final = OpenApiParameter.HEADER
_IF_MATCH: Final = OpenApiParameter(
    "If-Match", str, _HEADER,
    description="The ETag of the version this is about; 412 where the desk holds another one. Acts on a verdict "
    "or a page want it, or `version` in the body.",
)  # fmt: skip
_IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key", str, _HEADER,
    description="A string of your own for this act. Sent again within 24 hours it answers as the first time and "
    "does nothing; with another body it is refused (422), and while the first is still running too (409).",
)  # fmt: skip


class ProblemSchema(AutoSchema):
    """drf-spectacular's view of a view, with the problems and the If-Match header it does not see."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        problem = self._problem()
        writes = self.method not in ("GET", "HEAD")
        for status, words in (_ALWAYS | (_ON_WRITES if writes else {})).items():
            bodies.setdefault(
                str(status), {"description": words, "content": {"application/problem+json": {"schema": problem}}}
            )
        return bodies

    def get_override_parameters(self) -> Any:
        """The headers every act knows, beside what the view declares."""
        declared = list(super().get_override_parameters())
        if self.method in ("GET", "HEAD"):
            return declared
        secret = getattr(self.view, "answers_secret", False)
        return [*declared, _IF_MATCH, *([] if secret else [_IDEMPOTENCY])]

    def _problem(self) -> Any:
        kind = ResolvedComponent.SCHEMA
        component = ResolvedComponent("Problem", kind, PROBLEM, "problem")  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return component.ref


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells drf-spectacular what our own authentication looks like."""

    target_class = "factcheck.core.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made in the admin or with `create_api_key`, with the scopes it needs.",
        }
