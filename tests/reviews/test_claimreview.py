"""What a ClaimReview says, that it says it in schema.org's terms, and that it cannot break the page."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from articles.origins import Appearance, Claimant
from reviews.choices import MediaCheck
from reviews.claimreview import (
    Attribution,
    Citation,
    ClaimReviewFacts,
    Correction,
    MediaFinding,
    Publisher,
    claim_review,
    data_feed,
    data_item,
    deleted_item,
    script_json,
    speaker,
)
from reviews.lint import Page, blocking, lint

CONTEXT = json.loads((Path(__file__).parent.parent / "data" / "schemaorg" / "context.jsonld").read_text("utf-8"))
AT = datetime(2026, 9, 30, 12, tzinfo=UTC)
LATER = datetime(2026, 10, 2, tzinfo=UTC)
FACTS = ClaimReviewFacts(
    url="https://desk.example/verdicts/output/",
    claim="Output has doubled in a single year",
    label="Misleading",
    publisher=Publisher(
        "The Northmoor Record", "https://desk.example/", policies={"ethicsPolicy": "https://desk.example/how/"}
    ),
    published_at=AT,
    best=5,
    worst=1,
    value=2,
    explanation="The year before was the repair year.",
    language="en",
    claimants=(Claimant("Ilva Torrent"),),
    claimed_on=date(2026, 9, 29),
    appearances=(
        Appearance("https://tessel.example/ostrel", "article", "Plant doubles output", "Tessel Wire", "2026-09-29"),
    ),
    citations=(Citation("Generation by plant", "https://kestrenet.example/1", "Dataset", "Kestrenet"),),
)


def expand(document: dict[str, Any]) -> Any:
    """JSON-LD expansion with our copy of the context; the network is never asked."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        assert url.rstrip("/") == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}

    return jsonld.expand(document, {"documentLoader": load})


def test_document_carries_what_google_and_bing_ask_for() -> None:
    document = claim_review(FACTS)
    assert document["@type"] == "ClaimReview"
    assert document["url"] == FACTS.url
    assert document["datePublished"] == "2026-09-30T12:00:00Z"
    assert document["reviewRating"] == {
        "@type": "Rating", "alternateName": "Misleading", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
        "ratingExplanation": "The year before was the repair year.",
    }  # fmt: skip
    assert document["itemReviewed"]["author"] == {"@type": "Person", "name": "Ilva Torrent"}
    assert document["itemReviewed"]["datePublished"] == "2026-09-29"
    assert document["itemReviewed"]["appearance"][0]["@type"] == "NewsArticle"
    assert document["citation"][0]["@type"] == "Dataset"
    assert document["author"]["name"] == "The Northmoor Record"


def test_label_off_the_axis_carries_no_numbers() -> None:
    rating = claim_review(dataclasses.replace(FACTS, label="Unproven", value=None))["reviewRating"]
    assert rating == {"@type": "Rating", "alternateName": "Unproven", "ratingExplanation": FACTS.explanation}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"claimants": ()}, ("itemReviewed", "author")),
        ({"claimed_on": None}, ("itemReviewed", "datePublished")),
        ({"appearances": ()}, ("itemReviewed", "appearance")),
        ({"appearances": (Appearance(""),)}, ("itemReviewed", "appearance")),
        ({"citations": ()}, ("citation",)),
        ({"explanation": ""}, ("reviewRating", "ratingExplanation")),
        ({"language": ""}, ("inLanguage",)),
        ({}, ("dateModified",)),
        ({}, ("correction",)),
        ({"modified_at": AT}, ("dateModified",)),
    ],
)
def test_what_is_not_known_is_left_out(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    found: Any = claim_review(dataclasses.replace(FACTS, **changes))
    for name in path[:-1]:
        found = found[name]
    assert path[-1] not in found


def test_correction_is_told() -> None:
    later = datetime(2026, 10, 2, 8, 30, tzinfo=UTC)
    document = claim_review(
        dataclasses.replace(FACTS, modified_at=later, corrections=(Correction("It was 1,412.", later),))
    )
    assert document["dateModified"] == "2026-10-02T08:30:00Z"
    assert document["correction"]["text"] == "It was 1,412."


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ilva Torrent", "Person"),
        ("Torrent", "Person"),
        ("Karin van der Velden", "Person"),
        ("Dr. Amal al-Khatib", "Person"),
        ("Energy Ministry", "Organization"),
        ("the Ministry of Energy", "Organization"),
        ("Kestria's Ministry", "Organization"),
        ("Tessel Wire", "Organization"),
        ("Kremlin", "Organization"),
        ("NATO", "Organization"),
        ("UNHCR", "Organization"),
        ("University of Ostrel", "Organization"),
        ("Northmoor Bank Ltd.", "Organization"),
        ("US media", "Organization"),
        ("The Committee for the Protection of the Coast of Northmoor", "Organization"),
        ("", None),
        ("(reports)", None),
        ("the minister", None),
        ("officials", None),
        ("he", None),
        ("She", None),
        ("  ", None),
    ],
)
def test_speaker_is_a_person_or_a_body_or_nobody(name: str, kind: str | None) -> None:
    made = speaker(name)
    assert (made or {}).get("@type") == kind


