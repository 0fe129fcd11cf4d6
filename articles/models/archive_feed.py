"""Archives of claim reviews elsewhere that are read again and again."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ArchiveFeed(models.Model):
    """`url` is read every `interval_hours`. A worker holds a reading by `token`, until `next_at`."""

    name = models.CharField(max_length=120, unique=True)
    url = models.URLField(
        "address", max_length=1000, unique=True, help_text="Of a file that import_claimreviews reads."
    )
    enabled = models.BooleanField(default=True)
    interval_hours = models.PositiveIntegerField(
        "hours between readings", default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 90)]
    )
    notes = models.TextField(blank=True)
    # How it is doing; written by the service only.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    modified = models.CharField(max_length=100, blank=True, editable=False)
    next_at = models.DateTimeField(default=timezone.now, editable=False)
    token = models.UUIDField(null=True, editable=False)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_read_at = models.DateTimeField(null=True, editable=False)
    last_result = models.JSONField(default=dict, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = "archive that is read again"
        verbose_name_plural = "archives that are read again"
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(enabled=True), name="archive_feed_due_idx"),  # the sweeper
        ]

    def __str__(self) -> str:
        return self.name
