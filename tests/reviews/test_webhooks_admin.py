"""Receivers in the admin: the secret is shown once, the log can be sent again, by who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews.choices import DeliveryState, EventKind
from reviews.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from reviews.services.webhook import endpoint_save, endpoint_secret
from tests import publishing as desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
LIST = reverse("admin:reviews_webhookendpoint_changelist")
LOG = reverse("admin:reviews_webhookdelivery_changelist")
EVENTS = reverse("admin:reviews_webhookevent_changelist")


def client(role: str = "Administrator") -> Client:
    person = desk.person(role)
    person.is_staff = True
    person.save()
    made = Client()
    made.force_login(person)
    return made


def endpoint(name: str = "CMS") -> WebhookEndpoint:
    return endpoint_save(endpoint=WebhookEndpoint(name=name, url=f"https://{name.lower()}.example/"), actor=None)


def act(who: Client, page: str, action: str, *rows: Any) -> Any:
    return who.post(page, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def secret_in(answer: Any) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    return found[0] if found else ""


def test_a_new_receivers_secret_is_shown_once_and_never_cached() -> None:
    who = client()
    sent = {"name": "CMS", "url": "https://cms.example/hook", "events": ["verdict.retracted"]}
    answer = who.post(reverse("admin:reviews_webhookendpoint_add"), sent)
    made = WebhookEndpoint.objects.get()
    assert (made.url, made.events) == ("https://cms.example/hook", ["verdict.retracted"])
    assert secret_in(answer) == endpoint_secret(made)
    assert "no-store" in answer["Cache-Control"]
    for page in (LIST, reverse("admin:reviews_webhookendpoint_change", args=[made.pk])):
        assert secret_in(who.get(page)) == ""


def test_an_address_that_cannot_receive_is_named_beside_its_field() -> None:
    sent = {"name": "CMS", "url": "http://cms.example/hook"}
    answer = client().post(reverse("admin:reviews_webhookendpoint_add"), sent)
    assert "cannot receive webhooks" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_change_of_the_form_shows_no_secret() -> None:
    made = endpoint()
    page = reverse("admin:reviews_webhookendpoint_change", args=[made.pk])
    answer = client().post(page, {"name": "Site", "url": made.url, "events": []}, follow=True)
    made.refresh_from_db()
    assert made.name == "Site"
    assert secret_in(answer) == ""


def test_a_new_secret_is_made_for_one_receiver_at_a_time() -> None:
    one, other = endpoint(), endpoint("Site")
    who = client()
    answer = act(who, LIST, "rotate", one)
    one.refresh_from_db()
    assert secret_in(answer) == endpoint_secret(one)
    assert one.previous_seed
    assert "Choose one receiver" in act(who, LIST, "rotate", one, other).content.decode()


def test_ping_and_switch() -> None:
    made = endpoint()
    who = client()
    assert "1 on the way" in act(who, LIST, "ping", made).content.decode()
    assert WebhookEvent.objects.get().kind == EventKind.PING
    act(who, LIST, "disable", made)
    made.refresh_from_db()
    assert not made.enabled
    assert "is switched off" in act(who, LIST, "ping", made).content.decode()
    act(who, LIST, "enable", made)
    made.refresh_from_db()
    assert made.enabled


def test_the_log_can_be_sent_again_and_shows_what_was_sent() -> None:
    made = endpoint()
    desk.published()
    WebhookDelivery.objects.update(state=DeliveryState.FAILED, finished_at=timezone.now())
    who = client()
    (one,) = WebhookDelivery.objects.all()
    assert "1 on the way" in act(who, LOG, "send_again", one).content.decode()
    assert "being delivered already" in act(who, LOG, "send_again", one).content.decode()
    assert "1 on the way" in act(who, EVENTS, "send_again", one.event).content.decode()
    event = who.get(reverse("admin:reviews_webhookevent_change", args=[one.event_id])).content.decode()
    assert "verdict.published" in event
    assert who.get(LOG, {"event__id__exact": one.event_id}).status_code == 200
    assert who.get(reverse("admin:reviews_webhookdelivery_change", args=[one.pk])).status_code == 200
    assert WebhookDelivery.objects.filter(endpoint=made).count() == 1


@pytest.mark.parametrize("role", ["Checker", "Publisher", "Desk editor", "Auditor", ""])
def test_only_an_administrator_manages_receivers(role: str) -> None:
    made = endpoint()
    who = client(role)
    for page in (LIST, LOG, EVENTS):
        assert who.get(page).status_code == 403
    assert act(who, LIST, "rotate", made).status_code == 403
    made.refresh_from_db()
    assert made.previous_seed == ""
