"""Texts that colleagues ask the desk to check."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from articles.choices import Mode
from articles.models import DEFAULT_DESK, Article, Desk, Revision
from reviews.choices import SubmissionState


class Submission(models.Model):
    """Who asked for what, by when. What became of it is read from the article (`selectors.submission`).

    One that names an address is fetched by a worker, which holds it with `token` until `not_before`.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, default=DEFAULT_DESK, related_name="submissions")
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.IN)
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="submissions")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.CASCADE, related_name="submissions")
    url = models.CharField("address", max_length=600, blank=True)
    fetched = models.BooleanField("to be fetched from there", default=False)
    headline = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.PUBLISHED)
    due_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="submissions"
    )
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    # What is left to be done, for those that name an address.
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["created_by", "revision"], condition=Q(fetched=False), name="submission_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["created_by", "desk", "url"], condition=Q(state="fetching"), name="submission_address_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="in") | Q(article__isnull=False, revision__isnull=False),
                name="submission_in_has_text",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], condition=Q(state="fetching"), name="submission_due_idx"),  # sweeper
        ]

    def __str__(self) -> str:
        return self.headline or self.url or (self.article.title if self.article else f"submission {self.pk}")

    def get_absolute_url(self) -> str:
        return reverse("reviews:submission", args=[self.pk])
