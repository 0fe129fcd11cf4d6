"""Keeping a public page that was drawn. Not an act: nothing is lost with a row, so nothing of it is in the trail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import OperationalError

from reviews.models import KeptPage

if TYPE_CHECKING:
    from reviews.models import Publication
    from reviews.selectors.kept import Drawn

logger: Final = logging.getLogger(__name__)


def page_keep(*, publication: Publication, form: str, drawn_from: str, drawn: Drawn) -> None:
    """Keep a page with what it was drawn from, read before it was drawn: a page that was overtaken is never used.

    While the code is worked on (DEBUG) templates change under a running process, so nothing is kept.
    """
    if settings.DEBUG:
        return
    try:
        _keep(publication, form, drawn_from, drawn)
    except OperationalError as error:  # locked, read-only or full: a reader gets the page all the same
        logger.warning("The page %s was not kept: %s", publication.slug, error)


def _keep(publication: Publication, form: str, drawn_from: str, drawn: Drawn) -> None:
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
