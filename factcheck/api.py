"""/api/v1/: the one place that knows all of the API, its description and its page for people."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path, re_path, resolve, reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from factcheck.core.errors import MESSAGES
from factcheck.core.open import open_to_all
from factcheck.core.problems import OF_REQUESTS, problem_response
from reviews.views.public import page

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
                "example": _example(operation),
                "answers": sorted((code, body["description"]) for code, body in operation["responses"].items()),
            }


def _fields(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(reference, {})
    for name, field in found.get("properties", {}).items():
        needed = name in found.get("required", [])
        yield {"name": name, "required": needed, "description": field.get("description", "")}


def _example(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return json.dumps(content["example"], indent=2, ensure_ascii=False) if "example" in content else ""


# Problems that no rule of ours tells, but the framework or the way a request is put.
_FILLED: Final = re.compile(r"\{[^{}]*\}")


@open_to_all
@require_safe
def problem_page(request: HttpRequest, code: str = "") -> HttpResponse:
    """What one code means, where `type` of a problem leads; without a code all of them."""
    known = MESSAGES | OF_REQUESTS
    if code and code not in known:
        raise Http404(code)
    shown = {code: known[code]} if code else dict(sorted(known.items()))
    words = {name: _FILLED.sub("…", text) for name, text in shown.items()}
    return page(request, "public/problems.html", {"problems": words, "one": code})


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """An address below /api/v1/ that is none: a problem document, as everywhere in the API."""
    words = "There is nothing at this address."
    if not request.path.endswith("/") and _is_one(f"{request.path_info}/"):
        words += f" Addresses of the API end with a slash: {request.path}/"
    return problem_response(404, "request.not_found", words, request.path)


def _is_one(path_info: str) -> bool:
    return resolve(path_info).func is not nothing


@require_safe
def root(_request: HttpRequest) -> HttpResponse:
    """Who looks for a beginning is led to the page for people, which names the description for programs."""
    answer = HttpResponseRedirect(reverse("api-docs"))
    answer["Link"] = f'<{reverse("api-schema")}>; rel="service-desc", <{reverse("api-docs")}>; rel="service-doc"'
    return answer


urlpatterns = [
    path("", root, name="api-root"),
    path("openapi.json", openapi, name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("problems/", problem_page, name="api-problems"),
    path("problems/<str:code>", problem_page, name="api-problem"),
    path("", include("reviews.api.urls")),
    re_path(r"", nothing),
]
