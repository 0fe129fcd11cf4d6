"""Search over everything: what the box at the top of every page leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.views.decorators.http import require_GET

from articles.selectors.fulltext import asked_for
from reviews.selectors.search import KINDS, kind_of, search
from reviews.views.base import DeskRequest, desk_page, number_of, page

if TYPE_CHECKING:
    from django.http import HttpResponse

LONGEST = 200


@require_GET
@desk_page
def results(request: DeskRequest) -> HttpResponse:
    """`?q=` words, `in=` one kind, `after=` the key of the last hit seen; what cannot be read is left out."""
    words = request.GET.get("q", "").strip()[:LONGEST].replace("\x00", "")
    kind = kind_of(request.GET.get("in", ""))
    after = number_of(request.GET.get("after", "")) if kind else None
    asked = asked_for(words)
    sections = search(request.user, asked, kind=kind, after=after)
    context = {
        "words": words, "asked": asked, "kind": kind, "kinds": KINDS, "query": urlencode({"q": words}),
        "sections": [one for one in sections if one.hits], "after": after,
    }  # fmt: skip
    return page(request, "reviews/search.html", context)
