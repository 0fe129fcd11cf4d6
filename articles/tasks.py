"""Work for workers: fetch, call, nothing else. Each may run twice."""

from __future__ import annotations

from celery import shared_task

from articles.models import Source
from articles.services.archive_feed import archive_feed_read, archive_feeds_due
from articles.services.article import embargoes_lift
from articles.services.document import documents_scan
from articles.services.extraction import extraction_sweep, revision_extract
from articles.services.match import claims_look_task, looks_sweep
from articles.services.matching import claims_index_task, claims_sweep
from articles.services.page import page_look, pages_due, snapshots_discard
from articles.services.prefill import prefill_sweep, prefill_work
from articles.services.watch import item_fetch, watch_look, watches_due
from articles.services.wayback import copies_due, copy_work
from factcheck.core.textindex import text_indexes_mend


@shared_task(name="articles.extract")
def extract(revision_id: int) -> None:
    revision_extract(revision_id=revision_id)


@shared_task(name="articles.prefill")
def prefill(run_id: int = 0) -> None:
    """Work is chosen when it is taken; a message of an older version that names a run says as much."""
    prefill_work()


@shared_task(name="articles.sweep")
def sweep() -> None:
    extraction_sweep()
    prefill_sweep()
    claims_sweep()
    text_indexes_mend()
    looks_sweep()


@shared_task(name="articles.scan_documents")
def scan_documents() -> None:
    for source in Source.objects.filter(kind="documents", enabled=True):
        documents_scan(source=source)


@shared_task(name="articles.index_claims")
def index_claims() -> None:
    claims_index_task()


@shared_task(name="articles.match_claims")
def match_claims() -> None:
    claims_look_task()


@shared_task(name="articles.watch_due")
def watch_due() -> None:
    watches_due()
    embargoes_lift()


@shared_task(name="articles.watch_look")
def look(watch_id: int) -> None:
    watch_look(watch_id=watch_id)


@shared_task(name="articles.watch_fetch")
def fetch(item_id: int) -> None:
    item_fetch(item_id=item_id)


@shared_task(name="articles.pages_due")
def look_at_pages() -> None:
    pages_due()


@shared_task(name="articles.look_at_page")
def look_at_page(page_id: int) -> None:
    page_look(page_id=page_id)


@shared_task(name="articles.discard_snapshots")
def discard_snapshots() -> None:
    snapshots_discard()


@shared_task(name="articles.copies_due")
def hand_out_copies() -> None:
    copies_due()


@shared_task(name="articles.archive_copy")
def archive_copy(copy_id: int) -> None:
    copy_work(copy_id=copy_id)


@shared_task(name="articles.archives_due")
def hand_out_archives() -> None:
    archive_feeds_due()


@shared_task(name="articles.read_archive")
def read_archive(feed_id: int) -> None:
    archive_feed_read(feed_id=feed_id)
