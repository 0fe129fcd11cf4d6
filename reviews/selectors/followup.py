"""Where a published claim stands elsewhere, as far as the desk knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.choices import Relation
from articles.models import Article, ClaimRelation
from factcheck.core.language import as_all_read
from reviews import lint
from reviews.choices import FollowUpFound
from reviews.selectors.profile import desk_name
from reviews.selectors.published import appearances, publication_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviews.models import Publication


_SAME: Final = (Relation.SAME, Relation.REPEATS, Relation.TWIN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the claim stands; `outlet` is never empty."""

    outlet: str
    url: str
    found_as: FollowUpFound


def places_of(publication: Publication) -> list[Place]:
    """Places with an address that are not our own, each once: the text that was checked, where else the claim was
    seen, and texts of the same desk whose claim is the same or was merged into this one."""
    found: dict[str, Place] = {}
    for place in _places(publication):
        if urlsplit(place.url).scheme in ("http", "https") and not lint.same_site(place.url, settings.BASE_URL):
            found.setdefault(place.url, place)
    return list(found.values())


def _places(publication: Publication) -> Iterator[Place]:
    verdict = publication.verdict
    for one in appearances(verdict):
        carried = one.url == verdict.carried_url
        name = (verdict.carried_by or verdict.carried_agency) if carried else one.publisher
        yield _place(name, one.url, FollowUpFound.CARRIED if carried else FollowUpFound.APPEARANCE)
    for article in _articles(publication):
        yield _place(article.publisher, article.url, FollowUpFound.ARTICLE)


def _place(name: str, url: str, found_as: FollowUpFound) -> Place:
    return Place((name or urlsplit(url).hostname or url)[:200], url, found_as)


def _articles(publication: Publication) -> Iterator[Article]:
    claim = publication.claim
    repeats = ClaimRelation.objects.filter(Q(claim=claim) | Q(other=claim), kind__in=_SAME)
    others = {one for pair in repeats.values_list("claim", "other") for one in pair} - {claim.pk}
    same = Article.objects.filter(Q(claims__in=others) | Q(claims__merged_into=claim), desk=claim.article.desk_id)
    yield from same.exclude(pk=claim.article_id).exclude(url="").distinct().order_by("pk")


def request_words(publication: Publication) -> str:
    """A letter to begin with, for whoever asks an outlet to correct."""
    verdict = publication.verdict
    with as_all_read():
        first = _("You carried this claim: “%(claim)s”. We checked it and came to: %(verdict)s.")
        sources = _("The check, with its sources: %(url)s") % {"url": publication_url(publication)}
        last = _("Please correct it, and let us know.")
    said = first % {"claim": verdict.statement, "verdict": verdict.label.name}
    begin = " ".join(part for part in (said, verdict.summary, sources) if part)
    return f"{begin}\n\n{last}\n\n{desk_name()}"
