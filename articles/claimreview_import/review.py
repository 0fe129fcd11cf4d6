"""One ClaimReview object, whoever wrote it and however, as one plain record, or the reason why not.

The shapes accepted follow what aggregators of ClaimReview report from the wild: `appearance` and
`firstAppearance` as string, object or list; `ratingValue` as number or string; `author` as string, object or
list; `itemReviewed` as Claim, as the older CreativeWork, or missing; any field missing.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from articles.claimreview_import.values import address, day, first, listed, names, number, plain, storable

if TYPE_CHECKING:
    from datetime import date

    from articles.claimreview_import.values import Json

# Why something was not taken; also the keys of the counts that an import prints.
REASONS: Final = {
    "not_json": "It is not JSON.",
    "not_an_object": "It is not a JSON object.",
    "empty_item": "The element of the feed has no item.",
    "not_claimreview": "It is not a ClaimReview.",
    "no_claim": "It does not say which claim was reviewed.",
    "no_address": "It has neither an @id nor a web address, so nobody could look it up.",
    "own": "This desk published it; the archive keeps the desk's own copy.",
}
_WORD: Final = re.compile(r"\w+")
_UNSTORABLE: Final = re.compile(r"\\u0000|\\ud[89a-f]|NaN|Infinity")
_IDENTITY_LENGTH: Final = 700
_BODY_LENGTH: Final = 2000
_CLAIM_LENGTH: Final = 5000
_MOST_APPEARANCES: Final = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason` is a key of `REASONS`; `detail` says where or what exactly."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A claim review in one shape. Dates are days; numbers None where there is no usable scale."""

    identity: str
    claim: str
    claimant: str = ""
    rating: str = ""
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    title: str = ""
    summary: str = ""
    body: str = ""
    url: str = ""
    publisher: str = ""
    reviewed_on: date | None = None
    claimed_on: date | None = None
    language: str = ""
    appearances: tuple[str, ...] = ()
    withdrawn: bool = False
    raw: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A review that can be stored, and what in it could not be read (`bad_date`, `bad_scale`)."""

    review: Review
    notes: tuple[str, ...] = ()


def review_from(item: Json, *, today: date, deleted: bool = False) -> Taken | Refusal:
    """Normalise one ClaimReview object; `deleted` marks one that its feed has taken back."""
    if not isinstance(item, dict):
        return Refusal("not_an_object", type(item).__name__)
    if not is_claim_review(item):
        return Refusal("not_claimreview", str(item.get("@type"))[:80])
    url = address(item.get("url")) or address(item.get("mainEntityOfPage"))
    reviewed = _object(item.get("itemReviewed"))
    claim = (plain(item.get("claimReviewed")) or plain(reviewed.get("text")) or plain(reviewed.get("name")))[
        :_CLAIM_LENGTH
    ]
    if not claim:
        return Refusal("no_claim", url)
    identity = identity_of(item.get("@id"), url, claim)
    if not identity:
        return Refusal("no_address", claim[:80])
    return _taken(item, reviewed, identity, url, claim, today, deleted=deleted)


def is_claim_review(item: dict[str, Any]) -> bool:
    """Whether its type says so, or, where it has no type, its `claimReviewed`."""
    kinds = [kind for kind in listed(item.get("@type")) if isinstance(kind, str)]
    if not kinds:
        return "claimReviewed" in item
    return any(re.split(r"[/#:]", kind)[-1].lower() == "claimreview" for kind in kinds)


def identity_of(given: Json, url: str, claim: str) -> str:
    """The `@id`, made absolute; without a usable one the address and the claim's words; "" without either.

    Many pages carry `"@id": "#claimreview"`, the same on every page: a fragment counts only with its page.
    """
    name = storable(given).strip() if isinstance(given, str) else ""
    if name.startswith("_:"):
        name = ""
    if name.startswith(("#", "/", "?")):
        name = urljoin(url, name) if url else ""
    if name:
        return _short(name.replace(" ", "%20"))
    return _short(f"{url} {' '.join(_WORD.findall(claim.lower()))}") if url else ""


def _short(identity: str) -> str:
    if len(identity) <= _IDENTITY_LENGTH:
        return identity
    digest = hashlib.blake2b(identity.encode(), digest_size=16).hexdigest()
    return f"{identity[: _IDENTITY_LENGTH - len(digest) - 1]}~{digest}"


def _object(value: Json) -> dict[str, Any]:
    found = first(value)
    return found if isinstance(found, dict) else {}


def _taken(
    item: dict[str, Any], reviewed: dict[str, Any], identity: str, url: str, claim: str, today: date, *, deleted: bool
) -> Taken:
    rating = _object(item.get("reviewRating"))
    value, best, worst, scale_note = _scale(rating)
    reviewed_on, review_note = _day(item.get("datePublished"), today)
    claimed_on, claim_note = _day(reviewed.get("datePublished"), today)
    raw, fingerprint = _kept({key: item[key] for key in item if key != "@context"}, deleted=deleted)
    review = Review(
        identity=identity, claim=claim, claimant=names(reviewed.get("author"))[:300],
        rating=_first_plain(rating, "alternateName", "name")[:300],
        rating_value=value, best_rating=best, worst_rating=worst,
        title=_first_plain(item, "name", "headline")[:500],
        summary=_summary(item, rating)[:_BODY_LENGTH],
        body=_first_plain(item, "reviewBody", "articleBody", "text")[:_BODY_LENGTH],
        url=url, publisher=_publisher(item, url)[:200], reviewed_on=reviewed_on, claimed_on=claimed_on,
        language=_language(item)[:20], appearances=tuple(_appearances(item, reviewed)), withdrawn=deleted, raw=raw,
        fingerprint=fingerprint,
    )  # fmt: skip
    return Taken(review, tuple(filter(None, (scale_note, review_note, claim_note))))


def _first_plain(holder: dict[str, Any], *fields: str) -> str:
    return next(filter(None, (plain(holder.get(name)) for name in fields)), "")


def _kept(raw: dict[str, Any], *, deleted: bool) -> tuple[dict[str, Any], str]:
    """What is stored of the markup itself, and its fingerprint."""
    text = _dumped(raw)
    if _UNSTORABLE.search(text):
        raw = _cleaned(raw)
        text = _dumped(raw)
    return raw, _digest(f"{deleted} {text}")


def _cleaned(value: Json) -> Any:
    """The value without the characters and numbers that databases refuse in JSON."""
    if isinstance(value, dict):
        return {storable(str(key)): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return storable(value) if isinstance(value, str) else value


def fingerprint_of(content: object) -> str:
    """32 hexadecimal digits that change when anything in `content` (JSON) does, and not with its order."""
    return _digest(_dumped(content))


def _dumped(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _scale(rating: dict[str, Any]) -> tuple[float | None, float | None, float | None, str]:
    """Value, best and worst; none of them when they make no scale (three times -1 stands for "unproven")."""
    value, best, worst = (number(rating.get(name)) for name in ("ratingValue", "bestRating", "worstRating"))
    if value is None:
        return None, None, None, ""
    if best is None or worst is None:
        return value, best, worst, ""
    if worst < best and worst <= value <= best:
        return value, best, worst, ""
    return None, None, None, "bad_scale"


def _day(value: Json, today: date) -> tuple[date | None, str]:
    found = day(value, today=today)
    return found, "bad_date" if found is None and plain(value) else ""


def _summary(item: dict[str, Any], rating: dict[str, Any]) -> str:
    # "ratingExplaination" is how one widely used editor spells it.
    given = (item.get("description"), rating.get("ratingExplanation"), rating.get("ratingExplaination"))
    return next(filter(None, map(plain, given)), "")


def _publisher(item: dict[str, Any], url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return names(item.get("author")) or names(item.get("publisher")) or host


def _language(item: dict[str, Any]) -> str:
    value = first(item.get("inLanguage"))
    return plain(value.get("alternateName") or value) if isinstance(value, dict) else plain(value)


def _appearances(item: dict[str, Any], reviewed: dict[str, Any]) -> list[str]:
    places: list[Json] = []
    for holder in (reviewed, item):
        places += listed(holder.get("firstAppearance")) + listed(holder.get("appearance"))
    places += listed(reviewed.get("url"))
    return list(dict.fromkeys(filter(None, map(address, places))))[:_MOST_APPEARANCES]
