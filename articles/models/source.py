"""A place evidence is asked of: one connector with one desk's settings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.choices import Reliability


class Source(models.Model):
    """`kind` names the connector; `settings` are the fields of its own Settings dataclass."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    settings = models.JSONField(default=dict, blank=True)
    reliability = models.PositiveSmallIntegerField(choices=Reliability.choices, default=Reliability.MEDIUM)
    enabled = models.BooleanField(default=True)
    rate_per_minute = models.PositiveIntegerField(
        default=60, help_text="Requests a minute over all workers together. 0 means as many as wanted."
    )
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # How it has been answering; written by the prefill service and by "Test connection".
    next_free_at = models.DateTimeField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_answer_at = models.DateTimeField(null=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reliability__gte=1, reliability__lte=4), name="source_reliability_known"
            )
        ]

    def __str__(self) -> str:
        return self.name
