"""Ticks through revisions: what was looked at stays so where the words are the same; else a person is asked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.anchoring.sentences import Followed, follow
from articles.models import Article, Revision
from factcheck.audit.services import one_act, record
from factcheck.core.errors import Invalid, WrongState
from reviews.choices import TickDecision, TickKind
from reviews.models import SentenceMark, TickChange, TicksCarried
from reviews.services.signoff import sentence_mark
from reviews.services.transition import require, require_article_not_held

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import User

Span = tuple[int, int]
_ASKED: Final = (TickDecision.CONFIRMED, TickDecision.REOPENED)


def ticks_carry(*, article_id: int) -> int:
    """Take the ticks of an article along into each revision that was read since; returns how many revisions.

    1. The same sentence, surely: ticked by the same person in the new revision.
    2. The same words elsewhere, other words, or none: stored as a change that asks whoever had ticked it.
    3. What nobody has answered by the next revision is asked anew about that one, from the words that were ticked.

    Runs at least once for each revision, and may run twice at the same time.
    """
    done = 0
    with transaction.atomic():
        Article.objects.select_for_update(no_key=True).get(pk=article_id)
        read = Revision.objects.filter(article=article_id, extracted_at__isnull=False).defer("raw", "attributions")
        revisions = list(read.order_by("number"))
        carried = set(TicksCarried.objects.filter(revision__article=article_id).values_list("revision", flat=True))
        latest = max((one.number for one in revisions if one.pk in carried), default=0)
        for before, after in pairwise(revisions):
            if after.pk not in carried:
                if after.number > latest:  # else a later text was read first, and the ticks are there
                    _carry(before, after)
                TicksCarried.objects.create(revision=after)
                done += 1
    return done


def ticks_sweep(*, most: int = 50) -> int:
    """Do again what a worker that died or an absent broker left undone; returns how many articles."""
    ticked = SentenceMark.objects.order_by().values("revision__article")
    waiting = Revision.objects.filter(
        article__in=ticked, number__gt=1, extracted_at__isnull=False, ticks_carried=None
    ).order_by()
    articles = sorted(set(waiting.values_list("article", flat=True)[:most]))
    for pk in articles:
        ticks_carry(article_id=pk)
    return len(articles)


def _carry(before: Revision, after: Revision) -> None:
    ticked = list(SentenceMark.objects.filter(revision=before))
    if ticked:
        _store(after, before, ticked, _followed(before, after))
    waiting = TickChange.objects.filter(revision=before, decision="").select_related("old_revision")
    by_text: dict[int, list[TickChange]] = {}
    for change in waiting:
        by_text.setdefault(change.old_revision_id, []).append(change)
    for changes in by_text.values():
        old = changes[0].old_revision
        as_ticked = [
            SentenceMark(start=one.old_start, end=one.old_end, marked_by=one.person, marked_by_name=one.person_name)
            for one in changes
        ]
        _store(after, old, as_ticked, _followed(old, after))
    waiting.update(decision=TickDecision.OVERTAKEN, decided_at=timezone.now())


def _followed(old: Revision, new: Revision) -> Mapping[Span, Followed]:
    before, after = _spans(old), _spans(new)
    return dict(zip(before, follow(old.text, new.text, before, after), strict=True))


def _spans(revision: Revision) -> list[Span]:
    return sorted((start, end) for start, end in revision.sentences)


def _store(new: Revision, old: Revision, ticked: Iterable[SentenceMark], became: Mapping[Span, Followed]) -> None:
    marks, changes = [], []
    known = set(SentenceMark.objects.filter(revision=new).values_list("start", "end"))
    for tick in ticked:
        one = became.get((tick.start, tick.end), Followed("gone"))
        if one.kind == "kept" and one.span is not None:
            marks.append(_mark(new, tick, one.span))
        elif one.span not in known:  # else somebody has looked at it in the new text already
            changes.append(_change(new, old, tick, one))
    SentenceMark.objects.bulk_create(marks, batch_size=500, ignore_conflicts=True)
    TickChange.objects.bulk_create(changes, batch_size=500, ignore_conflicts=True)


def _mark(new: Revision, tick: SentenceMark, span: Span) -> SentenceMark:
    return SentenceMark(
        revision=new, start=span[0], end=span[1], marked_by=tick.marked_by, marked_by_name=tick.marked_by_name
    )


def _change(new: Revision, old: Revision, tick: SentenceMark, one: Followed) -> TickChange:
    start, end = one.span or (None, None)
    return TickChange(
        revision=new, old_revision=old, old_start=tick.start, old_end=tick.end,
        old_words=old.text[tick.start : tick.end], person=tick.marked_by, person_name=tick.marked_by_name,
        start=start, end=end, words=new.text[start:end] if one.span else "", kind=TickKind(one.kind),
    )  # fmt: skip


def tick_put_back(*, change: TickChange, actor: User, decision: str) -> None:
    """Ask again about a changed sentence that was answered with `decision`; its tick goes with the answer.

    Raises NotAllowed, WrongState (workflow.changed, article.held).
    """
    require(actor, "edit_claims", "mark sentences", change.revision)
    require_article_not_held(change.revision.article_id)
    with transaction.atomic(), one_act():
        opened = TickChange.objects.filter(
            pk=change.pk, decision=decision, decided_by=actor, revision=change.revision.article.current_id
        ).update(decision="", decided_by=None, decided_at=None)  # fmt: skip
        if opened != 1:
            raise WrongState("workflow.changed")
        if decision == TickDecision.CONFIRMED and change.start is not None and change.end is not None:
            ticked = SentenceMark.objects.filter(revision=change.revision, start=change.start, end=change.end)
            ticked.filter(marked_by=actor).delete()
        after = {"revision": change.revision.number, "kind": change.kind, "decision": "", "words": change.words}
        record("article.tick", change.revision.article, actor=actor, before={"decision": decision}, after=after)


def tick_decide(*, change: TickChange, actor: User, decision: str) -> None:
    """Answer one change: `confirmed` ticks the sentence as it stands now, `reopened` leaves it to be looked at.

    What is gone can only be confirmed. Raises NotAllowed, Invalid (tick.bad_decision, tick.gone), WrongState
    (workflow.changed, article.held).
    """
    require(actor, "edit_claims", _("mark sentences"), change.revision)
    if decision not in _ASKED:
        raise Invalid("tick.bad_decision", decision=decision, known=", ".join(_ASKED))
    if decision == TickDecision.REOPENED and change.start is None:
        raise Invalid("tick.gone")
    with transaction.atomic(), one_act():
        closed = TickChange.objects.filter(pk=change.pk, decision="").update(
            decision=decision, decided_by=actor, decided_at=timezone.now()
        )
        if closed != 1:
            raise WrongState("workflow.changed")
        change.refresh_from_db()
        after = {"revision": change.revision.number, "kind": change.kind, "decision": decision, "words": change.words}
        record("article.tick", change.revision.article, actor=actor, before={"words": change.old_words}, after=after)
        if decision == TickDecision.CONFIRMED and change.start is not None and change.end is not None:
            sentence_mark(revision=change.revision, actor=actor, start=change.start, end=change.end)
