"""Rows of a table as ClaimReview: dotted column names nest, and the names people give columns are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATHS: Final = {
    "@id": ("id", "@id", "review id"),
    "claimReviewed": ("claimreviewed", "claim", "claim reviewed", "claim text", "statement", "text"),
    "url": ("url", "review url", "link", "fact check url"),
    "name": ("name", "title", "headline", "review title"),
    "description": ("description", "summary", "explanation"),
    "reviewBody": ("reviewbody", "review body", "body"),
    "datePublished": ("datepublished", "date published", "review date", "reviewed on", "date"),
    "inLanguage": ("inlanguage", "language", "languagecode", "language code"),
    "author.name": ("author.name", "author", "publisher", "author name", "reviewer", "fact checker", "organisation"),
    "reviewRating.alternateName": (
        "reviewrating.alternatename", "rating", "verdict", "textual rating", "textualrating", "alternatename",
    ),
    "reviewRating.ratingValue": ("reviewrating.ratingvalue", "rating value", "ratingvalue"),
    "reviewRating.bestRating": ("reviewrating.bestrating", "best rating", "bestrating"),
    "reviewRating.worstRating": ("reviewrating.worstrating", "worst rating", "worstrating"),
    "itemReviewed.author.name": (
        "itemreviewed.author.name", "claimant", "speaker", "claim author", "claim author name", "claimed by",
    ),
    "itemReviewed.datePublished": ("itemreviewed.datepublished", "claim date", "claimdate", "claimed on"),
    "itemReviewed.appearance": ("itemreviewed.appearance", "appearance", "claim url", "claim first appearance"),
}  # fmt: skip
_KNOWN: Final = {alias: path for path, aliases in _PATHS.items() for alias in aliases}
_GAPS: Final = re.compile(r"[\s_-]+")


def nested(row: Mapping[str, str]) -> dict[str, Any]:
    """The row as a ClaimReview object; empty cells and unknown columns are left out."""
    review: dict[str, Any] = {"@type": "ClaimReview"}
    for column, value in row.items():
        path = _KNOWN.get(_GAPS.sub(" ", column.strip().lower()))
        if path and value.strip():
            _put(review, path.split("."), value)
    return review


def _put(target: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        target = target.setdefault(step, {})
    target.setdefault(path[-1], value)
