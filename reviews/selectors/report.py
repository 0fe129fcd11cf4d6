"""The report on one article: every check of it that is published, in the order of its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.urls import reverse

from articles.choices import Mode
from articles.models import Article
from articles.workflow import ArticleState
from reviews.models import SignOff
from reviews.selectors.page import PublicRow, public_rows
from reviews.selectors.published import absolute, publications_public

if TYPE_CHECKING:
    from datetime import datetime

_MOST: Final = 500  # checks on one page; an article has a few dozen


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One check; `number` is its place in the report, `quote` the words it is about."""

    number: int
    row: PublicRow
    quote: str


@dataclass(frozen=True, slots=True)
class Report:
    """What readers are told of an article. `signed_at` is None while the desk is still at it."""

    article: Article
    url: str
    lines: list[ReportLine]
    signed_at: datetime | None
    counts: list[tuple[str, int, int]]

    @property
    def changed_at(self) -> datetime | None:
        """When anything on it changed last."""
        times = [line.row.at for line in self.lines] + ([self.signed_at] if self.signed_at else [])
        return max(times, default=None)


def report_of(pk: int) -> Report:
    """The report on an article, in a few queries; raises Http404 unless it is out itself and a check of it is."""
    article = Article.objects.filter(pk=pk, mode=Mode.PUBLISHED).first() if pk < 2**63 else None
    found = publications_public().filter(claim__article=article).order_by("claim__start", "claim__end", "pk")[:_MOST]
    publications = list(found) if article else []
    if article is None or not publications:
        raise Http404
    rows = public_rows(publications)
    lines = [
        ReportLine(number, row, publication.verdict.quote)
        for number, (row, publication) in enumerate(zip(rows, publications, strict=True), 1)
    ]
    return Report(article, absolute(reverse("report", args=[pk])), lines, _signed(article), _counts(rows))


def _signed(article: Article) -> datetime | None:
    if article.state != ArticleState.SIGNED_OFF:
        return None
    return SignOff.objects.filter(article=article).values_list("signed_at", flat=True).first()


def _counts(rows: list[PublicRow]) -> list[tuple[str, int, int]]:
    """Name, place and number of each label that was given, in the order of the scale; retracted ones count apart."""
    found: dict[tuple[int, str], int] = {}
    for row in rows:
        key = (99, "Retracted") if row.retracted else (row.label.position, row.label.name)
        found[key] = found.get(key, 0) + 1
    return [(name, 7 if place == 99 else place, many) for (place, name), many in sorted(found.items())]
