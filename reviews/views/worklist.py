"""What changed since I ticked it: old beside new, confirmed or reopened with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from articles.choices import MoveDecision
from factcheck.core.errors import WrongState
from reviews import access
from reviews.choices import TickDecision
from reviews.forms import ChangedForm
from reviews.selectors.worklist import worklist
from reviews.services import steps
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse

_SAID: Final = {"confirm": gettext_lazy("Confirmed."), "reopen": gettext_lazy("It is to be looked at again.")}


@require_GET
@desk_page
def changed(request: DeskRequest) -> HttpResponse:
    """`?article=ID` for one article, `?whose=all` for everybody's ticks and verdicts."""
    wanted = request.GET.get("article", "")
    article = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    everybody = request.GET.get("whose") == "all"
    rows = worklist(request.user, article=article, everybody=everybody)
    context = {"rows": rows, "everybody": everybody, "one": article, "count": len(rows)}
    return page(request, "reviews/changed.html", context)


@require_POST
@desk_page
def tick(request: DeskRequest, pk: int) -> HttpResponse:
    """Confirm or reopen a sentence."""
    change = access.tick_change(request.user, pk)
    values = checked(ChangedForm(request.POST))
    confirmed = values["decision"] == "confirm"
    steps.tick(
        change=change, actor=request.user,
        decision=TickDecision.CONFIRMED if confirmed else TickDecision.REOPENED,
    )  # fmt: skip
    return _answer(request, values, undo=True)


@require_POST
@desk_page
def claim(request: DeskRequest, pk: int) -> HttpResponse:
    """Confirm (the new words say the same, or are known to be gone) or reopen (they say something else) a claim."""
    found = access.claim(request.user, pk)
    values = checked(ChangedForm(request.POST))
    if values["seen_version"] not in (None, found.version):
        raise WrongState("workflow.changed")
    move = found.moves.filter(decision="").first()
    confirmed = MoveDecision.SAME if move and move.quote else MoveDecision.GONE
    decision = confirmed if values["decision"] == "confirm" else MoveDecision.EDITED
    return _answer(request, values, undo=steps.follow(claim=found, actor=request.user, decision=decision))


def _answer(request: DeskRequest, values: dict[str, object], *, undo: bool) -> HttpResponse:
    """Back to the list as it was narrowed, at the row behind the one that was answered."""
    messages.success(request, _SAID[str(values["decision"])], extra_tags="undo" if undo else "")
    kept = {name: value for name in ("article", "whose") if (value := values[name])}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{reverse('reviews:changed')}{query}#{values['next'] or ''}")
