"""A time is typed in the zone that stands beside its field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from reviews.models import PersonSettings
from reviews.publishing import TimeForm
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "shown", "expected"),
    [
        ("", "GMT", datetime(2027, 1, 31, 12, tzinfo=UTC)),
        ("Europe/Prague", "Europe/Prague", datetime(2027, 1, 31, 11, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_read_in_the_zone_its_field_names(zone: str, shown: str, expected: datetime) -> None:
    person = factories.person(role="Desk editor")
    PersonSettings.objects.update_or_create(person=person, defaults={"time_zone": zone})
    client = Client()
    client.force_login(person)
    assert f"Needed by <small>{shown}</small>" in client.get("/articles/new/").content.decode()
    text = "Bridge opens\n\nThe bridge in Harwick cost 9 million crowns in 2021, the city said."
    assert client.post("/articles/new/", {"text": text, "due_at": "2027-01-31T12:00"}).status_code == 302
    assert Article.objects.get().due_at == expected


def test_the_forms_of_publication_name_the_zone_of_the_page() -> None:
    assert str(TimeForm().fields["at"].help_text).startswith("In GMT,")
    with timezone.override("Europe/Prague"):
        assert str(TimeForm().fields["at"].help_text).startswith("In Europe/Prague,")
