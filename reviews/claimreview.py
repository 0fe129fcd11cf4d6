"""A published verdict as schema.org ClaimReview. Pure: facts in, a JSON-LD dictionary out.

The shape is the union of what Google and Bing ask for, with terms of schema.org release 30.0 that other
readers use. Google: https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from articles.choices import AppearanceKind, ClaimantKind
from reviews.choices import MediaCheck

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from articles.origins import Appearance, Claimant

CONTEXT: Final = "https://schema.org"

# Words that make a name the name of a body, not of a person. Only whole words count.
_BODY_WORDS: Final = """
academy administration agency alliance army assembly association authority bank board broadcaster bureau cabinet
campaign centre center chamber charity church club coalition college commission committee company confederation
congress consortium corporation council court daily department directorate duma embassy federation firm force
forces foundation fund government group guard herald hospital house inc institute institution journal kremlin
laboratory league limited llc ltd magazine media military ministry mission museum nato navy network news newspaper
office organisation organization parliament party pentagon plc police post press prison radio record regulator
reserve school senate service society station studio television times tribunal trust un union university watchdog
wire
"""
_BODIES: Final = frozenset(_BODY_WORDS.split())
# Small words that stand inside people's names.
_PARTICLE_WORDS: Final = "al bin da de del den der di dos du el la le ten ter van von y zu"
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
# A description is nobody's name: "the minister", "officials", "he".
_NAMELESS: Final = re.compile(r"(?:the|a|an|he|she|they|it|some|many|several|his|her|their)\b", re.IGNORECASE)
_ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Publisher:
    """The desk itself. URLs are absolute; `policies` are properties of schema.org and where each text stands."""

    name: str
    url: str
    logo_url: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    legal_name: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A piece of public evidence; `type` is a schema.org type."""

    name: str
    url: str
    type: str = "CreativeWork"
    publisher: str = ""
    published_on: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attribution:
    """The second verdict on a quote: whether the speaker said it."""

    speaker: str
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class MediaFinding:
    """What was done to a picture or recording. `context` is what it really shows; empty where nothing was done."""

    check: MediaCheck
    context: str = ""
    original_url: str = ""


@dataclass(frozen=True, slots=True)
class ClaimReviewFacts:
    """Everything a ClaimReview says. `value` is None for a label off the axis; dates carry a time zone.

    `claimants` are those who made the claim; whoever is only quoted with it stands in `attribution`.
    """

    url: str
    claim: str
    label: str
    publisher: Publisher
    published_at: datetime
    best: int
    worst: int
    value: int | None = None
    explanation: str = ""
    language: str = ""
    modified_at: datetime | None = None
    claimants: tuple[Claimant, ...] = ()
    claimed_on: date | None = None
    appearances: tuple[Appearance, ...] = ()
    citations: tuple[Citation, ...] = ()
    corrections: tuple[Correction, ...] = ()
    attribution: Attribution | None = None
    media: MediaFinding | None = None


def claim_review(facts: ClaimReviewFacts) -> dict[str, Any]:
    """The JSON-LD document. What is not known is left out, never empty."""
    modified = facts.modified_at if facts.modified_at and facts.modified_at > facts.published_at else None
    return _known(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "@id": f"{facts.url}#claimreview",
            "url": facts.url,
            "claimReviewed": facts.claim.strip(),
            "inLanguage": facts.language,
            "datePublished": _moment(facts.published_at),
            "dateModified": _moment(modified) if modified else "",
            "author": organisation(facts.publisher),
            "itemReviewed": _claim(facts),
            "reviewRating": _rating(facts),
            "citation": [_citation(one) for one in facts.citations],
            "correction": _corrections(facts.corrections),
            "associatedReview": _attribution(facts.attribution) if facts.attribution else "",
            "associatedMediaReview": _media_review(facts, facts.media) if facts.media else "",
        }
    )


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def organisation(publisher: Publisher) -> dict[str, Any]:
    """The desk as a schema.org NewsMediaOrganization."""
    return _known(
        {
            "@type": "NewsMediaOrganization",
            "name": publisher.name,
            "url": publisher.url,
            "logo": {"@type": "ImageObject", "url": publisher.logo_url} if publisher.logo_url else "",
            "legalName": publisher.legal_name,
            "email": publisher.email,
            "address": {"@type": "PostalAddress", "streetAddress": publisher.address} if publisher.address else "",
            **publisher.policies,
        }
    )


