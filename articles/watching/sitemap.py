"""Sitemaps (sitemaps.org 0.9) with Google's news extension; an index is followed one level down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from articles.ingest.formats.common import moment, web_address
from articles.ingest.formats.xml_tree import below, child, children, local, parse_xml, text_of
from articles.watching.base import MAX_LISTING, Found, Look, digest, look_of
from factcheck.core.errors import Invalid

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from articles.watching.base import Asking, Place

ACCEPTED: Final = ("application/*", "text/xml", "text/plain", "*/*+xml")
MOST_MAPS: Final = 5
"""Maps of an index that are read: those changed last."""


class SitemapWatch:
    label = gettext_noop("Sitemap")

    def look(self, http: Asking, place: Place) -> Look:
        response = http.get(
            place.url, accept=ACCEPTED, max_bytes=MAX_LISTING, etag=place.etag, modified=place.modified
        )
        if response.not_modified:
            return look_of(response, ())
        root = parse_xml(response.content)
        found = _stories(root, place.url)
        if local(root) == "sitemapindex":
            for url in _maps(root, response.url):
                part = http.get(url, accept=ACCEPTED, max_bytes=MAX_LISTING)
                found += _stories(parse_xml(part.content), url)
        elif local(root) != "urlset":
            raise Invalid("article.no_story", format=f"XML ({local(root)})", known="urlset, sitemapindex")
        return look_of(response, sorted(found, key=lambda one: _stamp(one.changed_at), reverse=True))


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _maps(index: Element, base: str) -> list[str]:
    """The maps of this host that changed last."""
    host = urlsplit(base).hostname
    listed = [(_stamp(moment(text_of(child(one, "lastmod")))), text_of(child(one, "loc"))) for one in index]
    own = [(at, url) for at, url in listed if web_address(url) and urlsplit(url).hostname == host]
    return [url for _date, url in sorted(own, key=lambda pair: -pair[0])[:MOST_MAPS]]


def _stories(root: Element, base: str) -> list[Found]:
    """The pages of the map's own host: a map speaks for no other."""
    host = urlsplit(base).hostname
    listed = (_story(one) for one in children(root, "url"))
    return [one for one in listed if one.url and urlsplit(one.url).hostname == host]


def _story(place: Element) -> Found:
    url = web_address(text_of(child(place, "loc")))
    news = next(below(place, "news"), None)
    published = moment(text_of(child(news, "publication_date")))
    changed = moment(text_of(child(place, "lastmod"))) or published
    return Found(
        key=url, url=url, title=text_of(child(news, "title")), fingerprint=digest(str(changed)),
        published_at=published or changed, changed_at=changed,
    )  # fmt: skip
