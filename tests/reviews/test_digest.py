"""The daily digest: once a morning, for who wants it, about what they may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from articles.models import Desk
from reviews.choices import Channel
from reviews.models import Outgoing, PersonSettings
from reviews.services.outgoing import Message, outgoing_add, outgoing_send
from reviews.services.review import claim_take
from reviews.tasks import send_digests
from tests import factories

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mail(settings) -> None:
    settings.EMAIL_ON = True


def mailed(**values):
    person = factories.person(**values)
    person.email = f"{person.username}@desk.example"
    person.save()
    return person


def at(moment: datetime) -> list[str]:
    """Run the task twice at this moment; the keys of what was written so far."""
    with time_machine.travel(moment, tick=False):
        send_digests()
        send_digests()
    return list(Outgoing.objects.order_by("pk").values_list("key", flat=True))


def test_one_digest_a_morning_with_what_waits():
    claim = factories.claim(article=factories.article(), statement="The tram carries 30,000 people a day.")
    ana = mailed()
    claim_take(claim=claim, actor=ana)
    assert at(MORNING - timedelta(hours=2)) == []
    assert at(MORNING) == [f"digest:{ana.pk}:2026-11-20:desk"]
    assert len(at(MORNING + timedelta(hours=10))) == 1
    assert len(at(MORNING + timedelta(days=1))) == 2
    outgoing_send(outgoing_id=Outgoing.objects.earliest("pk").pk)
    (sent,) = mail.outbox
    assert "20 November: what waits for you" in sent.subject
    assert "1  Mine" in sent.body
    assert claim.statement in sent.body
    assert f"/claims/{claim.pk}/" in sent.body


def test_the_morning_is_the_readers():
    factories.claim(article=factories.article())
    ana = mailed()
    PersonSettings.objects.create(person=ana, time_zone="America/New_York")
    assert at(MORNING) == []  # two at night there
    assert len(at(MORNING + timedelta(hours=4))) == 1


@pytest.mark.parametrize(
    "why", ["switched off", "no address", "no role", "inactive", "nothing waits", "no mail server"]
)
def test_who_gets_none(why, settings):
    if why != "nothing waits":
        factories.claim(article=factories.article())
    ana = mailed(role="" if why == "no role" else "Checker")
    if why == "switched off":
        PersonSettings.objects.create(person=ana, digest=False)
    ana.email = "" if why == "no address" else ana.email
    ana.is_active = why != "inactive"
    ana.save()
    settings.EMAIL_ON = why != "no mail server"
    assert at(MORNING) == []


def test_each_desk_has_a_digest_of_its_own_things():
    night = Desk.objects.create(name="Night desk", slug="night", walled=False)
    here = factories.claim(article=factories.article(), statement="The tram carries 30,000 people a day.")
    there = factories.claim(article=factories.article(desk=night), statement="The ferry sails at night.")
    Desk.objects.create(name="Quiet", slug="quiet", walled=False)  # nothing waits there
    ana = mailed()
    assert at(MORNING) == [f"digest:{ana.pk}:2026-11-20:desk", f"digest:{ana.pk}:2026-11-20:night"]
    day, evening = Outgoing.objects.order_by("pk")
    assert (day.subject, evening.subject) == (
        "Desk, 20 November: what waits for you", "Night desk, 20 November: what waits for you",
    )  # fmt: skip
    assert (here.statement in day.body, there.statement in day.body) == (True, False)
    assert (here.statement in evening.body, there.statement in evening.body) == (False, True)
    assert "/?desk=night" in evening.body


def test_everybody_chooses_the_desks():
    night = Desk.objects.create(name="Night desk", slug="night", walled=False)
    factories.claim(article=factories.article())
    factories.claim(article=factories.article(desk=night))
    ana, client = mailed(), Client()
    client.force_login(ana)
    assert "Night desk" in client.get("/settings/").content.decode()
    client.post("/settings/", {"digest": "on", "digest-night": "on"})
    assert at(MORNING) == [f"digest:{ana.pk}:2026-11-20:night"]


def test_nobody_hears_of_a_desk_behind_a_wall():
    secret = Desk.objects.create(name="Secret", slug="secret", walled=True)
    factories.claim(article=factories.article(desk=secret))
    mailed()
    assert at(MORNING) == []


def test_what_begins_to_wait_after_the_morning_is_told_tomorrow():
    ana = mailed()
    assert at(MORNING) == []
    factories.claim(article=factories.article())
    assert at(MORNING + timedelta(hours=8)) == []
    assert at(MORNING + timedelta(days=1)) == [f"digest:{ana.pk}:2026-11-21:desk"]


def test_who_had_the_digest_of_all_desks_today_gets_no_other():
    factories.claim(article=factories.article())
    ana = mailed()
    outgoing_add([Message(f"digest:{ana.pk}:2026-11-20", Channel.EMAIL, "Told", "Told", person=ana)])
    assert len(at(MORNING)) == 1


def test_pages_of_the_desk_are_sent_small():
    story = factories.article()
    for number in range(60):
        factories.claim(article=story, number=number)
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(factories.person())
    answer = client.get(f"/articles/{story.pk}/")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 40_000
