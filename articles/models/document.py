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


class CollectionFile(models.Model):
    """A file in the folder of a collection, as it was last read; it is read again when its size or time differ."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    modified_ns = models.BigIntegerField()
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="files")
    error = models.TextField(blank=True)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["source", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "name"], name="collection_file_once")]

    def __str__(self) -> str:
        return self.name
