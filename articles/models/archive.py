"""Claim memory: what this desk and others have checked before, and what the matcher knows of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from articles.choices import ArchiveOrigin


class CheckedClaim(models.Model):
    """One published claim review, our own or imported; indexed for full-text search and for matching.

    `identity` is the review's `@id`, else its URL with the claim's words, so that an import may run twice.
    `fingerprint` changes when the content does. `pending` is set while the matcher's `ClaimSignature` is
    missing or older than `revision`; `articles.services.matching` clears it.
    """

    identity = models.CharField(max_length=700, unique=True)
    claim = models.TextField()
    claimant = models.CharField(max_length=300, blank=True)
    rating = models.CharField(max_length=300, blank=True)
    rating_value = models.FloatField(null=True, blank=True)
    best_rating = models.FloatField(null=True, blank=True)
    worst_rating = models.FloatField(null=True, blank=True)
    title = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    appearances = models.JSONField(default=list, blank=True)
    origin = models.CharField(max_length=10, choices=ArchiveOrigin.choices, default=ArchiveOrigin.IMPORTED)
    of_claim = models.ForeignKey(
        "articles.Claim", null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews_published",
        help_text="Of a verdict of this desk: the claim it was given on.",
    )  # fmt: skip
    withdrawn = models.BooleanField(default=False)
    raw = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    pending = models.BooleanField(default=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-reviewed_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(pending=True), name="checkedclaim_pending"),
        ]

    def __str__(self) -> str:
        return self.claim

    @property
    def reference(self) -> str:
        """What others know the review by: its `@id`, else its address."""
        return self.url if self.url and self.identity.startswith(f"{self.url} ") else self.identity


class ClaimSignature(models.Model):
    """What the matcher compares of one checked claim: its words and its vector. Made by us, so never edited.

    `words` are the 32-bit hashes of its word stems with their counts, `vector` the sentence vector of `model`
    in 8-bit integers (empty without an embedder). `version` is that of `MatchIndex` when it was written.
    """

    claim = models.OneToOneField(CheckedClaim, models.CASCADE, primary_key=True, related_name="signature")
    model = models.CharField(max_length=60, blank=True)
    words = models.BinaryField()
    vector = models.BinaryField()
    version = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.claim_id} ({self.model or 'words only'}, version {self.version})"


class MatchIndex(models.Model):
    """One row: the version of the newest signature. Its lock puts the writers of signatures one after another.

    Versions are nanoseconds, so that one that was rolled back or restored over is never given out again.
    """

    version = models.PositiveBigIntegerField(default=0)
    # The lease of the worker that makes signatures, so that the sweeper does not set a second one to it.
    busy_until = models.DateTimeField(null=True, blank=True)
    # The same of the worker that looks through the memory for claims.
    looking_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"version {self.version}"
