"""What a person did last, and how to take it back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class UndoStep(models.Model):
    """One step somebody can undo. `acts` are the opposite acts in order, in the shapes of `services.undo`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="undo_steps")
    words = models.CharField(max_length=300, help_text="What was done, for the answer when it is undone.")
    acts = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["person", "-id"], name="undo_last_idx")]

    def __str__(self) -> str:
        return self.words
