"""Line-by-line mode, the signature and the backup file of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from factcheck.core.errors import NotFound
from reviews import access
from reviews.forms import LinesForm, SentenceForm, SignOffForm
from reviews.policies import desk_of, granted, wrote
from reviews.selectors import desk
from reviews.selectors.backup import backup_of
from reviews.selectors.standing import standing_of
from reviews.services.signoff import (
    article_sign_off,
    article_sign_off_undo,
    line_by_line_set,
    sentence_mark,
)
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.claim import checked

if TYPE_CHECKING:
    from django.http import HttpResponse

    from articles.models import Article


@require_POST
@desk_page
def lines(request: DeskRequest, pk: int) -> HttpResponse:
    """Begin or end going line by line."""
    on = bool(checked(LinesForm(request.POST))["on"])
    line_by_line_set(article=access.article(request.user, pk), actor=request.user, on=on)
    return redirect(reverse("reviews:article", args=[pk]) + ("#lines" if on else ""))


@require_POST
@desk_page
def sentence(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark one sentence; for htmx the text anew, with what stands above it."""
    found = access.article(request.user, pk)
    values = checked(SentenceForm(request.POST))
    revision = found.revisions.filter(pk=int(str(values["revision"]))).first()
    if revision is None:
        raise NotFound("not_found", what="text")
    start, end, fact = (int(part) for part in str(values["sentence"]).split("-"))
    sentence_mark(revision=revision, actor=request.user, start=start, end=end, has_fact=bool(fact))
    if not request.htmx or found.current is None:
        return redirect("reviews:article", pk)
    rights = granted(request.user, desk_of(found))
    drawn = desk.article_desk(request.user, pk)
    return render(request, "reviews/_sentence_answer.html", {"desk": drawn, "article": found, "rights": rights})


@require_http_methods(["GET", "POST"])
@desk_page
def sign_off(request: DeskRequest, pk: int) -> HttpResponse:
    """What is signed, and what is still in the way; sent, the signature."""
    found = access.article(request.user, pk)
    if request.method == "POST":
        values = checked(SignOffForm(request.POST))
        article_sign_off(article=found, actor=request.user, sha256=str(values["sha256"]), note=str(values["note"]))
        messages.success(request, _("Signed off."))
        return redirect("reviews:article", pk)
    return page(request, "reviews/sign_off.html", _context(request, found))


def _context(request: DeskRequest, found: Article) -> dict[str, Any]:
    return {
        "article": found,
        "revision": found.current,
        "standing": standing_of(found),
        "signatures": found.sign_offs.select_related("revision").order_by("-pk"),
        "author": wrote(request.user, found),
        "rights": granted(request.user, desk_of(found)),
    }


@require_POST
@desk_page
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    found = access.article(request.user, pk)
    article_sign_off_undo(article=found, actor=request.user, note=request.POST.get("note", "")[:4000])
    messages.success(request, _("The signature is taken back. The article is being checked again."))
    return redirect("reviews:article", pk)


@require_GET
@desk_page
def backup(request: DeskRequest, pk: int) -> HttpResponse:
    """Everything the article rests on, on paper: each claim with its verdicts, evidence and notes."""
    found = access.article(request.user, pk)
    context = {"article": found, "revision": found.current, "backup": backup_of(found)}
    return page(request, "reviews/backup.html", context)
