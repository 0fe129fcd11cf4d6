"""Filters of the queue under a name."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Desk


class SavedView(models.Model):
    """Of one person, or of a desk for all who read it. `query` is the address of the queue without its path."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=900, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the rail.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, desk=None) | Q(person=None, desk__isnull=False),
                name="saved_view_of_one",
            ),
            # Both are read by whoever draws the rail.
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_of_person_once"),
            models.UniqueConstraint(fields=["desk", "name"], name="saved_view_of_desk_once"),
        ]

    def __str__(self) -> str:
        return self.name
