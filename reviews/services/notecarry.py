"""Notes through revisions: an open note goes along with its words, by the rules that claims go along by.

Words that are surely the same take their note with them. Where they are not, the note stays with the revision it was
written on, and the desk shows it with the words as they were: it is never put on other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q

from articles.anchoring.reanchor import Anchor, State, reanchor
from articles.models import Article, Revision
from factcheck.audit.services import record
from reviews.models import Annotation
from reviews.services.annotation import AROUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from articles.anchoring.reanchor import Outcome

BATCH: Final = 50


def notes_carry(*, article_id: int) -> int:
    """Take the open notes of an article along into its current text; returns how many moved. May run twice."""
    with transaction.atomic():
        article = (
            Article.objects.select_for_update(of=("self",), no_key=True).select_related("current").get(pk=article_id)
        )
        current = article.current
        if current is None:
            return 0
        waiting = list(
            _behind(Q(revision__article=article)).filter(~Q(looked_in=current) | Q(looked_in=None)).order_by("pk")
        )
        by_text: dict[int, list[Annotation]] = {}
        for note in waiting:
            by_text.setdefault(note.revision_id or 0, []).append(note)
        old = Revision.objects.filter(pk__in=by_text).only("text", "number", "article_id").order_by("number")
        moved = sum(_carry(revision, current, by_text[revision.pk]) for revision in old)
        Annotation.objects.filter(pk__in=[one.pk for one in waiting]).update(looked_in=current)
    return moved


def notes_sweep(*, most: int = BATCH) -> int:
    """Do again what a worker that died or an absent broker left undone; returns how many articles."""
    newest = F("revision__article__current")
    waiting = _behind(Q(revision__article__current__extracted_at__isnull=False))
    waiting = waiting.filter(~Q(looked_in=newest) | Q(looked_in=None))
    articles = sorted(set(waiting.order_by().values_list("revision__article", flat=True)[:most]))
    for pk in articles:
        notes_carry(article_id=pk)
    return len(articles)


def _behind(where: Q) -> QuerySet[Annotation]:
    """The open notes on words of a text that is not the current one."""
    found = Annotation.objects.filter(where, parent=None, resolved_at=None, start__isnull=False)
    return found.exclude(revision__article__current=F("revision"))


def _carry(old: Revision, new: Revision, notes: Sequence[Annotation]) -> int:
    anchors = [Anchor(one.start or 0, one.end or 0, one.exact, one.prefix, one.suffix) for one in notes]
    outcomes = reanchor(old.text, new.text, anchors)
    kept = [(note, one) for note, one in zip(notes, outcomes, strict=True) if one.state is State.KEPT]
    for note, outcome in kept:
        _move(note, old, new, outcome)
    return len(kept)


def _move(note: Annotation, old: Revision, new: Revision, outcome: Outcome) -> None:
    place = {"start": outcome.start, "end": outcome.end}
    around = {
        "prefix": new.text[max(0, outcome.start - AROUND) : outcome.start],
        "suffix": new.text[outcome.end : outcome.end + AROUND],
    }
    Annotation.objects.filter(pk=note.pk).update(revision=new, **place, **around)
    Annotation.objects.filter(parent=note).update(revision=new)
    before = {"revision": old.number, "start": note.start, "end": note.end}
    record(
        "annotation.moved", note, actor=None, before=before, after={"revision": new.number, **place}, implied=True
    )  # fmt: skip
