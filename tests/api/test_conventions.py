"""What holds for every call: acts that are sent twice, how often one may ask, what is too much, what is kept."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from articles.models import Article
from factcheck.celery import app
from factcheck.core import limits
from factcheck.core.answers import KEPT, answers_tidy, once
from factcheck.core.errors import WrongState
from factcheck.core.models import StoredAnswer
from reviews.models import Publication, Review
from reviews.services.correction import publication_retract
from tests.publishing import approved, bearer, claim, evidence, person, proposed, published
from tests.services import BrokerServer, celery_uses

if TYPE_CHECKING:
    import redis

STORY = {"text": "Output of the Ostrel plant has doubled, minister Ilva Torrent said."}
KEY = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}


# --- Idempotency-Key -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_act_that_is_sent_again_is_done_once_and_answers_the_same(api: Any) -> None:
    publisher, draft = api("Publisher"), approved()
    path, seen = f"publications/{draft.pk}/publish/", {"version": draft.version}
    first = publisher.post(path, seen, headers=KEY)
    again = publisher.post(path, seen, headers=KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again["ETag"] == first["ETag"]
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Publication.objects.get(pk=draft.pk).versions.count() == 1


@pytest.mark.django_db
def test_quotes_around_the_key_may_be_left_out_and_location_is_kept(api: Any) -> None:
    reporter = api("Reporter")
    first = reporter.post("articles/", STORY, headers={"Idempotency-Key": "a-1"})
    again = reporter.post("articles/", STORY, headers={"Idempotency-Key": '"a-1"'})
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again["Location"], again.json()) == (first["Location"], first.json())


@pytest.mark.django_db
def test_same_key_with_another_body_is_refused(api: Any) -> None:
    reporter = api("Reporter")
    reporter.post("articles/", STORY, headers=KEY)
    refused = reporter.post("articles/", {"text": "It opened in 2019."}, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency.reused")
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_key_is_good_for_one_caller_and_one_address(api: Any) -> None:
    one, two = api("Reporter"), api("Reporter")
    one.post("articles/", STORY, headers=KEY)
    other = two.post("articles/", {"text": "The bay tram carries 30,000 people a day."}, headers=KEY)
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other


@pytest.mark.django_db
def test_what_failed_is_not_kept_and_may_be_tried_again(api: Any) -> None:
    publisher, draft = api("Publisher"), approved()
    path = f"publications/{draft.pk}/publish/"
    assert publisher.post(path, {"version": 99}, headers=KEY).status_code == 409
    assert publisher.post(path, {"version": draft.version}, headers=KEY).status_code == 200


@pytest.mark.django_db
def test_answer_is_forgotten_after_its_day(api: Any) -> None:
    reporter = api("Reporter")
    reporter.post("articles/", STORY, headers=KEY)
    StoredAnswer.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert "Idempotency-Replayed" not in reporter.post("articles/", STORY, headers=KEY)
    StoredAnswer.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert answers_tidy() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", '""', "a" * 201, "\x01", '"a"b"'])
def test_key_that_is_none_is_refused(key: str, api: Any) -> None:
    refused = api("Reporter").post("articles/", STORY, headers={"Idempotency-Key": key})
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency.bad_key")


@pytest.mark.django_db(transaction=True)
def test_act_that_dies_leaves_its_key_free() -> None:
    def die() -> None:
        with once(scope="s", key="k", fingerprint="f") as held:
            held.keep(status=200, headers={}, body={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    with once(scope="s", key="k", fingerprint="f") as held:
        assert not held.known


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connections['default'].vendor != 'postgresql'", reason="on SQLite the second waits for the first"
)
def test_second_request_during_the_first_is_told_to_wait() -> None:
    inside, may_end = threading.Event(), threading.Event()

    def first() -> None:
        with once(scope="s", key="k", fingerprint="f") as held:
            inside.set()
            assert may_end.wait(10)
            held.keep(status=200, headers={}, body={})
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(WrongState, match="outstanding"), once(scope="s", key="k", fingerprint="f"):
        pass
    may_end.set()
    thread.join(10)
    with once(scope="s", key="k", fingerprint="f") as held:
        assert held.known


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_hand_in_one_story() -> None:
    sent = bearer(person("Reporter"), "ingest") | KEY

    def send(_number: int) -> int:
        try:
            return (
                Client().post("/api/v1/articles/", STORY, content_type="application/json", headers=sent).status_code
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(20)))
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Article.objects.count() == 1


# --- limits --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_key_is_told_where_it_stands_and_refused_beyond(api: Any, settings: Any) -> None:
    settings.API_RATE_KEY = 2
    viewer, other = api("Viewer"), api("Viewer")
    first = viewer.get("claims/")
    assert first["RateLimit-Policy"] == '"key";q=2;w=60'
    assert first["RateLimit"].startswith('"key";r=1;t=')
    assert viewer.get("claims/")["RateLimit"].startswith('"key";r=0;t=')
    refused = viewer.get("claims/")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate.exceeded")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get("claims/").status_code == 200


@pytest.mark.django_db
def test_address_without_a_key_has_a_limit_of_its_own(settings: Any) -> None:
    settings.API_RATE_ADDRESS = 1
    assert Client().get("/api/v1/verdicts/")["RateLimit"].startswith('"address";r=0;t=')
    refused = Client().get("/api/v1/verdicts/")
    assert refused.status_code == 429
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert Client().get("/api/v1/verdicts/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.django_db
def test_guessing_keys_counts_against_the_address(settings: Any) -> None:
    settings.API_RATE_ADDRESS = 2
    guess = {"Authorization": "Bearer fck_00000000_guess"}
    answers = [Client().get("/api/v1/claims/", headers=guess).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


@pytest.mark.parametrize(
    ("proxy", "forwarded", "seen"),
    [
        (None, "192.0.2.9", "127.0.0.1"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "192.0.2.9", "192.0.2.9"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "203.0.113.1, 192.0.2.9", "192.0.2.9"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "", "127.0.0.1"),
    ],
)
def test_address_is_believed_of_the_proxy_alone(
    proxy: Any, forwarded: str, seen: str, rf: Any, settings: Any
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = proxy
    request = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="127.0.0.1")
    assert limits.client_address(request) == seen


def test_processes_count_together_in_the_broker_and_alone_without_it(redis_server: BrokerServer) -> None:
    with celery_uses(app, redis_server.url):
        assert [limits.count("key", "a", 10).used for _ in range(3)] == [1, 2, 3]
        limits.forget()  # another process has counted nothing yet
        assert limits.count("key", "a", 10).used in (1, 4)  # 1 where the minute has just ended
        assert limits.count("key", "b", 10).used == 1
        client: redis.Redis = redis_server.client()
        assert all(0 < client.ttl(name) <= 120 for name in client.keys("factcheck:rate:*"))
        client.close()
        redis_server.kill()
        before = limits.count("key", "a", 10).used
        assert limits.count("key", "a", 10).used in (before + 1, 1)  # it goes on from where it knows it stands


def test_far_from_the_limit_the_broker_is_asked_now_and_then_and_near_it_always(redis_server: BrokerServer) -> None:
    """300 requests: every seventh until half of them are used, then each; and the counts are exact at every one."""
    with celery_uses(app, redis_server.url):
        client: redis.Redis = redis_server.client()
        began = int(time.time()) // limits.WINDOW
        counts = [limits.count("address", "a", 300).used for _ in range(200)]
        asked = client.info("commandstats")["cmdstat_incrby"]["calls"]
        total = [int(client.get(name) or 0) for name in client.keys("factcheck:rate:*")]
        client.close()
    if int(time.time()) // limits.WINDOW == began:
        assert (counts, total) == (list(range(1, 201)), [200])
        assert 50 + 150 // 7 <= asked <= 50 + 150 // 7 + 3


# --- too much ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_body_that_is_too_large_is_refused_before_it_is_read(api: Any) -> None:
    review = proposed()
    body = json.dumps({"note": "x" * 600_000, "version": review.version})
    refused = api("Reviewer").call(
        "POST", f"reviews/{review.pk}/request_changes/", data=body, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["code"]) == (413, "request.too_large")
    assert Review.objects.get(pk=review.pk).version == review.version


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1e2", "9" * 30, "\u0661"])
@pytest.mark.parametrize("path", ["claims", "verdicts", "changes"])
def test_page_of_an_impossible_length_is_refused(path: str, limit: str, api: Any) -> None:
    assert api("Viewer").get(f"{path}/", query_params={"limit": limit}).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["claims", "articles", "reviews", "publications", "verdicts", "changes", "scales"])
def test_filter_that_is_misspelt_is_refused(path: str, api: Any) -> None:
    refused = api("Viewer").get(f"{path}/?stat=live")
    assert (refused.status_code, refused.json()["code"]) == (422, "request.unknown_parameter")
    assert "'stat'" in refused.json()["detail"]


# --- what is kept of an answer -------------------------------------------------------------------------
@pytest.mark.django_db
def test_reader_who_has_it_already_is_sent_nothing(api: Any) -> None:
    viewer, made = api("Viewer"), claim()
    for path in ("claims/", f"claims/{made.pk}/", f"articles/{made.article_id}/"):
        first = viewer.get(path)
        again = viewer.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]


@pytest.mark.django_db
def test_evidence_that_came_in_changes_the_tag_of_its_claim_but_not_the_version(api: Any) -> None:
    viewer, made = api("Viewer"), claim()
    before = viewer.get(f"claims/{made.pk}/")["ETag"]
    evidence(made)
    after = viewer.get(f"claims/{made.pk}/", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after["ETag"] != before
    assert api("Checker").post(f"claims/{made.pk}/take/", headers={"If-Match": before}).status_code == 200


@pytest.mark.django_db
def test_problem_is_never_taken_for_what_the_reader_has() -> None:
    one = published()
    address = f"/api/v1/verdicts/{one.slug}/claimreview/"
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304
    publication_retract(publication=one, actor=person("Publisher"), note="The plant was confused with another.")
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 404
    elsewhere = "/api/v1/verdicts/?bogus=1"
    tag = Client().get("/api/v1/verdicts/")["ETag"]
    assert Client().get(elsewhere, headers={"If-None-Match": tag}).status_code == 422
