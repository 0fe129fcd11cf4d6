"""What stands between a text and its release: sentences without a fact, and the signature."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.choices import Mode
from articles.models import Article, Revision


class LineByLine(models.Model):
    """The article is gone through sentence by sentence: each has a claim, or somebody said that it has no fact."""

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="line_by_line")
    since = models.DateTimeField(auto_now_add=True)
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"article {self.article_id} line by line"


class SentenceMark(models.Model):
    """Somebody read this sentence and found no fact in it. Offsets count code points of the revision's text."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="sentence_marks")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_by_name = models.CharField(max_length=200)
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "start", "end"], name="sentence_marked_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="sentence_span_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.start} to {self.end}"


class SignOff(models.Model):
    """One person answers for one text: `sha256` is that of the revision. The database refuses any change.

    `verdicts` are the judgements it rests on: a list of {claim, number, verdict, version, label, by, approved_by}.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="sign_offs")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="sign_offs")
    sha256 = models.CharField(max_length=64)
    mode = models.CharField(max_length=20, choices=Mode.choices)
    verdicts = models.JSONField()
    note = models.TextField(blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_offs")
    signed_by_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["article", "-signed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.article_id}, signed by {self.signed_by_name}"
