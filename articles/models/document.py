"""The desk's own documents, cut into passages that full-text search can find."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from articles.models.source import Source


class Document(models.Model):
    """One document of a collection (a source of kind "documents"); the same bytes are kept once."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=300)
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=1000, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    content_type = models.CharField(max_length=100)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["source", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sha256"], name="document_kept_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Passage(models.Model):
    """A stretch of a document with the place a reader finds it at; indexed for full-text search."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    locator = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["document", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="passage_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, {self.locator}"
