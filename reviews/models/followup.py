"""Where else a checked claim stands, and what became of asking for a correction there."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviews.choices import FollowUpFound, FollowUpOutcome
from reviews.models.publication import Publication


class FollowUp(models.Model):
    """One outlet that carried the claim. It is found, then asked, then ended with an outcome; each is dated."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="follow_ups")
    outlet = models.CharField(max_length=200)
    url = models.URLField("where it stands", max_length=1000, blank=True)
    found_as = models.CharField(max_length=12, choices=FollowUpFound.choices)
    found_at = models.DateTimeField()
    contact = models.CharField(max_length=300, blank=True, help_text="An e-mail address, or the address of a form.")
    version = models.PositiveIntegerField(default=1, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True, help_text="What they were asked.")
    due_at = models.DateTimeField(null=True, help_text="When an answer is expected.")
    reminded_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=FollowUpOutcome.choices, blank=True)
    answer = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["publication", "found_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "url"], condition=~Q(url=""), name="follow_up_place_once"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, due_at__isnull=True)
                | Q(asked_at__isnull=False, due_at__gt=F("asked_at")),
                name="follow_up_asked_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="follow_up_end_is_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(outcome="", asked_at__isnull=False, reminded_at=None),
                name="follow_up_due_idx",
            )
        ]

    def __str__(self) -> str:
        return self.outlet
