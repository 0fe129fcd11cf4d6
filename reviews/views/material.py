"""Evidence from an address, a file or a pasted text, on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from articles.uploads import upload_read
from factcheck.core.errors import NotFound
from reviews import access
from reviews.choices import MaterialState
from reviews.forms import BringForm, QuoteForm
from reviews.policies import desk_of, granted
from reviews.services.draft import drafts_discard
from reviews.services.material import Brought, material_bring, material_quote, material_remove
from reviews.views.base import DeskRequest, desk_page
from reviews.views.card import answer
from reviews.views.claim import checked
from reviews.views.pieces import stances

if TYPE_CHECKING:
    from django.http import HttpRequest

_SAID = {
    MaterialState.FETCHING: gettext_noop("The page is being fetched. It stands below the evidence."),
    MaterialState.READ: gettext_noop("Kept. Quote the words that count from it."),
    MaterialState.FAILED: gettext_noop("It could not be read. The reason stands below the evidence."),
}


@require_POST
@desk_page
def bring(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep a page, file or text for a claim."""
    claim = access.claim(request.user, pk)
    values = checked(BringForm(request.POST, request.FILES))
    made = material_bring(claim=claim, actor=request.user, brought=_brought(request, values))
    drafts_discard(claim=claim, person=request.user, form="bring")
    return answer(request, pk, said=_(_SAID[MaterialState(made.state)]), text_too=False)


def _brought(request: HttpRequest, values: dict[str, object]) -> Brought:
    upload = request.FILES.get("file")
    return Brought(
        url=str(values["url"]), text=str(values["text"]), data=upload_read(upload) if upload else b"",
        name=(upload.name or "file") if upload else "",
    )  # fmt: skip


@require_GET
@desk_page
def material(request: DeskRequest, pk: int) -> HttpResponse:
    """One row of the list, asked for every two seconds while it is being fetched; else back to the card."""
    found = access.material(request.user, pk)
    if not request.htmx:
        return redirect(f"/claims/{found.claim_id}/#materials")
    rights = granted(request.user, desk_of(found))
    context = {"material": found, "rights": rights, "stances": stances()}
    return render(request, "reviews/_material.html", context)


@require_GET
@desk_page
def text(request: DeskRequest, pk: int) -> HttpResponse:
    """The kept text, plain and in a sandbox: what quotes are checked against."""
    found = access.material(request.user, pk)
    if found.state != MaterialState.READ:
        raise NotFound("not_found", what="kept text")
    response = HttpResponse(found.text, content_type="text/plain; charset=utf-8")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@desk_page
def quote(request: DeskRequest, pk: int) -> HttpResponse:
    """Make evidence of words that stand in it."""
    found = access.material(request.user, pk)
    values = {name: str(value) for name, value in checked(QuoteForm(request.POST)).items()}
    made = material_quote(material=found, actor=request.user, **values)
    drafts_discard(claim=found.claim, person=request.user, form=f"quote-{found.pk}")
    return answer(
        request, found.claim_id, said=_("Evidence added: %(place)s.") % {"place": made.locator}, text_too=False
    )


@require_POST
@desk_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    found = access.material(request.user, pk)
    material_remove(material=found, actor=request.user)
    return answer(request, found.claim_id, said=_("Put away. What was quoted from it stays."), text_too=False)
