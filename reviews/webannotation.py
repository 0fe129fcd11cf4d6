"""Notes as W3C Web Annotations (Data Model, Recommendation of 23 February 2017). Builds dictionaries, asks nothing.

Offsets count code points, as the TextPositionSelector asks; every place is given twice, by position and by quotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reviews.choices import Motivation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviews.models import Annotation

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE: Final = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
# What the body is for, by what the note is for.
_PURPOSE: Final = {Motivation.TAGGING: "tagging", Motivation.EDITING: "editing"}


def collection(notes: Iterable[Annotation], *, base: str, address: str) -> dict[str, Any]:
    """All notes as an AnnotationPage; `base` is the desk's address without a slash at its end."""
    return {
        "@context": CONTEXT, "id": address, "type": "AnnotationPage",
        "items": [annotation(note, base=base) for note in notes],
    }  # fmt: skip


def annotation(note: Annotation, *, base: str) -> dict[str, Any]:
    """One note; a reply has the note it answers as its target."""
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _id(note.pk, base),
        "type": "Annotation",
        "motivation": "replying" if note.parent_id else note.motivation,
        "creator": {"type": "Person", "name": note.created_by_name},
        "created": note.created_at.isoformat(),
        "body": {
            "type": "TextualBody", "value": note.body, "format": "text/plain",
            "purpose": _PURPOSE.get(Motivation(note.motivation), "commenting"),
        },
        "target": _id(note.parent_id, base) if note.parent_id else _target(note, base),
    }  # fmt: skip
    return found


def _id(pk: int | None, base: str) -> str:
    return f"{base}/notes/{pk}/"


def _target(note: Annotation, base: str) -> dict[str, Any]:
    source = {"source": _source(note, base)}
    if note.start is None:
        return source
    quotation = {"type": "TextQuoteSelector", "exact": note.exact, "prefix": note.prefix, "suffix": note.suffix}
    position = {"type": "TextPositionSelector", "start": note.start, "end": note.end}
    return source | {"selector": [position, quotation]}


def _source(note: Annotation, base: str) -> str:
    if note.revision is not None:
        return f"{base}/articles/{note.revision.article_id}/revisions/{note.revision.number}"
    if note.claim_id is not None:
        return f"{base}/claims/{note.claim_id}/"
    return f"{base}/evidence/{note.evidence_id}/"
