"""Work for workers: call the service, nothing else. May run twice."""

from __future__ import annotations

from celery import shared_task

from reviews.services.publication import publications_publish_due


@shared_task(name="reviews.publish_due")
def publish_due() -> None:
    publications_publish_due()
