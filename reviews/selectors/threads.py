"""Notes with their replies: one query, however many places they are looked for in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from reviews.models import Annotation

if TYPE_CHECKING:
    from articles.models import Revision


def notes_on(claim: int, revision: int, start: int, end: int) -> tuple[Q, ...]:
    """The notes a claim's card shows: those on the claim, on its words, and on its evidence."""
    return Q(claim=claim), Q(revision=revision, start__lt=end, end__gt=start), Q(evidence__claim=claim)


def left_behind(revision: Revision) -> Q:
    """The open notes on words that the article's newest text no longer has, as far as one can tell."""
    return Q(
        revision__article=revision.article_id, revision__number__lt=revision.number, resolved_at=None,
        start__isnull=False,
    )  # fmt: skip


def threads_of(*conditions: Q) -> list[Annotation]:
    """Threads that fit one of the conditions, with their replies: the unresolved ones first, then by age.

    Each condition is asked for on its own, so that the database can use an index for each.
    """
    threads = [Annotation.objects.order_by().filter(one, parent=None) for one in conditions]
    replies = [Annotation.objects.order_by().filter(parent__in=each.values("pk")) for each in threads]
    first, *others = [*threads, *replies]
    found = sorted(first.union(*others), key=lambda note: (note.created_at, note.pk))
    answers: dict[int, list[Annotation]] = {}
    for note in found:
        answers.setdefault(note.parent_id or 0, []).append(note)
    for thread in answers.get(0, []):
        _fill(thread, answers.get(thread.pk, []))
    return sorted(answers.get(0, []), key=lambda note: note.resolved_at is not None)


def _fill(thread: Annotation, replies: list[Annotation]) -> None:
    """Make `thread.replies.all()` give these without a query, the way Django's own prefetching does."""
    kept = thread.replies.all()
    kept._result_cache = replies
    kept._prefetch_done = True  # type: ignore[attr-defined]
    thread._prefetched_objects_cache = {"replies": kept}  # type: ignore[attr-defined]