VIDEO = Appearance(
    "https://video.example/v/9", "video", "Press briefing", "Kestria TV", "2026-09-29", "https://archive.example/9",
    starts_at=83, ends_at=91,
)  # fmt: skip
IMAGE = Appearance("https://social.example/p/1", "image", "A flooded turbine hall", first=True)
# Every shape of claim: what differs from FACTS, and what its document then holds at a dotted place.
SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "text": ({}, {"itemReviewed.author.@type": "Person", "itemReviewed.appearance.0.@type": "NewsArticle"}),
    "corrected text": (
        {"modified_at": LATER, "corrections": (Correction("It was 1,412.", LATER),)},
        {"correction.text": "It was 1,412.", "dateModified": "2026-10-02T00:00:00Z"},
    ),
    "off the axis: satire": (
        {"label": "Satire", "value": None},
        {"reviewRating": {"@type": "Rating", "alternateName": "Satire", "ratingExplanation": FACTS.explanation}},
    ),
    "quote that is right": (
        {"attribution": Attribution("Ilva Torrent", "Output has doubled.", "Accurate")},
        {
            "associatedReview.@type": "Review",
            "associatedReview.reviewAspect": "Attribution",
            "associatedReview.itemReviewed.@type": "Quotation",
            "associatedReview.itemReviewed.text": "Output has doubled.",
            "associatedReview.itemReviewed.spokenByCharacter": {"@type": "Person", "name": "Ilva Torrent"},
            "associatedReview.reviewRating.alternateName": "Accurate",
            "reviewRating.alternateName": "Misleading",
        },
    ),
    "quote that is made up": (
        {
            "claimants": (Claimant("Tessel Wire", "organization"),),
            "attribution": Attribution("Ilva Torrent", "Output has doubled.", "Fabricated"),
        },
        {
            "itemReviewed.author": {"@type": "Organization", "name": "Tessel Wire"},
            "associatedReview.reviewRating.alternateName": "Fabricated",
        },
    ),
    "several claimants and places": (
        {
            "claimants": (
                Claimant("Ilva Torrent", "person", "Energy minister", "https://torrent.example/"),
                Claimant("Ostrel Power", "organization", "ignored: a body has no office"),
            ),
            "appearances": (
                *FACTS.appearances,
                Appearance("https://social.example/p/7", "post", "Doubled!", "Ilva Torrent", first=True),
                Appearance("https://ostrel.example/about", "page"),
            ),
        },
        {
            "itemReviewed.author.0.jobTitle": "Energy minister",
            "itemReviewed.author.0.sameAs": ["https://torrent.example/"],
            "itemReviewed.author.1": {"@type": "Organization", "name": "Ostrel Power"},
            "itemReviewed.firstAppearance.@type": "SocialMediaPosting",
            "itemReviewed.appearance.1.@type": "WebPage",
        },
    ),
    "words in a video": (
        {"appearances": (VIDEO,)},
        {
            "itemReviewed.appearance.0.@type": "Clip",
            "itemReviewed.appearance.0.startOffset": 83,
            "itemReviewed.appearance.0.endOffset": 91,
            "itemReviewed.appearance.0.isPartOf.@type": "VideoObject",
            "itemReviewed.appearance.0.isPartOf.url": VIDEO.url,
        },
    ),
    "original picture": (
        {"appearances": (IMAGE,), "media": MediaFinding(MediaCheck.ORIGINAL)},
        {
            "associatedMediaReview.mediaAuthenticityCategory": "OriginalMediaContent",
            "itemReviewed.firstAppearance.@type": "ImageObject",
        },
    ),
    "video that was manipulated": (
        {
            "appearances": (VIDEO, IMAGE),
            "media": MediaFinding(MediaCheck.TRANSFORMED, "The hall was dry.", "https://video.example/original"),
        },
        {
            "associatedMediaReview.@type": "MediaReview",
            "associatedMediaReview.mediaAuthenticityCategory": "TransformedContent",
            "associatedMediaReview.originalMediaContextDescription": "The hall was dry.",
            "associatedMediaReview.originalMediaLink": "https://video.example/original",
            "associatedMediaReview.url": FACTS.url,
            "associatedMediaReview.itemReviewed.interpretedAsClaim.description": FACTS.claim,
            "associatedMediaReview.itemReviewed.mediaItemAppearance.0.@type": "VideoObjectSnapshot",
            "associatedMediaReview.itemReviewed.mediaItemAppearance.0.archivedAt": "https://archive.example/9",
            "associatedMediaReview.itemReviewed.mediaItemAppearance.1.@type": "ImageObjectSnapshot",
        },
    ),
}


