"""What was asked, what came back, and what the desk made of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.choices import EvidenceKind, EvidenceState, RunState, Stance, Urgency, Visibility
from articles.models.claim import Claim
from articles.models.desk import DEFAULT_DESK, Desk
from articles.models.source import Source


class PrefillRun(models.Model):
    """One question to one source for one claim; the row is the truth, the queue only a nudge.

    A worker takes it by compare-and-set (queued -> running with `token` and `lease_until`) and may only
    write an answer while its token still stands, so a run has one answer however often it is started.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="runs")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    # That of the claim's article, kept here for the order of asking.
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, default=DEFAULT_DESK, related_name="+")
    query_digest = models.CharField(max_length=64)
    query = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.SOON)
    turn = models.PositiveBigIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    found = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)
    request_url = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["claim", "source__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "source", "query_digest"], name="run_asked_once"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
                name="run_running_is_leased",
            ),
        ]
        indexes: ClassVar = [
            # The next question of a source for a desk, however long the queue is.
            models.Index(
                fields=["source", "desk", "urgency", "turn", "id"], condition=Q(state="queued"), name="run_turn_idx"
            ),
            models.Index(fields=["queued_at"], condition=Q(state="queued"), name="run_overdue_idx"),
            models.Index(fields=["source"], condition=Q(state="running"), name="run_at_once_idx"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="run_lease_idx"),
            # The answers of a time, in the figure of the sources.
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="run_finished_idx"),
            # What a source was not consulted about, on its health page and when it is asked again.
            models.Index(
                fields=["source", "claim"], condition=Q(state__in=["throttled", "failed"]), name="run_dead_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} for claim {self.claim_id}: {self.state}"


class Snapshot(models.Model):
    """Bytes as they were retrieved; kept once however many pieces of evidence point at them."""

    sha256 = models.CharField(max_length=64, unique=True)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    url = models.TextField(blank=True)
    retrieved_at = models.DateTimeField()
    # Its bytes are gone by the rule on how long they are kept; its name and hash stay.
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["retrieved_at"], condition=Q(discarded_at=None), name="snapshot_old_idx"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A passage for or against a claim. Stance is a suggestion until a person keeps it."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence")
    source_name = models.CharField(max_length=120)
    run = models.ForeignKey(PrefillRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence")
    external_id = models.CharField(max_length=400)
    kind = models.CharField(max_length=14, choices=EvidenceKind.choices, default=EvidenceKind.WEB)
    query = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    title = models.CharField(max_length=500)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retrieved_at = models.DateTimeField()
    passage = models.TextField()
    locator = models.CharField(max_length=200, blank=True)
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    page = models.ForeignKey(
        "articles.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence",
        help_text="Set once it is kept; the page is then kept too and looked at again.",
    )  # fmt: skip
    relevance = models.FloatField(default=0)
    suggested_stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.CONTEXT)
    stance_reason = models.TextField(blank=True)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    state = models.CharField(max_length=10, choices=EvidenceState.choices, default=EvidenceState.SUGGESTED)
    version = models.PositiveIntegerField(default=1, editable=False)
    visibility = models.CharField(max_length=14, choices=Visibility.choices, default=Visibility.PUBLIC)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["claim", "-relevance", "pk"]
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "source", "external_id"], name="evidence_found_once"),
            models.CheckConstraint(condition=~Q(state="kept") | ~Q(stance=""), name="evidence_kept_with_stance"),
        ]
        indexes: ClassVar = [
            # What feeds must leave out; few of many.
            models.Index(fields=["version"], condition=~Q(visibility="public"), name="evidence_hidden_idx"),
            # Kept evidence whose page has no row yet; none of it, most of the time.
            models.Index(
                fields=["id"], condition=Q(state="kept", page=None) & ~Q(url=""), name="evidence_no_page_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name}: {self.title}"