def _claim(facts: ClaimReviewFacts) -> dict[str, Any]:
    first = [one for one in facts.appearances if one.first]
    return _known(
        {
            "@type": "Claim",
            "author": _alone([made for one in facts.claimants if (made := claimant(one))]),
            "datePublished": facts.claimed_on.isoformat() if facts.claimed_on else "",
            # In the schema.org context a bare address here is a plain literal, so each is an object.
            "firstAppearance": _appearance(first[0]) if first else "",
            "appearance": [_appearance(one) for one in facts.appearances if one.url and not one.first],
        }
    )


def _alone(values: list[dict[str, Any]]) -> list[dict[str, Any]] | dict[str, Any]:
    """One value stands without a list, as most readers expect it."""
    return values[0] if len(values) == 1 else values


def claimant(one: Claimant) -> dict[str, Any] | None:
    """Who made the claim, or None where nobody is named."""
    made = {"@type": _CLAIMANTS[ClaimantKind(one.kind)], "name": one.name.strip()} if one.kind else speaker(one.name)
    if made is None:
        return None
    role = one.role if made["@type"] == "Person" else ""  # schema.org has no office of a body
    return {**made, **_known({"jobTitle": role, "sameAs": [one.same_as] if one.same_as else []})}


_CLAIMANTS: Final = {ClaimantKind.PERSON: "Person", ClaimantKind.ORGANIZATION: "Organization"}


def speaker(name: str) -> dict[str, str] | None:
    """Who made the claim, or None where nobody is named.

    1. A description ("the minister", "officials", "(reports)") names nobody.
    2. A word that only bodies carry, or capitals only, makes it an Organization.
    3. Any other name of at most five capitalised words is a Person; a longer one is taken for a body.
    """
    name = " ".join(name.strip(" ()").split())
    words = [word.strip(".,'’\"“”") for word in name.split()]
    if words and words[0].lower() in _ARTICLES and any(word[:1].isupper() for word in words[1:]):
        words = words[1:]
    elif not words or _NAMELESS.match(name) or not words[0][:1].isupper():
        return None
    return {"@type": "Organization" if _is_body(words) else "Person", "name": name}


def _is_body(words: list[str]) -> bool:
    if any(word.lower().removesuffix("'s").removesuffix("’s") in _BODIES for word in words):
        return True
    if all(word.isupper() and len(word) > 1 for word in words):
        return True
    capital = [word for word in words if word[:1].isupper() or word.lower().partition("-")[0] in _PARTICLES]
    return len(capital) != len(words) or len(words) > 5


_APPEARANCES: Final = {
    AppearanceKind.ARTICLE: "NewsArticle",
    AppearanceKind.POST: "SocialMediaPosting",
    AppearanceKind.VIDEO: "VideoObject",
    AppearanceKind.IMAGE: "ImageObject",
    AppearanceKind.AUDIO: "AudioObject",
    AppearanceKind.PAGE: "WebPage",
}


def _appearance(one: Appearance) -> dict[str, Any]:
    """One place; a passage of a recording is a Clip of it (https://schema.org/Clip), in seconds from its start."""
    work = _known(
        {
            "@type": _APPEARANCES[AppearanceKind(one.kind)],
            "url": one.url,
            "name" if one.is_media else "headline": one.title,
            "datePublished": one.published_on,
            "publisher": {"@type": "Organization", "name": one.publisher} if one.publisher else "",
            "archivedAt": one.archived_url,
        }
    )
    if one.starts_at is None:
        return work
    return _known({"@type": "Clip", "startOffset": one.starts_at, "endOffset": one.ends_at, "isPartOf": work})


# --- the two other verdicts a page may carry -----------------------------------------------------------
def _attribution(quoted: Attribution) -> dict[str, Any]:
    """Whether the speaker said it, beside the ClaimReview on whether it is so: a page holds one ClaimReview only."""
    return {
        "@type": "Review",
        "reviewAspect": "Attribution",
        "itemReviewed": _known(
            {"@type": "Quotation", "text": quoted.words, "spokenByCharacter": speaker(quoted.speaker)}
        ),
        "reviewRating": {"@type": "Rating", "alternateName": quoted.label},
    }


