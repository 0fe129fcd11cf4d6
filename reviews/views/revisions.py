"""What changed between two revisions of an article, side by side or in one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from articles.anchoring.paragraphs import rows
from factcheck.core.errors import NotFound
from reviews import access
from reviews.views.base import DeskRequest, desk_page, page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from articles.models import Article, Revision


@require_GET
@desk_page
def changes(request: DeskRequest, pk: int) -> HttpResponse:
    """`?from=N&to=N` are numbers of revisions, by default the last two; `?view=inline` shows one text."""
    found = access.article(request.user, pk)
    held = list(found.revisions.defer("raw", "sentences", "attributions", "text").order_by("number"))
    if not held:
        raise NotFound("not_found", what="text")
    new = _revision(found, request.GET.get("to", ""), held[-1].number)
    old = _revision(found, request.GET.get("from", ""), max(held[0].number, new.number - 1))
    told = rows(old.text, new.text)
    context = {
        "article": found, "revisions": held, "old": old, "new": new, "rows": told,
        "inline": request.GET.get("view") == "inline", "changed": sum(row.kind != "same" for row in told),
    }  # fmt: skip
    return page(request, "reviews/changes.html", context)


def _revision(found: Article, given: str, otherwise: int) -> Revision:
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else otherwise
    revision = found.revisions.filter(number=number).first()
    if revision is None:
        raise NotFound("not_found", what="revision")
    return revision
