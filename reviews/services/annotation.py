"""Notes on words of a text, a claim or a piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Claim, Evidence, Revision
from factcheck.audit.services import person_name, record
from factcheck.core.errors import Invalid, WrongState
from reviews.choices import Motivation
from reviews.models import Annotation
from reviews.services.transition import article_reopens, require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AROUND = 32


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of the target's text in code points, end exclusive."""

    start: int
    end: int


def annotation_add(
    *, target: Revision | Claim | Evidence, actor: User, body: str, words: Words | None = None,
    motivation: str = Motivation.COMMENTING, blocking: bool = False, parent: Annotation | None = None,
) -> Annotation:  # fmt: skip
    """Write a note, or a reply to one.

    Raises Invalid (annotation.empty, claim.bad_span) and NotAllowed.
    """
    require(actor, "write_notes", _("write notes"), target)
    if not body.strip():
        raise Invalid("annotation.empty")
    anchor = _anchor(_text_of(target), words) if words else {}
    with transaction.atomic():
        annotation = Annotation.objects.create(
            **{_field_of(target): target},
            **anchor,
            body=body.strip(),
            motivation=motivation,
            blocking=blocking,
            parent=parent,
            created_by=actor,
            created_by_name=person_name(actor),
        )
        if blocking:
            article_reopens(_article_of(target))
        code = "annotation.replied" if parent else "annotation.added"
        record(code, annotation, actor=actor, after={"body": annotation.body, "on": str(target)[:200], **anchor})
    return annotation


def _field_of(target: Revision | Claim | Evidence) -> str:
    return target._meta.model_name or ""


def _article_of(target: Revision | Claim | Evidence) -> int:
    return target.claim.article_id if isinstance(target, Evidence) else target.article_id


def _text_of(target: Revision | Claim | Evidence) -> str:
    if isinstance(target, Revision):
        return target.text
    return target.statement if isinstance(target, Claim) else target.passage


def words_find(*, target: Revision | Claim | Evidence, exact: str, near: Words | None = None) -> Words:
    """Where `exact` stands in the target's text: its one place within `near`, else its only place at all.

    Raises Invalid (annotation.words_not_found) where it stands nowhere or where one cannot tell which is meant.
    """
    exact, text = exact.strip(), _text_of(target)
    for span in filter(None, (near, Words(0, len(text)))):
        part = text[span.start : span.end]
        if exact and part.count(exact) == 1:
            start = span.start + part.index(exact)
            return Words(start, start + len(exact))
    raise Invalid("annotation.words_not_found")


def _anchor(text: str, words: Words) -> dict[str, Any]:
    if not 0 <= words.start < words.end <= len(text):
        raise Invalid("claim.bad_span", start=words.start, end=words.end)
    return {
        "start": words.start,
        "end": words.end,
        "exact": text[words.start : words.end],
        "prefix": text[max(0, words.start - AROUND) : words.start],
        "suffix": text[words.end : words.end + AROUND],
    }


def annotation_resolve(*, annotation: Annotation, actor: User) -> None:
    """Close the thread; raises WrongState if somebody else just did."""
    require(actor, "write_notes", _("resolve notes"), annotation)
    with transaction.atomic():
        done = Annotation.objects.filter(pk=annotation.pk, resolved_at=None).update(
            resolved_at=timezone.now(), resolved_by=actor
        )
        if done != 1:
            raise WrongState("workflow.changed")
        annotation.refresh_from_db()
        record("annotation.resolved", annotation, actor=actor)


def annotation_reopen(*, annotation: Annotation, actor: User) -> None:
    require(actor, "write_notes", "reopen notes", annotation)
    with transaction.atomic():
        done = Annotation.objects.filter(pk=annotation.pk, resolved_at__isnull=False).update(
            resolved_at=None, resolved_by=None, accepted_at=None, accepted_by_name=""
        )
        if done != 1:
            raise WrongState("workflow.changed")
        annotation.refresh_from_db()
        record("annotation.reopened", annotation, actor=actor)
