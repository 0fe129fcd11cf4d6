"""An article is a list of immutable revisions of its text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from articles.choices import HeldFor, Mode, Origin
from articles.models.desk import DEFAULT_DESK, Desk
from articles.workflow import ArticleState


class Article(models.Model):
    """A story a desk checks. `identity` is its address, or the hash of its text where it has none."""

    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, default=DEFAULT_DESK, related_name="articles", editable=False
    )
    identity = models.CharField(max_length=700, editable=False)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.value.replace("_", " ")) for s in ArticleState],
        default=ArticleState.RECEIVED.value, editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.PUBLISHED)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.FILE)
    url = models.URLField(max_length=600, blank=True)
    title = models.CharField(max_length=500)
    publisher = models.CharField(max_length=200, blank=True)
    authors = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=20, blank=True)
    dateline_place = models.CharField(max_length=200, blank=True)
    dateline_agency = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)
    # Which version of its story a wire sent last; "" and None for what has no versions.
    sender_version = models.CharField(max_length=20, blank=True, editable=False)
    sender_version_at = models.DateTimeField(null=True, editable=False)
    received_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    embargoed_until = models.DateTimeField(null=True, blank=True, editable=False)
    held_at = models.DateTimeField(null=True, editable=False)
    held_seconds = models.PositiveBigIntegerField(default=0, editable=False, help_text="All its time on hold so far.")
    held_for = models.CharField(max_length=10, choices=HeldFor.choices, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    current = models.ForeignKey(
        "articles.Revision", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [
            # Two desks may check the same story and need not know of each other.
            models.UniqueConstraint(fields=["desk", "identity"], name="article_once_a_desk")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="article_list_idx"),
            models.Index(fields=["identity"], name="article_identity_idx"),
            models.Index(
                fields=["embargoed_until"], condition=models.Q(held_for="embargo"), name="article_embargo_idx"
            ),  # read by the sweeper
            models.Index(
                fields=["held_seconds"], condition=models.Q(held_seconds__gt=0), name="article_was_held_idx"
            ),  # read by the sweeper of deadlines
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reviews:article", args=[self.pk])


class Revision(models.Model):
    """One text of an article, never changed: the database refuses to update its words.

    `sha256` is of `text` in UTF-8; `raw` are the bytes as they came in. All offsets count code points in
    `text`. `blocks`, `dropped` and `sentences` have the shapes of `articles.ingest.model`.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    raw_sha256 = models.CharField(max_length=64)
    raw_name = models.CharField(max_length=300, blank=True)
    blocks = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    received_at = models.DateTimeField(auto_now_add=True)
    # What the extractor wrote down; these may be filled in later, the words above may not change.
    sentences = models.JSONField(default=list)
    attributions = models.JSONField(default=list)
    extractor = models.CharField(max_length=60, blank=True)
    extracted_at = models.DateTimeField(null=True)
    extraction_tries = models.PositiveSmallIntegerField(default=0)
    extraction_error = models.TextField(blank=True)
    # Why the claims are not from where the desk is set to have them from; empty where they are.
    extraction_note = models.TextField(blank=True)
    # Until then somebody is at it, or a service asked us to wait; the sweeper leaves the revision alone.
    extraction_not_before = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["article", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["article", "sha256"], name="revision_text_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                condition=models.Q(extracted_at=None),
                name="revision_to_extract_idx",  # read by the sweeper
            ),
            models.Index(fields=["raw_sha256"], name="revision_raw_idx"),  # read by a bulk run that goes on
        ]

    def __str__(self) -> str:
        return f"{self.article_id}, revision {self.number}"
