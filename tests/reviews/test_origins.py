"""Where a claim appeared and who made it: from the card, the form and the API into the published markup."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Claim
from articles.origins import Appearance, Claimant
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.services.claim import claim_origins
from reviews.services.correction import publication_correct
from tests import publishing as desk

pytestmark = pytest.mark.django_db

VIDEO = Appearance("https://video.example/v/9", "video", "Press briefing", starts_at=83, ends_at=91)
POST = Appearance("https://social.example/p/7", "post", first=True)


def put(claim: Claim, *places: Appearance, people: tuple[Claimant, ...] = ()) -> None:
    claim_origins(claim=claim, actor=desk.person("Checker"), claimants=people, appearances=places)


# --- the rules -----------------------------------------------------------------------------------------
BAD: list[tuple[str, tuple[Claimant, ...], tuple[Appearance, ...]]] = [
    ("origin.nameless", (Claimant(" "),), ()),
    ("origin.twice", (Claimant("Oda Wren"), Claimant("oda wren")), ()),
    ("origin.bad_kind", (Claimant("Oda Wren", "robot"),), ()),
    ("origin.bad_url", (Claimant("Oda Wren", same_as="javascript:alert(1)"),), ()),
    ("origin.too_many", tuple(Claimant(f"Person {n}") for n in range(11)), ()),
    ("origin.bad_url", (), (Appearance(""),)),
    ("origin.bad_url", (), (Appearance("ftp://x.example/"),)),
    ("origin.bad_url", (), (Appearance("http://[/"),)),
    ("origin.bad_url", (), (Appearance("https://x.example/" + "a" * 1000),)),
    ("origin.bad_url", (), (Appearance("https://x.example/", archived_url="//y"),)),
    ("origin.bad_kind", (), (Appearance("https://x.example/", "dream"),)),
    ("origin.twice", (), (Appearance("https://x.example/"), Appearance("https://x.example/"))),
    ("origin.two_firsts", (), (POST, Appearance("https://x.example/", first=True))),
    ("origin.clip_of_what", (), (Appearance("https://x.example/", starts_at=3),)),
    ("origin.bad_clip", (), (Appearance("https://x.example/", "video", ends_at=3),)),
    ("origin.bad_clip", (), (Appearance("https://x.example/", "video", starts_at=3, ends_at=3),)),
    ("origin.too_many", (), tuple(Appearance(f"https://x.example/{n}") for n in range(51))),
]


@pytest.mark.parametrize(("code", "people", "places"), BAD)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    code: str, people: tuple[Claimant, ...], places: tuple[Appearance, ...]
) -> None:
    claim = desk.claim()
    with pytest.raises(Invalid) as refused:
        put(claim, *places, people=people)
    assert refused.value.code == code
    claim.refresh_from_db()
    assert (claim.claimants, claim.appearances, claim.version) == ([], [], 1)


@pytest.mark.parametrize("role", ["Viewer", "Reporter", "Publisher", "Source manager"])
def test_only_who_edits_claims_may(role: str) -> None:
    with pytest.raises(NotAllowed):
        claim_origins(claim=desk.claim(), actor=desk.person(role), claimants=(), appearances=(POST,))


def test_one_trail_a_change_and_none_for_nothing() -> None:
    claim = desk.claim()
    put(claim, POST)
    put(claim, POST)
    assert AuditEvent.objects.filter(action="claim.origins").count() == 1
    stale = Claim.objects.get(pk=claim.pk)
    put(claim, POST, VIDEO)
    with pytest.raises(WrongState):
        put(stale, VIDEO)


# --- the form on the card ------------------------------------------------------------------------------
def lines(people: list[dict[str, Any]], places: list[dict[str, Any]]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for prefix, rows in (("claimant", people), ("appearance", places)):
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        sent |= {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return sent


def signed_in(role: str = "Checker") -> Client:
    client = Client()
    client.force_login(desk.person(role))
    return client


def test_card_shows_and_changes_the_lines_and_empty_ones_are_left_out() -> None:
    claim, client = desk.claim(), signed_in()
    url = reverse("reviews:origins", args=[claim.pk])
    sent = lines(
        [{"name": "Oda Wren", "role": "Minister", "same_as": "https://wren.example/"}, {"name": ""}],
        [{"url": "https://social.example/p/7", "kind": "post", "published_on": "2026-01-18", "first": "on"},
         {"url": "", "kind": "article"}],
    )  # fmt: skip
    assert client.post(url, sent | {"seen_version": 1}).status_code == 302
    claim.refresh_from_db()
    assert [one["name"] for one in claim.claimants] == ["Oda Wren"]
    assert [(one["url"], one["published_on"], one["first"]) for one in claim.appearances] == [
        ("https://social.example/p/7", "2026-01-18", True)
    ]
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "Social media post, the first" in page
    assert 'value="https://wren.example/"' in page
    assert client.post(url, lines([], []) | {"seen_version": 1}).status_code == 409  # the page was an old one
    assert client.post(url, lines([], []) | {"seen_version": 2}).status_code == 302
    claim.refresh_from_db()
    assert (claim.claimants, claim.appearances) == ([], [])


@pytest.mark.parametrize(
    "sent",
    [
        lines([], [{"url": "not an address", "kind": "post"}]),
        lines([{"name": "x" * 201}], []),
        lines([], [{"url": "https://x.example/", "kind": "dream"}]),
        lines([{"name": f"P {n}"} for n in range(12)], []),
        {},
        {"claimant-TOTAL_FORMS": "a lot", "appearance-TOTAL_FORMS": "-1"},
    ],
)
def test_bad_lines_are_told(sent: dict[str, Any]) -> None:
    claim = desk.claim()
    assert signed_in().post(reverse("reviews:origins", args=[claim.pk]), sent).status_code == 422
    claim.refresh_from_db()
    assert claim.version == 1


# --- the API -------------------------------------------------------------------------------------------
def test_api_replaces_both_lists_for_the_version_that_was_seen() -> None:
    claim = desk.claim()
    url, headers = reverse("api-claim-origins", args=[claim.pk]), desk.bearer(desk.person("Checker"), "verdict:write")
    body = {
        "claimants": [{"name": "Oda Wren"}],
        "appearances": [{"url": VIDEO.url, "kind": "video", "starts_at": 83, "published_on": "2026-01-18"}],
    }
    client = Client()

    def sent(**more: Any) -> Any:
        return client.put(url, body | more, content_type="application/json", headers=headers)

    assert sent().status_code == 428
    done = sent(version=1)
    assert (done.status_code, done["ETag"]) == (200, '"2"')
    assert done.json()["appearances"][0]["kind"] == "video"
    assert sent(version=1).status_code == 409
    bad = body | {"version": 2, "appearances": [{"url": VIDEO.url, "published_on": "2026-02-30"}]}
    assert client.put(url, bad, content_type="application/json", headers=headers).status_code == 422
    reader = desk.bearer(desk.person("Viewer"), "read")
    assert client.get(url, headers=reader).json()["claimants"][0]["name"] == "Oda Wren"


# --- what is judged and published ----------------------------------------------------------------------
def document_of(claim: Claim, **verdict: Any) -> dict[str, Any]:
    return desk.published(claim, **verdict).versions.get().claimreview


def test_published_claim_names_all_who_made_it_and_all_places() -> None:
    claim = desk.claim()
    put(claim, POST, VIDEO, people=(Claimant("Ilva Torrent", role="Minister"), Claimant("Ostrel Power")))
    item = document_of(claim)["itemReviewed"]
    assert [one["name"] for one in item["author"]] == ["Ilva Torrent", "Ostrel Power"]
    assert item["author"][0]["jobTitle"] == "Minister"
    assert item["firstAppearance"]["url"] == POST.url
    assert [one["@type"] for one in item["appearance"]] == ["NewsArticle", "Clip"]


@pytest.mark.parametrize(
    ("check", "author", "rating"),
    [
        ("accurate", "Ilva Torrent", "Accurate"),
        ("out_of_context", "Ilva Torrent", "Out of context"),
        ("altered", "Tessel Wire", "Altered"),
        ("fabricated", "Tessel Wire", "Fabricated"),
        ("not_found", "Tessel Wire", "Not found"),
    ],
)
def test_a_quote_has_two_verdicts_and_nobody_is_blamed_for_words_they_did_not_say(
    check: str, author: str, rating: str
) -> None:
    document = document_of(desk.claim(), quote_check=check)
    assert document["itemReviewed"]["author"]["name"] == author
    assert document["associatedReview"]["reviewRating"]["alternateName"] == rating
    assert document["associatedReview"]["itemReviewed"]["spokenByCharacter"]["name"] == "Ilva Torrent"
    assert document["reviewRating"]["alternateName"] == "Misleading"


@pytest.mark.parametrize(
    ("places", "changes", "said"),
    [
        ((), {"media_check": "staged", "media_context": "A drill."}, "among the places"),
        ((VIDEO,), {"media_check": "staged", "media_context": " "}, "really shows"),
        ((VIDEO,), {"media_check": "perhaps"}, "must be one of"),
        ((VIDEO,), {"media_check": "original", "media_original": "javascript:x"}, "is not a web address"),
    ],
)
def test_a_picture_is_judged_only_when_it_is_known_and_explained(
    places: tuple[Appearance, ...], changes: dict[str, str], said: str
) -> None:
    claim = desk.claim()
    put(claim, *places)
    with pytest.raises(FactcheckError) as refused:
        desk.proposed(claim, **changes)
    assert said in refused.value.detail


def test_page_and_markup_say_what_was_done_to_the_video_and_a_change_of_it_is_a_correction() -> None:
    claim = desk.claim()
    put(claim, VIDEO)
    judged = {
        "media_check": "decontextualized", "media_context": "It shows a drill of 2018.",
        "media_original": "https://video.example/original",
    }  # fmt: skip
    publication = desk.published(claim, **judged)
    media = publication.versions.get().claimreview["associatedMediaReview"]
    assert media["mediaAuthenticityCategory"] == "DecontextualizedContent"
    page = Client().get(publication.get_absolute_url()).content.decode()
    assert "Video: shown out of context." in page
    assert "It shows a drill of 2018." in page
    assert "https://video.example/original" in page
    assert page.count("application/ld+json") == 2  # the link to it and the script
    put(claim, POST)  # what was judged stays as it was
    version = publication_correct(publication=publication, actor=desk.person("Publisher"), change="refile")
    assert version.claimreview["associatedMediaReview"] == media


def test_an_appearance_on_our_own_site_is_left_out(settings: Any) -> None:
    claim = desk.claim()
    put(claim, Appearance(f"{settings.BASE_URL}/verdicts/x/"), VIDEO)
    places = document_of(claim)["itemReviewed"]["appearance"]
    assert [one.get("url") or one["isPartOf"]["url"] for one in places] == [claim.article.url, VIDEO.url]
