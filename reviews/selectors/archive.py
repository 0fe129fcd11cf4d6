"""What readers look for among everything published, and what a feed can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.db.models import Count, Q

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim
from articles.selectors.fulltext import search_checked_claims
from reviews.models import Publication, Tag, VerdictLabel
from reviews.selectors.published import publications_public
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

LONGEST: Final = 200  # characters of one field
MOST_TAGS: Final = 50
# The best of a full-text search that are looked at.
MOST_HITS: Final = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; an empty field asks for nothing. `verdict` is the key of a label, `desk` and `tag` slugs."""

    q: str = ""
    verdict: str = ""
    speaker: str = ""
    desk: str = ""
    tag: str = ""

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}

    @property
    def query(self) -> str:
        """As in an address, without the question mark."""
        return urlencode(self.asked)


def filters_of(asked: Mapping[str, str]) -> Filters:
    """The filters of an address. What cannot be in a text is taken out, what is too long is cut off."""
    known = {name: asked.get(name, "") for name in Filters.__slots__}
    return Filters(**{name: value.replace("\x00", "")[:LONGEST].strip() for name, value in known.items()})


def publications_found(filters: Filters) -> QuerySet[Publication]:
    """Published pages that fit, newest first, as `publications_public` reads them.

    A search and a verdict find no retracted page: neither its words nor its label are said again.
    """
    found = publications_public()
    if filters.q:
        found = found.filter(slug__in=slugs_saying(filters.q), state=PublicationState.LIVE)
    if filters.verdict:
        found = found.filter(verdict__label__key=filters.verdict, state=PublicationState.LIVE)
    if filters.speaker:
        found = found.filter(verdict__speaker__iexact=filters.speaker)
    if filters.desk:
        found = found.filter(claim__article__desk__slug=filters.desk)
    if filters.tag:
        found = found.filter(tags__slug=filters.tag)
    return found


def tags_by_slug(slugs: Iterable[str]) -> dict[str, list[str]]:
    """The subjects of pages, by the pages' slugs; one query."""
    found: dict[str, list[str]] = {}
    rows = Publication.tags.through.objects.filter(publication__slug__in=list(slugs)).order_by("tag__name")
    for slug, name in rows.values_list("publication__slug", "tag__name"):
        found.setdefault(slug, []).append(name)
    return found


def tags_offered() -> list[Tag]:
    """The subjects most pages are filed under, by name, for the filter of the archive."""
    live = Count("publications", filter=Q(publications__state=PublicationState.LIVE))
    most = Tag.objects.annotate(pages=live).filter(pages__gt=0).order_by("-pages", "name")[:MOST_TAGS]
    return sorted(most, key=lambda tag: tag.name.casefold())


def slugs_saying(words: str) -> list[str]:
    """The pages whose claims have all these words, by the index of the desk's own memory."""
    own = CheckedClaim.objects.filter(origin=ArchiveOrigin.OWN)
    hits = [hit.pk for hit in search_checked_claims(words, limit=MOST_HITS, among=own, every=True)]
    urls = CheckedClaim.objects.filter(pk__in=hits).values_list("url", flat=True)
    return [url.rstrip("/").rpartition("/")[2] for url in urls]


def labels_offered() -> list[VerdictLabel]:
    """The labels of the scale in use, for the filter of the archive."""
    return list(VerdictLabel.objects.filter(scale__active=True).order_by("position"))
