"""Is the instance alive, and is it ready for work?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import celery
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError

from factcheck.core.models import Heartbeat

_FRESH: Final = timedelta(seconds=60)


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the web process answers; asks nothing else, so that a slow database does not kill it."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when database, broker and workers answer, else 503; each part says what it saw."""
    parts = {"database": _database(), "broker": _broker()}
    parts["workers"] = _workers() if parts["database"] == "ok" else "not asked: no database"
    ready = all(said == "ok" for said in parts.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"failed: {type(error).__name__}"
    return "ok"


def _broker() -> str:
    try:
        with celery.current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    except (OperationalError, OSError) as error:
        return f"failed: {type(error).__name__}"
    return "ok"


def _workers() -> str:
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is None:
        return "no worker has shown itself yet"
    age = timezone.now() - beat.at
    return "ok" if age < _FRESH else f"last seen {int(age.total_seconds())} seconds ago"