_MEDIA_CATEGORIES: Final = {
    MediaCheck.ORIGINAL: "OriginalMediaContent",
    MediaCheck.OUT_OF_CONTEXT: "DecontextualizedContent",
    MediaCheck.CROPPED: "EditedOrCroppedContent",
    MediaCheck.STAGED: "StagedContent",
    MediaCheck.TRANSFORMED: "TransformedContent",
    MediaCheck.SATIRE: "SatireOrParodyContent",
}
_SNAPSHOTS: Final = {
    AppearanceKind.VIDEO: "VideoObjectSnapshot",
    AppearanceKind.IMAGE: "ImageObjectSnapshot",
    AppearanceKind.AUDIO: "AudioObjectSnapshot",
}


def _media_review(facts: ClaimReviewFacts, found: MediaFinding) -> dict[str, Any]:
    """The MediaReview of the picture or recording (https://schema.org/MediaReview)."""
    shown = [_snapshot(one) for one in facts.appearances if one.is_media]
    return _known(
        {
            "@type": "MediaReview",
            "@id": f"{facts.url}#mediareview",
            "url": facts.url,
            "datePublished": _moment(facts.published_at),
            "author": organisation(facts.publisher),
            "mediaAuthenticityCategory": _MEDIA_CATEGORIES[found.check],
            "originalMediaContextDescription": found.context,
            "originalMediaLink": found.original_url,
            "itemReviewed": {
                "@type": "MediaReviewItem",
                "interpretedAsClaim": {"@type": "Claim", "description": facts.claim.strip()},
                "mediaItemAppearance": shown,
            },
        }
    )


def _snapshot(one: Appearance) -> dict[str, Any]:
    return _known(
        {
            "@type": _SNAPSHOTS[AppearanceKind(one.kind)],
            "contentUrl": one.url,
            "archivedAt": one.archived_url,
            "description": one.title,
        }
    )


def _rating(facts: ClaimReviewFacts) -> dict[str, Any]:
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": facts.label}
    if facts.value is not None:
        rating |= {"ratingValue": facts.value, "bestRating": facts.best, "worstRating": facts.worst}
    return rating | _known({"ratingExplanation": facts.explanation})


def _citation(one: Citation) -> dict[str, Any]:
    return _known(
        {
            "@type": one.type,
            "name": one.name,
            "url": one.url,
            "datePublished": one.published_on,
            "publisher": {"@type": "Organization", "name": one.publisher} if one.publisher else "",
        }
    )


def _corrections(corrections: tuple[Correction, ...]) -> list[dict[str, Any]] | dict[str, Any]:
    """All that was ever corrected, oldest first."""
    return _alone(
        [{"@type": "CorrectionComment", "text": one.text, "datePublished": _moment(one.at)} for one in corrections]
    )


# Ends no script element and survives every HTML parser; JavaScript reads it the same.
_ESCAPES: Final = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script_json(document: dict[str, Any]) -> str:
    """The document as JSON that is safe inside `<script type="application/ld+json">`."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)


def data_item(document: dict[str, Any], *, created: datetime, modified: datetime) -> dict[str, Any]:
    """One live review as an item of a Data Commons feed."""
    item = {name: value for name, value in document.items() if name != "@context"}
    return {
        "@type": "DataFeedItem",
        "dateCreated": _moment(created),
        "dateModified": _moment(modified),
        "item": [item],
    }


def deleted_item(url: str, *, created: datetime, deleted: datetime) -> dict[str, Any]:
    """A retracted review: readers of the feed learn that it is gone, and nothing of what it said."""
    return {
        "@type": "DataFeedItem",
        "dateCreated": _moment(created),
        "dateDeleted": _moment(deleted),
        "item": [{"@type": "ClaimReview", "@id": f"{url}#claimreview", "url": url}],
    }


def data_feed(name: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A feed in the shape of the Data Commons fact-check feed."""
    return {"@context": CONTEXT, "@type": "DataFeed", "name": name, "dataFeedElement": items}
