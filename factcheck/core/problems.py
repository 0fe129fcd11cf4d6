"""Errors of the API as RFC 9457 problem documents."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as drf_handler

from factcheck.core.errors import FactcheckError, TooMany

MEDIA_TYPE: Final = "application/problem+json"
_TITLES: Final = {
    400: "The request cannot be read.",
    401: "Authentication is needed.",
    403: "This is not allowed.",
    404: "There is nothing here.",
    405: "This method is not possible here.",
    406: "This format is not offered.",
    409: "This does not fit the state things are in now.",
    412: "Somebody else changed it in between.",
    413: "There is more of it than is read.",
    415: "This media type is not read here.",
    422: "The request is not valid.",
    428: "Say which version this is about.",
    429: "Too many requests.",
    503: "Something needed is not there right now.",
}

# What a code of the framework means, where no rule of ours was asked.
OF_REQUESTS: Final = {
    "input.invalid": "Fields of the request are not valid; errors names each with what is wrong.",
    "request.not_found": "There is nothing at this address, or it is not yours to see.",
    "request.not_authenticated": "Send a key as Authorization: Bearer KEY, or sign in.",
    "request.authentication_failed": "The key is not known, has expired or was taken back.",
    "request.permission_denied": "Whoever asks may not do this.",
    "request.method_not_allowed": "The address is right, the method is not: see Allow.",
    "request.not_acceptable": "The answer is not offered in the format that Accept asks for.",
    "request.unsupported_media_type": "The body is not of a media type that is read here.",
    "request.parse_error": "The body cannot be read as what it says it is.",
}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler: every known error becomes a problem document, bugs stay exceptions."""
    path = context["request"].path
    if isinstance(exc, FactcheckError):
        return _of_rule(exc, path)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    answer = drf_handler(exc, context)
    if answer is None or not isinstance(exc, exceptions.APIException):
        return answer
    if isinstance(exc, exceptions.ValidationError):
        made = problem(422, "input.invalid", "Mend the fields named below.", path, errors=list(_fields(exc.detail)))
    else:
        made = problem(answer.status_code, code := f"request.{exc.default_code}", _said(exc, code), path)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in answer.headers:
            made[header] = answer.headers[header]
    return made


def _said(error: exceptions.APIException, code: str) -> str:
    """What to do about it, where nothing was said but that it went wrong."""
    return OF_REQUESTS[code] if str(error.detail) == str(error.default_detail) else str(error.detail)


def _of_rule(error: FactcheckError, path: str) -> Response:
    made = problem(error.http_status, error.code, error.detail, path)
    if isinstance(error, TooMany):
        made["Retry-After"] = str(error.seconds)
    return made


def problem(status: int, code: str, detail: str, instance: str, **more: object) -> Response:
    """One problem document; `code` is stable for programs, `detail` tells a person what to do."""
    body = _document(status, code, detail, instance, more)
    return Response(body, status=status, content_type=MEDIA_TYPE)


def problem_response(status: int, code: str, detail: str, instance: str) -> JsonResponse:
    """The same outside of DRF's views, for addresses that no view answers."""
    return JsonResponse(_document(status, code, detail, instance, {}), status=status, content_type=MEDIA_TYPE)


def _document(status: int, code: str, detail: str, instance: str, more: dict[str, object]) -> dict[str, object]:
    return {
        "type": f"{settings.BASE_URL}/api/v1/problems/{code}",
        "title": _TITLES.get(status, "The request failed."),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
        **more,
    }


def _fields(detail: Any, pointer: str = "#") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [one for name, inner in detail.items() for one in _fields(inner, _below(pointer, name))]
    if isinstance(detail, list):
        found: list[dict[str, str]] = []
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            found += _fields(inner, f"{pointer}/{index}" if nested else pointer)
        return found
    return [{"pointer": pointer, "detail": str(detail), "code": getattr(detail, "code", "invalid")}]


def _below(pointer: str, name: str) -> str:
    """The pointer of a field of it (RFC 6901); what is wrong with the whole is told of the whole."""
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
