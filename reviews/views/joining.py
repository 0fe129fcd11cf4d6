"""Claims merged and split on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.core.errors import NotFound
from reviews import access
from reviews.forms import MergeForm, SplitForm
from reviews.services import steps
from reviews.services.draft import drafts_discard
from reviews.services.joining import claim_part, claim_undivide
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked, same_version

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@desk_page
def merge(request: DeskRequest, pk: int) -> HttpResponse:
    """Merge into the claim of this article that has the number; the card of that one is shown then."""
    found = access.claim(request.user, pk)
    values = checked(MergeForm(request.POST))
    same_version(found.version, values["seen_version"])
    into = access.claims(request.user).filter(article=found.article_id, number=int(str(values["number"]))).first()
    if into is None:
        raise NotFound("not_found", what=_("claim of that number"))
    steps.join(claim=found, into=into, actor=request.user, note=str(values["note"]))
    return answer(
        request,
        pk,
        said=_("Claim %(number)s merged into claim %(number2)s.") % {"number": found.number, "number2": into.number},
        undo=True,
        used="merge",
    )


@require_POST
@desk_page
def unmerge(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the claim out again."""
    claim_part(claim=access.claim(request.user, pk), actor=request.user)
    return answer(request, pk, said=_("The claim stands on its own again."))


@require_POST
@desk_page
def split(request: DeskRequest, pk: int) -> HttpResponse:
    """One claim a line."""
    found = access.claim(request.user, pk)
    values = checked(SplitForm(request.POST))
    same_version(found.version, values["seen_version"])
    made = steps.divide(claim=found, statements=str(values["statements"]).splitlines(), actor=request.user)
    drafts_discard(claim=found, person=request.user, form="split")
    numbers = ", ".join(str(one.number) for one in made)
    return answer(
        request,
        pk,
        said=_("Claim %(number)s split into claims %(numbers)s.") % {"number": found.number, "numbers": numbers},
        undo=True,
    )


@require_POST
@desk_page
def unsplit(request: DeskRequest, pk: int) -> HttpResponse:
    """Put the claim together again."""
    claim_undivide(claim=access.claim(request.user, pk), actor=request.user)
    return answer(request, pk, said=_("The claim is one again."))
