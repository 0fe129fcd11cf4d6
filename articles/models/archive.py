"""Claim memory: what this desk and others have checked before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from articles.choices import ArchiveOrigin


class CheckedClaim(models.Model):
    """One published claim review, our own or imported; indexed for full-text search.

    `identity` is the review's `@id`, else its URL with the claim's words, so that an import may run twice.
    """

    identity = models.CharField(max_length=700, unique=True)
    claim = models.TextField()
    claimant = models.CharField(max_length=300, blank=True)
    rating = models.CharField(max_length=300, blank=True)
    rating_value = models.FloatField(null=True, blank=True)
    best_rating = models.FloatField(null=True, blank=True)
    worst_rating = models.FloatField(null=True, blank=True)
    summary = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=10, choices=ArchiveOrigin.choices, default=ArchiveOrigin.IMPORTED)
    withdrawn = models.BooleanField(default=False)
    raw = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return self.claim
