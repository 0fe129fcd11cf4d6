"""An article is given to another desk on its page."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article, Desk
from reviews.models import DeskPolicy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Article:
    return factories.article()


@pytest.fixture
def sports() -> Desk:
    desk = Desk.objects.create(name="Sports", slug="sports", walled=False)
    DeskPolicy.objects.create(pk=desk.pk, desk=desk)
    return desk


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role=role))
    return client


def test_a_desk_editor_gives_it_away(story, sports):
    client = signed_in("Desk editor")
    assert "To another desk" in client.get(f"/articles/{story.pk}/").content.decode()
    assert "Sports" in client.get(f"/articles/{story.pk}/desk/").content.decode()
    answer = client.post(f"/articles/{story.pk}/desk/", {"desk": sports.pk, "note": "Theirs."})
    assert (answer.status_code, answer["Location"]) == (302, f"/articles/{story.pk}/")
    story.refresh_from_db()
    assert story.desk == sports


def test_without_another_desk_there_is_nothing_to_choose(story):
    page = signed_in("Desk editor").get(f"/articles/{story.pk}/desk/").content.decode()
    assert "There is no other desk" in page


@pytest.mark.parametrize("wanted", ["", "x", "999999"])
def test_a_desk_that_is_not_offered_is_refused(story, sports, wanted):
    assert signed_in("Desk editor").post(f"/articles/{story.pk}/desk/", {"desk": wanted}).status_code == 404


def test_who_may_not_assign_gives_nothing_away(story, sports):
    client = signed_in("Checker")
    assert "To another desk" not in client.get(f"/articles/{story.pk}/").content.decode()
    assert client.post(f"/articles/{story.pk}/desk/", {"desk": sports.pk}).status_code == 404
    story.refresh_from_db()
    assert story.desk != sports
