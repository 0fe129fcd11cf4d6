"""Judgements. A verdict is never edited: the next proposal is the next number."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.choices import Mode, Speech, Stance
from articles.models import Evidence, Revision
from reviews.choices import MediaCheck, QuoteCheck
from reviews.models.review import Review
from reviews.models.scale import VerdictLabel


class Verdict(models.Model):
    """What one person proposed and whether another approved it.

    The database refuses an approval by the proposer unless a reason for the override is given, and any
    change of the words once they are written.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    number = models.PositiveIntegerField()
    label = models.ForeignKey(VerdictLabel, on_delete=models.PROTECT, related_name="verdicts")
    quote_check = models.CharField(max_length=16, choices=QuoteCheck.choices, blank=True)
    media_check = models.CharField(
        max_length=16, choices=MediaCheck.choices, blank=True, help_text="What was done to the picture or recording."
    )
    media_context = models.CharField(max_length=500, blank=True, help_text="What it really shows.")
    media_original = models.URLField(max_length=1000, blank=True, help_text="Where the original is.")
    summary = models.CharField(max_length=300, blank=True, help_text="Why, in one sentence.")
    rationale = models.TextField()
    gaps = models.TextField(blank=True, help_text="What could not be established.")
    statement = models.TextField(help_text="The claim as it was worded when it was judged.")
    # What readers are told beside the judgement is judged with it: claims, articles and evidence change later.
    speaker = models.CharField(max_length=200, blank=True)
    speech = models.CharField(max_length=10, choices=Speech.choices, blank=True)
    quote = models.TextField(blank=True)
    language = models.CharField(max_length=20, blank=True)
    claimants = models.JSONField(default=list)
    appearances = models.JSONField(default=list)
    carried_mode = models.CharField(max_length=20, choices=Mode.choices, blank=True)
    carried_by = models.CharField(max_length=200, blank=True, help_text="The publisher of the article.")
    carried_agency = models.CharField(max_length=200, blank=True)
    carried_url = models.URLField(max_length=600, blank=True)
    carried_title = models.CharField(max_length=500, blank=True)
    carried_on = models.DateTimeField(null=True, blank=True)
    # Claims follow their words into later revisions, verdicts do not.
    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.PROTECT, related_name="+", help_text="The text that was judged."
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposed_verdicts"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="approved_verdicts"
    )
    approved_at = models.DateTimeField(null=True)
    override_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["review", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "number"], name="verdict_number_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")) | ~Q(override_reason=""),
                name="verdict_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="verdict_approval_is_dated",
            ),
        ]
        indexes: ClassVar = [
            # Read by the figures of a time.
            models.Index(fields=["approved_at"], condition=Q(approved_at__isnull=False), name="verdict_approved_idx"),
            models.Index(fields=["proposed_at"], condition=Q(number=1), name="verdict_first_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.label_id} ({self.number})"


class VerdictEvidence(models.Model):
    """The evidence a verdict rested on, with the stance and the place it had then."""

    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="cited")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="cited_in")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    locator = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["verdict", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["verdict", "evidence"], name="verdict_cites_once"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict_id}: {self.evidence_id}"
