"""When a host on the web may be asked next: one row a host, shared by all workers."""

from __future__ import annotations

from django.db import models


class Host(models.Model):
    """The host may be asked again at `free_at`; `planned_until` is the end of the line of those who were put off."""

    name = models.CharField(primary_key=True, max_length=300)
    free_at = models.DateTimeField()
    planned_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
