"""Where the versions of a page are, in the terms of Memento (RFC 7089)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from reviews.selectors.published import absolute, publication_url

if TYPE_CHECKING:
    from reviews.models import Publication, PublicationVersion


def memento_url(publication: Publication, version: PublicationVersion) -> str:
    return absolute(reverse("verdict-version", args=[publication.slug, version.number]))


def memento_links(publication: Publication) -> str:
    """The Link header by which a client finds the original, the TimeGate and the TimeMap."""
    gate, times = (absolute(reverse(f"verdict-{name}", args=[publication.slug])) for name in ("timegate", "timemap"))
    return (
        f'<{publication_url(publication)}>; rel="original", <{gate}>; rel="timegate", '
        f'<{times}>; rel="timemap"; type="application/link-format"'
    )
