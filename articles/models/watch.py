"""Places the desk watches for stories, each look at them, and what they listed."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.choices import ItemState, LookOutcome, WatchedKind
from articles.models.article import Article
from articles.models.desk import DEFAULT_DESK, Desk


class Watch(models.Model):
    """`url` is asked every `interval_minutes`. A look is held by whoever set `token`, until `lease_until`."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=WatchedKind.choices, default=WatchedKind.FEED)
    url = models.URLField("address", max_length=600, unique=True)
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, default=DEFAULT_DESK, related_name="watches", help_text="Gets the stories."
    )
    enabled = models.BooleanField(default=True)
    interval_minutes = models.PositiveIntegerField(
        "minutes between looks", default=15, validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 60)]
    )
    fetch_pages = models.BooleanField(
        "fetch each story's page", default=True,
        help_text="Switch off where the feed has the whole text. WordPress sites always send it.",
    )  # fmt: skip
    wanted_words = models.TextField(
        blank=True, help_text="One a line. Only stories with at least one of them come in; empty for all."
    )
    unwanted_words = models.TextField(blank=True, help_text="One a line. Stories with one of them stay out.")
    newest_days = models.PositiveIntegerField(
        "days back", default=2, help_text="Stories older than this are left out. 0 takes any age.",
        validators=[MaxValueValidator(36_500)],
    )  # fmt: skip
    notes = models.TextField(blank=True)
    # What it said last, and how it is doing; written by the watch service only.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    modified = models.CharField(max_length=100, blank=True, editable=False)
    seen_until = models.DateTimeField(null=True, editable=False)
    next_look_at = models.DateTimeField(default=timezone.now, editable=False)
    token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_answer_at = models.DateTimeField(null=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    stopped_reason = models.TextField(blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "watches"
        indexes: ClassVar = [
            models.Index(fields=["next_look_at"], condition=Q(enabled=True), name="watch_due_idx"),  # the sweeper
        ]

    def __str__(self) -> str:
        return self.name


class WatchLook(models.Model):
    """One look at a place, for its log."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=14, choices=LookOutcome.choices)
    listed = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    said = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["watch", "-id"], name="watch_log_idx")]

    def __str__(self) -> str:
        return f"{self.watch_id} {self.at:%Y-%m-%d %H:%M}: {self.outcome}"


class WatchItem(models.Model):
    """A story that a place lists. `key` is the SHA-256 of its name there; the row is what is left to be done."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    url = models.CharField("address", max_length=2000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="watch_items")
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["watch", "key"], name="watch_item_once")]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="watch_item_due_idx"),  # sweeper
        ]

    def __str__(self) -> str:
        return self.title or self.url
