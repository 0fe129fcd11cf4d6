"""Programs written for Google's Fact Check Tools API read this desk: the wire, and Google's own client."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from articles.models import CheckedClaim
from reviews.selectors import facttools
from reviews.services.correction import publication_correct, publication_retract
from tests.publishing import STATEMENT, person, published

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/v1alpha1/claims:search"
TODAY = date(2026, 11, 20)


def search(**params: Any) -> Any:
    return Client().get(PATH, params)


def found(**params: Any) -> list[str]:
    response = search(**params)
    assert response.status_code == 200, response.content
    return [claim["text"] for claim in response.json().get("claims", [])]


def checked(text: str, **changes: Any) -> CheckedClaim:
    number = CheckedClaim.objects.count() + 1
    values: dict[str, Any] = {
        "identity": f"https://almar-facts.example/{number}", "url": f"https://almar-facts.example/{number}",
        "claim": text, "rating": "False", "publisher": "Almar Facts", "language": "en", "reviewed_on": TODAY,
    }  # fmt: skip
    return CheckedClaim.objects.create(**values | changes)


# --- what an answer looks like -------------------------------------------------------------------------
@pytest.mark.django_db
def test_own_verdict_has_every_field_the_api_knows(settings: Any) -> None:
    settings.BASE_URL = "https://facts.tessel.example"
    publication = published()
    (claim,) = search(query="Ostrel plant output doubled").json()["claims"]
    assert claim == {
        "text": STATEMENT,
        "claimant": "Ilva Torrent",
        "claimDate": "2026-01-19T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": settings.DESK_NAME, "site": "facts.tessel.example"},
                "url": f"https://facts.tessel.example/verdicts/{publication.slug}/",
                "title": f"Misleading: {STATEMENT}",
                "reviewDate": f"{publication.first_published_at:%Y-%m-%d}T00:00:00Z",
                "textualRating": "Misleading",
                "languageCode": "en",
            }
        ],
    }


@pytest.mark.django_db
def test_what_is_not_known_of_an_imported_review_is_left_out() -> None:
    checked("The tram is free", claimant="", rating="", publisher="", reviewed_on=None, language="")
    assert search(query="tram free").json() == {
        "claims": [
            {
                "text": "The tram is free",
                "claimReview": [
                    {"publisher": {"site": "almar-facts.example"}, "url": "https://almar-facts.example/1"}
                ],
            }
        ]
    }


@pytest.mark.django_db
def test_nothing_found_is_an_empty_object() -> None:
    checked("The tram is free")
    assert search(query="moon landing").content == b"{}"
    assert search(query="is the").content == b"{}"
    assert search(query="tram", offset=5).content == b"{}"


@pytest.mark.django_db
def test_retracted_verdict_is_gone_and_corrected_one_stays() -> None:
    publication = published()
    publication_correct(publication=publication, actor=person("Publisher"), change="update", note="New figures.")
    assert found(query="Ostrel plant output") == [STATEMENT]
    publication.refresh_from_db()
    publication_retract(publication=publication, actor=person("Publisher"), note="Wrong year.")
    assert found(query="Ostrel plant output") == []


@pytest.mark.django_db
def test_any_key_is_taken_and_any_site_may_read() -> None:
    checked("The tram is free")
    response = Client().get(PATH, {"query": "tram", "key": "x", "alt": "json"}, headers={"X-Goog-Api-Key": "y"})
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    again = Client().get(PATH, {"query": "tram"}, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


# --- filters -------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"query": "harbour tram"}, {"a", "b", "c", "d"}),
        ({"query": "Is the harbour tram free for all?"}, {"a", "b", "c", "d"}),
        ({"query": "harbour tram budget overspent twice"}, set()),
        ({"query": "harbour tram", "languageCode": "en"}, {"a", "b"}),
        ({"query": "harbour tram", "languageCode": "en-US"}, {"a", "b"}),
        ({"query": "harbour tram", "languageCode": "pt-BR"}, {"c"}),
        ({"query": "harbour tram", "languageCode": "EN_gb"}, {"a", "b"}),
        ({"query": "harbour tram", "reviewPublisherSiteFilter": "almar-facts.example"}, {"a", "c"}),
        ({"query": "harbour tram", "reviewPublisherSiteFilter": "WWW.almar-facts.example"}, {"a", "c"}),
        ({"query": "harbour tram", "review_publisher_site_filter": "en.almar-facts.example"}, {"c"}),
        ({"reviewPublisherSiteFilter": "other.example"}, {"b", "d"}),
        ({"reviewPublisherSiteFilter": "facts.example"}, set()),
        ({"query": "harbour tram", "maxAgeDays": "7"}, {"a", "d"}),
        ({"query": "harbour tram", "maxAgeDays": "0"}, {"a", "b", "c", "d"}),
        ({"query": "harbour tram", "maxAgeDays": "2147483647"}, {"a", "b", "c", "d"}),
    ],
)
def test_filters(params: dict[str, str], expected: set[str]) -> None:
    today = timezone.now().date()
    old = today - timedelta(days=400)
    words = "The harbour tram is free"
    checked(words, claimant="a", reviewed_on=today)
    checked(words, claimant="b", language="en-GB", reviewed_on=old, url="https://other.example/almar-facts.example/")
    checked(words, claimant="c", language="pt", reviewed_on=old, url="http://en.almar-facts.example:8080/x")
    checked(words, claimant="d", language="de", reviewed_on=old, claimed_on=today, url="https://www.other.example")
    checked(words, claimant="withdrawn", withdrawn=True)
    response = search(**params)
    assert response.status_code == 200
    assert {claim["claimant"] for claim in response.json().get("claims", [])} == expected


@pytest.mark.django_db
def test_without_words_the_newest_come_first() -> None:
    for day, text in ((3, "third"), (1, "first"), (2, "second")):
        checked(text, reviewed_on=date(2026, 11, day))
    checked("undated", reviewed_on=None)
    assert found(reviewPublisherSiteFilter="almar-facts.example") == ["third", "second", "first", "undated"]


@pytest.mark.django_db
def test_claims_with_all_words_come_before_those_with_some() -> None:
    for text in ("tram tram tram harbour", "The tram to the harbour was never free", "A free bus"):
        checked(text)
    assert found(query="free harbour tram") == [
        "The tram to the harbour was never free", "tram tram tram harbour",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_filter_finds_what_a_thousand_better_matches_elsewhere_would_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facttools, "MOST_HITS", 5)
    for _ in range(10):
        checked("tram tram")
    checked("The tram, of all things, in a longer sentence", url="https://small.example/1", language="pt")
    expected = ["The tram, of all things, in a longer sentence"]
    assert found(query="tram", reviewPublisherSiteFilter="small.example") == expected
    assert found(query="tram", languageCode="pt", maxAgeDays=100_000) == expected


# --- pages ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("params", [{"query": "tram stop"}, {"reviewPublisherSiteFilter": "almar-facts.example"}])
def test_pages_show_every_claim_once(params: dict[str, str]) -> None:
    for number in range(25):
        checked(f"Tram stop {number} is closed")
    texts: list[str] = []
    sizes: list[int] = []
    token = ""
    while True:
        body = search(**params, **({"pageToken": token} if token else {})).json()
        texts += [claim["text"] for claim in body["claims"]]
        sizes.append(len(body["claims"]))
        token = body.get("nextPageToken", "")
        if not token:
            break
    assert sizes == [10, 10, 5]
    assert len(set(texts)) == 25
    assert found(**params, offset=20) == texts[20:]
    assert found(**params, pageSize=3, offset=4) == texts[4:7]


@pytest.mark.django_db
def test_a_page_has_a_hundred_claims_at_most() -> None:
    for number in range(101):
        checked(f"Tram stop {number} is closed")
    body = search(query="tram stop", pageSize=5000).json()
    assert len(body["claims"]) == 100
    assert body["nextPageToken"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [{"query": "tram"}, {"languageCode": "en"}, {"pageSize": "2"}, {"maxAgeDays": "3"},
     {"reviewPublisherSiteFilter": "almar-facts.example"}],
)  # fmt: skip
def test_token_is_good_for_the_same_parameters_only(other: dict[str, str]) -> None:
    for number in range(3):
        checked(f"Tram stop {number} is closed")
    params = {"query": "tram stop", "pageSize": "1"}
    token = search(**params).json()["nextPageToken"]
    assert search(**params, pageToken=token, key="another", offset="9").status_code == 200
    response = search(**params | other, pageToken=token)
    assert (response.status_code, response.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


# --- errors --------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"query": "   "},
        {"languageCode": "en"},
        {"query": "x" * 1001},
        {"query": "tram", "languageCode": "english please"},
        {"query": "tram", "pageSize": "ten"},
        {"query": "tram", "pageSize": "-1"},
        {"query": "tram", "pageSize": "2147483648"},
        {"query": "tram", "offset": "1.5"},
        {"query": "tram", "offset": "٣"},
        {"query": "tram", "maxAgeDays": "-3"},
        {"query": "tram", "pageToken": "CAo"},
        {"query": "tram", "pageToken": "not base64 \x00"},
        {"query": "tram", "pageToken": "MTAuMTI"},
        {"reviewPublisherSiteFilter": "https://almar-facts.example/"},
        {"reviewPublisherSiteFilter": "a b"},
        {"query": "tram", "reviewPublisherSiteFilter": ".*"},
        {"query": "tram", "pagesize": "3"},
    ],
)
def test_bad_requests_answer_as_google_does(params: dict[str, str]) -> None:
    response = search(**params)
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "max-age" not in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["\x00", "😀", "' OR 1=1 --", '" NEAR("', "* tram AND (", "a" * 1000, "العربية"])
def test_no_words_break_the_search(query: str) -> None:
    assert search(query=query).status_code == 200


@pytest.mark.django_db
def test_only_reading_is_possible() -> None:
    assert Client().post(PATH).status_code == 405


@pytest.mark.django_db
def test_a_page_costs_the_same_number_of_queries(django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        checked(f"Tram stop {number} is closed")
    with django_assert_max_num_queries(4):
        assert len(found(query="tram stop closed", pageSize=30)) == 30


# --- Google's own client -------------------------------------------------------------------------------
@pytest.fixture
def google(live_server: Any) -> Iterator[Any]:
    """The official client with the discovery document it brings along; only the address is ours."""
    with build(
        "factchecktools", "v1alpha1", developerKey="no-matter", static_discovery=True,
        client_options={"api_endpoint": live_server.url},
    ) as service:  # fmt: skip
        yield service


def test_googles_client_reads_page_after_page(google: Any) -> None:
    for number in range(12):
        checked(f"Tram stop {number} is closed")
    request = google.claims().search(query="tram stop", languageCode="en-US", pageSize=5, maxAgeDays=100_000)
    texts = []
    while request is not None:
        answer = request.execute()
        texts += [claim["text"] for claim in answer["claims"]]
        token = answer.get("nextPageToken")
        request = (
            google.claims().search(
                query="tram stop", languageCode="en-US", pageSize=5, maxAgeDays=100_000, pageToken=token
            )
            if token
            else None
        )
    assert sorted(texts) == sorted(f"Tram stop {number} is closed" for number in range(12))
    assert google.claims().search(query="nothing like it").execute() == {}


def test_googles_client_understands_our_errors(google: Any) -> None:
    with pytest.raises(HttpError) as caught:
        google.claims().search(languageCode="en").execute()
    assert caught.value.status_code == 400
    assert "query or reviewPublisherSiteFilter" in caught.value.reason
