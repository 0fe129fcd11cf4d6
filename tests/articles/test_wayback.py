"""Copies in a public archive: found, asked for, waited for, and asked again; never of what is confidential."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from articles.choices import EvidenceState, KeepState, PageState, Visibility
from articles.models import ArchiveCopy, Desk, Page, Source
from articles.services.wayback import MOST_TRIES, copies_due, copy_again, copy_work
from articles.sources.base import EvidenceQuery
from articles.sources.registry import connector
from factcheck.core.errors import Invalid
from tests import factories
from tests.articles.test_connectors import context
from tests.publishing import published
from tests.servers import Asked, Reply, json_reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB = "spn2-00aa11bb22cc33dd"
KEYS = {"access_key": "a-key", "secret_key": "a-secret"}


class Archive:
    """A Wayback Machine on loopback: what it has, and what it says of a job."""

    def __init__(self) -> None:
        self.copies: dict[str, str] = {}
        self.jobs: list[Any] = [{"status": "pending", "job_id": JOB}]
        self.takes: Any = {"url": "x", "job_id": JOB}
        self.asked: list[Asked] = []
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.path == "/wayback/available":
            stamp = self.copies.get(asked.params["url"])
            there = {"status": "200", "available": True, "timestamp": stamp,
                     "url": f"http://web.archive.org/web/{stamp}/{asked.params['url']}"}  # fmt: skip
            return _said({"archived_snapshots": {"closest": there} if stamp else {}})
        if asked.path == "/save":
            return self.takes if isinstance(self.takes, Reply) else _said(self.takes)
        return _said(self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0])

    def saved(self) -> int:
        return sum(asked.path == "/save" for asked in self.asked)


def _said(document: Any) -> Reply:
    return json_reply(json.dumps(document).encode())


@pytest.fixture
def archive(settings: Any) -> Iterator[Archive]:
    settings.HOST_INTERVAL_SECONDS = 0
    made = Archive()
    with serving(made.answer) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        made.url = server.url
        yield made


def source(archive: Archive, **values: Any) -> Source:
    asked_at = {"base_url": archive.url, "save_url": archive.url}
    return Source.objects.create(name="Wayback", kind="wayback", settings=asked_at | values)


def page(**values: Any) -> Page:
    """A page that was kept today, and that public evidence rests on."""
    made = Page.objects.create(
        url="https://stat.example/trams", digest="0" * 64, state=PageState.THERE, looked_at=timezone.now()
    )
    evidence = {"state": EvidenceState.KEPT, "stance": "supports"} | values
    factories.evidence(claim=factories.claim(article=factories.article()), page=made, **evidence)
    return made


def worked(times: int = 1) -> ArchiveCopy:
    """The one row after so many steps, each of them due."""
    copies_due()
    for _ in range(times):
        row = ArchiveCopy.objects.get()
        ArchiveCopy.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        copy_work(copy_id=row.pk)
    return ArchiveCopy.objects.get()


# --- the connector --------------------------------------------------------------------------------------
def test_an_address_in_a_claim_is_looked_up_for_the_day_of_the_claim() -> None:
    archive = Archive()
    archive.copies["https://stat.example/trams"] = "20250602101500"
    query = EvidenceQuery(
        "trams", claim="As https://stat.example/trams says, 30,000 ride.", claimed_on=factories.NOON.date()
    )
    with serving(archive.answer) as server, context(server) as given:
        found = connector("wayback", {"base_url": server.url}).search(query, given)
    (item,) = found.items
    assert item.url == "https://web.archive.org/web/20250602101500/https://stat.example/trams"
    assert archive.asked[0].params["timestamp"] == "20261120120000"


@pytest.mark.parametrize("keys", [{}, {"access_key": "a"}, {"secret_key": "s"}])
@pytest.mark.parametrize("switch", ["save_evidence", "save_verdicts"])
def test_asking_for_copies_needs_keys(switch: str, keys: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="access key"):
        connector("wayback", {switch: True, **keys})


# --- evidence --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_copy_from_that_time_is_found_without_asking_for_one(archive: Archive) -> None:
    source(archive, save_evidence=True, **KEYS)
    kept = page()
    archive.copies[kept.url] = f"{timezone.now() - timedelta(days=3):%Y%m%d%H%M%S}"
    copy = worked()
    kept.refresh_from_db()
    assert (copy.state, archive.saved()) == (KeepState.KEPT, 0)
    assert kept.archived_url == copy.copy_url != ""
    assert copies_due() == 0


@pytest.mark.django_db
def test_where_there_is_none_a_copy_is_asked_for_waited_for_and_noted(archive: Archive) -> None:
    source(archive, save_evidence=True, **KEYS)
    kept = page()
    archive.copies[kept.url] = "20010101000000"  # of another time
    done = {"status": "success", "timestamp": "20261125101500", "original_url": kept.url}
    archive.jobs = [{"status": "pending"}, done]
    assert worked().state == KeepState.SENT
    assert worked().state == KeepState.SENT
    copy = worked()
    assert (copy.state, archive.saved()) == (KeepState.KEPT, 1)
    assert copy.copy_url == f"{archive.url}/web/20261125101500/{kept.url}"
    sent = next(asked for asked in archive.asked if asked.path == "/save")
    assert sent.headers["authorization"] == "LOW a-key:a-secret"
    assert b"url=https%3A%2F%2Fstat.example%2Ftrams" in sent.body


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"visibility": Visibility.CONFIDENTIAL}, {"state": EvidenceState.DROPPED}], ids=str
)
def test_the_archive_is_not_told_of_what_is_confidential_or_dropped(archive: Archive, values: dict[str, Any]) -> None:
    source(archive, save_evidence=True, **KEYS)
    page(**values)
    assert copies_due() == 0
    assert archive.asked == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ({"status": "error", "status_ext": "error:blocked-url", "message": "This host is blocked"},
         KeepState.REFUSED, "wayback.refused"),
        ({"status": "error", "message": "You have too many sessions"}, KeepState.WAITING, "wayback.busy"),
        (Reply(status=429, headers={"Retry-After": "60"}), KeepState.WAITING, "http.throttled"),
        (Reply(status=502), KeepState.WAITING, "http.status"),
        (Reply(b"<html>"), KeepState.REFUSED, "source.bad_answer"),
        ({"job_id": "../../x"}, KeepState.REFUSED, "source.bad_answer"),
    ],
    ids=["blocked", "busy", "throttled", "broken", "not json", "a lie"],
)  # fmt: skip
def test_what_may_pass_is_tried_again_and_what_may_not_is_told(
    archive: Archive, answer: Any, state: KeepState, code: str
) -> None:
    source(archive, save_evidence=True, **KEYS)
    page()
    archive.takes = answer
    copy = worked()
    assert (copy.state, copy.error_code) == (state, code)
    assert copy.error_detail
    assert "a-secret" not in copy.error_detail


@pytest.mark.django_db
def test_a_job_that_never_ends_is_given_up_and_can_be_asked_for_again(archive: Archive) -> None:
    source(archive, save_evidence=True, **KEYS)
    page()
    copy = worked(MOST_TRIES)
    assert (copy.state, copy.error_code) == (KeepState.REFUSED, "wayback.busy")
    assert archive.saved() == 1
    copy_again(copy=copy, actor=None)
    assert worked().state == KeepState.SENT


@pytest.mark.django_db
def test_a_row_is_held_by_one_worker_and_is_due_again_when_that_one_is_killed(archive: Archive) -> None:
    source(archive, save_evidence=True, **KEYS)
    page()
    copies_due()
    row = ArchiveCopy.objects.get()
    ArchiveCopy.objects.update(not_before=timezone.now() + timedelta(seconds=200))  # taken
    assert copy_work(copy_id=row.pk) is None
    ArchiveCopy.objects.update(not_before=timezone.now())
    assert copy_work(copy_id=row.pk) == KeepState.SENT


@pytest.mark.django_db
def test_a_source_that_a_desk_has_named_is_told_of_that_desk_only(archive: Archive) -> None:
    made = source(archive, save_evidence=True, **KEYS)
    page()
    Desk.objects.create(name="Harbour", slug="harbour").sources.add(made)
    assert copies_due() == 0
    Desk.objects.first().sources.add(made)  # type: ignore[union-attr]
    assert copies_due() == 1


@pytest.mark.django_db
def test_settings_that_are_not_right_any_more_stop_no_verdict(archive: Archive) -> None:
    made = source(archive, save_verdicts=True, **KEYS)
    Source.objects.filter(pk=made.pk).update(settings={"save_verdicts": True, "old": 1})
    assert published().state == "live"
    assert ArchiveCopy.objects.count() == 0


# --- published verdicts -------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [True, False])
def test_each_version_of_a_public_page_is_kept_where_the_desk_wants_that(
    archive: Archive, settings: Any, *, wanted: bool
) -> None:
    source(archive, save_verdicts=wanted, **KEYS)
    publication = published()
    rows = ArchiveCopy.objects.filter(occasion=f"verdict:{publication.slug}:1")
    assert [row.url for row in rows] == [f"{settings.BASE_URL}{publication.get_absolute_url()}"] * wanted
    if wanted:
        assert copy_work(copy_id=rows.get().pk) == KeepState.SENT
