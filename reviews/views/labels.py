"""Facts of the desk's own texts, what their author is asked to change, and notes on evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from factcheck.core.errors import Invalid
from reviews import access
from reviews.citations import numbered
from reviews.forms import EvidenceNoteForm, LabelForm
from reviews.selectors.changes_asked import as_text, changes_asked
from reviews.services.annotation import words_find
from reviews.services.label import label_set
from reviews.services.noting import note_write
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked

if TYPE_CHECKING:
    from typing import Any


@require_POST
@desk_page
def label(request: DeskRequest, pk: int) -> HttpResponse:
    """Say what became of the fact."""
    values: dict[str, Any] = dict(checked(LabelForm(request.POST)))
    made = label_set(
        claim=access.claim(request.user, pk), actor=request.user, label=values["label"], words=values["words"],
        note=values["note"], seen_version=values["seen_version"],
    )  # fmt: skip
    return answer(
        request,
        pk,
        said=_("Labelled: %(label)s.") % {"label": made.get_label_display()},
        text_too=False,
        used="label",
    )


@require_GET
@desk_page
def changes(request: DeskRequest, pk: int) -> HttpResponse:
    """What the author is asked to change, as plain text to send along."""
    found = access.article(request.user, pk)
    response = HttpResponse(as_text(found, changes_asked(found)), content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@desk_page
def evidence_note(request: DeskRequest, pk: int) -> HttpResponse:
    """A note on a piece of evidence, or on words of its passage."""
    claim = access.claim(request.user, pk)
    values = checked(EvidenceNoteForm(request.POST))
    numbers = numbered(claim.evidence.values_list("pk", flat=True))
    found = next((key for key, number in numbers.items() if number == values["number"]), None)
    if found is None:
        raise Invalid(
            "review.gate", detail=_("there is no evidence with the number %(number)s.") % {"number": values["number"]}
        )
    target, exact = access.evidence(request.user, found), str(values["words"])
    words = words_find(target=target, exact=exact) if exact else None
    note_write(target=target, actor=request.user, body=str(values["body"]), words=words)
    return answer(request, pk, said=_("Note added."), text_too=False, used="ev-note")
