"""The work on one claim: who has it, how far it is. Judgement itself is in the verdicts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from articles.models import Claim
from reviews.choices import WaitKind
from reviews.policies import PERMISSIONS
from reviews.workflow import ReviewState


class Review(models.Model):
    """One active review a claim; ended ones stay as history. `version` counts its transitions."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="reviews")
    active = models.BooleanField(default=True, editable=False)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value.replace("_", " ")) for s in ReviewState],
        default=ReviewState.QUEUED.value, editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews"
    )
    verdict = models.ForeignKey(
        "reviews.Verdict", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Nobody but the proposer sees the verdict: a second person judges blind.",
    )
    wait_kind = models.CharField(max_length=20, choices=WaitKind.choices, blank=True)
    wait_note = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    held_seconds = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="The article's time on hold that `due_at` has in it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        permissions: ClassVar = PERMISSIONS
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim"], condition=Q(active=True), name="review_one_per_claim"),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "in_progress", "blocked"]) | Q(assignee__isnull=False),
                name="review_held_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "second_review", "approved", "closed"])
                | Q(verdict__isnull=False),
                name="review_judged_has_verdict",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assignee", "state"], condition=Q(active=True), name="review_mine_idx"),
            models.Index(fields=["state"], condition=Q(active=True), name="review_state_idx"),
            models.Index(fields=["due_at"], condition=Q(active=True), name="review_due_idx"),
            # What every list leaves out while somebody judges blind; few of many.
            models.Index(fields=["claim"], condition=Q(sealed=True), name="review_sealed_idx"),
        ]

    def __str__(self) -> str:
        return f"Review of claim {self.claim_id}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:claim", args=[self.claim_id])
