"""Each lint rule alone: one table of what it finds and of what it lets through."""

from __future__ import annotations

import copy
import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.lint import RULES, Page, blocking, lint

GOOD: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "@id": "https://desk.example/verdicts/output/#claimreview",
    "url": "https://desk.example/verdicts/output/",
    "claimReviewed": "Output has doubled in a single year",
    "datePublished": "2026-09-30T12:00:00Z",
    "author": {"@type": "NewsMediaOrganization", "name": "The Northmoor Record", "url": "https://desk.example/"},
    "itemReviewed": {
        "@type": "Claim",
        "datePublished": "2026-09-29",
        "author": {"@type": "Person", "name": "Ilva Torrent", "sameAs": "https://torrent.example/"},
        "appearance": [{"@type": "NewsArticle", "url": "https://tessel.example/ostrel"}],
    },
    "reviewRating": {
        "@type": "Rating", "alternateName": "Misleading", "ratingValue": 2, "bestRating": 5, "worstRating": 1,
    },
}  # fmt: skip
PAGE = Page(
    base_url="https://desk.example",
    canonical="https://desk.example/verdicts/output/",
    labels={
        "False": 1, "Misleading": 2, "Mixed": 3, "Mostly true": 4, "True": 5, "Unproven": None, "Not checkable": None,
        "X" * 41: None,
    },
    now=datetime(2026, 10, 1, tzinfo=UTC),
    visible="Misleading\nThe year before was the repair year.",
)  # fmt: skip
LOCAL = dataclasses.replace(
    PAGE, base_url="http://127.0.0.1:8000", canonical="http://127.0.0.1:8000/verdicts/output/"
)
GONE = object()


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The good document with values put at dotted places, or taken away."""
    document = copy.deepcopy(GOOD)
    for where, value in changes:
        *path, name = where.split(".")
        inner = document
        for step in path:
            inner = inner[step]
        if value is GONE:
            del inner[name]
        else:
            inner[name] = value
    return document


def label(name: str, value: int | None) -> tuple[tuple[str, Any], ...]:
    rating = {"@type": "Rating", "alternateName": name}
    return (
        (
            "reviewRating",
            rating if value is None else rating | {"ratingValue": value, "bestRating": 5, "worstRating": 1},
        ),
    )


def findings(document: Any, page: Page, rule: str) -> list[str]:
    return [found.severity for found in lint(document, page) if found.rule == rule]


def test_good_document_has_no_findings() -> None:
    assert lint(GOOD, PAGE) == []


def test_there_are_25_rules() -> None:
    assert list(RULES) == [f"CR{number:02}" for number in range(1, 26)]


# rule, changes to the good document, page, severities found
CASES: list[tuple[str, tuple[tuple[str, Any], ...], Page, list[str]]] = [
    ("CR01", (("claimReviewed", GONE),), PAGE, ["E"]),
    ("CR01", (("claimReviewed", " "),), PAGE, ["E"]),
    ("CR01", (("claimReviewed", ["x"]),), PAGE, ["E"]),
    ("CR02", (("claimReviewed", "x" * 76),), PAGE, ["W"]),
    ("CR02", (("claimReviewed", "x" * 75),), PAGE, []),
    ("CR03", (("claimReviewed", "Misleading: output has doubled"),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "Fact check: output has doubled"),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "False: output has doubled"),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "False - output has doubled"),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "Output has doubled (misleading)"),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "Output has doubled – Misleading."),), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "They called it Misleading twice"),), PAGE, ["E"]),
    ("CR03", (*label("Mostly true", 4), ("claimReviewed", "That is mostly true of the coast")), PAGE, ["E"]),
    ("CR03", (("claimReviewed", "The label on the jar was misleading to buyers"),), PAGE, ["W"]),
    ("CR03", (*label("True", 5), ("claimReviewed", "True believers number 400")), PAGE, ["W"]),
    ("CR03", (*label("Mixed", 3), ("claimReviewed", "The intermixed seed grew")), PAGE, []),
    ("CR04", (("url", GONE),), PAGE, ["E"]),
    ("CR04", (("url", "/verdicts/output/"),), PAGE, ["E"]),
    ("CR04", (("url", "http://["),), PAGE, ["E"]),
    ("CR04", (("url", "http://desk.example/verdicts/output/"),), PAGE, ["E", "E"]),
    ("CR04", (("url", "https://other.example/verdicts/output/"),), PAGE, ["E", "E"]),
    ("CR04", (("url", "https://desk.example/verdicts/else/"),), PAGE, ["E"]),
    ("CR04", (("url", "http://127.0.0.1:8000/verdicts/output/"),), LOCAL, ["W"]),
    ("CR04", (("url", "http://127.0.0.1:8000/verdicts/output/"),), PAGE, ["E", "E", "E"]),
    ("CR05", (("reviewRating", GONE),), PAGE, ["E"]),
    ("CR05", (("reviewRating.alternateName", GONE),), PAGE, ["E"]),
    ("CR05", (("reviewRating.alternateName", " "),), PAGE, ["E"]),
    ("CR06", (("reviewRating.bestRating", GONE),), PAGE, ["E"]),
    ("CR06", (("reviewRating.bestRating", GONE), ("reviewRating.worstRating", GONE)), PAGE, ["E"]),
    ("CR06", (("reviewRating.ratingValue", GONE), ("reviewRating.worstRating", GONE)), PAGE, ["E"]),
    ("CR06", label("Unproven", None), PAGE, []),
    ("CR07", (("reviewRating.worstRating", 5),), PAGE, ["E"]),
    ("CR07", (("reviewRating.worstRating", 0),), PAGE, ["E"]),
    ("CR07", (("reviewRating.worstRating", "7"),), PAGE, ["E"]),
    ("CR08", (("reviewRating.ratingValue", 6),), PAGE, ["E"]),
    ("CR08", (("reviewRating.ratingValue", 0),), PAGE, ["E"]),
    ("CR08", (("reviewRating.ratingValue", "two"),), PAGE, ["E"]),
    ("CR08", (("reviewRating.ratingValue", True),), PAGE, ["E"]),
    ("CR09", (("reviewRating.ratingValue", "2"), ("reviewRating.bestRating", "5")), PAGE, ["W", "W"]),
    ("CR10", (("reviewRating.ratingValue", 3),), PAGE, ["E"]),
    ("CR10", (("reviewRating.alternateName", "Pants on fire"),), PAGE, ["E"]),
    ("CR10", (("reviewRating.alternateName", "Unproven"),), PAGE, ["E"]),
    ("CR10", label("Unproven", None), PAGE, []),
    ("CR11", (("author", GONE),), PAGE, ["E"]),
    ("CR11", (("author", {"@type": "Organization"}),), PAGE, ["E"]),
    ("CR11", (("author", "The Northmoor Record"),), PAGE, ["E"]),
    ("CR11", (("author", {"@type": "Organization", "url": "https://desk.example/"}),), PAGE, []),
    ("CR12", (("itemReviewed.author.name", "the northmoor record"),), PAGE, ["E"]),
    ("CR12", (("itemReviewed.author", [{"name": "A"}, {"name": "The Northmoor Record"}]),), PAGE, ["E"]),
    ("CR13", (("itemReviewed", GONE),), PAGE, ["E"]),
    ("CR13", (("itemReviewed.@type", "CreativeWork"),), PAGE, ["E"]),
    ("CR13", (("itemReviewed.@type", ["Claim", "CreativeWork"]),), PAGE, []),
    ("CR14", (("itemReviewed.author.name", GONE),), PAGE, ["E"]),
    ("CR14", (("itemReviewed.author", [{"name": "A"}, {"@type": "Person"}]),), PAGE, ["E"]),
    ("CR14", (("itemReviewed.author", GONE),), PAGE, []),
    ("CR15", (("itemReviewed.author.sameAs", GONE),), PAGE, ["W"]),
    ("CR16", (("itemReviewed.appearance", GONE),), PAGE, ["W"]),
    ("CR16", (("itemReviewed.appearance", GONE), ("itemReviewed.firstAppearance", {"url": "x"})), PAGE, []),
    ("CR17", (("itemReviewed.appearance", [{"url": "https://desk.example/1"}]),), PAGE, ["E"]),
    ("CR17", (("itemReviewed.appearance", "https://www.desk.example/1"),), PAGE, ["E"]),
    ("CR17", (("itemReviewed.appearance", [{"url": "https://notdesk.example/1"}]),), PAGE, []),
    ("CR18", (("datePublished", "20204-08-02"),), PAGE, ["E"]),
    ("CR18", (("datePublished", "2026-13-02"),), PAGE, ["E"]),
    ("CR18", (("datePublished", 20260930),), PAGE, ["E"]),
    ("CR18", (("datePublished", "2026-09-28"),), PAGE, ["E"]),
    ("CR18", (("datePublished", "2026-10-02"),), PAGE, ["E"]),
    ("CR18", (("itemReviewed.appearance", [{"url": "https://t.example/", "datePublished": "soon"}]),), PAGE, ["E"]),
    ("CR18", (("datePublished", "2026-09-29T23:00:00+02:00"),), PAGE, []),
    ("CR19", (), dataclasses.replace(PAGE, reviews=2), ["E"]),
    (
        "CR20", (),
        dataclasses.replace(PAGE, taken=frozenset({(GOOD["claimReviewed"], GOOD["url"], "The Northmoor Record")})),
        ["E"],
    ),
    (
        "CR20", (),
        dataclasses.replace(PAGE, taken=frozenset({("Another claim", GOOD["url"], "The Northmoor Record")})), [],
    ),
    ("CR21", label("X" * 41, None), PAGE, ["W"]),
    ("CR22", (), dataclasses.replace(PAGE, visible=""), ["E"]),
    ("CR22", (), dataclasses.replace(PAGE, visible="Misleading"), ["E"]),
    ("CR22", (), dataclasses.replace(PAGE, visible="The year before was the repair year."), ["E"]),
    ("CR23", (("claimReviewed", "Output </script> doubled"),), PAGE, ["E"]),
    ("CR23", (("reviewRating.ratingExplanation", "<b>No</b>"),), PAGE, ["E"]),
    ("CR23", (("reviewRating.ratingExplanation", "3 < 4 and 5 > 4"),), PAGE, []),
    ("CR24", (("reviewRating.ratingExplaination", "typo"),), PAGE, ["W"]),
    ("CR24", (("claimReviewd", "typo"),), PAGE, ["W"]),
    ("CR25", (("itemReviewed.appearance", "https://tessel.example/ostrel"),), PAGE, ["W"]),
    ("CR25", (("itemReviewed.firstAppearance", "https://tessel.example/ostrel"),), PAGE, ["W"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "changes", "page", "severities"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)]
)
def test_rule(rule: str, changes: tuple[tuple[str, Any], ...], page: Page, severities: list[str]) -> None:
    assert findings(changed(*changes), page, rule) == severities


def test_every_rule_has_a_case_that_it_finds() -> None:
    assert {case[0] for case in CASES if case[3]} == set(RULES)


def test_document_that_breaks_ten_rules_at_once() -> None:
    document = {
        "@context": "https://schema.org", "@type": "ClaimReview", "url": "/r/x", "claimReviewed": " ",
        "datePublished": "20204-08-02", "author": {"@type": "Organization", "name": "Jane Roe"},
        "itemReviewed": {
            "@type": "Claim", "author": [{"@type": "Person", "name": "Jane Roe"}, {"@type": "Person"}],
            "appearance": "https://news.example/a/123",
        },
        "reviewRating": {"@type": "Rating", "ratingValue": "9", "bestRating": 1, "worstRating": 5},
    }  # fmt: skip
    found = {finding.rule for finding in lint(document, PAGE)}
    assert {"CR01", "CR04", "CR05", "CR07", "CR08", "CR09", "CR12", "CR14", "CR18", "CR25"} <= found


def test_warnings_do_not_block() -> None:
    assert blocking(lint(changed(("itemReviewed.author.sameAs", GONE)), PAGE)) == []


_json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*GOOD, "name", "appearance"]), inner),
)


@given(st.dictionaries(st.sampled_from(list(GOOD)), _json))
def test_no_document_breaks_a_rule_itself(document: dict[str, Any]) -> None:
    assert {found.rule for found in lint(GOOD | document, PAGE)} <= set(RULES)
