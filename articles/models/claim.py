"""The smallest statement somebody could check, anchored in one revision."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles.choices import ClaimKind, ClaimOrigin, DismissReason, MoveDecision, Relation, SpeakerStance, Speech
from articles.models.article import Article, Revision
from articles.workflow import ClaimState


class Claim(models.Model):
    """`quote` is `revision.text[start:end]`; `statement` is the wording that stands on its own.

    `priority` (0-100) orders the queue; its parts, {name, points, words}, add up to it. `score` (0-1) and its
    `reasons` say how check-worthy it looked.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="claims")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField(help_text="Place in the article, from 1.")
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in ClaimState], default=ClaimState.PROPOSED.value,
        editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    quote = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    statement = models.TextField()
    needs_context = models.BooleanField(default=False)
    speaker = models.CharField(max_length=200, blank=True)
    speech = models.CharField(max_length=10, choices=Speech.choices, default=Speech.OWN)
    stance_of_speaker = models.CharField(max_length=10, choices=SpeakerStance.choices, default=SpeakerStance.ASSERTS)
    kind = models.CharField(max_length=14, choices=ClaimKind.choices, default=ClaimKind.OTHER)
    dates = models.JSONField(default=list, blank=True)
    entities = models.JSONField(default=list, blank=True)
    # Who else made it and where it stood: the values of `articles.origins`.
    claimants = models.JSONField(default=list, blank=True)
    appearances = models.JSONField(default=list, blank=True)
    # What a person would rather have the sources asked; empty: made from the statement.
    search_words = models.CharField(max_length=200, blank=True)
    search_loose = models.CharField(max_length=100, blank=True)
    score = models.FloatField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    priority = models.PositiveSmallIntegerField(default=0, validators=[MinValueValidator(0), MaxValueValidator(100)])
    priority_parts = models.JSONField(default=list, blank=True, editable=False)
    pinned = models.PositiveSmallIntegerField(null=True, editable=False, help_text="The priority somebody set.")
    ranked = models.BooleanField(default=False, editable=False, help_text="The priority is that of what holds now.")
    rank_again_at = models.DateTimeField(null=True, editable=False, help_text="When time alone changes it.")
    matched_at = models.DateTimeField(
        null=True, editable=False, help_text="When the claim memory was looked through for its present words."
    )
    origin = models.CharField(max_length=10, choices=ClaimOrigin.choices, default=ClaimOrigin.MACHINE)
    extractor = models.CharField(max_length=60, blank=True)
    dismiss_reason = models.CharField(max_length=14, choices=DismissReason.choices, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    stale_anchor = models.BooleanField(default=False)
    settled = models.BooleanField(
        default=False,
        editable=False,
        help_text="Nothing is left to do: dismissed, or its verdict is approved.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["article", "start", "end", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="claim_span_ordered"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="claim_score_in_range"),
            models.CheckConstraint(condition=Q(priority__lte=100), name="claim_priority_in_range"),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismiss_reason=""), name="claim_dismissed_with_reason"
            ),
            models.UniqueConstraint(
                fields=["revision", "start", "end"],
                condition=Q(origin="machine"),
                name="claim_proposed_once",  # the extractor may run twice
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-priority", "-id"], name="claim_queue_idx"),
            models.Index(fields=["state", "-priority", "-id"], name="claim_queue_state_idx"),
            models.Index(fields=["article", "start"], name="claim_text_order_idx"),
            # The queue and its counts; they stay as small as the open work, however large the archive grows.
            models.Index(fields=["-priority", "-id"], condition=Q(settled=False), name="claim_open_idx"),
            models.Index(fields=["-priority", "-id"], condition=Q(stale_anchor=True), name="claim_stale_idx"),
            # Read by the figure of dismissals.
            models.Index(fields=["created_at"], condition=Q(state="dismissed"), name="claim_dismissed_idx"),
            # Read by whoever ranks claims anew.
            models.Index(fields=["id"], condition=Q(ranked=False), name="claim_to_rank_idx"),
            # Read by whoever looks through the claim memory.
            models.Index(
                fields=["-priority", "-id"],
                condition=Q(settled=False, matched_at__isnull=True),
                name="claim_to_match_idx",
            ),
            models.Index(
                fields=["rank_again_at"], condition=Q(rank_again_at__isnull=False), name="claim_rank_due_idx"
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("reviews:claim", args=[self.pk])


class ClaimRelation(models.Model):
    """`claim` repeats, contradicts or denies `other`."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Relation.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claim_relation_once"),
            models.CheckConstraint(condition=~Q(claim=F("other")), name="claim_relation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.other_id}"


class ClaimMove(models.Model):
    """A claim that `revision` does not say in the same words, and what a person made of it.

    `quote` is `revision.text[start:end]`, proposed with `score` (0 to 100) in place of `old_quote`; without a
    place nothing like it was found. The claim keeps its old anchor until somebody decides.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="moves")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="moves")
    old_quote = models.TextField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    quote = models.TextField(blank=True)
    score = models.FloatField(default=0)
    how = models.CharField(max_length=40)
    decision = models.CharField(max_length=10, choices=MoveDecision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["claim", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "revision"], name="move_once"),
            models.UniqueConstraint(fields=["claim"], condition=Q(decision=""), name="move_one_open"),
            models.CheckConstraint(
                condition=Q(start=None, end=None, quote="") | Q(end__gt=F("start")) & ~Q(quote=""),
                name="move_span_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.revision_id}: {self.decision or 'open'}"
