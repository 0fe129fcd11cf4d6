"""Verdicts inside other people's pages: an oEmbed provider (https://oembed.com) and the card it points to."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from factcheck.core.problems import problem_response
from reviews.selectors.page import PublicRow, public_rows
from reviews.selectors.profile import desk_name
from reviews.selectors.published import absolute, publication_by_slug
from reviews.views.public import answer, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

WIDTH: Final = 600
HEIGHT: Final = 260
# On a narrow page the same words need more lines.
NARROW, NARROW_HEIGHT = 420, 360
CACHE_SECONDS: Final = 3600
_LENGTH: Final = re.compile(r"[1-9][0-9]{0,5}")
_PORTS: Final = {"http": 80, "https": 443}


@require_safe
def oembed(request: HttpRequest) -> HttpResponseBase:
    """`GET /oembed?url=…&maxwidth=…&maxheight=…&format=json`; 404 for what is no page of ours, 501 for XML.

    The address is taken apart and looked up, never fetched.
    """
    asked = request.GET
    if asked.get("format", "json") != "json":
        return _problem(request, 501, "oembed.format", "Only the format json is spoken here.")
    limits = [asked.get(name, "") for name in ("maxwidth", "maxheight")]
    if not asked.get("url") or not all(_LENGTH.fullmatch(limit) for limit in limits if limit):
        return _problem(request, 400, "oembed.parameters", "Give url, and maxwidth and maxheight in whole pixels.")
    slug = slug_of(asked["url"])
    if slug is None:
        return _problem(request, 404, "oembed.unknown", "There is no verdict of this desk at this address.")
    document = _document(row_of(slug), *(int(limit) if limit else None for limit in limits))
    response = answer(
        request, json.dumps(document, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponseBase:
    return problem_response(status, code, detail, request.path)


def slug_of(url: str) -> str | None:
    """The slug of a verdict's address on our own host, whatever its scheme, query and fragment; else None."""
    try:
        parts = urlsplit(url)
        same = _host_port(parts) == _host_port(urlsplit(settings.BASE_URL))
        match = resolve(parts.path) if same and parts.scheme in _PORTS else None
    except (ValueError, Resolver404):
        return None
    slug = match.kwargs.get("slug") if match and match.url_name == "verdict" else None
    return slug if isinstance(slug, str) and _is_public(slug) else None


def _host_port(parts: SplitResult) -> tuple[str | None, int | None]:
    """A page is the same by http and https, so the default port of either is no port."""
    port = parts.port
    return parts.hostname, None if port in _PORTS.values() else port


def _is_public(slug: str) -> bool:
    try:
        publication_by_slug(slug)
    except Http404:
        return False
    return True


def row_of(slug: str) -> PublicRow:
    """What the card says; raises Http404 for what is not out."""
    return public_rows([publication_by_slug(slug)])[0]


def title_of(row: PublicRow) -> str:
    return f"{'Retracted' if row.retracted else row.label.name}: {row.statement}"


def _document(row: PublicRow, most_wide: int | None, most_high: int | None) -> dict[str, Any]:
    width = min(WIDTH, most_wide or WIDTH)
    height = min(HEIGHT if width >= NARROW else NARROW_HEIGHT, most_high or NARROW_HEIGHT)
    desk = {"name": desk_name(), "url": absolute("/verdicts/")}
    return {
        "type": "rich",
        "version": "1.0",
        "title": title_of(row),
        "author_name": desk["name"],
        "author_url": desk["url"],
        "provider_name": desk["name"],
        "provider_url": desk["url"],
        "cache_age": CACHE_SECONDS,
        "width": width,
        "height": height,
        "html": _iframe(row, width, height),
    }


def _iframe(row: PublicRow, width: int, height: int) -> str:
    # The page behind the link opens as itself, not within the sandbox of the card.
    return format_html(
        '<iframe src="{}" width="{}" height="{}" sandbox="allow-popups allow-popups-to-escape-sandbox" '
        'frameborder="0" loading="lazy" title="Fact check: {}"></iframe>',
        absolute(reverse("embed", args=[row.slug])), width, height, title_of(row),
    )  # fmt: skip


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "form-action": [NONE]})  # type: ignore[arg-type]  # typed for views without arguments
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The card: one verdict in small, the only page of the desk that others may frame. No script, no form."""
    row = row_of(slug)
    context = {"row": row, "title": title_of(row), "changed": not row.retracted and row.at > row.first_at}
    return page(request, "public/embed.html", context, changed_at=row.at)
