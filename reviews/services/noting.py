"""Notes that came from elsewhere, suggested edits, and people that a note names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Visibility
from articles.models import Article, Claim, Evidence, Revision
from factcheck.audit.services import one_act, person_name, record
from factcheck.core.errors import Invalid, WrongState
from reviews.choices import Motivation, NoticeEvent
from reviews.models import Annotation
from reviews.selectors.sealed import notes_open_to
from reviews.services.annotation import AROUND, Words, annotation_add, annotation_resolve
from reviews.services.claim import claim_put_right
from reviews.services.notice import notify
from reviews.services.transition import require
from reviews.webannotation import Incoming, incoming

if TYPE_CHECKING:
    from collections.abc import Mapping

_MENTION: Final = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
MOST: Final = 1000


def note_write(
    *, target: Revision | Claim | Evidence, actor: User, body: str, words: Words | None = None,
    motivation: str = Motivation.COMMENTING, blocking: bool = False, parent: Annotation | None = None,
) -> Annotation:  # fmt: skip
    """Write a note or reply and tell whom it names with @; raises what `annotation_add` does."""
    with transaction.atomic(), one_act():
        note = annotation_add(
            target=target, actor=actor, body=body, words=words, motivation=motivation, blocking=blocking,
            parent=parent,
        )  # fmt: skip
        named = {name.rstrip(".").casefold() for name in _MENTION.findall(note.body)}
        if named:
            _tell_named(note, target, actor, named)
    return note


def _tell_named(note: Annotation, target: Revision | Claim | Evidence, actor: User, named: set[str]) -> None:
    """Who a note names is told what it says, save where it could give a sealed verdict away."""
    people = [one for one in User.objects.filter(is_active=True) if one.username.casefold() in named]
    tells = notes_open_to(None, Annotation.objects.filter(pk=note.pk)).exists()
    secret = isinstance(target, Evidence) and target.visibility == Visibility.CONFIDENTIAL
    open_words, shut_words = gettext_lazy("{who} mentions you: {note}"), gettext_lazy("{who} mentions you in a note")
    said = open_words if tells and not secret else shut_words
    about = target.claim if isinstance(target, Evidence) else target if isinstance(target, Claim) else target.article
    notify(
        event=NoticeEvent.MENTIONED, people=people, key=f"note:{note.pk}", actor=actor, about=about,
        words=format_lazy(said, who=person_name(actor), note=note.body[:200]),
    )  # fmt: skip


def edit_accept(*, note: Annotation, actor: User) -> None:
    """Accept a suggested edit, and resolve its note. One act.

    On our wording of a claim the words are put in. On words of a text the author is asked to change them: the text is
    theirs (`selectors.changes_asked`).
    Raises Invalid (annotation.no_edit) for what suggests nothing, WrongState (annotation.moved_on) where the words
    have changed since, NotAllowed, and what rewording a claim raises.
    """
    on_words = note.start is not None and note.end is not None and note.evidence_id is None
    if note.motivation != Motivation.EDITING or note.parent_id is not None or not on_words:
        raise Invalid("annotation.no_edit")
    if note.revision is not None:
        return _ask_for(note, note.revision, actor)
    claim = note.claim
    assert claim is not None  # the database wants one of the three
    statement = claim.statement[: note.start] + note.body + claim.statement[note.end :]
    if note.resolved_at is not None or claim.statement[note.start : note.end] != note.exact:
        raise WrongState("annotation.moved_on")
    with transaction.atomic(), one_act():
        claim_put_right(claim=claim, actor=actor, statement=statement)
        annotation_resolve(annotation=note, actor=actor)
    return None


def _ask_for(note: Annotation, revision: Revision, actor: User) -> None:
    require(actor, "edit_claims", "accept edits", revision)
    if note.resolved_at is not None or revision.article.current_id != revision.pk:
        raise WrongState("annotation.moved_on")
    with transaction.atomic(), one_act():
        annotation_resolve(annotation=note, actor=actor)
        Annotation.objects.filter(pk=note.pk).update(accepted_at=timezone.now(), accepted_by_name=person_name(actor))
        note.refresh_from_db()
        record("annotation.accepted", note, actor=actor, after={"old": note.exact, "new": note.body})


@dataclass(frozen=True, slots=True)
class Imported:
    """How many notes came in, how many were there already, and why the others could not."""

    added: int
    known: int
    refused: list[str]


def notes_import(*, article: Article, actor: User, document: Mapping[str, Any]) -> Imported:
    """Take in W3C Web Annotations on the words of an article's current text.

    A place counts where position and quotation agree, else where the quotation stands once, alone or with the words
    around it; anything else is refused with a reason, never put on other words. The same note again adds nothing.
    Raises NotAllowed, Invalid (annotation.bad_document).
    """
    require(actor, "write_notes", _("take in notes"), article)
    revision = article.current
    if revision is None:
        raise Invalid("annotation.bad_document", detail=_("the article has no text yet"))
    notes = incoming(document, most=MOST)
    added, known, refused = 0, 0, []
    with transaction.atomic(), one_act():
        for number, note in enumerate(notes, 1):
            words = place_of(note, revision.text)
            if words is None:
                refused.append(f"Note {number}: its words are not in the text, or not only once")
            elif _is_known(revision, note, words):
                known += 1
            else:
                made = annotation_add(
                    target=revision, actor=actor, body=note.body, words=words, motivation=note.motivation
                )  # fmt: skip
                Annotation.objects.filter(pk=made.pk).update(created_by_name=_named(note, actor))
                added += 1
        record("annotation.imported", article, actor=actor, after={"added": added, "refused": len(refused)})
    return Imported(added, known, refused)


def _named(note: Incoming, actor: User) -> str:
    return f"{note.creator} (by {person_name(actor)})"[:200] if note.creator else person_name(actor)


def _is_known(revision: Revision, note: Incoming, words: Words) -> bool:
    same = Annotation.objects.filter(revision=revision, start=words.start, end=words.end, body=note.body)
    return same.exists()


def place_of(note: Incoming, text: str) -> Words | None:
    """Where the note stands in this text; None where that is not sure."""
    start, end = note.start or 0, note.end or 0
    given = note.start is not None and 0 <= start < end <= len(text)
    if given and text[start:end] == (note.exact or text[start:end]):
        return Words(start, end)
    if not note.exact:
        return None
    starts = [match.start() for match in re.finditer(re.escape(note.exact), text)]
    fitting = [start for start in starts if _fits(note, text, start)] if len(starts) > 1 else starts
    return Words(fitting[0], fitting[0] + len(note.exact)) if len(fitting) == 1 else None


def _fits(note: Incoming, text: str, start: int) -> bool:
    before, behind = text[max(0, start - AROUND) : start], text[start + len(note.exact) :]
    around = bool(note.prefix or note.suffix)
    return around and before.endswith(note.prefix[-AROUND:]) and behind.startswith(note.suffix[:AROUND])
