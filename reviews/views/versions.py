"""The history of a page, for readers and by the protocol Memento (RFC 7089)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import http_date, parse_http_date
from django.views.decorators.http import require_safe

from reviews.selectors.page import public_page
from reviews.selectors.published import absolute, publication_by_slug, publication_url
from reviews.selectors.versions import changes_of, corrections, version_at, version_of, versions_shown
from reviews.views.memento import memento_links, memento_url
from reviews.views.public import PAGE_LENGTH, answer, of_archive, page
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from django.http import HttpRequest

    from reviews.models import PublicationVersion

GONE: Final = 410


def _at(version: PublicationVersion) -> str:
    return http_date(version.published_at.timestamp())


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page as version `number` had it; of a retracted page only the notice is left, with 410."""
    publication = publication_by_slug(slug)
    shown = version_of(publication, number)
    if publication.state == PublicationState.RETRACTED:
        shown = publication.versions.all()[0]
    status = GONE if publication.state == PublicationState.RETRACTED else 200
    context = {"page": public_page(publication, shown), "memento": True}
    response = page(request, "public/verdict.html", context, changed_at=shown.published_at, status=status)
    response["Memento-Datetime"], response["Link"] = _at(shown), memento_links(publication)
    return response


@require_safe
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What version `number` says otherwise than the one before; a retracted page tells nothing of that any more."""
    publication = publication_by_slug(slug)
    shown = version_of(publication, number)
    if publication.state == PublicationState.RETRACTED:
        return HttpResponseRedirect(publication.get_absolute_url())
    context = {
        "publication": publication, "version": shown, "changes": changes_of(publication, number),
        "url": publication_url(publication),
    }  # fmt: skip
    return page(request, "public/changes.html", context, changed_at=shown.published_at)


@require_safe
def timegate(request: HttpRequest, slug: str) -> HttpResponse:
    """302 to the version of `Accept-Datetime`, the newest without it; 400 for what is no date."""
    publication = publication_by_slug(slug)
    try:
        asked = request.headers.get("Accept-Datetime")
        at = datetime.fromtimestamp(parse_http_date(asked), UTC) if asked else datetime.max.replace(tzinfo=UTC)
    except ValueError:
        return HttpResponse("Accept-Datetime must be a date as HTTP writes it.\n", "text/plain", status=400)
    shown = version_at(publication, at)
    response = HttpResponseRedirect(memento_url(publication, shown))
    response["Vary"], response["Link"] = "Accept-Datetime", memento_links(publication)
    return response


@require_safe
def timemap(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions as application/link-format."""
    publication = publication_by_slug(slug)
    versions = versions_shown(publication)
    ends = (
        {versions[0].pk: "first ", versions[-1].pk: "last "} if len(versions) > 1 else {versions[0].pk: "first last "}
    )
    lines = [
        f'<{memento_url(publication, one)}>; rel="{ends.get(one.pk, "")}memento"; datetime="{_at(one)}"'
        for one in versions
    ]
    own = absolute(request.path)
    head = memento_links(publication).rpartition(", ")[0]
    body = ",\n".join([*head.split(", "), f'<{own}>; rel="self"; type="application/link-format"', *lines])
    return answer(
        request, f"{body}\n", content_type="application/link-format", changed_at=publication.last_published_at
    )


@of_archive
def all_corrections(request: HttpRequest) -> HttpResponse:
    """Every change readers were told of, newest first. This page cannot be switched off."""
    pages = Paginator(corrections(), PAGE_LENGTH).get_page(request.GET.get("page"))
    return page(request, "public/corrections.html", {"pages": pages})
