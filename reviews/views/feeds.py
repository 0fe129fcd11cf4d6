"""Verdicts for feed readers, aggregators and search engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from factcheck.core import limits
from factcheck.core.errors import TooMany
from factcheck.core.open import open_to_all
from reviews.selectors.archive import Filters, filters_of, publications_found, tags_by_slug
from reviews.selectors.dump import dump_parts
from reviews.selectors.kept import everything_tag
from reviews.selectors.page import PublicRow, data_feed_parts, public_rows
from reviews.selectors.profile import desk_name
from reviews.selectors.published import FEED_LENGTH, absolute, publication_url
from reviews.selectors.versions import corrections
from reviews.views.public import CACHE, answer, of_archive, xml_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from reviews.models import PublicationVersion


DUMPS_A_MINUTE: Final = 4


def _rows(filters: Filters) -> list[PublicRow]:
    return public_rows(publications_found(filters)[:FEED_LENGTH])


def _here(name: str, filters: Filters) -> str:
    """The address of the feed itself, narrowed as it is."""
    return absolute(reverse(name)) + (f"?{filters.query}" if filters.query else "")


def _named(desk: str, filters: Filters) -> str:
    """The title: what the feed holds, and to what it was narrowed."""
    return xml_words(": ".join([desk, ", ".join(["verdicts", *filters.asked.values()])]))


def _newest(rows: list[PublicRow]) -> datetime | None:
    return max((row.at for row in rows), default=None)


def _id(row: PublicRow) -> str:
    """The same for ever, also when the desk moves to another address (RFC 4151)."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},{row.first_at:%Y-%m-%d}:verdict/{row.slug}"


def _title(row: PublicRow) -> str:
    return xml_words(f"{'Retracted' if row.retracted else row.label.name}: {row.statement}")


def _summary(row: PublicRow) -> str:
    return xml_words(row.note if row.retracted else row.summary)


def _feed(make: type[SyndicationFeed], name: str, filters: Filters) -> tuple[str, datetime | None]:
    rows, desk = _rows(filters), desk_name()
    feed = make(
        title=_named(desk, filters),
        link=absolute(reverse("verdicts")),
        description="Claims this desk has checked.",
        feed_url=xml_words(_here(name, filters)),
        language="en",
        author_name=desk,
        author_link=absolute("/"),
    )
    tags = tags_by_slug(row.slug for row in rows)
    for row in rows:
        feed.add_item(
            title=_title(row), link=row.url, description=_summary(row), unique_id=_id(row), pubdate=row.first_at,
            categories=[xml_words(name) for name in tags.get(row.slug, [])],
            updateddate=row.at, unique_id_is_permalink=False, author_name=desk,
        )  # fmt: skip
    return str(feed.writeString("utf-8")), _newest(rows)


@of_archive
def atom(request: HttpRequest) -> HttpResponse:
    body, changed = _feed(Atom1Feed, "feed-atom", filters_of(request.GET))
    return answer(request, body, content_type="application/atom+xml; charset=utf-8", changed_at=changed)


@of_archive
def rss(request: HttpRequest) -> HttpResponse:
    body, changed = _feed(Rss201rev2Feed, "feed-rss", filters_of(request.GET))
    return answer(request, body, content_type="application/rss+xml; charset=utf-8", changed_at=changed)


@of_archive
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""
    filters = filters_of(request.GET)
    rows, desk = _rows(filters), desk_name()
    tags = tags_by_slug(row.slug for row in rows)
    author = {"name": desk, "url": absolute("/")}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _named(desk, filters),
        "home_page_url": absolute(reverse("verdicts")),
        "feed_url": _here("feed-json", filters),
        "language": "en",
        "authors": [author],
        "items": [_json_item(row, tags.get(row.slug, [])) for row in rows],
    }
    body = json.dumps(feed, ensure_ascii=False)
    return answer(request, body, content_type="application/feed+json; charset=utf-8", changed_at=_newest(rows))


