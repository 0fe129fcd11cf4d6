"""The feed of changes: each once, in order, whatever commits when; and what everybody may read without a key."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from reviews.choices import EventKind
from reviews.models import WebhookEndpoint, WebhookEvent
from reviews.services.correction import publication_correct, publication_retract
from reviews.services.delivery import endpoint_ping, event_emit
from reviews.services.webhook import endpoint_save
from tests.publishing import STATEMENT, approved, claim, person, published

if TYPE_CHECKING:
    from articles.models import Claim


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/{path}", headers={name.replace("_", "-"): value for name, value in headers.items()})


def followed(limit: int = 200) -> list[dict[str, Any]]:
    """Everything a reader sees who begins now and goes on until there is no more."""
    seen, since, more = [], 0, True
    while more:
        part = get(f"changes/?since={since}&limit={limit}").json()
        seen += part["results"]
        since, more = part["since"], part["more"]
    return seen


@pytest.mark.django_db
def test_every_change_comes_once_in_order_and_says_what_the_webhook_says() -> None:
    one, two = published(), published(claim(statement=f"{STATEMENT} again"))
    publication_correct(publication=one, actor=person("Publisher"), change="correction", note="Now of 2026.")
    two.refresh_from_db()
    publication_retract(publication=two, actor=person("Publisher"), note="It was another plant.")
    endpoint = endpoint_save(endpoint=WebhookEndpoint(name="CMS", url="https://cms.example/"), actor=None)
    endpoint_ping(endpoint=endpoint, actor=None)  # nobody's business but the receiver's
    whole = followed()
    assert [(each["type"], each["data"]["slug"]) for each in whole] == [
        ("verdict.published", one.slug), ("verdict.published", two.slug),
        ("verdict.corrected", one.slug), ("verdict.retracted", two.slug),
    ]  # fmt: skip
    assert followed(limit=1) == whole
    bodies = WebhookEvent.objects.exclude(kind=EventKind.PING).order_by("pk").values_list("body", flat=True)
    assert [each["data"]["url"] in body for each, body in zip(whole, bodies, strict=True)] == [True] * 4


@pytest.mark.django_db
def test_reader_who_stopped_goes_on_where_they_were() -> None:
    published()
    part = get("changes/").json()
    assert (len(part["results"]), part["more"]) == (1, False)
    assert part["next"].endswith(f"?since={part['since']}")
    nothing_new = get(f"changes/?since={part['since']}")
    assert nothing_new.json()["results"] == []
    assert get(f"changes/?since={part['since']}", If_None_Match=nothing_new["ETag"]).status_code == 304
    later = published(claim(statement=f"{STATEMENT} again"))
    answer = get(f"changes/?since={part['since']}", If_None_Match=nothing_new["ETag"])
    assert [each["data"]["slug"] for each in answer.json()["results"]] == [later.slug]


@pytest.mark.django_db
def test_reader_of_another_feed_is_told_to_begin_anew() -> None:
    published()
    answer = get("changes/?since=999999")
    assert (answer.status_code, answer.json()["code"]) == (422, "changes.ahead")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_slow_transaction_is_not_overtaken() -> None:
    """Numbers of a sequence are drawn before commits; without the lock the second would be seen alone first."""
    first, second = claim(), claim(statement=f"{STATEMENT} again")
    held, may_commit, done = threading.Event(), threading.Event(), threading.Event()

    def emit(of: Claim) -> None:
        data = {"slug": str(of.pk)}
        event_emit(kind=EventKind.PUBLISHED, claim=of, at=timezone.now(), data=data)

    def slow() -> None:
        with transaction.atomic():
            emit(first)
            held.set()
            assert may_commit.wait(10)
        connections.close_all()

    def quick() -> None:
        assert held.wait(10)
        with transaction.atomic():
            emit(second)
        done.set()
        connections.close_all()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    assert held.wait(10)
    assert not done.wait(0.5), "the second one did not wait for the first"
    assert followed() == []
    may_commit.set()
    for thread in threads:
        thread.join(10)
    assert [each["data"]["slug"] for each in followed()] == [str(first.pk), str(second.pk)]


@pytest.mark.django_db
def test_numbers_are_given_out_only_in_a_transaction_that_holds_the_end_of_the_trail() -> None:
    made, locks = claim(), []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        locks.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        event_emit(kind=EventKind.PUBLISHED, claim=made, at=timezone.now(), data={})
    head = next(index for index, sql in enumerate(locks) if "audit_audithead" in sql)
    event = next(index for index, sql in enumerate(locks) if 'INSERT INTO "reviews_webhookevent"' in sql)
    assert head < event


# --- what everybody may read ---------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["verdicts/", "changes/", "scales/", "openapi.json"])
def test_public_part_needs_no_key_and_is_open_to_scripts_of_any_site(path: str) -> None:
    published()
    answer = get(path, Origin="https://reader.example")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Set-Cookie" not in answer
    assert "public" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["claims/", "reviews/", "publications/", "articles/"])
def test_rest_is_open_to_no_other_site(path: str, api: Any) -> None:
    for answer in (api("Auditor").get(path, headers={"Origin": "https://reader.example"}), get(path)):
        assert "Access-Control-Allow-Origin" not in answer
        assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
def test_preflight_of_a_browser_is_answered_for_the_public_part_only() -> None:
    ask = {"Origin": "https://reader.example", "Access-Control-Request-Method": "GET"}
    allowed = Client().options("/api/v1/verdicts/", headers=ask)
    assert (allowed.status_code, allowed["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert "Access-Control-Allow-Origin" not in Client().options("/api/v1/claims/", headers=ask)


@pytest.mark.django_db
def test_verdict_that_is_retracted_says_so_and_nothing_more() -> None:
    one = published()
    publication_retract(publication=one, actor=person("Publisher"), note="It was another plant.")
    (row,) = get("verdicts/").json()["results"]
    assert (row["retracted"], row["label"], row["value"], row["summary"]) == (True, "", None, "")
    assert get(f"verdicts/{one.slug}/").json()["claimreview"] == {}
    assert get(f"verdicts/{one.slug}/claimreview/").status_code == 404


@pytest.mark.django_db
def test_row_of_the_list_and_the_verdict_itself_say_the_same() -> None:
    one = published()
    (row,) = get("verdicts/").json()["results"]
    alone = get(f"verdicts/{one.slug}/").json()
    assert alone.pop("claimreview")["url"] == row["url"]
    assert alone == row


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("label=misleading", 1), ("label=false", 0), ("speaker=Ilva%20Torrent", 1), ("speaker=x", 0),
        ("state=live", 1), ("state=retracted", 0), ("changed_after=2000-01-01T00:00:00Z", 1),
        ("changed_after=2100-01-01T00:00:00Z", 0), ("language=en", 1),
    ],
)  # fmt: skip
def test_verdicts_are_filtered(query: str, found: int) -> None:
    published()
    approved(claim(statement=f"{STATEMENT} again"))
    assert len(get(f"verdicts/?{query}").json()["results"]) == found
