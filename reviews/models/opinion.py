"""Judgements beside the proposed one, and who stays away from what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Article, Claim
from reviews.choices import OpinionKind, QuoteCheck
from reviews.models.scale import VerdictLabel
from reviews.models.verdict import Verdict


class Opinion(models.Model):
    """What a second person judged before they saw the first verdict, or a third one where the two differ.

    One of each kind a verdict; the database refuses any change.
    """

    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="opinions")
    kind = models.CharField(max_length=8, choices=OpinionKind.choices)
    label = models.ForeignKey(VerdictLabel, on_delete=models.PROTECT, related_name="+")
    quote_check = models.CharField(max_length=16, choices=QuoteCheck.choices, blank=True)
    rationale = models.TextField()
    steps = models.PositiveSmallIntegerField(help_text="How far it is from the first verdict on the scale.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opinions")
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["verdict", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["verdict", "kind"], name="opinion_one_a_kind"),
            models.UniqueConstraint(fields=["verdict", "person"], name="opinion_one_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_name}"


class Recusal(models.Model):
    """Somebody keeps out of a claim, or of a whole article where `claim` is empty, because of a conflict."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recusals")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="recusals")
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="recusals")
    reason = models.TextField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "article"], condition=Q(claim=None, lifted_at=None), name="recusal_of_article_once"
            ),
            models.UniqueConstraint(
                fields=["person", "claim"], condition=Q(claim__isnull=False, lifted_at=None),
                name="recusal_of_claim_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | ~Q(lifted_because=""), name="recusal_lifted_says_why"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(lifted_at=None), name="recusal_of_person_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} stays away from {self.article_id}"
