"""Earlier reviews decided on in the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.views.decorators.http import require_POST

from reviews import access
from reviews.forms import MatchForm
from reviews.services import steps
from reviews.services.match import match_reopen
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked, same_version

if TYPE_CHECKING:
    from django.http import HttpResponse

_SAID: Final = {
    "accept": "The earlier review is of the same claim.",
    "merge": "One claim now: the earlier verdict answers for both.",
    "reject": "The earlier review is of another claim.",
    "reopen": "The earlier review is a suggestion again.",
}


@require_POST
@desk_page
def match(request: DeskRequest, pk: int) -> HttpResponse:
    """Accept, accept and merge, reject, or decide again."""
    found = access.match(request.user, pk)
    values = checked(MatchForm(request.POST))
    same_version(found.version, values["seen_version"])
    decision = str(values["decision"])
    if decision == "reject":
        steps.match_reject(match=found, actor=request.user)
    elif decision == "reopen":
        match_reopen(match=found, actor=request.user)
    else:
        steps.match_accept(match=found, actor=request.user, merge=decision == "merge")
    undo = decision != "reopen"
    return answer(request, found.claim_id, said=_SAID[decision], text_too=decision == "merge", undo=undo)
