"""Notes on words (W3C Web Annotation: text position and text quote together)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.models import Claim, Evidence, Revision
from reviews.choices import Motivation


class Annotation(models.Model):
    """A note on words of a revision, on a claim or on a piece of evidence; replies hang below it.

    `start` and `end` count code points in the text of the target; `exact` are the words between them,
    `prefix` and `suffix` up to 32 characters around.
    """

    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="annotations"
    )
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="annotations")
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.CASCADE, related_name="annotations"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    motivation = models.CharField(max_length=12, choices=Motivation.choices, default=Motivation.COMMENTING)
    body = models.TextField()
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    blocking = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="annotations"
    )
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="A suggested edit of the text that the author is asked to make."
    )
    accepted_by_name = models.CharField(max_length=200, blank=True)
    looked_in = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The last text in which the words of an open note were looked for.",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(revision__isnull=False) | Q(claim__isnull=False) | Q(evidence__isnull=False),
                name="annotation_has_target",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=F("start")),
                name="annotation_span_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.body[:80]
