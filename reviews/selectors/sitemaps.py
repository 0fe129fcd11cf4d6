"""What search engines are told of: every live page, and those of the last two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone

from articles.choices import Mode
from reviews.models import Publication
from reviews.selectors.page import PublicRow, public_rows
from reviews.selectors.published import absolute, publication_url, publications_live
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

# Far below the 50,000 the format allows, so that one file stays quick to make.
SITEMAP_LENGTH: Final = 10_000
REPORTED_VERDICTS: Final = 20_000
MOST_FILES: Final = 50_000  # of one index, as sitemaps.org has it
NEWS_LENGTH: Final = 1000  # https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_AGE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Place:
    """One page for search engines; `changed_at` is when its newest version went out."""

    url: str
    changed_at: datetime | None


def sitemap_count() -> int:
    """How many files the live pages fill, one at least."""
    return max(1, -(-_live().count() // SITEMAP_LENGTH))


def sitemap_places(number: int) -> list[Place]:
    """The pages of file `number`, from 1; a page stays in its file for as long as none before it is retracted."""
    start = (number - 1) * SITEMAP_LENGTH
    rows = _live().order_by("pk").only("slug", "last_published_at")[start : start + SITEMAP_LENGTH]
    return [Place(publication_url(row), row.last_published_at) for row in rows]


def report_places() -> list[Place]:
    """Reports on articles that are out, with when a check in them went out last; of the newest verdicts only.

    Read by key and not grouped in the database, so that it costs the same however many verdicts there are.
    """
    rows = _live().filter(claim__article__mode=Mode.PUBLISHED).order_by("-pk")
    changed: dict[int, datetime | None] = {}
    for article, at in rows.values_list("claim__article", "last_published_at")[:REPORTED_VERDICTS]:
        known = changed.get(article)
        changed[article] = max(known, at) if known and at else at
    return [Place(absolute(reverse("report", args=[pk])), at) for pk, at in list(changed.items())[:SITEMAP_LENGTH]]


def _live() -> QuerySet[Publication]:
    return Publication.objects.filter(state=PublicationState.LIVE)


def news_rows() -> list[PublicRow]:
    """What was first published within the last two days, newest first."""
    since = timezone.now() - NEWS_AGE
    rows = publications_live().filter(first_published_at__gte=since).order_by("-first_published_at", "-pk")
    return public_rows(rows[:NEWS_LENGTH])
