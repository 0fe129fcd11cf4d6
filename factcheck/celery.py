"""The Celery application. Tasks live in `<app>/tasks.py`; Django configures the logging of workers."""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["factcheck.core", "articles", "reviews"])


@setup_logging.connect
def _use_django_logging(**_: Any) -> None:
    dictConfig(settings.LOGGING)
