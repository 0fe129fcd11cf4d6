"""A place evidence is asked of: one connector with one desk's settings."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.choices import Reliability
from articles.models.desk import Desk


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
    at_once = models.PositiveSmallIntegerField(
        default=3,
        help_text="Questions under way at the same time, over all workers together. 0 means as many as wanted.",
    )
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # How it has been answering; written by the prefill service and by "Test connection".
    turn = models.PositiveBigIntegerField(default=0, editable=False)
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

    @property
    def interval(self) -> timedelta:
        """The least time between two requests."""
        return timedelta(seconds=60 / self.rate_per_minute) if self.rate_per_minute else timedelta(0)


class SourceHour(models.Model):
    """How a source did in one hour; what the picture on the health page is drawn from."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    answered = models.PositiveIntegerField(default=0)
    throttled = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveBigIntegerField(default=0, help_text="All its answers together.")

    class Meta:
        ordering: ClassVar = ["source", "hour"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "hour"], name="source_hour_once")]

    def __str__(self) -> str:
        return f"{self.source_id} at {self.hour:%Y-%m-%d %H}"


class SourceTurn(models.Model):
    """When a source was last asked for a desk: the desk that has waited longest is served next."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="desk_turns")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "desk"], name="source_turn_once")]

    def __str__(self) -> str:
        return f"{self.source_id} for desk {self.desk_id}"
