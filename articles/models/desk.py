"""The desks of one instance: each article belongs to exactly one."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

# The desk that a migration makes; an instance with one desk never hears of it.
DEFAULT_DESK: Final = 1


class Desk(models.Model):
    """A group of people with articles, sources, scale and rules of their own.

    Roles that people hold as groups count on every desk without a wall; behind a wall only roles given on
    that desk do (see `reviews.policies`).
    """

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=40, unique=True, help_text="Its name in addresses and in the API.")
    walled = models.BooleanField(
        "behind a wall", default=True, help_text="Only people with a role on this desk see what is on it."
    )
    sources = models.ManyToManyField(
        "articles.Source", blank=True, related_name="desks",
        help_text="Sources asked for this desk only. A source that no desk has named is asked for all.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    class Meta:
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name
