"""Keeping a public page that was drawn. Not an act: nothing is lost with a row, so nothing of it is in the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from reviews.models import KeptPage

if TYPE_CHECKING:
    from reviews.models import Publication
    from reviews.selectors.kept import Drawn


def page_keep(*, publication: Publication, form: str, drawn_from: str, drawn: Drawn) -> None:
    """Keep a page with what it was drawn from, read before it was drawn: a page that was overtaken is never used.

    While the code is worked on (DEBUG) templates change under a running process, so nothing is kept.
    """
    if settings.DEBUG:
        return
    KeptPage.objects.bulk_create(
        [
            KeptPage(
                publication=publication, form=form, drawn_from=drawn_from, status=drawn.status, etag=drawn.etag,
                headers=drawn.headers, body=drawn.body,
            )
        ],
        update_conflicts=True,
        unique_fields=["publication", "form"],
        update_fields=["drawn_from", "status", "etag", "headers", "body"],
    )  # fmt: skip
