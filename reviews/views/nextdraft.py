"""The next draft: pasted, compared, and only then taken in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.uploads import upload_read
from factcheck.core.errors import NotAllowed, NotFound
from reviews import access
from reviews.forms import NextDraftForm, attempt
from reviews.policies import desk_of, may
from reviews.services.nextdraft import draft_check, draft_take
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from articles.models import Article


@require_http_methods(["GET", "POST"])
@desk_page
def next_draft(request: DeskRequest, pk: int) -> HttpResponse:
    """A GET shows the text to be edited; `act=compare` says what would happen, `act=take` lets it happen."""
    found = access.article(request.user, pk)
    decision = may(request.user, "ingest", desk_of(found))
    if not decision.allowed:
        raise NotAllowed("workflow.not_allowed", action=_("hand in the next draft"), needs=decision.needs)
    if found.current is None:
        raise NotFound("not_found", what="text")
    context: dict[str, Any] = {"article": found, "base": found.current.sha256, "text": found.current.text}
    if request.method == "GET":
        return page(request, "reviews/next_draft.html", context)
    form = NextDraftForm(request.POST, request.FILES)
    done = attempt(form, partial(_act, request, found, form)) if form.is_valid() else None
    if done is True:
        messages.success(request, _("The draft is in as the next revision. What changed is worked out now."))
        return redirect("reviews:article", pk)
    # What was typed stays as it was typed; of a file, what was read out of it.
    text = done.text if done and request.FILES else str(form["text"].value() or "")
    context |= {"form": form, "report": done, "text": text, "sent": True}
    return page(request, "reviews/next_draft.html", context, status=200 if done else 422)


def _act(request: DeskRequest, found: Article, form: NextDraftForm) -> Any:
    """True where the draft was taken in, else the report."""
    given = form.cleaned_data
    upload = given["file"]
    data, name = (upload_read(upload), upload.name) if upload else (given["text"].encode(), "draft.txt")
    if given["act"] == "take":
        draft_take(article=found, actor=request.user, data=data, name=name, base=given["base"])
        return True
    return draft_check(article=found, actor=request.user, data=data, name=name)
