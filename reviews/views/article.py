"""The article desk: the text with its claims on the left, one claim on the right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.uploads import upload_read
from factcheck.core.errors import Invalid, NotFound
from reviews import access, webannotation
from reviews.choices import Motivation
from reviews.forms import SpanForm, SpanNoteForm
from reviews.selectors import desk
from reviews.selectors.desks import desks_where
from reviews.services.annotation import Words
from reviews.services.article import article_move_desk
from reviews.services.marking import claim_mark
from reviews.services.noting import note_write, notes_import
from reviews.views.base import DeskRequest, desk_page, page
from reviews.views.card import card_context

if TYPE_CHECKING:
    from django.http import HttpResponse

    from articles.models import Article, Revision


@require_GET
@desk_page
def articles(request: DeskRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    q = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    rows, more = desk.article_rows(
        request.user, q=q, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    return page(request, "reviews/articles.html", {"rows": rows, "more": more, "q": q})


@require_GET
@desk_page
def article(request: DeskRequest, pk: int) -> HttpResponse:
    """`?claim=ID` selects a claim; without it the first one that needs the person. For htmx the card alone."""
    wanted = request.GET.get("claim", "")
    selected = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    if request.htmx.target == "claim" and selected is not None:
        return _card_beside(request, pk, selected)
    drawn = desk.article_desk(request.user, pk, selected=selected)
    context: dict[str, Any] = {"desk": drawn, "article": drawn.article, "waiting_reviews": drawn.waiting}
    if drawn.selected is not None:
        context |= card_context(request, drawn.selected, threads=drawn.notes)
    return page(request, "reviews/article.html", context)


def _card_beside(request: DeskRequest, pk: int, selected: int) -> HttpResponse:
    """The card alone, for the strip: the text beside it stays as it is."""
    context = card_context(request, selected)
    if context["card"].claim.article_id != pk:
        raise NotFound("not_found", what="claim")
    return render(request, "reviews/_card.html", context)


@require_POST
@desk_page
def claim_of_words(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a claim of the selected words and open it."""
    found = access.article(request.user, pk)
    form = SpanForm(request.POST)
    if not form.is_valid():
        return _no_selection(request, found)
    span = form.cleaned_data
    claim = claim_mark(
        revision=_same_revision(found, span["revision"]), actor=request.user, start=span["start"], end=span["end"]
    )
    messages.success(request, _("Claim %(number)s added.") % {"number": claim.number})
    return redirect(f"/articles/{pk}/?claim={claim.pk}")


@require_POST
@desk_page
def note_on_words(request: DeskRequest, pk: int) -> HttpResponse:
    """Write a note on the selected words."""
    found = access.article(request.user, pk)
    form = SpanNoteForm(request.POST)
    if not form.is_valid():
        return _no_selection(request, found)
    span = form.cleaned_data
    note_write(
        target=_same_revision(found, span["revision"]), actor=request.user, body=span["body"],
        words=Words(span["start"], span["end"]), blocking=span["blocking"],
        motivation=span["motivation"] or Motivation.COMMENTING,
    )  # fmt: skip
    messages.success(request, _("Note added."))
    claim = request.POST.get("claim", "")
    return redirect(f"/articles/{pk}/?claim={claim}" if claim.isdecimal() else f"/articles/{pk}/")


@require_GET
@desk_page
def notes_export(request: DeskRequest, pk: int) -> HttpResponse:
    """Every note on the article's words, claims and evidence as W3C Web Annotations."""
    found = access.article(request.user, pk)
    base = request.build_absolute_uri("/").rstrip("/")
    page = webannotation.collection(
        desk.article_notes(found, request.user), base=base, address=request.build_absolute_uri()
    )
    return JsonResponse(page, content_type=webannotation.MEDIA_TYPE)


@require_POST
@desk_page
def notes_take_in(request: DeskRequest, pk: int) -> HttpResponse:
    """Notes from a file of W3C Web Annotations."""
    found = access.article(request.user, pk)
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid("annotation.bad_document", detail=_("choose a file first"))
    try:
        document = json.loads(upload_read(upload))
    except (ValueError, RecursionError):
        raise Invalid("annotation.bad_document", detail=_("it is no JSON")) from None
    came = notes_import(article=found, actor=request.user, document=document)
    parts = [
        ngettext("%(many)s note taken in", "%(many)s notes taken in", came.added) % {"many": came.added},
        ngettext("%(many)s was here already", "%(many)s were here already", came.known) % {"many": came.known}
        if came.known
        else "",
        *came.refused[:5],
    ]
    messages.success(request, "; ".join(part for part in parts if part) + ".")
    return redirect("reviews:article", pk)


def _same_revision(found: Article, pk: int) -> Revision:
    """The revision whose words were selected; it may have been replaced since, and still is the right one."""
    revision = found.revisions.filter(pk=pk).first()
    if revision is None:
        raise NotFound("not_found", what=_("text"))
    return revision


def _no_selection(request: DeskRequest, found: Article) -> HttpResponse:
    messages.error(request, _("Select the words in the text first, then write."))
    return redirect("reviews:article", found.pk)


@require_http_methods(["GET", "POST"])
@desk_page
def move_desk(request: DeskRequest, pk: int) -> HttpResponse:
    """Give the article to another desk where the person may assign, too."""
    found = access.article(request.user, pk)
    others = [desk for desk in desks_where(request.user, "assign_reviews") if desk.pk != found.desk_id]
    if request.method == "GET":
        return page(request, "reviews/move_desk.html", {"article": found, "desks": others})
    wanted = next((desk for desk in others if str(desk.pk) == request.POST.get("desk")), None)
    if wanted is None:
        raise NotFound("not_found", what=_("desk"))
    article_move_desk(article=found, desk=wanted, actor=request.user, note=request.POST.get("note", "")[:300])
    messages.success(request, _("The article is on the desk %(name)s now.") % {"name": wanted.name})
    return redirect("reviews:article", pk) if access.articles(request.user).filter(pk=pk).exists() else redirect("/")
