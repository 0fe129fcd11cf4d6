"""Publication at its second: with real workers and their clock, killed and started again, and under embargo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from factcheck.core.errors import FactcheckError
from reviews.models import Publication, PublicationVersion
from reviews.services.publication import publication_publish
from reviews.services.schedule import (
    publication_cancel,
    publication_embargo,
    publication_schedule,
    publications_publish_due,
)
from reviews.workflow import PublicationState
from tests.publishing import approved, person
from tests.services import wait_until

AHEAD = timedelta(seconds=25)
# A tick of the clock, a message and a transaction.
LATEST = timedelta(seconds=4)


def live() -> int:
    return Publication.objects.filter(state=PublicationState.LIVE).count()


@pytest.mark.worker
def test_pages_go_out_at_their_second_though_the_worker_was_killed_in_between(worker_process) -> None:
    publisher = person("Publisher")
    pages = [approved() for _ in range(4)]
    first = worker_process(beat=True)
    due = timezone.now() + AHEAD
    for page in pages:
        publication_schedule(publication=page, actor=publisher, at=due)
    publication_cancel(publication=pages[3], actor=publisher)
    first.kill()
    worker_process(beat=True)
    worker_process()  # and a second one, so that two are after the same rows
    assert live() == 0
    assert timezone.now() < due, "the machine is too slow for this test to say anything"
    wait_until(lambda: live() == 3, seconds=60, what="publication of three pages")
    assert PublicationVersion.objects.count() == 3
    for version in PublicationVersion.objects.all():
        assert due <= version.published_at <= due + LATEST
    pages[3].refresh_from_db()
    assert pages[3].state == PublicationState.DRAFT


@pytest.mark.django_db
def test_nothing_goes_out_under_embargo() -> None:
    publication, publisher = approved(), person("Publisher")
    until = timezone.now() + timedelta(hours=2)
    publication_embargo(publication=publication, actor=publisher, until=until)
    for act, code in (
        (lambda: publication_publish(publication=publication, actor=publisher), "publication.embargoed"),
        (
            lambda: publication_schedule(publication=publication, actor=publisher, at=until - timedelta(seconds=1)),
            "publication.before_embargo",
        ),
    ):
        with pytest.raises(FactcheckError) as refused:
            act()
        assert refused.value.code == code
    publication_schedule(publication=publication, actor=publisher, at=until)
    with pytest.raises(FactcheckError) as refused:
        publication_embargo(publication=publication, actor=publisher, until=until + timedelta(hours=1))
    assert refused.value.code == "publication.before_embargo"
    publication_embargo(publication=publication, actor=publisher, until=None)
    assert publication.embargo_until is None


@pytest.mark.django_db
def test_one_page_that_breaks_does_not_hold_up_those_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = person("Publisher")
    pages = [approved() for _ in range(2)]
    for number, page in enumerate(pages, 1):
        publication_schedule(publication=page, actor=publisher, at=timezone.now() + timedelta(hours=number))
    Publication.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    real = publication_publish

    def breaks(**given):
        if given["publication"].pk == pages[0].pk:
            raise ZeroDivisionError
        return real(**given)

    monkeypatch.setattr("reviews.services.schedule.publication_publish", breaks)
    with pytest.raises(ExceptionGroup):
        publications_publish_due()
    assert [page.state for page in Publication.objects.order_by("pk")] == ["scheduled", "live"]
