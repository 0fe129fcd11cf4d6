"""Notes as W3C Web Annotations (Data Model, Recommendation of 23 February 2017). Asks nothing.

Offsets count code points, as the TextPositionSelector asks; every place is given twice, by position and by quotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from factcheck.core.errors import Invalid
from reviews.choices import Motivation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


# --- reading --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Incoming:
    """A note as somebody else's program wrote it. Places count code points; each part may be missing."""

    body: str
    motivation: str
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    creator: str = ""


LONGEST: Final = 10_000
_MOTIVATIONS: Final = {one.value for one in Motivation}


def incoming(document: Mapping[str, Any], *, most: int) -> list[Incoming]:
    """The notes of an Annotation, an AnnotationPage or an AnnotationCollection with its first page inside.

    Replies are left out: they stand on notes, not on words. Raises Invalid (annotation.bad_document).
    """
    if not isinstance(document, dict):
        raise _bad("it is no JSON object")
    kind = document.get("type")
    if kind == "AnnotationCollection" and isinstance(document.get("first"), dict):
        document, kind = document["first"], "AnnotationPage"
    items = document.get("items") if kind == "AnnotationPage" else [document] if kind == "Annotation" else None
    if not isinstance(items, list):
        raise _bad("its type must be Annotation, AnnotationPage or AnnotationCollection")
    if len(items) > most:
        raise _bad(f"it has more than {most} notes")
    return [_incoming(one, number) for number, one in enumerate(items, 1) if not _is_reply(one)]


def _bad(detail: str) -> Invalid:
    return Invalid("annotation.bad_document", detail=detail)


def _is_reply(one: Any) -> bool:
    return isinstance(one, dict) and one.get("motivation") == "replying"


def _incoming(one: Any, number: int) -> Incoming:
    if not isinstance(one, dict) or one.get("type") != "Annotation":
        raise _bad(f"note {number} is no Annotation")
    body = _body(one)
    if not body or len(body) > LONGEST:
        raise _bad(f"note {number} has no words, or more than {LONGEST} characters")
    motivation = one.get("motivation")
    motivation = motivation[0] if isinstance(motivation, list) and motivation else motivation
    creator = one.get("creator")
    return Incoming(
        body=body, motivation=motivation if motivation in _MOTIVATIONS else Motivation.COMMENTING.value,
        creator=_text(creator.get("name")) if isinstance(creator, dict) else "", **_selected(one.get("target")),
    )  # fmt: skip


def _body(one: Mapping[str, Any]) -> str:
    if isinstance(one.get("bodyValue"), str):
        return _text(one["bodyValue"])
    bodies = one.get("body")
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if isinstance(body, dict) and body.get("type") == "TextualBody":
            return _text(body.get("value"))
    return ""


def _text(value: Any) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _selected(target: Any) -> dict[str, Any]:
    """Of the selectors the two that this desk knows; all of them must select the same words."""
    target = target[0] if isinstance(target, list) and target else target
    selectors = target.get("selector") if isinstance(target, dict) else None
    found: dict[str, Any] = {}
    for one in selectors if isinstance(selectors, list) else [selectors]:
        if not isinstance(one, dict):
            continue
        kind = one.get("type")
        if kind == "TextQuoteSelector":
            # The quotation itself is taken as it stands, spaces at its ends included.
            found |= {name: one[name] for name in ("exact", "prefix", "suffix") if isinstance(one.get(name), str)}
        elif kind == "TextPositionSelector":
            found |= {name: one[name] for name in ("start", "end") if type(one.get(name)) is int}
    return found
