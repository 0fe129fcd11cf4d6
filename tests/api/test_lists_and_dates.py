"""Searching lists, dates of publications, scales within walls, and pages that say what a problem means."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Desk
from factcheck.core.errors import MESSAGES
from reviews.models import DeskPolicy, Publication, Scale
from reviews.services.correction import publication_retract
from reviews.services.tag import publication_tag
from tests.publishing import STATEMENT, approved, article, claim, person, published

pytestmark = pytest.mark.django_db
OTHER = "The harbour tram carries 30,000 people a day"


def names(answer: Any, field: str) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row[field] for row in answer.json()["results"]]


# --- searching -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "field", "found"),
    [
        ("articles/?q=harbour", "title", ["Harbour tram"]),
        ("articles/?state=in_check&q=TRAM", "title", ["Harbour tram"]),
        ("articles/?desk=no-such-desk", "title", []),
        ("articles/?state=released", "title", []),
        ("claims/?q=30,000+people", "statement", [OTHER]),
        ("claims/?q=oda+wren", "statement", [OTHER]),
        ("claims/?q=harbour+tram&state=dismissed", "statement", []),
    ],
)
def test_lists_of_the_desk_are_searched(api: Any, path: str, field: str, found: list[str]) -> None:
    claim()
    claim(article(title="Harbour tram"), statement=OTHER, speaker="Oda Wren")
    assert names(api("Viewer").get(path), field) == found


def test_verdicts_are_searched_and_narrowed_by_subject_and_desk(api: Any) -> None:
    tram, plant = published(claim(statement=OTHER)), published()
    publication_tag(publication=tram, actor=person("Desk editor"), names=["Transport"])
    desk = tram.claim.article.desk.slug

    def slugs(query: str) -> list[str]:
        return names(Client().get(f"/api/v1/verdicts/?{query}"), "slug")

    assert slugs("q=harbour+tram") == [tram.slug]
    assert slugs("q=tram+plant") == []
    assert slugs("tag=transport") == [tram.slug]
    assert slugs("tag=weather") == []
    assert slugs(f"desk={desk}") == [plant.slug, tram.slug]
    assert slugs("desk=elsewhere") == []
    publication_retract(publication=tram, actor=person("Publisher"), note="Another tram was meant.")
    assert slugs("q=harbour+tram") == []


def test_list_by_subject_is_new_when_a_page_is_filed_although_nothing_was_published() -> None:
    page = published()
    path = "/api/v1/verdicts/?tag=power"
    tag = Client().get(path)["ETag"]
    assert Client().get(path, headers={"If-None-Match": tag}).status_code == 200 or tag
    publication_tag(publication=page, actor=person("Desk editor"), names=["Power"])
    assert names(Client().get(path, headers={"If-None-Match": tag}), "slug") == [page.slug]


@pytest.mark.parametrize("query", ["q=%00", f"q={'x' * 201}", "tag=%00", "desk=a+b", "words=x"])
def test_search_that_cannot_be_is_refused(query: str) -> None:
    answer = Client().get(f"/api/v1/verdicts/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_publications_are_found_by_slug_claim_and_whether_they_are_to_be_looked_at_again(api: Any) -> None:
    one, other = approved(), published()
    Publication.objects.filter(pk=other.pk).update(recheck_due=True)
    viewer = api("Viewer")
    assert names(viewer.get(f"publications/?slug={one.slug}"), "id") == [one.pk]
    assert names(viewer.get(f"publications/?claim={other.claim_id}"), "id") == [other.pk]
    assert names(viewer.get("publications/?recheck_due=true"), "id") == [other.pk]
    assert names(viewer.get("publications/?recheck_due=false"), "id") == [one.pk]
    assert names(viewer.get("publications/"), "id") == [other.pk, one.pk]


# --- dates ---------------------------------------------------------------------------------------------
def later(hours: int = 1) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def test_embargo_is_set_keeps_it_in_and_is_lifted(api: Any) -> None:
    page, publisher = approved(), api("Publisher")
    path = f"publications/{page.pk}"
    held = publisher.post(f"{path}/embargo/", {"until": later(), "version": page.version})
    assert held.status_code == 200
    version = held.json()["version"]
    refused = publisher.post(f"{path}/publish/", {"version": version})
    assert (refused.status_code, refused.json()["code"]) == (409, "publication.embargoed")
    free = publisher.post(f"{path}/embargo/", {"until": None, "version": version}).json()
    assert free["embargo_until"] is None
    assert publisher.post(f"{path}/publish/", {"version": free["version"]}).json()["state"] == "live"


@pytest.mark.parametrize(
    ("role", "act", "body", "status"),
    [
        ("Checker", "embargo", {"until": "2100-01-01T00:00:00Z"}, 403),
        ("Publisher", "embargo", {"until": "2000-01-01T00:00:00Z"}, 422),
        ("Publisher", "embargo", {}, 422),
        ("Publisher", "embargo", {"until": "tomorrow"}, 422),
        ("Checker", "recheck", {"at": "2100-01-01T00:00:00Z"}, 403),
        ("Publisher", "recheck", {"at": "2000-01-01T00:00:00Z"}, 422),
        ("Publisher", "stands", {"note": "Right as it is."}, 409),
        ("Publisher", "check_again", {"note": "New figures."}, 409),
    ],
)
def test_dates_that_must_not_be_are_refused(api: Any, role: str, act: str, body: dict[str, Any], status: int) -> None:
    page = approved()
    answer = api(role).post(f"publications/{page.pk}/{act}/", {**body, "version": page.version})
    assert answer.status_code == status
    assert Publication.objects.get(pk=page.pk).version == page.version


def test_act_on_a_page_without_its_version_is_refused(api: Any) -> None:
    page = approved()
    assert api("Publisher").post(f"publications/{page.pk}/embargo/", {"until": later()}).status_code == 428


def test_page_is_looked_at_again_on_a_date_or_now_and_may_stand(api: Any) -> None:
    page, publisher = published(), api("Publisher")
    path, seen = f"publications/{page.pk}", {"version": page.version}
    assert publisher.post(f"{path}/recheck/", {"at": later(24), **seen}).json()["recheck_at"]
    assert publisher.post(f"{path}/recheck/", {"at": None, **seen}).json()["recheck_at"] is None
    review = publisher.post(f"{path}/check_again/", {"note": "New figures are out.", **seen})
    assert (review.status_code, review.json()["state"]) == (200, "queued")
    assert publisher.get(f"{path}/").json()["recheck_due"] is True
    stands = publisher.post(f"{path}/stands/", {"note": "The new figures say the same.", **seen})
    assert (stands.status_code, stands.json()["recheck_due"]) == (200, False)


# --- scales --------------------------------------------------------------------------------------------
def test_scale_that_only_a_walled_desk_judges_with_is_not_told_to_everybody() -> None:
    hidden = Scale.objects.create(name="Quiet scale", version=1, active=False)
    shared = Scale.objects.create(name="Loud scale", version=1, active=False)
    unused = Scale.objects.create(name="Old draft", version=1, active=False)
    for name, walled, scale in (("Behind", True, hidden), ("Before", False, shared)):
        desk = Desk.objects.create(name=name, slug=name.lower(), walled=walled)
        DeskPolicy.objects.update_or_create(pk=desk.pk, defaults={"desk": desk, "scale": scale})
    told = names(Client().get("/api/v1/scales/"), "name")
    assert ("Loud scale" in told, "Quiet scale" in told, "Old draft" in told) == (True, False, False)
    for scale, status in ((shared, 200), (hidden, 404), (unused, 404)):
        assert Client().get(f"/api/v1/scales/{scale.pk}/").status_code == status
    page = Client().get("/how-we-work/").content.decode()
    assert "Quiet scale" not in page


# --- what a problem means ------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["publication.lint", "input.invalid", "request.not_found"])
def test_type_of_a_problem_leads_to_words(code: str) -> None:
    answer = Client().get(f"/api/v1/problems/{code}")
    assert answer.status_code == 200
    assert code in answer.content.decode()


def test_problem_that_was_told_names_a_page_that_is_there(api: Any, settings: Any) -> None:
    told = [api("Viewer").get(path).json() for path in ("claims/0/", "claims/?limit=9999", "claims/?nonsense=1")]
    told.append(Client().get("/api/v1/claims/").json())
    told.append(api("Publisher").post("publications/1/publish/", {"version": "x"}).json())
    for problem in told:
        assert problem["type"].startswith(settings.BASE_URL)
        assert Client().get(problem["type"].removeprefix(settings.BASE_URL)).status_code == 200, problem


def test_all_problems_are_listed_without_the_places_to_fill_in() -> None:
    text = Client().get("/api/v1/problems/").content.decode()
    assert all(code in text for code in MESSAGES)
    assert not re.search(r"\{\w+", text)
    assert Client().get("/api/v1/problems/no.such.code").status_code == 404


# --- limits --------------------------------------------------------------------------------------------
def test_claims_search_counts_against_the_address_like_the_rest_of_the_api(settings: Any) -> None:
    published(claim(statement=f"{STATEMENT} again"))
    settings.API_RATE_ADDRESS = 1
    first = Client().get("/v1alpha1/claims:search", {"query": "plant"})
    assert first["RateLimit"].startswith('"address";r=0;t=')
    refused = Client().get("/v1alpha1/claims:search", {"query": "plant"})
    assert (refused.status_code, refused.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert int(refused["Retry-After"]) <= 60
    assert Client().get("/api/v1/verdicts/").status_code == 429
