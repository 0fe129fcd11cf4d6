"""What readers and their programs see. No login, no script, no cookie; every answer can be cached."""

from __future__ import annotations

import hashlib
import json
import re
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from factcheck.core.open import open_to_all
from reviews.claimreview import CONTEXT, organisation, script_json
from reviews.models import Colleague, Profile
from reviews.models.profile import ONLY_PROFILE
from reviews.selectors.archive import filters_of, labels_offered, publications_found, tags_offered
from reviews.selectors.kept import Drawn, archive_tag, page_kept
from reviews.selectors.page import flat_values, public_page, public_rows
from reviews.selectors.profile import public_context, scales_explained
from reviews.selectors.published import absolute, document_of, newest_version, publication_by_slug, publisher
from reviews.selectors.report import report_of
from reviews.services.kept import page_keep
from reviews.views.memento import memento_links

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from reviews.models import Publication

PAGE_LENGTH: Final = 50
CACHE: Final = "public, max-age=60, stale-while-revalidate=600"
_CONDITIONS: Final = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
_ONLY_ETAG: Final = {"HTTP_IF_NONE_MATCH"}
# Of the headers of a page those a 304 carries too (RFC 9110, 15.4.5).
_OF_UNCHANGED: Final = ("Cache-Control", "ETag", "Last-Modified", "Vary")
# XML 1.0 has no way to write these, not even escaped (https://www.w3.org/TR/xml/#charsets).
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_words(text: str) -> str:
    """The text without the characters that no XML document may hold; not escaped."""
    return _NOT_XML.sub("", text)


def answer(
    request: HttpRequest, body: str, *, content_type: str, changed_at: datetime | None = None, status: int = 200
) -> HttpResponse:
    """The body with a strong ETag of its own bytes; 304 where the reader has it already."""
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    changed = int(changed_at.timestamp()) if changed_at else None
    response: HttpResponse = HttpResponse(body, content_type=content_type, status=status)
    response["ETag"], response["Cache-Control"] = etag, CACHE
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    if status != 200:  # a notice that something is gone is always told in full
        return response
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


def page(request: HttpRequest, template: str, context: dict[str, Any], **more: Any) -> HttpResponse:
    """A public page. Rendered without the request: nothing on it may depend on who reads it."""
    return answer(
        request,
        render_to_string(template, public_context() | context),
        content_type="text/html; charset=utf-8",
        **more,
    )


