"""What a checker makes of a fact in the desk's own text before it is published."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Claim
from reviews.choices import FactLabel


class ClaimLabel(models.Model):
    """The tick of one claim; `words` are what the author is asked to write instead of its quote."""

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.CASCADE, related_name="label")
    label = models.CharField(max_length=30, choices=FactLabel.choices)
    words = models.TextField(blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    set_by_name = models.CharField(max_length=200)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(label__in=["confirmed_with_change", "wrong_fixed"]) | ~Q(words=""),
                name="claim_label_change_has_words",
            ),
        ]

    def __str__(self) -> str:
        return self.get_label_display()
