"""A page that evidence rests on is lost: published verdicts are looked at again, and people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from articles.choices import EvidenceState, PageState
from articles.models import Claim, Evidence
from articles.services.page import page_reported, pages_unreported
from articles.workflow import CLAIM_OPEN
from factcheck.audit.services import one_act
from reviews.choices import NoticeEvent
from reviews.models import Publication, Review
from reviews.services.notice import notify
from reviews.services.recheck import publication_recheck
from reviews.services.told import named
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Page

MOST_AT_ONCE: Final = 50
_TOLD: Final = {
    PageState.GONE: gettext_lazy("A source of {claim} is gone: {page}"),
    PageState.CHANGED: gettext_lazy("A source of {claim} says something else now: {page}"),
}


def lost_sources_tell() -> int:
    """Tell of every lost page nobody was told of; returns how many. May run twice: each loss is told of once."""
    told = 0
    for page in pages_unreported(MOST_AT_ONCE):
        with transaction.atomic(), one_act():
            if page_reported(page):
                _tell(page)
                told += 1
    return told


def _tell(page: Page) -> None:
    resting = Claim.objects.filter(evidence__page=page, evidence__state=EvidenceState.KEPT, state__in=CLAIM_OPEN)
    for claim in resting.select_related("article").distinct().order_by("pk"):
        what = "is gone" if page.state == PageState.GONE else "says something else now"
        cited = _published_on(claim, page)
        if cited is not None:
            publication_recheck(claim=claim, actor=None, note=f"A source {what}: {page.url[:300]}")
        notify(
            event=NoticeEvent.SOURCE, people=[*_authors(cited), *_holders(claim)], about=claim,
            key=f"page:{page.pk}:{claim.pk}:{page.lost_at:%Y%m%d%H%M%S}",
            words=format_lazy(_TOLD[PageState(page.state)], claim=named(claim), page=page.url[:200]),
        )  # fmt: skip


def _published_on(claim: Claim, page: Page) -> Publication | None:
    """The live page of the claim, where its verdict cites evidence from there."""
    live = Publication.objects.select_related("verdict__proposed_by", "verdict__approved_by")
    found = live.filter(claim=claim, state=PublicationState.LIVE).first()
    if found is None:
        return None
    cites = Evidence.objects.filter(page=page, cited_in__verdict=found.verdict_id).exists()
    return found if cites else None


def _authors(publication: Publication | None) -> list[User | None]:
    return [publication.verdict.proposed_by, publication.verdict.approved_by] if publication else []


def _holders(claim: Claim) -> list[User | None]:
    held = Review.objects.filter(claim=claim, active=True, assignee__isnull=False).select_related("assignee")
    return [one.assignee for one in held]
