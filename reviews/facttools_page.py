"""A ClaimReview as the write side of Google's Fact Check Tools API takes it. Pure Python.

The shape is `ClaimReviewMarkupPage` of the discovery document (factchecktools v1alpha1, revision 20240929).
"""

from __future__ import annotations

from typing import Any


def markup_page(document: dict[str, Any]) -> dict[str, Any]:
    """The body of a create or an update for one published ClaimReview; what is not known is left out."""
    desk, claim, rating = document["author"], document["itemReviewed"], document["reviewRating"]
    places = _places(claim)
    markup = {
        "url": document["url"],
        "claimReviewed": document["claimReviewed"],
        "claimDate": claim.get("datePublished", "")[:10],
        "claimFirstAppearance": _place(_one(claim.get("firstAppearance"))),
        "claimAppearances": places,
        "claimAuthor": _author(_one(claim.get("author"))),
        "rating": _known(
            {
                "ratingValue": rating.get("ratingValue"),
                "worstRating": rating.get("worstRating"),
                "bestRating": rating.get("bestRating"),
                "textualRating": rating.get("alternateName"),
                "ratingExplanation": rating.get("ratingExplanation"),
            }
        ),
    }
    return {
        "pageUrl": document["url"],
        "publishDate": document["datePublished"][:10],
        "claimReviewAuthor": _known({"name": desk.get("name"), "imageUrl": _one(desk.get("logo")).get("url")}),
        "claimReviewMarkups": [_known(markup)],
    }


def _one(value: Any) -> dict[str, Any]:
    """The first of a list, or the thing itself; nothing for nothing."""
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, dict) else {}


def _author(author: dict[str, Any]) -> dict[str, Any]:
    """There one person made a claim: the first who is named."""
    same = author.get("sameAs")
    return _known(
        {
            "name": author.get("name"),
            "jobTitle": author.get("jobTitle"),
            "sameAs": same[0] if isinstance(same, list) and same else same,
        }
    )


def _places(claim: dict[str, Any]) -> list[str]:
    found = claim.get("appearance") or []
    urls = [_place(one) for one in (found if isinstance(found, list) else [found])]
    return [url for url in urls if url]


def _place(appearance: dict[str, Any]) -> str:
    """Its address; of words in a recording that of the recording."""
    return str(appearance.get("url") or _one(appearance.get("isPartOf")).get("url") or "")


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
