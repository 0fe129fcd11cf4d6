"""Deadlines and holds: the time an article spends on hold does not count against whoever has its claims."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from articles.models import Article
from reviews.models import Review
from reviews.services.triage import rank_soon


def deadlines_move(*, most: int = 500) -> int:
    """Move what is due in articles that were on hold by as long as that was; returns how many reviews.

    A review remembers how much of its article's time on hold its deadline has in it, so that this may run twice, and
    late: the difference is added once, by compare-and-set.
    """
    held = Article.objects.filter(held_seconds__gt=0).values("pk")
    behind = Review.objects.filter(active=True, claim__article__in=held).exclude(
        held_seconds=F("claim__article__held_seconds")
    )
    moved = 0
    read = ("pk", "claim", "due_at", "held_seconds", "claim__article__held_seconds")
    for pk, claim, due, had, has in list(behind.order_by("pk").values_list(*read)[:most]):
        later = due + timedelta(seconds=has - had) if due else None
        with transaction.atomic():
            moved += Review.objects.filter(pk=pk, due_at=due, held_seconds=had).update(due_at=later, held_seconds=has)
            rank_soon(Q(pk=claim))
    return moved
