"""What people type, kept field by field until they send it. Drafts are private; nobody proposes by typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.origins import MOST_APPEARANCES, MOST_CLAIMANTS
from factcheck.core.errors import Invalid
from reviews.models import Draft
from reviews.selectors.claim_card import by_form

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    "ev-note": ("number", "words", "body"),
    "note": ("body", "blocking", "motivation", "words"),
    "opinion": ("label", "quote_check", "rationale"),
    "changes": ("note",),
    "approve": ("note", "override_reason"),
    "block": ("wait_kind", "note"),
    "ask": ("kind", "to_name", "to_email", "to_person", "question", "due_at", "wait"),
    "waive": ("reason",),
    "split": ("statements",),
    "merge": ("number", "note"),
    "dismiss": ("reason", "note"),
    "hand-over": ("assignee", "note"),
    "take-over": ("note",),
    "reopen": ("note",),
    "recuse": ("person", "reason", "whole"),
    "label": ("label", "words", "note"),
    "harm": ("fragmentation", "actionability", "believability", "spread", "exploitation", "reach"),
    "publication-schedule": ("at",),
    "publication-embargo": ("at",),
    "publication-recheck_on": ("at",),
    "publication-tags": ("tags",),
    "publication-correct": ("change", "note"),
    "publication-again": ("note",),
    "publication-stands": ("note",),
    "publication-retract": ("note",),
}
# Forms of which a card has several, one a thing: their names end with its key.
OF_THINGS: Final[dict[str, tuple[str, ...]]] = {
    "answer": ("answer", "by_name", "way", "quote"),
    "contact": ("kind", "words"),
    "reply": ("body",),
    "lift": ("note",),
    "query": ("due_at", "note"),
    # The lines of who made a claim and where it stood; the key counts them, so that no line takes another's place.
    "origins": tuple(
        f"{kind}-{number}-{field}"
        for kind, most, fields in (
            ("claimant", MOST_CLAIMANTS, ("name", "kind", "role", "same_as")),
            (
                "appearance",
                MOST_APPEARANCES,
                (
                    "url",
                    "kind",
                    "title",
                    "publisher",
                    "published_on",
                    "archived_url",
                    "starts_at",
                    "ends_at",
                    "first",
                ),
            ),
        )
        for number in range(most + 1)
        for field in fields
    ),
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


def drafts_keep(*, claim: Claim, person: User, form: str, values: Mapping[str, str]) -> None:
    """Keep what a form was sent with and could not be done with, whatever was kept of it before; it is newer."""
    now, fields = timezone.now(), set(_fields_of(form))
    with transaction.atomic():
        for field in fields & values.keys():
            key = {"claim": claim, "person": person, "form": form, "field": field}
            text = values[field][:LONGEST].replace("\x00", "")
            held = Draft.objects.filter(**key)
            if held.exclude(text=text).update(text=text, version=F("version") + 1, saved_at=now) or not text:
                continue
            Draft.objects.bulk_create([Draft(**key, text=text, version=1, saved_at=now)], ignore_conflicts=True)


def drafts_discard(*, claim: Claim | int, person: User, form: str) -> None:
    """The form was sent: what was kept of it has done its work."""
    Draft.objects.filter(claim=claim, person=person, form=form).delete()


def drafts_of(*, claim: Claim, person: User) -> dict[str, dict[str, Draft]]:
    """Everything this person has typed on a claim, by form and field; one query."""
    return by_form(Draft.objects.filter(claim=claim, person=person))
