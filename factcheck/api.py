"""/api/v1/: the one place that knows all of the API, its description and its page for people."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from factcheck.core.problems import problem_response

if TYPE_CHECKING:
    from collections.abc import Iterator


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The API as OpenAPI 3.1; made once a process, since the code does not change under it."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    body = json.dumps(schema(), ensure_ascii=False)
    answer = HttpResponse(body, content_type="application/vnd.oai.openapi+json; version=3.1; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=300)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page of our own: no script, so the strict CSP holds here too."""
    context = {
        "desk_name": settings.DESK_NAME, "base_url": settings.BASE_URL, "info": schema()["info"],
        "operations": list(_operations(schema())),
    }  # fmt: skip
    return render(request, "public/api.html", context)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for where, methods in document["paths"].items():
        for method, operation in methods.items():
            first, _, rest = operation.get("description", "").partition("\n")
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": where,
                "summary": first,
                "description": rest.strip(),
                "parameters": operation.get("parameters", []),
                "fields": list(_fields(document, operation)),
                "answers": sorted((code, body["description"]) for code, body in operation["responses"].items()),
            }


def _fields(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(reference, {})
    for name, field in found.get("properties", {}).items():
        needed = name in found.get("required", [])
        yield {"name": name, "required": needed, "description": field.get("description", "")}


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """An address below /api/v1/ that is none: a problem document, as everywhere in the API."""
    return problem_response(404, "request.not_found", "There is nothing at this address.", request.path)


urlpatterns = [
    path("openapi.json", openapi, name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("", include("reviews.api.urls")),
    re_path(r"", nothing),
]
