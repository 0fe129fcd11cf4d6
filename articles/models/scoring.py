"""Versions of the weights of check-worthiness that this desk made. Those that are shipped have no row."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.choices import ScoringOrigin


class ScoringModel(models.Model):
    """One version, never changed once it is made; at most one is active, none means the shipped weights.

    `parameters` is `{"bias": [a, b], "weights": {feature: [a, b]}}`, a for worth checking, b for verifiable;
    `factors` are what a person multiplied the named reasons by, kept to be read.
    """

    number = models.PositiveIntegerField(unique=True)
    origin = models.CharField(max_length=10, choices=ScoringOrigin.choices)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    parameters = models.JSONField()
    factors = models.JSONField(default=dict, blank=True)
    examples = models.PositiveIntegerField(default=0, help_text="Decisions of this desk that it learned from.")
    note = models.TextField(blank=True)
    active = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        verbose_name = "scoring version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="scoring_one_active"),
        ]

    def __str__(self) -> str:
        return f"desk-{self.number}"


class DeskScoring(models.Model):
    """A desk that scores by a version of its own, or by the shipped weights where `version` is None.

    A desk without a row scores as the instance does.
    """

    desk = models.OneToOneField("articles.Desk", on_delete=models.CASCADE, related_name="own_scoring")
    version = models.ForeignKey(
        ScoringModel, null=True, blank=True, on_delete=models.PROTECT, related_name="desks_of_its_own"
    )

    def __str__(self) -> str:
        return f"{self.desk}: {self.version or 'shipped'}"