def _json_item(row: PublicRow, tags: list[str]) -> dict[str, Any]:
    rating: dict[str, Any] = row.document.get("reviewRating", {})
    item: dict[str, Any] = {
        "id": _id(row),
        "url": row.url,
        "title": _title(row),
        "content_html": f"<p>{escape(_summary(row) or row.statement)}</p>",
        "date_published": row.first_at.isoformat(),
        "date_modified": row.at.isoformat(),
        "language": row.language,
    }
    if _summary(row):
        item["summary"] = _summary(row)
    if tags:
        item["tags"] = tags
    if rating:
        item["_claimreview"] = {name: rating[name] for name in _RATING if name in rating}
    return item


_RATING: Final = ("alternateName", "ratingValue", "bestRating", "worstRating")


@require_safe
def claimreview(request: HttpRequest) -> HttpResponseBase:
    """Everything published, in the shape of the Data Commons feed; retracted ones are named as deleted.

    Streamed: a million verdicts take no more memory than five hundred. The ETag names the last event of the outbox,
    which stand in the order of the commits, and what evidence is hidden.
    """
    etag = everything_tag()
    known: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    response = known or StreamingHttpResponse(data_feed_parts(), content_type="application/json")
    response["ETag"], response["Cache-Control"] = etag, CACHE
    return response


@open_to_all
@require_safe
def dump(request: HttpRequest) -> HttpResponseBase:
    """Everything published as a ZIP with its licence, streamed; a few times a minute for one address."""
    etag = everything_tag()
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        counted = limits.count("dump", limits.client_address(request), DUMPS_A_MINUTE)
        if counted.exceeded:
            raise TooMany("rate.exceeded", limit=counted.limit, seconds=counted.reset)
        parts = dump_parts() if request.method == "GET" else iter(())
        response = StreamingHttpResponse(parts, content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="verdicts.zip"'
    response["ETag"], response["Cache-Control"] = etag, CACHE
    return response


# --- corrections ---------------------------------------------------------------------------------------
def _corrections() -> list[PublicationVersion]:
    return list(corrections()[:FEED_LENGTH])


def _changed_title(version: PublicationVersion) -> str:
    return xml_words(f"{version.get_change_display()}: {version.verdict.statement}")


def _changed_id(version: PublicationVersion) -> str:
    host, slug = urlsplit(settings.BASE_URL).hostname, version.publication.slug
    return f"tag:{host},{version.published_at:%Y-%m-%d}:verdict/{slug}/version/{version.number}"


def _corrections_feed(request: HttpRequest, make: type[SyndicationFeed], name: str, kind: str) -> HttpResponse:
    versions, desk = _corrections(), desk_name()
    feed = make(
        title=f"{desk}: corrections", link=absolute(reverse("corrections")),
        description="What this desk changed after publication.", feed_url=absolute(reverse(name)), language="en",
        author_name=desk, author_link=absolute("/"),
    )  # fmt: skip
    for version in versions:
        feed.add_item(
            title=_changed_title(version), link=publication_url(version.publication),
            description=xml_words(version.note), unique_id=_changed_id(version), unique_id_is_permalink=False,
            pubdate=version.published_at, updateddate=version.published_at, author_name=desk,
        )  # fmt: skip
    changed = versions[0].published_at if versions else None
    return answer(request, str(feed.writeString("utf-8")), content_type=f"{kind}; charset=utf-8", changed_at=changed)


@of_archive
def corrections_atom(request: HttpRequest) -> HttpResponse:
    return _corrections_feed(request, Atom1Feed, "feed-corrections-atom", "application/atom+xml")


@of_archive
def corrections_rss(request: HttpRequest) -> HttpResponse:
    return _corrections_feed(request, Rss201rev2Feed, "feed-corrections-rss", "application/rss+xml")


@of_archive
def corrections_json(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 of every change readers were told of."""
    versions, desk = _corrections(), desk_name()
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{desk}: corrections",
        "home_page_url": absolute(reverse("corrections")),
        "feed_url": absolute(reverse("feed-corrections-json")),
        "language": "en",
        "authors": [{"name": desk, "url": absolute("/")}],
        "items": [
            {
                "id": _changed_id(version),
                "url": publication_url(version.publication),
                "title": _changed_title(version),
                "content_text": version.note,
                "date_published": version.published_at.isoformat(),
                "tags": [str(version.change)],
            }
            for version in versions
        ],
    }
    changed = versions[0].published_at if versions else None
    body = json.dumps(feed, ensure_ascii=False)
    return answer(request, body, content_type="application/feed+json; charset=utf-8", changed_at=changed)
