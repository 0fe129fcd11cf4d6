"""Words readers find and follow checks by. They file a page and judge nothing, so they may change at any time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Tag(models.Model):
    """One subject. `slug` is its name in addresses and feeds; two spellings with one slug are one tag."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
