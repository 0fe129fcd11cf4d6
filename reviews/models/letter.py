"""What readers write to the desk: what they want checked, and what they say is wrong."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from articles.models import DEFAULT_DESK, Desk
from reviews.choices import LetterKind, LetterOutcome
from reviews.models.publication import Publication


class Letter(models.Model):
    """One letter. Open until it has an outcome; `token` is the address where its writer sees how it stands."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, default=DEFAULT_DESK, related_name="letters")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="letters",
        help_text="The page a complaint is about.",
    )  # fmt: skip
    words = models.TextField()
    url = models.CharField("seen at", max_length=1000, blank=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="letters_taken"
    )
    outcome = models.CharField(max_length=10, choices=LetterOutcome.choices, blank=True)
    answer = models.TextField(blank=True, help_text="What the reader was told.")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "reader's letter"
        verbose_name_plural = "readers' letters"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="letter_end_is_dated",
            ),
            models.CheckConstraint(condition=~Q(outcome="answered") | ~Q(answer=""), name="letter_answer_is_kept"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(outcome=""), name="letter_open_idx"),  # the worklist
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:letter", args=[self.pk])
