"""What was kept is handed out safely; a lost source reopens a published verdict, once, and people hear of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.choices import EvidenceState, PageState
from articles.models import Page
from factcheck.audit.models import AuditEvent
from reviews.models import Notice, Publication
from reviews.services.lost import lost_sources_tell
from reviews.services.recheck import publication_stands
from tests import factories
from tests.publishing import person, published

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
HOSTILE = "<script>alert(1)</script><p>On working days 30,200 people ride it.</p>"


def lost(publication: Publication, *, state: PageState = PageState.GONE) -> Page:
    """The page of a piece of evidence that the published verdict cites, found lost."""
    cited = publication.verdict.cited.get().evidence
    page = Page.objects.create(
        url="https://stat.example/trams", digest="0" * 64, state=state, lost_at=timezone.now(), said="It is gone."
    )
    cited.page = page
    cited.save(update_fields=["page"])
    return page


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


# --- telling ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [PageState.GONE, PageState.CHANGED])
def test_a_lost_source_reopens_the_published_verdict_once_and_tells_who_made_it(state: PageState) -> None:
    publication = published()
    lost(publication, state=state)
    assert (lost_sources_tell(), lost_sources_tell()) == (1, 0)
    publication.refresh_from_db()
    assert (publication.state, publication.recheck_due) == ("live", True)
    told = Notice.objects.filter(event="source").values_list("person", flat=True)
    assert set(told) == {publication.verdict.proposed_by_id, publication.verdict.approved_by_id}
    assert AuditEvent.objects.filter(action="publication.recheck").count() == 1


def test_a_verdict_said_to_stand_is_not_reopened_by_the_same_loss_but_by_the_next() -> None:
    publication = published()
    page = lost(publication)
    lost_sources_tell()
    publication.refresh_from_db()
    publication_stands(publication=publication, actor=person("Publisher"), note="The snapshot is enough.")
    lost_sources_tell()
    publication.refresh_from_db()
    assert not publication.recheck_due
    Page.objects.filter(pk=page.pk).update(lost_at=timezone.now(), reported=False)
    lost_sources_tell()
    publication.refresh_from_db()
    assert publication.recheck_due


def test_evidence_that_the_verdict_does_not_cite_reopens_nothing() -> None:
    publication = published()
    page = Page.objects.create(url="https://a.example/", digest="1" * 64, state="gone", lost_at=timezone.now())
    factories.evidence(claim=publication.claim, page=page, state=EvidenceState.KEPT, stance="supports")
    assert lost_sources_tell() == 1
    publication.refresh_from_db()
    assert not publication.recheck_due


# --- showing -------------------------------------------------------------------------------------------
def test_the_snapshot_page_marks_the_words_and_runs_nothing() -> None:
    claim = factories.claim(article=factories.article())
    evidence = factories.evidence(
        claim=claim, url="https://stat.example/trams", passage="On working days 30,200 people ride it.",
        snapshot=factories.snapshot(content=HOSTILE.encode(), content_type="text/html"),
    )  # fmt: skip
    client = signed_in(factories.person())
    shown = client.get(f"/evidence/{evidence.pk}/snapshot/").content.decode()
    assert '<mark id="quoted">On working days 30,200 people ride it</mark>' in shown
    assert "alert(1)" not in shown
    assert "#:~:text=On%20working" in shown
    file = client.get(f"/evidence/{evidence.pk}/snapshot/file/")
    assert file.content.decode() == HOSTILE
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]


def test_the_card_says_that_a_page_is_lost_and_the_words_are_still_shown() -> None:
    publication = published()
    lost(publication)
    shown = signed_in(factories.person()).get(f"/claims/{publication.claim_id}/").content.decode()
    assert "The page is gone" in shown


@pytest.mark.parametrize("path", ["claims/{claim}/evidence.warc.gz", "articles/{article}/evidence.warc.gz"])
def test_a_warc_file_is_for_people_of_the_desk(path: str) -> None:
    claim = factories.claim(article=factories.article())
    factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    address = "/" + path.format(claim=claim.pk, article=claim.article_id)
    assert Client().get(address).status_code == 302
    answer: Any = signed_in(factories.person()).get(address)
    data = b"".join(answer.streaming_content)
    assert gzip.decompress(data).startswith(b"WARC/1.1")
    assert answer["Content-Disposition"].endswith('.warc.gz"')
