"""Claims, notes, pages that are out, webhooks, keys and the trail through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from articles.models import DEFAULT_DESK, Desk, Source
from factcheck.core.models import ApiKey
from reviews.models import Annotation, Membership, Publication, WebhookDelivery, WebhookEndpoint
from reviews.services.delivery import delivery_run
from tests.publishing import approved, article, claim, evidence, person, proposed, published
from tests.servers import Reply, Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db
ANY = {"If-Match": "*"}


# --- claims --------------------------------------------------------------------------------------------
def test_what_is_searched_for_is_read_and_changed(api: Any) -> None:
    made = claim()
    made.statement = "The Harwick bridge cost 9 million crowns in 2021."
    made.save(update_fields=["statement"])
    checker, where = api("Checker", "read", "verdict:write"), f"claims/{made.pk}/search/"
    first = checker.get(where).json()
    assert (first["chosen"], "Harwick" in first["words"]) == (False, True)
    assert checker.post(where, {"words": "bridge budget"}).status_code == 428
    assert checker.post(where, {"words": "bridge budget", "loose": "bridge", "version": 1}).status_code == 200
    assert checker.get(where).json() == {"words": "bridge budget", "loose": "bridge", "chosen": True}
    assert checker.post(where, {"words": "", "loose": "x", "version": 2}).json()["code"] == "claim.search_words"


def test_words_become_a_claim_that_is_reworded_dismissed_and_brought_back(api: Any) -> None:
    checker, of = api("Checker"), article()
    made = checker.post(f"articles/{of.pk}/revisions/1/claims/", {"start": 0, "end": 35})
    assert (made.status_code, made.json()["quote"]) == (201, of.current.text[:35])
    where = f"claims/{made.json()['id']}"
    assert made["Location"] == f"/api/v1/{where}/"
    assert checker.post(f"{where}/reword/", {"statement": "Output doubled in 2025."}).status_code == 428
    body = {"statement": "Output doubled in 2025.", "version": made.json()["version"]}
    assert checker.post(f"{where}/reword/", body).json()["statement"] == "Output doubled in 2025."
    assert checker.post(f"{where}/dismiss/", {"reason": "trivial"}).json()["state"] == "dismissed"
    assert checker.post(f"{where}/restore/").json()["state"] == "confirmed"
    assert checker.get(f"{where}/matches/").json() == {"results": []}


def test_texts_are_listed_and_read(api: Any) -> None:
    of, viewer = article(), api("Viewer")
    (row,) = viewer.get(f"articles/{of.pk}/revisions/").json()["results"]
    assert "text" not in row
    assert viewer.get(f"articles/{of.pk}/revisions/1/").json()["text"] == of.current.text
    assert viewer.get(f"articles/{of.pk}/revisions/2/").status_code == 404
    assert viewer.get(f"articles/{of.pk}/revisions/{10**30}/").status_code == 404


def test_editor_gives_a_claim_to_somebody_who_may_check(api: Any) -> None:
    editor, made = api("Desk editor"), claim()
    checker, viewer = person("Checker"), person("Viewer")
    given = editor.post(f"claims/{made.pk}/assign/", {"assignee": checker.username})
    assert (given.json()["state"], given.json()["assignee"]) == ("assigned", checker.pk)
    for nobody in (viewer.username, "nobody-at-all"):
        assert editor.post(f"claims/{made.pk}/assign/", {"assignee": nobody}).json()["code"] == "review.gate"


def test_review_waits_goes_on_and_is_given_back(api: Any) -> None:
    checker, made = api("Checker"), claim()
    where = f"reviews/{checker.post(f'claims/{made.pk}/take/').json()['id']}"
    waiting = checker.post(f"{where}/block/", {"wait_kind": "translation", "note": "From Almarish."}, headers=ANY)
    assert (waiting.json()["state"], waiting.json()["wait_kind"]) == ("blocked", "translation")
    assert checker.post(f"{where}/unblock/", headers=ANY).json()["state"] == "in_progress"
    assert checker.post(f"{where}/give_back/", headers=ANY).json()["state"] == "queued"


def test_proposal_is_withdrawn_by_who_made_it_and_by_nobody_else(api: Any) -> None:
    checker = person("Checker")
    review = proposed(checker=checker)
    assert api("Checker").post(f"reviews/{review.pk}/withdraw/", headers=ANY).status_code == 403
    assert api(holder=checker).post(f"reviews/{review.pk}/withdraw/", headers=ANY).json()["state"] == "in_progress"


def test_approved_verdict_is_reopened_by_an_editor(api: Any) -> None:
    review = approved().verdict.review
    reopened = api("Desk editor").post(f"reviews/{review.pk}/reopen/", {"note": "A new figure."}, headers=ANY)
    assert reopened.json()["state"] == "in_progress"
    assert Publication.objects.get().state == "withdrawn"


def test_evidence_is_added_and_listed_without_what_is_confidential(api: Any) -> None:
    checker, made = api("Checker"), claim()
    body = {"title": "Report", "passage": "688 GWh", "locator": "p. 3", "stance": "refutes"}
    added = checker.post(f"claims/{made.pk}/evidence/", body)
    assert (added.status_code, added.json()["state"]) == (201, "kept")
    evidence(made, visibility="confidential")
    (row,) = checker.get(f"claims/{made.pk}/evidence/?state=kept").json()["results"]
    assert row["id"] == added.json()["id"]


# --- notes ---------------------------------------------------------------------------------------------
def test_note_on_words_is_answered_resolved_and_opened_again(api: Any) -> None:
    checker, made = api("Checker"), claim()
    note = checker.post("annotations/", {"claim": made.pk, "body": "Which year?", "exact": "single year"})
    assert (note.status_code, note.json()["exact"]) == (201, "single year")
    where = f"annotations/{note.json()['id']}"
    reply = checker.post(f"{where}/reply/", {"body": "2025."})
    assert reply.json()["parent"] == note.json()["id"]
    assert checker.post(f"{where}/resolve/").json()["resolved_at"]
    assert [row["body"] for row in checker.get("annotations/?open=true").json()["results"]] == ["2025."]
    assert checker.post(f"{where}/reopen/").json()["resolved_at"] is None
    assert len(checker.get(f"annotations/?claim={made.pk}").json()["results"]) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"body": "x"}, 422),
        ({"body": "x", "claim": 1, "revision": 1}, 422),
        ({"body": "x", "claim": 424242}, 404),
        ({"body": "x", "revision": 424242}, 404),
        ({"body": "x", "claim": 1, "start": 3}, 422),
    ],
)
def test_note_on_nothing_is_refused(body: dict[str, Any], status: int, api: Any) -> None:
    assert api("Checker").post("annotations/", body).status_code == status


def test_notes_on_what_is_not_theirs_stay_hidden_from_reporters(api: Any) -> None:
    made, secret = claim(), evidence(claim(), visibility="confidential")
    checker, reporter = api("Checker"), api("Reporter")
    note = checker.post("annotations/", {"claim": made.pk, "body": "Which year?"}).json()["id"]
    Annotation.objects.create(evidence=secret, body="From our source.", created_by_name="x")
    assert len(checker.get("annotations/").json()["results"]) == 1
    assert reporter.get("annotations/").json()["results"] == []
    assert reporter.get(f"annotations/{note}/").status_code == 404
    assert checker.post("annotations/", {"evidence": secret.pk, "body": "x"}).status_code == 404


# --- pages that are out --------------------------------------------------------------------------------
def test_page_is_scheduled_cancelled_published_corrected_and_retracted(api: Any) -> None:
    publisher, draft = api("Publisher"), approved()
    where = f"publications/{draft.pk}"
    at = (timezone.now() + timedelta(hours=1)).isoformat()
    assert publisher.post(f"{where}/schedule/", {"at": at}, headers=ANY).json()["state"] == "scheduled"
    assert publisher.post(f"{where}/cancel/", headers=ANY).json()["state"] == "draft"
    past = publisher.post(f"{where}/schedule/", {"at": "2020-01-01T00:00:00Z"}, headers=ANY)
    assert past.json()["code"] == "publication.time_past"
    assert publisher.post(f"{where}/publish/", headers=ANY).json()["state"] == "live"
    bare = publisher.post(f"{where}/correct/", {"change": "correction"}, headers=ANY)
    assert bare.json()["code"] == "publication.note_needed"
    live = publisher.post(f"{where}/correct/", {"change": "correction", "note": "Of 2026."}, headers=ANY).json()
    assert [version["change"] for version in live["versions"]] == ["first", "correction"]
    gone = publisher.post(f"{where}/retract/", {"note": "Another plant.", "version": live["version"]})
    assert gone.json()["state"] == "retracted"


def test_page_is_not_corrected_with_a_verdict_on_another_claim(api: Any) -> None:
    one, two = published(), published(claim(statement="The plant opened in 2019"))
    body = {"change": "refile", "verdict": two.verdict_id}
    assert api("Publisher").post(f"publications/{one.pk}/correct/", body, headers=ANY).status_code == 404


# --- webhooks ------------------------------------------------------------------------------------------
@pytest.fixture
def receiver(settings: Any) -> Iterator[Server]:
    with serving(lambda _asked: Reply(status=204)) as server:
        settings.OUTBOUND_ALLOWED = frozenset({server.host_port})
        yield server


def keeper() -> Any:
    return person("Administrator")


def test_receiver_is_registered_told_and_told_again_through_the_api(api: Any, receiver: Server) -> None:
    admin = api(holder=keeper())
    made = admin.post("webhooks/", {"name": "CMS", "url": f"{receiver.url}/hook", "events": ["verdict.published"]})
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    secret, where = made.json()["secret"], f"webhooks/{made.json()['id']}"
    assert "secret" not in admin.get(f"{where}/").json()
    assert secret not in admin.get("webhooks/").content.decode()
    publication = published()
    (waiting,) = admin.get(f"{where}/deliveries/").json()["results"]
    delivery_run(delivery_id=waiting["id"])
    (told,) = admin.get(f"{where}/deliveries/?state=delivered").json()["results"]
    assert [attempt["status"] for attempt in told["attempts"]] == [204]
    message = Webhook(secret).verify(receiver.asked[0].body, receiver.asked[0].headers)
    assert message["data"]["slug"] == publication.slug
    assert admin.post(f"deliveries/{told['id']}/replay/").status_code == 202
    delivery_run(delivery_id=told["id"])
    assert receiver.asked[1].headers["webhook-id"] == receiver.asked[0].headers["webhook-id"]
    new = admin.post(f"{where}/rotate/").json()["secret"]
    ping = admin.post(f"{where}/ping/").json()
    delivery_run(delivery_id=ping["id"])
    for held in (secret, new):
        assert Webhook(held).verify(receiver.asked[2].body, receiver.asked[2].headers)["type"] == "ping"
    assert admin.call("PATCH", f"{where}/", data={"enabled": False}, content_type="application/json").json()[
        "enabled"
    ] is False  # fmt: skip
    assert admin.post(f"{where}/ping/").json()["code"] == "webhook.off"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "a", "url": "http://cms.example/"}, "webhook.bad_url"),
        ({"name": "a", "url": "https://me:pw@cms.example/"}, "webhook.bad_url"),
        ({"name": "a", "url": "https://cms.example/", "events": ["ping"]}, "input.invalid"),
        ({"name": "taken", "url": "https://cms.example/"}, "input.invalid"),
        ({"url": "https://cms.example/"}, "input.invalid"),
    ],
)
def test_receiver_that_cannot_be_told_is_refused(body: dict[str, Any], code: str, api: Any) -> None:
    WebhookEndpoint.objects.create(name="taken", url="https://cms.example/", seed="00")
    refused = api(holder=keeper()).post("webhooks/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


@pytest.mark.parametrize("role", ["Viewer", "Publisher", "Desk editor", "Auditor"])
def test_others_neither_see_nor_change_receivers(role: str, api: Any) -> None:
    endpoint = WebhookEndpoint.objects.create(name="CMS", url="https://cms.example/", seed="00")
    other = api(role)
    assert other.get("webhooks/").status_code == 403
    assert other.post("webhooks/", {"name": "x", "url": "https://x.example/"}).status_code == 403
    assert other.post(f"webhooks/{endpoint.pk}/rotate/").status_code == 403
    assert not WebhookDelivery.objects.exists()


def test_secret_is_not_kept_for_a_second_answer(api: Any) -> None:
    refused = api(holder=keeper()).post(
        "webhooks/", {"name": "CMS", "url": "https://cms.example/"}, headers={"Idempotency-Key": "a"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency.secret")
    assert not WebhookEndpoint.objects.exists()


# --- keys, sources, the trail --------------------------------------------------------------------------
def test_key_renews_itself_and_both_are_good_for_a_day(api: Any) -> None:
    old = api("Viewer", "read")
    made = old.post("key/rotate/")
    assert (made.status_code, made.json()["scopes"]) == (201, ["read"])
    new = api("Viewer", "read")
    new.headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (old.get("claims/").status_code, new.get("claims/").status_code) == (200, 200)
    assert new.get("key/").json()["expires_at"] is None
    left = ApiKey.objects.get(prefix=old.get("key/").json()["prefix"]).expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    ApiKey.objects.exclude(prefix=made.json()["prefix"]).update(expires_at=timezone.now())
    assert (old.get("claims/").status_code, new.get("claims/").status_code) == (401, 200)


def test_sources_are_named_and_their_settings_are_not(api: Any) -> None:
    source = Source.objects.create(name="Archive", kind="archive", settings={"key": "hidden-words"})
    shown = api("Viewer").get(f"sources/{source.pk}/")
    assert shown.json()["name"] == "Archive"
    assert "hidden-words" not in shown.content.decode()


def test_a_source_only_a_walled_desk_asks_is_not_there_for_others(api: Any) -> None:
    shared, secret, both = (Source.objects.create(name=name, kind="archive") for name in ("Shared", "Secret", "Both"))
    walled = Desk.objects.create(name="Courts", slug="courts", walled=True)
    walled.sources.add(secret, both)
    Desk.objects.get(pk=DEFAULT_DESK).sources.add(both)
    viewer = api("Viewer")
    assert {row["name"] for row in viewer.get("sources/").json()["results"]} >= {shared.name, both.name}
    assert secret.name not in viewer.get("sources/").content.decode()
    assert viewer.get(f"sources/{secret.pk}/").status_code == 404
    member = person("Viewer")
    Membership.objects.create(person=member, desk=walled, role=Group.objects.get(name="Viewer"))
    assert api(holder=member).get(f"sources/{secret.pk}/").json()["name"] == "Secret"


def test_trail_is_followed_without_gap(api: Any) -> None:
    published()
    auditor, seen, since, more = api("Auditor"), [], 0, True
    while more:
        part = auditor.get(f"audit/?since={since}&limit=3").json()
        seen += [event["sequence"] for event in part["results"]]
        since, more = part["since"], part["more"]
    assert seen == list(range(1, len(seen) + 1))
    assert auditor.get("audit/?action=publication.publish").json()["results"][0]["target_type"] == (
        "reviews.publication"
    )


def test_administrators_group_is_the_one_that_keeps_receivers() -> None:
    assert Group.objects.get(name="Administrator").permissions.filter(codename="change_webhookendpoint").exists()
