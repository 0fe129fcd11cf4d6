"""The project package; importing it makes the Celery application the current one in every process."""

from factcheck.celery import app as celery_app

__all__ = ["celery_app"]
