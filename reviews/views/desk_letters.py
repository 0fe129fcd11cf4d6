"""The desk's worklist of readers' letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from factcheck.core.errors import NotAllowed
from reviews import access
from reviews.forms import LetterActForm
from reviews.policies import LETTER_RIGHTS, granted
from reviews.services.letter import LETTERS_FOR, letter_answer, letter_set_aside, letter_take
from reviews.views.base import DeskRequest, desk_page, number_of, page
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse

PAGE_LENGTH: Final = 50


@require_GET
@desk_page
def letters(request: DeskRequest) -> HttpResponse:
    """What readers wrote: open ones by when they are due, or those that ended, newest first."""
    if not LETTER_RIGHTS & granted(request.user):
        raise NotAllowed("workflow.not_allowed", action=_("read letters"), needs=LETTERS_FOR)
    ended, after = request.GET.get("ended") == "1", number_of(request.GET.get("page", "")) or 1
    found = access.letters(request.user).select_related("taken_by", "publication__verdict")
    rows = found.exclude(outcome="").order_by("-ended_at", "-pk") if ended else found.filter(outcome="").order_by(
        "due_at", "pk"
    )  # fmt: skip
    start = (min(after, 10_000) - 1) * PAGE_LENGTH
    shown = list(rows[start : start + PAGE_LENGTH + 1])
    context = {
        "rows": shown[:PAGE_LENGTH], "next": after + 1 if len(shown) > PAGE_LENGTH else None, "ended": ended,
        "now": timezone.now(), "section": "letters",
    }  # fmt: skip
    return page(request, "reviews/letters.html", context)


@require_GET
@desk_page
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    context = {"letter": access.letter(request.user, pk), "now": timezone.now(), "section": "letters"}
    return page(request, "reviews/letter.html", context)


@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """Take it, answer it, or set it aside."""
    found, values = access.letter(request.user, pk), checked(LetterActForm(request.POST))
    seen = values["seen_version"]
    assert seen is None or isinstance(seen, int)
    if values["act"] == "take":
        letter_take(letter=found, actor=request.user, seen_version=seen)
        said = _("You have this letter.")
    elif values["act"] == "answer":
        letter_answer(letter=found, actor=request.user, answer=str(values["words"]), seen_version=seen)
        said = _("Answered.")
    else:
        letter_set_aside(letter=found, actor=request.user, note=str(values["words"]), seen_version=seen)
        said = _("Set aside.")
    messages.success(request, said)
    return redirect(found)
