"""What people have typed and not sent yet, and who is typing on a claim just now."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import Claim


class Draft(models.Model):
    """One field of one form as its writer left it; nobody else sees it. `version` counts what was stored."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="drafts")
    form = models.SlugField(max_length=40)
    field = models.SlugField(max_length=40)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "person", "form", "field"], name="draft_one_a_field"),
        ]

    def __str__(self) -> str:
        return f"{self.form}.{self.field} of {self.person_id}"


class Lease(models.Model):
    """Who types the verdict of a claim. Taken with the first key, renewed while typing, gone two minutes after.

    `session` is the hash of the browser's session, so that one person's two windows are told apart.
    """

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.CASCADE, related_name="lease")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    session = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="Who would like to take over.",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("taken_at")), name="lease_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} by {self.person_id}"
