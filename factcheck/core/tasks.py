"""Signs of life, and what is thrown away."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from factcheck.core.answers import answers_tidy
from factcheck.core.models import Heartbeat


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Beat sends it, a worker runs it: a fresh row says that both and the broker work."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="core.tidy")
def tidy() -> None:
    answers_tidy()
