"""Who is told of what is published: receivers, the outbox of events, and every attempt to deliver one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.models import Claim
from reviews.choices import DeliveryState, EventKind


class WebhookEndpoint(models.Model):
    """One receiver. Its secret is derived from SECRET_KEY and `seed`, so that no copy of the rows can sign."""

    name = models.CharField(max_length=120, unique=True)
    url = models.URLField("address", max_length=500)
    events = models.JSONField(default=list, blank=True, help_text="None chosen means all.")
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=300, blank=True, editable=False)
    seed = models.CharField(max_length=64, editable=False)
    previous_seed = models.CharField(max_length=64, blank=True, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # How it has been answering; written by the workers.
    paused_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookEvent(models.Model):
    """Something that happened, written in the transaction in which it did. `body` is sent as it stands here."""

    uid = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=30, choices=EventKind.choices)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            # The feed of changes; however much else is told to receivers.
            models.Index(
                fields=["id"],
                condition=Q(kind__in=["verdict.published", "verdict.corrected", "verdict.retracted"]),
                name="event_changes_idx",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class WebhookDelivery(models.Model):
    """One event on its way to one receiver; workers take it by compare-and-set and may die at any time."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(state="sending", token__isnull=False) | (~Q(state="sending") & Q(token__isnull=True)),
                name="webhook_token_while_sending",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=["queued", "sending"]), name="webhook_open_idx"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"


class WebhookAttempt(models.Model):
    """One try, as it went; never changed. `status` is None where nothing was answered."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveIntegerField(null=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"