def of_archive(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For a list or feed of verdicts: who has it as it is now is told so before anything of it is read."""

    @open_to_all
    @require_safe
    @wraps(view)
    def first(request: HttpRequest) -> HttpResponse:
        etag = archive_tag(request.get_full_path())  # before the rows: what is overtaken keeps the older tag
        unchanged = request.META.get("HTTP_IF_NONE_MATCH") == etag
        response = HttpResponseNotModified() if unchanged else view(request)
        response["ETag"], response["Cache-Control"] = etag, CACHE
        return response

    return first


@open_to_all
@require_safe
def verdict(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one claim; 404 for what is not out yet, a notice with 410 for what was retracted.

    One address for people and programs: `Accept` chooses HTML, JSON-LD (the ClaimReview) or JSON.
    """
    return _kept(request, slug, _form(request))


@open_to_all
@require_safe
def verdict_claimreview(request: HttpRequest, slug: str) -> HttpResponse:
    """The ClaimReview alone, as the page carries it."""
    return _kept(request, slug, _JSON_LD)


def _form(request: HttpRequest) -> str:
    asked = request.META.get("HTTP_ACCEPT", "*/*")
    return _HTML if asked == "*/*" else request.get_preferred_type(list(_FORMS)) or _HTML


def _kept(request: HttpRequest, slug: str, content_type: str) -> HttpResponse:
    """The page as it is kept, or drawn and kept for the next reader."""
    form, draw = _FORMS[content_type]
    conditions = _CONDITIONS & request.META.keys()
    known = request.META["HTTP_IF_NONE_MATCH"] if conditions == _ONLY_ETAG else ""
    place = page_kept(slug, form, known=known)
    drawn = place.drawn
    if drawn is None:
        publication = publication_by_slug(slug)
        drawn = draw(publication)
        page_keep(publication=publication, form=form, drawn_from=place.drawn_from, drawn=drawn)
    headers = json.loads(drawn.headers)
    if place.unchanged:
        return HttpResponseNotModified(headers={name: headers[name] for name in _OF_UNCHANGED})
    response: HttpResponse = HttpResponse(drawn.body, status=drawn.status, headers=headers)
    if drawn.status != 200:  # a notice that something is gone is always told in full
        return response
    if not conditions:
        return response
    changed = parse_http_date(headers["Last-Modified"])
    return get_conditional_response(request, etag=drawn.etag, last_modified=changed, response=response) or response


def _drawn(publication: Publication, body: str, content_type: str, *, status: int = 200) -> Drawn:
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {
        "Content-Type": content_type, "ETag": etag, "Cache-Control": CACHE, "Link": memento_links(publication),
        # When it was drawn: not only a new version changes a page, evidence that is hidden does so too.
        "Vary": "Accept", "Last-Modified": http_date(),
    }  # fmt: skip
    return Drawn(status, etag, json.dumps(headers), body)


def _as_html(publication: Publication) -> Drawn:
    shown = public_page(publication)
    body = render_to_string("public/verdict.html", public_context() | {"page": shown})
    return _drawn(publication, body, f"{_HTML}; charset=utf-8", status=410 if shown.retracted else 200)


def _as_claimreview(publication: Publication) -> Drawn:
    document = document_of(newest_version(publication))
    return _drawn(publication, script_json(document), _JSON_LD, status=200 if document else 410)


def _as_json(publication: Publication) -> Drawn:
    row = public_rows([publication])[0]
    body = json.dumps(flat_values(row), ensure_ascii=False)
    return _drawn(publication, body, "application/json", status=410 if row.retracted else 200)


_HTML: Final = "text/html"
_JSON_LD: Final = "application/ld+json"
_FORMS: Final = {
    _HTML: ("html", _as_html), _JSON_LD: ("jsonld", _as_claimreview), "application/json": ("json", _as_json),
}  # fmt: skip


@of_archive
def verdicts(request: HttpRequest) -> HttpResponse:
    """Everything published, newest first, 50 a page; `q`, `verdict`, `speaker` and `desk` narrow it."""
    filters = filters_of(request.GET)
    pages = Paginator(publications_found(filters), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "pages": pages, "rows": public_rows(pages.object_list), "filters": filters, "labels": labels_offered(),
        "tags": tags_offered(),
    }  # fmt: skip
    return page(request, "public/list.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the desk works, who works there, who pays, and what each label means."""
    document = {"@context": CONTEXT, **organisation(publisher())}
    context = {
        "scales": scales_explained(), "people": list(Colleague.objects.all()),
        # `script_json` has escaped what could end the element.
        "script": mark_safe(script_json(document)),  # noqa: S308
    }  # fmt: skip
    return page(request, "public/method.html", context)


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """The logo as a PNG; 404 where there is none."""
    held = Profile.objects.get(pk=ONLY_PROFILE)
    if not held.logo:
        raise Http404
    etag = f'"{held.logo_sha256[:32]}"'
    known = get_conditional_response(request, etag=etag)
    response = known or HttpResponse(bytes(held.logo), content_type="image/png")
    response["ETag"], response["Cache-Control"] = etag, CACHE
    return response


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """All published checks of one article. No ClaimReview: each stands on the page of its claim."""
    found = report_of(pk)
    return page(request, "public/report.html", {"report": found}, changed_at=found.changed_at)


_FOR_ROBOTS: Final = (
    "/verdicts/", "/reports/", "/corrections/", "/feeds/", "/how-we-work/", "/ask/", "/logo.png", "/static/",
    "/embed/", "/oembed", "/sitemap", "/news-sitemap.xml",
)  # fmt: skip


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Readers' pages are for everybody, the desk is for nobody."""
    lines = ["User-agent: *", *(f"Allow: {path}" for path in _FOR_ROBOTS), "Disallow: /", ""]
    maps = [f"Sitemap: {absolute(reverse(name))}" for name in ("sitemap", "news-sitemap")]
    return answer(request, "\n".join([*lines, *maps, ""]), content_type="text/plain; charset=utf-8")
