"""Second and third verdicts, and who keeps out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from factcheck.core.errors import NotFound
from reviews import access
from reviews.forms import LiftForm, OpinionForm, RecuseForm
from reviews.models import Recusal
from reviews.services.opinion import opinion_decide, opinion_give
from reviews.services.recusal import recusal_lift, recuse
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
@desk_page
def opinion(request: DeskRequest, pk: int) -> HttpResponse:
    """Save the second verdict; only then the first one is shown."""
    values = {name: str(value) for name, value in checked(OpinionForm(request.POST)).items()}
    opinion_give(review=access.review(request.user, pk), actor=request.user, **values)
    return answer(request, pk, said=_("Your verdict is saved. Here is the first one."))


@require_POST
@desk_page
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Save the third verdict."""
    values = {name: str(value) for name, value in checked(OpinionForm(request.POST)).items()}
    made = opinion_decide(review=access.review(request.user, pk), actor=request.user, **values)
    same = made.label_id == made.verdict.label_id
    said = (
        _("You agree with the first verdict: it can be approved.")
        if same
        else _("You judge otherwise: ask for changes.")
    )
    return answer(request, pk, said=said)


@require_POST
@desk_page
def recuse_from(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep out of a claim or its article, oneself or, for desk editors, somebody else."""
    claim = access.claim(request.user, pk)
    values = checked(RecuseForm(request.POST))
    wanted = values["person"]
    person = User.objects.filter(pk=wanted).first() if isinstance(wanted, int) else request.user
    if person is None:
        raise NotFound("not_found", what="person")
    recuse(
        article=claim.article, claim=None if values["whole"] else claim, actor=request.user, person=person,
        reason=str(values["reason"]),
    )  # fmt: skip
    said = _("Noted. What was in hand is back in the queue; what was typed is kept.")
    return answer(request, pk, said=said, used="recuse")


@require_POST
@desk_page
def lift(request: DeskRequest, pk: int) -> HttpResponse:
    """Say that a conflict is gone."""
    found = Recusal.objects.select_related("article", "person").filter(
        pk=pk, article__in=access.articles(request.user)
    ).first()  # fmt: skip
    if found is None:
        raise NotFound("not_found", what="conflict")
    values = checked(LiftForm(request.POST))
    recusal_lift(recusal=found, actor=request.user, reason=str(values["note"]))
    return answer(request, int(str(values["claim"])), said=_("The conflict is lifted."), used=f"lift-{pk}")
