"""What people type, kept field by field until they send it. Drafts are private; nobody proposes by typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from factcheck.core.errors import Invalid
from reviews.models import Draft
from reviews.selectors.claim_card import by_form

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.models import Claim

# The forms of the desk whose fields are kept, and how much of each at most.
FORMS: Final[dict[str, tuple[str, ...]]] = {
    "verdict": (
        "label",
        "quote_check",
        "summary",
        "rationale",
        "gaps",
        "media_check",
        "media_context",
        "media_original",
    ),
    "reword": ("statement", "speaker"),
    "search": ("words", "loose"),
    "evidence": ("title", "passage", "locator", "url", "publisher", "stance"),
    "bring": ("url", "text"),
    "note": ("body", "blocking", "motivation", "words"),
    "opinion": ("label", "quote_check", "rationale"),
    "changes": ("note",),
    "block": ("wait_kind", "note"),
    "ask": ("kind", "to_name", "to_email", "to_person", "question", "due_at", "wait"),
    "waive": ("reason",),
    "split": ("statements",),
}
# Forms of which a card has several, one a thing: their names end with its key.
OF_THINGS: Final[dict[str, tuple[str, ...]]] = {
    "answer": ("answer", "by_name", "way", "quote"),
    "contact": ("kind", "words"),
    "reply": ("body",),
    "quote": ("passage", "locator", "stance", "title"),
}
LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored now. `conflict` says that it is not what was just sent: another window was there first."""

    text: str
    version: int
    saved_at: datetime
    conflict: bool = False


def draft_save(*, claim: Claim, person: User, form: str, field: str, text: str, seen: int) -> Kept:
    """Keep one field. `seen` is the version this window started from, 0 for none.

    Another version with another text is left as it is and given back as a conflict, so that neither is lost.
    Raises Invalid (draft.bad_name).
    """
    if field not in _fields_of(form):
        raise Invalid("draft.bad_name", name=f"{form}.{field}")
    text, now = text[:LONGEST].replace("\x00", ""), timezone.now()
    key = {"claim": claim, "person": person, "form": form, "field": field}
    with transaction.atomic():
        if seen == 0:
            first = Draft(**key, text=text, version=1, saved_at=now)
            Draft.objects.bulk_create([first], ignore_conflicts=True)
        else:
            Draft.objects.filter(**key, version=seen).update(text=text, version=F("version") + 1, saved_at=now)
        held = Draft.objects.filter(**key).first()
    if held is None:  # sent or thrown away in another window; what is typed here is kept anew
        return draft_save(claim=claim, person=person, form=form, field=field, text=text, seen=0)
    return Kept(held.text, held.version, held.saved_at, conflict=held.text != text)


def _fields_of(form: str) -> tuple[str, ...]:
    name, _, key = form.rpartition("-")
    return OF_THINGS.get(name, ()) if key.isdecimal() else FORMS.get(form, ())


def drafts_discard(*, claim: Claim, person: User, form: str) -> None:
    """The form was sent: what was kept of it has done its work."""
    Draft.objects.filter(claim=claim, person=person, form=form).delete()


def drafts_of(*, claim: Claim, person: User) -> dict[str, dict[str, Draft]]:
    """Everything this person has typed on a claim, by form and field; one query."""
    return by_form(Draft.objects.filter(claim=claim, person=person))
