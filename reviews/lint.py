"""What is wrong with a ClaimReview, before a search engine says so. Pure; one small function a rule.

Severity "E" blocks publishing, "W" is shown to the publisher. The rules take any JSON value.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from reviews.schema_terms import properties_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Severity = Literal["E", "W"]
LONGEST_CLAIM: Final = 75  # characters, as LONGEST_LABEL
LONGEST_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Finding:
    rule: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """Where the review stands.

    `labels` is the desk's scale: label -> value, None off the axis. `visible` is the text readers see.
    `taken` are (claimReviewed, url, author name) of every other review that is known.
    """

    base_url: str
    canonical: str
    labels: Mapping[str, int | None]
    now: datetime
    visible: str = ""
    reviews: int = 1
    taken: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)


Found = tuple[Severity, str]


def lint(document: dict[str, Any], page: Page) -> list[Finding]:
    """Every finding, in the order of the rules; an empty list means that the document is fine."""
    return [
        Finding(name, severity, message) for name, rule in RULES.items() for severity, message in rule(document, page)
    ]


def blocking(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "E"]


# --- reading whatever came -----------------------------------------------------------------------------
def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", value.strip()) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_type(value: Any, wanted: str) -> bool:
    return wanted in _many(_object(value).get("@type"))


def _rating(document: dict[str, Any]) -> dict[str, Any]:
    return _object(document.get("reviewRating"))


def _item(document: dict[str, Any]) -> dict[str, Any]:
    return _object(document.get("itemReviewed"))


def _appearances(document: dict[str, Any]) -> list[Any]:
    item = _item(document)
    return _many(item.get("appearance")) + _many(item.get("firstAppearance"))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # "http://[" is no address
        return ""


def _within(host: str, other: str) -> bool:
    return bool(host) and bool(other) and (host == other or host.endswith(f".{other}"))


def _same_host(one: str, other: str) -> bool:
    return _within(one, other) or _within(other, one)


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are on one host, or one on a subdomain of the other."""
    return _same_host(_host(url), _host(other))


