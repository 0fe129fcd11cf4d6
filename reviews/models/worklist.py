"""What changed since somebody looked at it: sentences without a fact that the next revision says otherwise."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from articles.models import Revision
from reviews.choices import TickDecision, TickKind


class TicksCarried(models.Model):
    """The ticks of earlier revisions were taken along into this one."""

    revision = models.OneToOneField(
        Revision, primary_key=True, on_delete=models.CASCADE, related_name="ticks_carried"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "ticks carried"

    def __str__(self) -> str:
        return f"{self.revision_id}"


class TickChange(models.Model):
    """A sentence `person` had found no fact in, which `revision` says otherwise, elsewhere, or no more.

    `old_words` are those of `old_revision` between `old_start` and `old_end`; `words` those of `revision` between
    `start` and `end`, empty where it is gone. Offsets count code points.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="tick_changes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="tick_changes"
    )
    person_name = models.CharField(max_length=200)
    old_revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    old_start = models.PositiveIntegerField()
    old_end = models.PositiveIntegerField()
    old_words = models.TextField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=TickKind.choices)
    decision = models.CharField(max_length=10, choices=TickDecision.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["revision", "start", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revision", "old_revision", "old_start", "old_end"], name="tick_change_once"
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None, words="") | Q(end__gt=F("start")) & ~Q(words=""),
                name="tick_change_span_ordered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(decision=""), name="tick_change_open_idx"),  # the worklist
        ]

    def __str__(self) -> str:
        return f"{self.old_words[:60]}: {self.kind}"
