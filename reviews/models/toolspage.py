"""What Google's Fact Check Tools holds of a page, where the desk pushes there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from reviews.choices import PushState
from reviews.models.publication import Publication


class ToolsPage(models.Model):
    """One page as it is, or is to be, at Fact Check Tools.

    `wanted` is the number of the version that should be there, `done` of the one that is. Who holds it until
    `lease_until` carries `token`; what a dead worker held is given out again then.
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="tools_page")
    name = models.CharField(
        max_length=200, blank=True, help_text="Its name there, such as pages/abc; empty where there is none."
    )
    wanted = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=PushState.choices, default=PushState.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    asked_at = models.DateTimeField("last asked", null=True)
    status = models.PositiveSmallIntegerField(
        "last answer", null=True, help_text="The status of HTTP; none where nothing was answered."
    )
    said = models.CharField("what was said", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = "page at Fact Check Tools"
        verbose_name_plural = "pages at Fact Check Tools"
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"], condition=Q(state="queued"), name="tools_page_due_idx"
            ),  # the sweeper
        ]

    def __str__(self) -> str:
        return self.name or f"page {self.publication_id}, not there"
