"""The bell, the list behind it, and what a person sets for themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client

from articles.models import Article, Desk
from reviews.choices import NoticeEvent
from reviews.models import ChatRoom, DeskPolicy, Notice, PersonSettings
from reviews.selectors import notices as selector
from reviews.services.notice import choices_of, notify
from tests import factories

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def claim() -> Claim:
    return factories.claim(article=factories.article())


def tell(person: User, claim: Claim, count: int = 1) -> None:
    for number in range(count):
        with transaction.atomic():
            notify(
                event=NoticeEvent.ASSIGNED, people=[person], key=f"n{number}", about=claim,
                words=f"Ana gave you <b>claim</b> {number}",
            )  # fmt: skip


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_bell_counts_what_is_unread_without_a_query_of_its_own(claim, django_assert_num_queries):
    ana = factories.person()
    client = signed_in(ana)
    assert 'aria-label="Notices"' in client.get("/").content.decode()
    tell(ana, claim, 3)
    with django_assert_num_queries(5):
        assert "Notices, 3 unread" in client.get("/").content.decode()
    with django_assert_num_queries(2):  # session, person
        assert "3 unread" in client.get("/notices/bell/", headers=HTMX).content.decode()
    tell(ana, claim, 120)
    assert "99+ unread" in client.get("/notices/bell/", headers=HTMX).content.decode()


def test_the_list_is_read_one_by_one_or_together(claim):
    ana = factories.person()
    tell(ana, claim, 3)
    client = signed_in(ana)
    page = client.get("/notices/").content.decode()
    assert page.count("data-unread") == 3
    assert "&lt;b&gt;claim&lt;/b&gt;" in page
    first, second, third = Notice.objects.order_by("pk")
    opened = client.get(f"/notices/{first.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, f"/claims/{claim.pk}/")
    assert client.post("/notices/read/", {"only": second.pk}).status_code == 302
    assert client.get("/notices/").content.decode().count("data-unread") == 1
    client.post("/notices/read/", {"up_to": third.pk})
    assert "data-unread" not in client.get("/notices/").content.decode()


def test_nobody_opens_or_reads_what_others_were_told(claim):
    ana, bo = factories.person(), factories.person()
    tell(ana, claim)
    notice = Notice.objects.get()
    client = signed_in(bo)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    client.post("/notices/read/", {"only": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None
    assert Client().get("/notices/").status_code == 302


@pytest.mark.parametrize("sent", [{}, {"only": "x"}, {"only": "9" * 40}, {"up_to": "-1"}])
def test_reading_nothing_in_particular_is_said_to_be_nothing(sent):
    assert signed_in(factories.person()).post("/notices/read/", sent).status_code == 404


def test_what_moved_behind_a_wall_is_no_longer_listed(claim):
    ana = factories.person()
    tell(ana, claim)
    desk = Desk.objects.create(name="Investigations", slug="inv", walled=True)
    DeskPolicy.objects.create(pk=desk.pk, desk=desk)
    Article.objects.update(desk=desk)
    client = signed_in(ana)
    assert "Nothing here" in client.get("/notices/").content.decode()
    assert client.get(f"/notices/{Notice.objects.get().pk}/").status_code == 404


def test_the_list_is_turned_page_by_page(claim, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(selector, "PAGE_SIZE", 2)
    ana = factories.person()
    tell(ana, claim, 3)
    client = signed_in(ana)
    with django_assert_num_queries(4):  # session, person, notices, waiting reviews
        page = client.get("/notices/").content.decode()
    assert page.count("notice-row") == 2
    older = client.get(f"/notices/?before={Notice.objects.order_by('-pk')[1].pk}").content.decode()
    assert older.count("notice-row") == 1
    assert "Older ones" not in older


# --- settings -------------------------------------------------------------------------------------------
def test_a_person_chooses_how_to_hear_of_what():
    ana = factories.person()
    client = signed_in(ana)
    assert 'name="assigned-page" checked' in client.get("/settings/").content.decode()
    sent = {"time_zone": "Asia/Tokyo", "chat_url": "https://chat.example/hooks/1", "due-email": "on", "digest": "on"}
    assert client.post("/settings/", sent).status_code == 302
    ways = choices_of(ana)
    assert (ways["due"].page, ways["due"].email, ways["due"].chat) == (False, True, False)
    assert not ways["assigned"].page
    held = PersonSettings.objects.get()
    assert (held.time_zone, held.chat_url, held.digest) == ("Asia/Tokyo", "https://chat.example/hooks/1", True)
    assert "<option selected>Asia/Tokyo</option>" in client.get("/settings/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Moon/Base"},
        {"time_zone": "../../etc/passwd"},
        {"language": "xx"},
        {"chat_url": "http://chat.example/"},
        {"chat_url": "https://user@chat.example/"},
        {"chat_url": "javascript:alert(1)"},
    ],
)
def test_wrong_settings_are_refused_whole(wrong):
    ana = factories.person()
    answer = signed_in(ana).post("/settings/", wrong | {"due-email": "on"})
    assert answer.status_code == 422
    assert not PersonSettings.objects.exists()
    assert not choices_of(ana)["due"].email


def test_times_of_the_desk_are_in_the_readers_zone_and_public_ones_in_gmt(claim):
    ana, bo = factories.person(), factories.person()
    PersonSettings.objects.create(person=ana, time_zone="Asia/Tokyo")
    tell(ana, claim)
    tell(bo, claim)
    Notice.objects.update(at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    assert "21 Nov 2026, 07:30" in signed_in(ana).get("/notices/").content.decode()
    assert "20 Nov 2026, 22:30" in signed_in(bo).get("/notices/").content.decode()  # and nothing leaks over


# --- the admin ------------------------------------------------------------------------------------------
def test_a_room_is_made_in_the_admin_and_its_address_is_checked():
    admin = factories.person(role="Administrator")
    admin.is_staff = True
    admin.save()
    client = signed_in(admin)
    sent = {"desk": Desk.objects.get().pk, "name": "Fact desk", "enabled": "on", "events": ["overdue"]}
    assert client.post("/admin/reviews/chatroom/add/", sent | {"url": "http://x.example/"}).status_code == 200
    assert not ChatRoom.objects.exists()
    assert client.post("/admin/reviews/chatroom/add/", sent | {"url": "https://x.example/h"}).status_code == 302
    assert ChatRoom.objects.get().events == ["overdue"]
