"""Verdicts for feed readers, aggregators and search engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.views.decorators.http import require_safe

from reviews.claimreview import data_feed
from reviews.selectors.page import PublicRow, feed_items, public_rows
from reviews.selectors.published import FEED_LENGTH, absolute, publications_public
from reviews.views.public import answer, xml_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse


def _rows() -> list[PublicRow]:
    return public_rows(publications_public()[:FEED_LENGTH])


def _newest(rows: list[PublicRow]) -> datetime | None:
    return max((row.at for row in rows), default=None)


def _id(row: PublicRow) -> str:
    """The same for ever, also when the desk moves to another address (RFC 4151)."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},{row.first_at:%Y-%m-%d}:verdict/{row.slug}"


def _title(row: PublicRow) -> str:
    return xml_words(f"{'Retracted' if row.retracted else row.label.name}: {row.statement}")


def _summary(row: PublicRow) -> str:
    return xml_words(row.note if row.retracted else row.summary)


def _feed(make: type[SyndicationFeed], name: str) -> tuple[str, datetime | None]:
    rows = _rows()
    feed = make(
        title=f"{settings.DESK_NAME}: verdicts",
        link=absolute(reverse("verdicts")),
        description="Claims this desk has checked.",
        feed_url=absolute(reverse(name)),
        language="en",
        author_name=settings.DESK_NAME,
        author_link=absolute("/"),
    )
    for row in rows:
        feed.add_item(
            title=_title(row), link=row.url, description=_summary(row), unique_id=_id(row), pubdate=row.first_at,
            updateddate=row.at, unique_id_is_permalink=False, author_name=settings.DESK_NAME,
        )  # fmt: skip
    return str(feed.writeString("utf-8")), _newest(rows)


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    body, changed = _feed(Atom1Feed, "feed-atom")
    return answer(request, body, content_type="application/atom+xml; charset=utf-8", changed_at=changed)


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    body, changed = _feed(Rss201rev2Feed, "feed-rss")
    return answer(request, body, content_type="application/rss+xml; charset=utf-8", changed_at=changed)


@require_safe
def json_feed(request: HttpRequest) -> HttpResponse:
    """JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""
    rows = _rows()
    author = {"name": settings.DESK_NAME, "url": absolute("/")}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{settings.DESK_NAME}: verdicts",
        "home_page_url": absolute(reverse("verdicts")),
        "feed_url": absolute(reverse("feed-json")),
        "language": "en",
        "authors": [author],
        "items": [_json_item(row) for row in rows],
    }
    body = json.dumps(feed, ensure_ascii=False)
    return answer(request, body, content_type="application/feed+json; charset=utf-8", changed_at=_newest(rows))


def _json_item(row: PublicRow) -> dict[str, Any]:
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
    if rating:
        item["_claimreview"] = {name: rating[name] for name in _RATING if name in rating}
    return item


_RATING: Final = ("alternateName", "ratingValue", "bestRating", "worstRating")


@require_safe
def claimreview(request: HttpRequest) -> HttpResponse:
    """Everything published, in the shape of the Data Commons feed; retracted ones are named as deleted."""
    rows = public_rows(publications_public())
    body = json.dumps(data_feed(f"{settings.DESK_NAME}: ClaimReviews", feed_items(rows)), ensure_ascii=False)
    return answer(request, body, content_type="application/json", changed_at=_newest(rows))
