"""Texts that colleagues ask to have checked: the form, what became of them, and the list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from articles.choices import Mode
from articles.uploads import upload_read
from factcheck.core.errors import NotAllowed
from reviews import access
from reviews.forms import SubmissionForm, attempt
from reviews.policies import desk_of, granted, may, sees
from reviews.selectors.desks import desks_where
from reviews.selectors.submission import status_of, submissions_of
from reviews.services.submission import Asked, Taken, submission_ask
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "POST"])
@desk_page
def submit(request: DeskRequest) -> HttpResponse:
    """Ask to have a text checked: pasted, as a file, or at an address."""
    desks = desks_where(request.user, "ingest")
    if not desks:
        raise NotAllowed(
            "workflow.not_allowed", action=_("hand in articles"), needs=may(request.user, "ingest").needs
        )
    sent = request.method == "POST"
    form = SubmissionForm(request.POST, request.FILES) if sent else SubmissionForm()
    taken = attempt(form, partial(_ask, request, form)) if sent and form.is_valid() else None
    if taken is None:
        context = {"form": form, "desks": desks, "modes": Mode.choices}
        return page(request, "reviews/article_new.html", context, status=422 if sent else 200)
    return _answer(request, taken)


def _ask(request: DeskRequest, form: SubmissionForm) -> Taken:
    given = form.cleaned_data
    upload = given["file"]
    asked = Asked(
        text=given["text"].strip("\r\n"), data=upload_read(upload) if upload else b"",
        name=upload.name if upload else "", url=given["url"], headline=given["headline"], author=given["author"],
        mode=Mode(given["mode"] or Mode.PUBLISHED), due_at=given["due_at"], note=given["note"], desk=given["desk"],
    )  # fmt: skip
    return submission_ask(asked=asked, actor=request.user)


def _answer(request: DeskRequest, taken: Taken) -> HttpResponse:
    """Who works on the desk goes on with the text; everybody else follows what becomes of it."""
    article = taken.submission.article
    if article is None or "read_desk" not in granted(request.user, desk_of(article)):
        messages.success(request, _("The desk has it. Keep this address: it says what became of it."))
        return redirect(taken.submission)
    said = _("The article is in. Its claims appear here as they are found.") if taken.created else (
        _("The desk has exactly this text already. Here it is."))  # fmt: skip
    messages.success(request, said)
    return redirect("reviews:article", article.pk)


@require_GET
@desk_page
def submission(request: DeskRequest, pk: int) -> HttpResponse:
    found = access.submission(request.user, pk)
    status = status_of(found)
    context = {
        "submission": found, "status": status, "steps": status.steps(found.created_at),
        "open": status.key in ("fetching", "received", "in_check"),
        "sees": found.article is not None and sees(request.user, found.article),
    }  # fmt: skip
    return page(request, "reviews/submission.html", context)


@require_GET
@desk_page
def submissions(request: DeskRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    rows, more = submissions_of(request.user, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    return page(request, "reviews/submissions.html", {"rows": rows, "more": more})
