"""What the world sees: one page a claim for ever, with numbered versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from articles.models import Claim
from reviews.choices import ChangeType
from reviews.models.tag import Tag
from reviews.models.verdict import Verdict
from reviews.workflow import PublicationState

# What the page of corrections lists: every change but the first publication and mended spelling.
CORRECTED = (ChangeType.UPDATE, ChangeType.CLARIFICATION, ChangeType.CORRECTION, ChangeType.RETRACTION)


class Publication(models.Model):
    """The public page of a claim. `slug` never changes."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="publication")
    slug = models.SlugField(max_length=120, unique=True)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in PublicationState],
        default=PublicationState.DRAFT.value, editable=False,
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, editable=False)
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="publications")
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+",
        help_text="Publishes when the time comes, if they still may.",
    )  # fmt: skip
    first_published_at = models.DateTimeField(null=True, editable=False)
    last_published_at = models.DateTimeField(null=True, editable=False)
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="Nothing goes out before.")
    recheck_at = models.DateTimeField(null=True, blank=True, help_text="When to look at it again.")
    recheck_due = models.BooleanField(default=False)
    tags = models.ManyToManyField(Tag, blank=True, related_name="publications")
    # What a list says of it, as JSON without its address; written with each version, so a list makes nothing anew.
    line = models.TextField(null=True, editable=False)  # noqa: DJ001 - null: nothing is out yet

    class Meta:
        ordering: ClassVar = ["-last_published_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["live", "retracted"]) | Q(first_published_at__isnull=False),
                name="publication_live_is_dated",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-last_published_at", "-id"], condition=Q(state="live"), name="publication_feed_idx"
            ),
            models.Index(fields=["-id"], condition=Q(state__in=["live", "retracted"]), name="publication_api_idx"),
            models.Index(fields=["scheduled_for"], condition=Q(state="scheduled"), name="publication_due_idx"),
            models.Index(fields=["recheck_at"], condition=Q(state="live"), name="publication_recheck_idx"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("verdict", args=[self.slug])


class PublicationVersion(models.Model):
    """One published state of the page, as it was sent out; never changed."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=14, choices=ChangeType.choices, default=ChangeType.FIRST)
    note = models.TextField(blank=True)
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="+")
    claimreview = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Which sources had answered by then: {"asked", "answered", "at": ISO or null, "silent": [names]}.
    consulted = models.JSONField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["publication", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "number"], name="publication_version_once"),
            models.CheckConstraint(
                condition=Q(change__in=["first", "refile"]) | ~Q(note=""), name="publication_change_has_note"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(change__in=CORRECTED), name="version_corrections_idx"
            ),
            models.Index(fields=["published_at"], name="version_time_idx"),  # read by the figures of a time
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}, version {self.number}"


class KeptPage(models.Model):
    """A public page as it was last drawn, and what it was drawn from; used only while that still holds.

    Nothing is lost with a row of this table: the page is drawn again.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="kept_pages")
    form = models.CharField(max_length=10)
    drawn_from = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    etag = models.CharField(max_length=40)
    headers = models.TextField()
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "form"], name="kept_page_once"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} as {self.form}"