def is_loopback(url: str) -> bool:
    """Whether the address leads to this machine only, so that no search engine can ever read it."""
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# --- the claim in words --------------------------------------------------------------------------------
def claim_missing(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if not _text(document.get("claimReviewed")):
        yield "E", "claimReviewed is missing or blank."


def claim_long(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    length = len(_text(document.get("claimReviewed")))
    if length > LONGEST_CLAIM:
        yield "W", f"claimReviewed has {length} characters; above {LONGEST_CLAIM} it may be cut off."


def claim_says_verdict(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    """A label set off from the claim blocks. The same letters as a word of the claim ("a mixed crowd") warn."""
    claim, label = _text(document.get("claimReviewed")), _text(_rating(document).get("alternateName"))
    words = "|".join(re.escape(word) for word in ("fact check", "fact-check", "false", label) if word)
    if re.match(rf"(?:{words})\s*[:\-–—]", claim, re.IGNORECASE):
        yield "E", "claimReviewed begins with a verdict. Give the claim alone."
    elif label and _carries(claim, label):
        yield "E", f"claimReviewed contains the verdict “{label}”. Give the claim alone."
    elif label and re.search(rf"\b{re.escape(label)}\b", claim, re.IGNORECASE):
        yield "W", f"claimReviewed contains the word “{label}”, which is also the verdict."


def _carries(claim: str, label: str) -> bool:
    word = re.escape(label)
    if re.search(rf"[:\-–—(\[]\s*{word}\s*[)\].!]*$", claim, re.IGNORECASE):
        return True
    # Several words, or a capital inside the sentence: a verdict, not a word somebody happened to use.
    several = " " in label and re.search(rf"\b{word}\b", claim, re.IGNORECASE)
    return bool(several or re.search(rf"(?<=[a-z,] ){word}\b", claim))


# --- the address ---------------------------------------------------------------------------------------
def url_wrong(document: dict[str, Any], page: Page) -> Iterator[Found]:
    url = _text(document.get("url"))
    host = _host(url)
    if not host:
        yield "E", "url is missing or not absolute."
        return
    if urlsplit(url).scheme != "https" and not (is_loopback(url) and is_loopback(page.base_url)):
        yield "E", "url is not https. Set BASE_URL to the public https address of the desk."
    elif urlsplit(url).scheme != "https":
        yield "W", "url is not https. This desk runs on this machine only, so it is let through here."
    if not _same_host(host, _host(page.base_url)):
        yield "E", f"url is on {host}, not on the desk's own host."
    if url != page.canonical:
        yield "E", "url is not the canonical address of the page."


# --- the rating ----------------------------------------------------------------------------------------
def label_missing(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if not _text(_rating(document).get("alternateName")):
        yield "E", "reviewRating.alternateName is missing."


def value_alone(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    rating = _rating(document)
    given = [name in rating for name in ("bestRating", "worstRating")]
    if ("ratingValue" in rating and not all(given)) or any(given) != all(given):
        yield "E", "ratingValue, bestRating and worstRating go together."


def ends_wrong(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    best, worst = (_number(_rating(document).get(name)) for name in ("bestRating", "worstRating"))
    if worst is not None and (worst < 1 or (best is not None and worst >= best)):
        yield "E", "worstRating must be at least 1 and below bestRating."


def value_outside(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    rating = _rating(document)
    value, best, worst = (_number(rating.get(name)) for name in ("ratingValue", "bestRating", "worstRating"))
    if "ratingValue" in rating and value is None:
        yield "E", "ratingValue is not a number."
    elif value is not None and ((best is not None and value > best) or (worst is not None and value < worst)):
        yield "E", "ratingValue lies outside of worstRating and bestRating."


def number_as_text(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    for name in ("ratingValue", "bestRating", "worstRating"):
        if isinstance(_rating(document).get(name), str):
            yield "W", f"{name} is text; give a number."


def pair_unknown(document: dict[str, Any], page: Page) -> Iterator[Found]:
    rating = _rating(document)
    label = _text(rating.get("alternateName"))
    if not label:
        return
    if label not in page.labels:
        yield "E", f"“{label}” is not in the desk's scale."
    elif page.labels[label] != _number(rating.get("ratingValue")):
        yield "E", f"“{label}” does not have this value in the desk's scale."


def label_long(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if len(_text(_rating(document).get("alternateName"))) > LONGEST_LABEL:
        yield "W", f"alternateName is longer than {LONGEST_LABEL} characters and may be cut off."


# --- who said it, who checked it -----------------------------------------------------------------------
def author_missing(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    authors = [_object(one) for one in _many(document.get("author"))]
    if not any(_text(one.get("name")) or _text(one.get("url")) for one in authors):
        yield "E", "author needs a name or a url."


def author_is_speaker(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    checkers, speakers = _names(document.get("author")), _names(_item(document).get("author"))
    if checkers & speakers:
        yield "E", "The checker and the speaker are the same. A desk cannot check itself."


def _names(value: Any) -> set[str]:
    return {_text(_object(one).get("name")).casefold() for one in _many(value)} - {""}


def item_wrong(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if not _is_type(document.get("itemReviewed"), "Claim"):
        yield "E", "itemReviewed is missing or not a Claim."


def speaker_nameless(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    for one in _many(_item(document).get("author")):
        if not _text(_object(one).get("name")):
            yield "E", "The claim's author has no name. Leave the author out where nobody is known."


def speaker_unlinked(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    for one in _many(_item(document).get("author")):
        if not _many(_object(one).get("sameAs")):
            yield "W", "The claim's author has no sameAs, so readers cannot tell people of one name apart."


# --- where it appeared ---------------------------------------------------------------------------------
def appearance_missing(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if not _appearances(document):
        yield "W", "Neither appearance nor firstAppearance says where the claim was made."


def appearance_own(document: dict[str, Any], page: Page) -> Iterator[Found]:
    for one in _appearances(document):
        if any(same_site(url, page.base_url) for url in _places(one)):
            yield "E", "An appearance is on the desk's own site."


def _places(appearance: Any) -> list[str]:
    """The addresses of one appearance; a clip has that of the recording it is part of."""
    work = _object(_object(appearance).get("isPartOf"))
    return [_text(appearance), _text(_object(appearance).get("url")), _text(work.get("url"))]


def appearance_bare(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    if any(isinstance(one, str) for one in _appearances(document)):
        yield "W", "An appearance is a bare address, which JSON-LD reads as plain text; give an object with a url."


# --- dates ---------------------------------------------------------------------------------------------
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_DATES: Final = ("datePublished", "dateModified", "dateCreated")


def dates_wrong(document: dict[str, Any], page: Page) -> Iterator[Found]:
    for where, name, value in _dates(document):
        if _moment(value) is None:
            yield "E", f"{where}{name} is not a date: {str(value)[:40]!r}."
    reviewed, claimed = _moment(document.get("datePublished")), _moment(_item(document).get("datePublished"))
    if reviewed and reviewed > page.now:
        yield "E", "The review is dated in the future."
    if reviewed and claimed and reviewed.date() < claimed.date():
        yield "E", "The review is older than the claim."


def _dates(value: Any, where: str = "") -> Iterator[tuple[str, str, Any]]:
    for name, inner in _object(value).items():
        if name in _DATES:
            yield where, name, inner
        for one in _many(inner):
            yield from _dates(one, f"{where}{name}.")


def _moment(value: Any) -> datetime | None:
    text = _text(value)
    if not _DAY.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# --- the page and the rest -----------------------------------------------------------------------------
def several_reviews(_document: dict[str, Any], page: Page) -> Iterator[Found]:
    if page.reviews > 1:
        yield "E", f"The page has {page.reviews} ClaimReviews; one page holds one."


def taken(document: dict[str, Any], page: Page) -> Iterator[Found]:
    for author in _many(document.get("author")):
        triple = (
            _text(document.get("claimReviewed")),
            _text(document.get("url")),
            _text(_object(author).get("name")),
        )
        if triple in page.taken:
            yield "E", "The same claim, address and author are already published elsewhere."


def invisible(document: dict[str, Any], page: Page) -> Iterator[Found]:
    label = _text(_rating(document).get("alternateName"))
    rest = page.visible.replace(label, " ", 1) if label else page.visible
    if label not in page.visible or not rest.strip():
        yield "E", "The page shows no verdict with a summary or rationale to its readers."


_HTML: Final = re.compile(r"<\s*/?\s*[a-z!][^<>]*>|</\s*script|<!--", re.IGNORECASE)


def html_inside(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    for where, value in _texts(document):
        if _HTML.search(value):
            yield "E", f"{where} contains HTML."


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, where)


def unknown_property(document: dict[str, Any], _page: Page) -> Iterator[Found]:
    for type_name, name in _properties(document):
        if type_name and name not in properties_of(type_name):
            yield "W", f"{type_name} has no property {name!r}. Check its spelling."


def _properties(value: Any) -> Iterator[tuple[str, str]]:
    type_name = next((one for one in _many(_object(value).get("@type")) if isinstance(one, str)), "")
    for name, inner in _object(value).items():
        yield type_name, str(name)
        for one in _many(inner):
            yield from _properties(one)


RULES: Final[dict[str, Callable[[dict[str, Any], Page], Iterator[Found]]]] = {
    "CR01": claim_missing,
    "CR02": claim_long,
    "CR03": claim_says_verdict,
    "CR04": url_wrong,
    "CR05": label_missing,
    "CR06": value_alone,
    "CR07": ends_wrong,
    "CR08": value_outside,
    "CR09": number_as_text,
    "CR10": pair_unknown,
    "CR11": author_missing,
    "CR12": author_is_speaker,
    "CR13": item_wrong,
    "CR14": speaker_nameless,
    "CR15": speaker_unlinked,
    "CR16": appearance_missing,
    "CR17": appearance_own,
    "CR18": dates_wrong,
    "CR19": several_reviews,
    "CR20": taken,
    "CR21": label_long,
    "CR22": invisible,
    "CR23": html_inside,
    "CR24": unknown_property,
    "CR25": appearance_bare,
}
