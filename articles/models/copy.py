"""Addresses that a public archive is asked to keep."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.choices import KeepState
from articles.models.page import Page


class ArchiveCopy(models.Model):
    """One address on one occasion; asked for once, however often the occasion is told of.

    A worker holds it by `token` until `not_before`. `job` is the archive's name for what it is doing.
    """

    occasion = models.CharField(max_length=200, unique=True)
    url = models.TextField("address")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="copies")
    state = models.CharField(max_length=8, choices=KeepState.choices, default=KeepState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    job = models.CharField(max_length=100, blank=True)
    copy_url = models.TextField("address of the copy", blank=True)
    copied_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "copy in a public archive"
        verbose_name_plural = "copies in a public archive"
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"], condition=Q(state__in=["waiting", "sent"]), name="copy_due_idx"
            ),  # the sweeper
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.state}"
