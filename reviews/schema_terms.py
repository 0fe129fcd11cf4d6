"""The properties a ClaimReview and what hangs below it may have (schema.org release 30.0). Pure."""

from __future__ import annotations

from typing import Final

_THING: Final = frozenset(
    {"@id", "@type", "name", "url", "sameAs", "description", "image", "identifier", "alternateName"}
)
_WORK: Final = _THING | {
    "author", "creator", "publisher", "datePublished", "dateModified", "dateCreated", "inLanguage", "headline",
    "archivedAt", "citation", "isBasedOn", "correction", "license", "text", "about", "keywords", "contentUrl",
    "sdLicense", "sdPublisher", "sdDatePublished", "isPartOf", "startOffset", "endOffset", "abstract",
    "spokenByCharacter",
}  # fmt: skip
_PROPERTIES: Final[dict[str, frozenset[str]]] = {
    "ClaimReview": _WORK
    | {
        "@context", "claimReviewed", "itemReviewed", "reviewRating", "reviewBody", "reviewAspect",
        "associatedMediaReview", "associatedReview", "associatedClaimReview",
    },
    "Review": _WORK
    | {
        "itemReviewed", "reviewRating", "reviewBody", "reviewAspect", "associatedMediaReview",
        "associatedClaimReview",
    },
    "MediaReview": _WORK
    | {
        "itemReviewed", "mediaAuthenticityCategory", "originalMediaContextDescription", "originalMediaLink",
        "associatedClaimReview", "reviewRating",
    },
    "MediaReviewItem": _WORK | {"interpretedAsClaim", "mediaItemAppearance"},
    "Claim": _WORK | {"appearance", "firstAppearance", "claimInterpreter"},
    "Rating": _THING | {"ratingValue", "bestRating", "worstRating", "ratingExplanation", "author", "reviewAspect"},
    "Organization": _THING
    | {
        "logo", "correctionsPolicy", "verificationFactCheckingPolicy", "ethicsPolicy", "publishingPrinciples",
        "masthead", "email", "address", "legalName", "ownershipFundingInfo", "actionableFeedbackPolicy",
    },
    "Person": _THING | {"jobTitle", "affiliation", "worksFor", "givenName", "familyName", "honorificPrefix"},
}  # fmt: skip
_LIKE: Final = {"NewsMediaOrganization": "Organization"}


def properties_of(type_name: str) -> frozenset[str]:
    """The known properties of a type; of a creative work where the type is not listed."""
    return _PROPERTIES.get(_LIKE.get(type_name, type_name), _WORK)
