"""While people type: drafts field by field, leases, and claims that change hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reviews import access
from reviews.forms import AssignForm, DraftForm, LeaseForm, TakeOverForm, VerdictForm
from reviews.models import Review
from reviews.policies import desk_of, granted
from reviews.selectors.claim_card import LEASED
from reviews.services.draft import draft_save
from reviews.services.lease import lease_ask, lease_move_here, lease_take, review_take_over, session_of
from reviews.services.review import review_perform
from reviews.services.transition import lease_release
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer, presence_of
from reviews.views.claim import checked
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from articles.models import Claim

CONFLICT = 409


@require_POST
@desk_page
def draft(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep one field; 409 with the text that is held if another window was there first.

    A form that is sent here whole (its "Save the draft", without JavaScript) has all its fields kept.
    """
    claim = access.claim(request.user, pk)
    if "save_draft" in request.POST:
        return _save_whole(request, claim)
    values = checked(DraftForm(request.POST))
    kept = draft_save(
        claim=claim, person=request.user, form=str(values["form"]), field=str(values["field"]),
        text=str(values["text"]), seen=int(str(values["seen"] or 0)),
    )  # fmt: skip
    body = {"version": kept.version, "saved_at": kept.saved_at.isoformat(), "text": kept.text}
    return JsonResponse(body, status=CONFLICT if kept.conflict else 200)


def _save_whole(request: DeskRequest, claim: Claim) -> HttpResponse:
    held = {one.field: one.version for one in claim.drafts.filter(person=request.user, form="verdict")}
    for field in VerdictForm.base_fields.keys() - {"seen_version"}:
        draft_save(
            claim=claim, person=request.user, form="verdict", field=field, text=request.POST.get(field, ""),
            seen=held.get(field, 0),
        )  # fmt: skip
    return redirect("reviews:claim", claim.pk)


@require_POST
@desk_page
def lease(request: DeskRequest, pk: int) -> HttpResponse:
    """A key was typed, the window is left, or the person goes on in this one."""
    claim = access.claim(request.user, pk)
    act = checked(LeaseForm(request.POST))["act"]
    session = session_of(request.session.session_key)
    if act == "leave":
        lease_release(claim_id=pk, person=request.user, session=session)
        return HttpResponse(status=204)
    if act == "here":
        lease_move_here(claim=claim, actor=request.user, session=session)
        return answer(request, pk, said=_("You go on here."), text_too=False)
    held = lease_take(claim=claim, actor=request.user, session=session)
    return JsonResponse({"until": held.expires_at.isoformat()})


@require_GET
@desk_page
def presence(request: DeskRequest, pk: int) -> HttpResponse:
    """The line above the claim, asked now and then."""
    claim = access.claim(request.user, pk)
    review = Review.objects.select_related("assignee", *LEASED).filter(claim=claim, active=True).first()
    context = {
        "presence": presence_of(request, review), "claim": claim, "review": review,
        "rights": granted(request.user, desk_of(claim)),
    }  # fmt: skip
    return render(request, "reviews/_presence.html", context)


@require_POST
@desk_page
def ask(request: DeskRequest, pk: int) -> HttpResponse:
    lease_ask(claim=access.claim(request.user, pk), actor=request.user)
    return answer(request, pk, said=_("You have asked to take over."), text_too=False)


@require_POST
@desk_page
def take_over(request: DeskRequest, pk: int) -> HttpResponse:
    values = checked(TakeOverForm(request.POST))
    review_take_over(
        review=access.review(request.user, pk), actor=request.user, note=str(values["note"]),
        seen_version=values["seen_version"],  # type: ignore[arg-type]
    )  # fmt: skip
    said = _("You have this claim. What the other one typed is kept in their drafts.")
    return answer(request, pk, said=said, used="take-over")


@require_POST
@desk_page
def hand_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Give the claim to somebody, with a note for them."""
    values = checked(AssignForm(request.POST))
    person = User.objects.filter(pk=int(str(values["assignee"]))).first()
    review_perform(
        review=access.review(request.user, pk), action=ReviewAction.HAND_OVER, actor=request.user,
        note=str(values["note"]), assignee=person, seen_version=values["seen_version"],  # type: ignore[arg-type]
    )  # fmt: skip
    return answer(request, pk, said=_("Handed over."), used="hand-over")


class LeavingView(LogoutView):
    """Who logs out holds nothing any longer; what they typed is kept."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated:
            lease_release(person=request.user, session=session_of(request.session.session_key))
        return super().post(request, *args, **kwargs)
