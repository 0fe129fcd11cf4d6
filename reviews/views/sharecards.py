"""The picture of a check for the places where its address is shared, one a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from factcheck.core.open import open_to_all
from reviews import sharecard
from reviews.selectors.profile import desk_name, profile
from reviews.selectors.published import publication_by_slug
from reviews.selectors.versions import version_of
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from django.http import HttpRequest

_DAY = "public, max-age=86400, stale-while-revalidate=604800"


@open_to_all
@require_safe
def share_card(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Version `number` as a PNG; of a retracted page only that it was retracted. 404 for what is not out."""
    publication = publication_by_slug(slug)
    verdict, of = version_of(publication, number).verdict, profile()
    retracted = publication.state == PublicationState.RETRACTED
    etag = f'"{publication.version}.{number}.{of.version}"'
    known = get_conditional_response(request, etag=etag)
    if known is None:
        card = sharecard.Card(
            statement=verdict.statement,
            label="Retracted" if retracted else verdict.label.name,
            place=7 if retracted else verdict.label.position,
            desk=desk_name(of),
            speaker=verdict.speaker,
            note="" if retracted else verdict.summary,
        )
        known = HttpResponse(sharecard.draw(card), content_type="image/png")
    known["ETag"], known["Cache-Control"] = etag, _DAY
    return known
