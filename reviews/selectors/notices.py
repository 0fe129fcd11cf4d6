"""The notices of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from reviews.choices import NoticeEvent
from reviews.models import Notice
from reviews.policies import visible
from reviews.selectors.sealed import open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

PAGE_SIZE: Final = 50


def notices_of(person: User) -> QuerySet[Notice]:
    """What this person was told on the page and may still see, the newest first."""
    seen = Q(article=None) | Q(visible(person, "article__"), article__isnull=False)
    return Notice.objects.filter(seen, person=person, shown=True).order_by("-pk")


def notices_page(person: User, *, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of them, and where the next one begins: one query.

    What a note said about a claim is not repeated while the verdict on that claim is sealed from the reader.
    """
    found = notices_of(person) if before is None else notices_of(person).filter(pk__lt=before)
    rows: list[Any] = list(found.annotate(open=open_to(person))[: PAGE_SIZE + 1])
    for row in rows:
        if row.event == NoticeEvent.MENTIONED and not row.open:
            row.words = f"{row.by_name} mentions you in a note"
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None
