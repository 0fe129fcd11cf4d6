"""Outlets that carried a published claim: found, asked to correct, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from factcheck.core.errors import Invalid
from reviews import access
from reviews.forms import FollowUpAddForm, FollowUpAskForm, FollowUpEndForm
from reviews.models import FollowUp, Publication
from reviews.policies import granted
from reviews.selectors.followup import request_words
from reviews.selectors.published import PUBLIC
from reviews.services.followup import PERMISSION, followup_add, followup_ask, followup_end, followups_find
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse


def _publication(request: DeskRequest, pk: int) -> Publication:
    held = Publication.objects.select_related("verdict__label", "claim__article__desk")
    return get_object_or_404(held, claim=access.claim(request.user, pk), state__in=PUBLIC)


@require_safe
@desk_page
def follow_up(request: DeskRequest, pk: int) -> HttpResponse:
    """All outlets of one published claim."""
    publication = _publication(request, pk)
    known = {
        "publication": publication, "rows": list(publication.follow_ups.all()), "now": timezone.now(),
        "may": PERMISSION in granted(request.user, publication.claim.article.desk_id),
        "live": publication.state == "live", "add": FollowUpAddForm(), "request_words": request_words(publication),
        "end": FollowUpEndForm(),
    }  # fmt: skip
    return page(request, "reviews/follow_up.html", known)


@require_POST
@desk_page
def look(request: DeskRequest, pk: int) -> HttpResponse:
    """Note where the desk knows the claim to stand."""
    followups_find(publication=_publication(request, pk), actor=request.user)
    return _back(pk)


@require_POST
@desk_page
def add(request: DeskRequest, pk: int) -> HttpResponse:
    """Note an outlet somebody knows of."""
    values = checked(FollowUpAddForm(request.POST))
    followup_add(
        publication=_publication(request, pk), actor=request.user, outlet=str(values["outlet"]),
        url=str(values["url"]), contact=str(values["contact"]),
    )  # fmt: skip
    return _back(pk)


@require_POST
@desk_page
def act(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask one outlet, or note what came of it."""
    held = FollowUp.objects.select_related("publication__claim__article")
    row = get_object_or_404(held, pk=pk, publication__claim__in=access.claims(request.user))
    if request.POST.get("act") == "ask":
        asked: dict[str, Any] = checked(FollowUpAskForm(request.POST))
        followup_ask(follow_up=row, actor=request.user, **asked)
    elif request.POST.get("act") == "end":
        ended: dict[str, Any] = checked(FollowUpEndForm(request.POST))
        followup_end(follow_up=row, actor=request.user, **ended)
    else:
        raise Invalid("follow_up.bad_act")
    return _back(row.publication.claim_id)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("reviews:follow-up", args=[pk]))
