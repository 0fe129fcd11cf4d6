"""Work for workers: fetch, call, nothing else. Each may run twice."""

from __future__ import annotations

from celery import shared_task

from articles.models import Source
from articles.services.article import extraction_sweep, revision_extract
from articles.services.document import documents_scan
from articles.services.matching import claims_index_task, claims_sweep
from articles.services.prefill import prefill_sweep, prefill_work


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


@shared_task(name="articles.scan_documents")
def scan_documents() -> None:
    for source in Source.objects.filter(kind="documents", enabled=True):
        documents_scan(source=source)


@shared_task(name="articles.index_claims")
def index_claims() -> None:
    claims_index_task()
