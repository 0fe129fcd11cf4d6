"""Which articles tell one story."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from articles.models.article import Article


class StoryMark(models.Model):
    """One member of the sketch of an article's current text (see `articles.alike.sketch`)."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    value = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "value"], name="story_mark_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["value", "-article"], name="story_mark_idx")  # read for each text that comes in
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.value}"


class StoryLink(models.Model):
    """`article` and `other` tell one story; `share` of the shorter text is in both. Each pair is here both ways."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "other"], name="story_link_once"),
            models.CheckConstraint(condition=~Q(article=F("other")), name="story_link_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} tells {self.other_id}: {self.share:.0%}"
