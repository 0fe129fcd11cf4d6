"""What people bring as evidence: pages, files and texts, kept as they were, from which words are quoted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Claim, Snapshot
from reviews.choices import MaterialState


class Material(models.Model):
    """One page, file or text for one claim. `text` is what was read of it: quotes are checked against that.

    One that names an address is fetched by a worker, which holds it with `token` until `not_before`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="materials")
    state = models.CharField(max_length=10, choices=MaterialState.choices, default=MaterialState.FETCHING)
    url = models.CharField("address", max_length=1000, blank=True)
    name = models.CharField("file name", max_length=300, blank=True)
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    snapshot = models.ForeignKey(Snapshot, null=True, on_delete=models.PROTECT, related_name="materials")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="materials"
    )
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    retrieved_at = models.DateTimeField(null=True)
    # What is left to be done, for those that name an address.
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["claim", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "url"], condition=Q(state="fetching"), name="material_fetched_once"
            ),
            models.UniqueConstraint(
                fields=["claim", "snapshot"], condition=Q(state="read"), name="material_read_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="read") | Q(snapshot__isnull=False) & ~Q(text=""), name="material_read_has_text"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=Q(state="fetching"), name="material_due_idx"),  # sweeper
        ]

    def __str__(self) -> str:
        return self.title or self.name or self.url

    @property
    def host(self) -> str:
        """Where it came from, in few words."""
        return self.url.split("/")[2] if self.url.count("/") > 1 else self.name
