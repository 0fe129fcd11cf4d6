"""The pages that evidence rests on: what was kept of them, and whether they are still there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.choices import PageState
from articles.models.evidence import Snapshot


class Page(models.Model):
    """One address. A look is held by whoever set `token`, until `next_look_at`; `lost_at` is set while it is lost."""

    url = models.TextField("address")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=PageState.choices, default=PageState.NEW)
    next_look_at = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    failures_in_row = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    reported = models.BooleanField("told the desk", default=False)
    moved_to = models.TextField(blank=True)
    said = models.TextField(blank=True)
    archived_url = models.TextField("kept by a public archive at", blank=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "page evidence rests on"
        verbose_name_plural = "pages evidence rests on"
        indexes: ClassVar = [
            models.Index(fields=["next_look_at"], name="page_due_idx"),  # the monitor
            models.Index(fields=["lost_at"], condition=Q(reported=False), name="page_lost_idx"),  # who tells the desk
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["changed", "gone"], lost_at__isnull=False)
                | (~Q(state__in=["changed", "gone"]) & Q(lost_at=None)),
                name="page_lost_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.url[:200]


class Capture(models.Model):
    """A page as it was at one time. The bytes and the words are snapshots, kept once however often they come."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="captures")
    at = models.DateTimeField()
    url = models.TextField("final address")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=list)
    body = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="captures")
    words = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="captures_of_words")

    class Meta:
        ordering: ClassVar = ["page", "at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["page", "body"], name="capture_kept_once")]

    def __str__(self) -> str:
        return f"{self.page_id} at {self.at:%Y-%m-%d %H:%M}"
