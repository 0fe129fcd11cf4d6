"""What a person says about how urgent a claim is, and the lines of its checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.core.errors import Invalid, NotFound
from reviews import access
from reviews.models import Check
from reviews.services.triage import KEYS, check_tick, harm_answer
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@desk_page
def harm(request: DeskRequest, pk: int) -> HttpResponse:
    """The answers as the form has them; an empty one is not answered."""
    answers = {key: _degree(key, request.POST[key]) for key in KEYS if key in request.POST}
    harm_answer(claim=access.claim(request.user, pk), actor=request.user, answers=answers)
    return answer(
        request, pk, said=_("Answers saved. The priority follows in a moment."), text_too=False, used="harm"
    )


def _degree(key: str, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 2:
        raise Invalid("triage.bad_answer", name=key)
    return int(text)


@require_POST
@desk_page
def check(request: DeskRequest, pk: int, check: int) -> HttpResponse:
    """Tick a line of the checklist, or take the tick back."""
    claim = access.claim(request.user, pk)
    line = Check.objects.select_related("claim__article").filter(pk=check, claim=claim).first()
    if line is None:
        raise NotFound("not_found", what=_("line of a checklist"))
    check_tick(check=line, actor=request.user, done="done" in request.POST)
    return answer(request, pk, said=_("Checklist saved."), text_too=False)