def at(document: Any, where: str) -> Any:
    for step in where.split("."):
        document = document[int(step)] if step.isdigit() else document[step]
    return document


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_claim_says_what_it_is(shape: str) -> None:
    changes, holds = SHAPES[shape]
    document = claim_review(dataclasses.replace(FACTS, **changes))
    assert {where: at(document, where) for where in holds} == holds


@pytest.mark.parametrize("shape", SHAPES)
def test_every_term_of_every_shape_expands_to_schema_org(shape: str) -> None:
    document = claim_review(dataclasses.replace(FACTS, **SHAPES[shape][0]))
    (node,) = expand(document)
    assert node["@type"] == ["http://schema.org/ClaimReview"]
    assert node["http://schema.org/url"] == [{"@id": FACTS.url}]
    seen = set(keys(node))
    assert all(key.startswith(("http://schema.org/", "@")) for key in seen)
    # Nothing was dropped for want of a term: as many names after as before.
    before = {name for name in keys(document) if not name.startswith("@")}
    assert {key.removeprefix("http://schema.org/") for key in seen if not key.startswith("@")} == before


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_passes_the_lint_and_is_one_claimreview(shape: str) -> None:
    document = claim_review(dataclasses.replace(FACTS, **SHAPES[shape][0]))
    labels = {"Misleading": 2, "Satire": None}
    page = Page("https://desk.example", FACTS.url, labels, LATER, f"{at(document, 'reviewRating.alternateName')} why")
    found = lint(document, page)
    assert {one.rule for one in found} <= {"CR15"}, found  # sameAs is known of few speakers
    assert json.dumps(document).count('"@type": "ClaimReview"') == 1


@pytest.mark.parametrize("check", MediaCheck)
def test_every_media_check_is_a_category_of_schema_org(check: MediaCheck) -> None:
    document = claim_review(dataclasses.replace(FACTS, appearances=(IMAGE,), media=MediaFinding(check)))
    assert document["associatedMediaReview"]["mediaAuthenticityCategory"] in {
        "OriginalMediaContent", "DecontextualizedContent", "EditedOrCroppedContent", "StagedContent",
        "TransformedContent", "SatireOrParodyContent",
    }  # fmt: skip


def test_clip_of_the_desks_own_recording_is_refused() -> None:
    own = dataclasses.replace(VIDEO, url="https://media.desk.example/v/1")
    document = claim_review(dataclasses.replace(FACTS, appearances=(own,)))
    page = Page("https://desk.example", FACTS.url, {"Misleading": 2}, LATER, "Misleading why")
    assert [one.rule for one in blocking(lint(document, page))] == ["CR17"]


def test_appearance_keeps_its_address_as_an_address() -> None:
    (node,) = expand(claim_review(FACTS))
    item = node["http://schema.org/itemReviewed"][0]
    (appearance,) = item["http://schema.org/appearance"]
    assert appearance["http://schema.org/url"] == [{"@id": "https://tessel.example/ostrel"}]


def keys(value: Any) -> Any:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@pytest.mark.parametrize(
    "words", ["</script><script>alert(1)</script>", "<!--", "a & b", "\u2028\u2029", "]]>", "'\""]
)
def test_no_words_can_end_the_script_element(words: str) -> None:
    text = script_json(claim_review(dataclasses.replace(FACTS, claim=f"x{words}y")))
    assert not set(text) & {"<", ">", "&", "\u2028", "\u2029"}
    assert json.loads(text)["claimReviewed"] == f"x{words}y"


@given(st.text(), st.text())
def test_any_words_come_back_as_they_were(claim: str, explanation: str) -> None:
    document = claim_review(dataclasses.replace(FACTS, claim=claim, explanation=explanation))
    assert json.loads(script_json(document)) == document


def test_feed_names_live_and_deleted_reviews() -> None:
    document = claim_review(FACTS)
    gone = deleted_item("https://desk.example/verdicts/gone/", created=AT, deleted=AT)
    feed = data_feed("Ours", [data_item(document, created=AT, modified=AT), gone])
    live, deleted = feed["dataFeedElement"]
    assert live["item"][0]["claimReviewed"] == FACTS.claim
    assert "@context" not in live["item"][0]
    assert deleted["dateDeleted"] == "2026-09-30T12:00:00Z"
    assert "reviewRating" not in deleted["item"][0]
    assert all(key.startswith(("http://schema.org/", "@")) for key in keys(expand(feed)))
