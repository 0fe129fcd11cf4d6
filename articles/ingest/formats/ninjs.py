"""ninjs 1.x, 2.x and 3.x: the same story under three generations of names."""

from __future__ import annotations

from typing import Any, Final

from articles.ingest.formats.common import (
    Entry,
    language_code,
    moment,
    people,
    plain,
    text_pieces,
    web_address,
)
from articles.ingest.formats.values import items, text
from articles.ingest.model import Dateline
from articles.ingest.pieces import Piece

WITHDRAWN: Final = frozenset({"canceled", "cancelled", "withheld"})
SIGNS: Final = (
    "headline", "headlines", "bodies", "versioncreated", "versionCreated", "body_text", "body_html", "body_xhtml",
    "pubstatus", "pubStatus",
)  # fmt: skip
# The fields of 1.x that hold the text, the richest first; and the roles of bodies in 2.x and 3.x.
BODIES: Final = ("body_html", "body_xhtml", "body_richtext", "body_text", "description_html", "description_text")
ROLES: Final = ("richtext", "main", "")


def is_ninjs(value: dict[str, Any]) -> bool:
    return isinstance(value.get("uri"), str) and any(name in value for name in SIGNS)


def read_ninjs(item: dict[str, Any], *, url: str) -> Entry:
    """One item, whatever the generation: 3.x writes camelCase, 2.x and 1.x write small letters."""
    uri = text(item.get("uri"))
    version = _first(item, "versionCreated", "versioncreated")
    return Entry(
        title=plain(_headline(item)),
        pieces=_body(item),
        authors=people([_first(item, "by", "byline")]),
        published_at=moment(version or _first(item, "firstCreated", "firstcreated")),
        modified_at=moment(version),
        language=language_code(text(item.get("language"))),
        publisher=_publisher(item),
        dateline=Dateline(_place(item)),
        url=_link(item) or url,
        external_id=uri,
        edition=text(item.get("version")),
        version_at=moment(version),
        summary=_summary(item),
        withdrawn=_first(item, "pubStatus", "pubstatus").lower() in WITHDRAWN,
        embargoed_until=moment(_first(item, "embargoedUntil", "embargoeduntil", "embargoed")),
    )


def _first(item: dict[str, Any], *names: str) -> str:
    return next((said for name in names if (said := text(item.get(name)))), "")


def _headline(item: dict[str, Any]) -> str:
    headlines = items(item.get("headlines") or [])
    main = [found for found in headlines if text(found.get("role")) in {"main", ""}]
    return text((main or headlines)[0].get("value")) if headlines else text(item.get("headline"))


def _body(item: dict[str, Any]) -> tuple[Piece, ...]:
    """The richest body; captions of associated pictures behind it."""
    bodies = {text(body.get("role")): text(body.get("value")) for body in items(item.get("bodies") or [])}
    new = next((bodies[role] for role in ROLES if bodies.get(role)), "") or next(iter(bodies.values()), "")
    return (*text_pieces(new or _first(item, *BODIES)), *_captions(item))


def _summary(item: dict[str, Any]) -> str:
    """What describes the story, where that is not all there is of it."""
    described = items(item.get("descriptions") or [])
    said = text(described[0].get("value")) if described else _first(item, *BODIES[-2:])
    return said if item.get("bodies") or _first(item, *BODIES[:-2]) else ""


def _captions(item: dict[str, Any]) -> list[Piece]:
    """What stands under the pictures. 1.x and 2.x keep associations by name, 3.x in a list."""
    linked = item.get("associations")
    pictures = items(list(linked.values()) if isinstance(linked, dict) else linked or [])
    found = [
        _caption(picture) for picture in pictures if text(picture.get("type")) in {"picture", "graphic", "video"}
    ]
    return [Piece(caption, "caption") for caption in found if caption]


def _caption(picture: dict[str, Any]) -> str:
    descriptions = items(picture.get("descriptions") or [])
    said = (
        text(descriptions[0].get("value"))
        if descriptions
        else _first(picture, "description_text", "description_html")
    )
    return plain(said)


def _publisher(item: dict[str, Any]) -> str:
    sources = items(item.get("infoSources") or item.get("infosources") or item.get("infosource") or [])
    named = next((name for source in sources if (name := text(source.get("name")))), "")
    return named or _first(item, "provider", "copyrightHolder", "copyrightholder", "source")


def _place(item: dict[str, Any]) -> str:
    places = items(item.get("place") or item.get("places") or [])
    return text(item.get("located")) or next((name for place in places if (name := text(place.get("name")))), "")


def _link(item: dict[str, Any]) -> str:
    """An address where the story can be read; uri is one only by chance."""
    links = items(item.get("links") or item.get("altIds") or [])
    found = next((link for entry in links if (link := web_address(text(entry.get("href"))))), "")
    return found or web_address(text(item.get("url")))
