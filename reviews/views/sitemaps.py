"""Sitemaps (https://www.sitemaps.org/protocol.html): all live verdicts, and the news of two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from reviews.selectors.profile import desk_name
from reviews.selectors.published import absolute
from reviews.selectors.sitemaps import MOST_FILES, Place, news_rows, report_places, sitemap_count, sitemap_places
from reviews.views.public import answer, of_archive, xml_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from reviews.selectors.page import PublicRow

_XML: Final = "application/xml; charset=utf-8"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_NS: Final = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def _text(text: str) -> str:
    return escape(xml_words(text))


@of_archive
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every live page with when it last changed; an index of such files once they do not fit into one."""
    count = sitemap_count()
    if count == 1:
        return _urlset(request, [*_standing(), *sitemap_places(1), *report_places()])
    urls = [absolute(reverse("sitemap-part", args=[number])) for number in range(1, count + 1)]
    urls.append(absolute(reverse("sitemap-reports")))
    entries = "".join(f"<sitemap><loc>{_text(url)}</loc></sitemap>\n" for url in urls)
    return answer(request, f"{_HEAD}<sitemapindex {_NS}>\n{entries}</sitemapindex>\n", content_type=_XML)


@of_archive
def sitemap_reports(request: HttpRequest) -> HttpResponse:
    """The reports on articles, beside the numbered files of an index."""
    return _urlset(request, report_places())


@require_safe
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """One file of the index; 404 where there is none of that number (a longer one would break the query)."""
    places = sitemap_places(number) if 0 < number <= MOST_FILES else []
    if not places:
        raise Http404
    return _urlset(request, places)


def _standing() -> list[Place]:
    return [Place(absolute(reverse(name)), None) for name in ("verdicts", "method")]


def _urlset(request: HttpRequest, places: Iterable[Place]) -> HttpResponse:
    entries = "".join(f"<url><loc>{_text(one.url)}</loc>{_lastmod(one)}</url>\n" for one in places)
    return answer(request, f"{_HEAD}<urlset {_NS}>\n{entries}</urlset>\n", content_type=_XML)


def _lastmod(place: Place) -> str:
    return f"<lastmod>{place.changed_at.isoformat(timespec='seconds')}</lastmod>" if place.changed_at else ""


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    desk = desk_name()
    entries = "".join(_news(row, desk) for row in news_rows())
    return answer(request, f"{_HEAD}<urlset {_NS} {_NEWS_NS}>\n{entries}</urlset>\n", content_type=_XML)


def _news(row: PublicRow, desk: str) -> str:
    language = row.language.partition("-")[0].lower()
    return (
        f"<url><loc>{_text(row.url)}</loc><news:news>"
        f"<news:publication><news:name>{_text(desk)}</news:name>"
        f"<news:language>{_text(language)}</news:language></news:publication>"
        f"<news:publication_date>{row.first_at.isoformat(timespec='seconds')}</news:publication_date>"
        f"<news:title>{_text(f'{row.label.name}: {row.statement}')}</news:title></news:news></url>\n"
    )
