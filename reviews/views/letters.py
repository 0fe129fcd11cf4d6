"""Readers' letters: the two forms and the page where a reader sees how theirs stands. No script, no cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from factcheck.core import limits
from factcheck.core.errors import FactcheckError, TooMany
from reviews.choices import LetterKind
from reviews.forms import LetterForm
from reviews.models import Letter
from reviews.selectors.profile import public_context
from reviews.selectors.published import publication_by_slug
from reviews.services.letter import Written, letter_receive
from reviews.views.public import page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from reviews.models import Publication

# Letters a minute from one address: enough for a family, too few for a machine.
A_MINUTE: Final = 3


@csrf_exempt  # there is no session that another site could borrow
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A reader asks us to check something."""
    return _letter(request, LetterKind.QUESTION, None)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, slug: str) -> HttpResponse:
    """A reader says what is wrong with a check; 404 for a page that is not out."""
    return _letter(request, LetterKind.COMPLAINT, publication_by_slug(slug))


def _letter(request: HttpRequest, kind: LetterKind, about: Publication | None) -> HttpResponse:
    context: dict[str, Any] = {"kind": kind.value, "about": about}
    if request.method != "POST":
        return page(request, "public/letter.html", context | {"form": LetterForm()})
    counted = limits.count("letters", limits.client_address(request), A_MINUTE)
    if counted.exceeded:
        raise TooMany("rate.exceeded", limit=A_MINUTE, seconds=counted.reset)
    form = LetterForm(request.POST)
    token = _receive(form, kind, about) if form.is_valid() else None
    if token is None:
        body = render_to_string("public/letter.html", public_context() | context | {"form": form})
        return HttpResponse(body, status=422, headers={"Cache-Control": "no-store"})
    return HttpResponseRedirect(reverse("letter-status", args=[token]) if token else reverse("letter-thanks"))


def _receive(form: LetterForm, kind: LetterKind, about: Publication | None) -> UUID | str | None:
    """The address of the letter, "" for one that a machine wrote, None where the form says what is wrong."""
    values = form.cleaned_data
    if values.pop("website"):  # no person sees this field; what fills it in is thanked and forgotten
        return ""
    try:
        return letter_receive(Written(kind=kind, publication=about, **values)).token
    except TooMany:
        raise
    except FactcheckError as error:
        form.add_error(None, error.detail)
        return None


@require_safe
def status(request: HttpRequest, token: UUID) -> HttpResponse:
    """How a letter stands; whoever has the address may read it, so it says nothing of who wrote."""
    letter = Letter.objects.select_related("publication__verdict").filter(token=token).first()
    if letter is None:
        raise Http404
    return _private({"letter": letter, "late": not letter.outcome and letter.due_at < timezone.now()})


@require_safe
def thanks(_request: HttpRequest) -> HttpResponse:
    return _private({"letter": None})


def _private(context: dict[str, Any]) -> HttpResponse:
    body = render_to_string("public/letter_status.html", public_context() | context)
    return HttpResponse(body, headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"})
