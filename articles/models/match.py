"""Which earlier review was suggested for a claim, by which version of the matcher, and what a person made of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.choices import MatchState
from articles.models.archive import CheckedClaim
from articles.models.claim import Claim


class ClaimMatch(models.Model):
    """`review` may say the same as `claim`. A suggestion until a person accepts or rejects it; it hides nothing.

    `score` (0 to 1), `why` and `model` are those of the newest look, and stay as they were once somebody decided:
    they are what the decision was made on. `articles.services.match` is the only writer.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="matches")
    review = models.ForeignKey(CheckedClaim, on_delete=models.CASCADE, related_name="matches")
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.SUGGESTED, editable=False)
    score = models.FloatField()
    why = models.JSONField(default=list, blank=True)
    model = models.CharField(max_length=100, help_text="Version of the weighing, and the sentence encoder.")
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering: ClassVar = ["-score", "pk"]
        verbose_name = "match"
        verbose_name_plural = "matches"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "review"], name="match_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="match_score_in_range"),
            models.CheckConstraint(
                condition=Q(state="suggested", decided_at=None) | ~Q(state="suggested") & Q(decided_at__isnull=False),
                name="match_decided_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} like {self.review_id} ({self.score:.2f}, {self.state})"
