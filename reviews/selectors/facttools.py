"""Searching what was checked, in the terms of Google's Fact Check Tools API (claims:search, v1alpha1)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.db.models import F, Q

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim
from articles.ranking.words import STOP_WORDS, words_of
from articles.selectors.fulltext import search_checked_claims

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

# The best of a full-text search that are looked at; what comes after shares hardly a word with the query.
MOST_HITS: Final = 1000
_TOKEN: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; an empty field asks for nothing. `language` is a primary subtag, `site` a host name."""

    query: str = ""
    language: str = ""
    site: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of claims in the API's shape, and whether there are more after it."""

    claims: list[dict[str, Any]]
    more: bool


def claims_found(asked: Search, *, start: int, length: int) -> Found:
    """Published reviews, ours and imported, best match first; newest first where no words are asked for.

    1. Reviews with all content words of the query come first, then those with half of them at least.
    2. Withdrawn reviews never count: a retracted verdict is gone from here at once.
    """
    most = start + length + 1
    pks = _matching(asked, most) if asked.query else _newest(asked, most)
    wanted = pks[start : start + length]
    rows = CheckedClaim.objects.defer("summary").in_bulk(wanted)
    return Found([claim_json(rows[pk]) for pk in wanted if pk in rows], more=len(pks) > start + length)


def _matching(asked: Search, most: int) -> list[int]:
    """The best of `most` or more; the costlier search for some of the words is spared where all suffice."""
    words = set(words_of(asked.query))
    if not words:
        return []
    looked_for = " ".join(word for word in _TOKEN.findall(asked.query) if word.lower() not in STOP_WORDS)
    rows = _limited(asked)
    among = rows if asked.language or asked.site or asked.since else None
    with_all = [hit.pk for hit in search_checked_claims(looked_for, limit=MOST_HITS, among=among, every=True)]
    if len(with_all) >= most or len(words) == 1:
        return with_all
    some = [hit.pk for hit in search_checked_claims(looked_for, limit=MOST_HITS, among=among)]
    texts = dict(rows.filter(pk__in=some).values_list("pk", "claim"))
    needed, first = math.ceil(len(words) / 2), set(with_all)
    with_half = (pk for pk in some if pk not in first and len(words & set(words_of(texts[pk]))) >= needed)
    return [*with_all, *with_half]


def _newest(asked: Search, most: int) -> list[int]:
    rows = _limited(asked).order_by(F("reviewed_on").desc(nulls_last=True), "-pk")
    return list(rows.values_list("pk", flat=True)[:most])


def _limited(asked: Search) -> QuerySet[CheckedClaim]:
    rows = CheckedClaim.objects.filter(withdrawn=False)
    if asked.language:
        rows = rows.filter(Q(language__iexact=asked.language) | Q(language__istartswith=f"{asked.language}-"))
    if asked.since:
        rows = rows.filter(Q(reviewed_on__gte=asked.since) | Q(claimed_on__gte=asked.since))
    if asked.site:
        host = rf"^https?://([^/?#@]*\.)?{re.escape(asked.site)}(:[0-9]+)?([/?#]|$)"
        # The plain search spares most rows the costlier pattern.
        rows = rows.filter(url__icontains=asked.site).filter(url__iregex=host)
    return rows


# --- the wire shape ------------------------------------------------------------------------------------
def claim_json(row: CheckedClaim) -> dict[str, Any]:
    """A `FactCheckedClaim` with its one review. What is not known is left out, never empty."""
    return _known(
        text=row.claim,
        claimant=row.claimant,
        claimDate=_midnight(_claimed_on(row)),
        claimReview=[
            _known(
                publisher=_known(name=row.publisher, site=site_of(row.url)),
                url=row.url,
                title=_title(row),
                reviewDate=_midnight(row.reviewed_on.isoformat() if row.reviewed_on else ""),
                textualRating=row.rating,
                languageCode=row.language,
            )
        ],
    )


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def site_of(url: str) -> str:
    """The host as the API names sites: without `www.`, in small letters."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _midnight(day: str) -> str:
    return f"{day[:10]}T00:00:00Z" if day else ""


def _claimed_on(row: CheckedClaim) -> str:
    if row.claimed_on:
        return row.claimed_on.isoformat()
    return _first_text(row.raw.get("itemReviewed"), "datePublished") if row.origin == ArchiveOrigin.OWN else ""


def _first_text(node: object, name: str) -> str:
    value = node.get(name) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""


def _title(row: CheckedClaim) -> str:
    """Our own pages are titled with verdict and claim; of others the title is known only if they gave one."""
    return row.title or (f"{row.rating}: {row.claim}" if row.origin == ArchiveOrigin.OWN else "")
