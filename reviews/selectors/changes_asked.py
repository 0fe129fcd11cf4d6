"""What the author of a text is asked to change before publication: accepted edits, and labels with other words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviews.choices import FactLabel
from reviews.models import Annotation, ClaimLabel
from reviews.selectors.sealed import open_to

if TYPE_CHECKING:
    from articles.models import Article


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the text and what is to stand there; `new` is empty for what is to be cut. `start` is its place."""

    start: int
    old: str
    new: str
    why: str
    by: str
    revision: int


def changes_asked(article: Article) -> list[Change]:
    """In the order of the text; two queries."""
    edits = Annotation.objects.filter(revision__article=article, accepted_at__isnull=False, start__isnull=False)
    found = [
        Change(one.start or 0, one.exact, one.body, "", one.accepted_by_name, one.revision.number)
        for one in edits.select_related("revision").defer("revision__text", "revision__raw")
        if one.revision is not None
    ]
    asks = (FactLabel.CONFIRMED_WITH_CHANGE, FactLabel.WRONG_FIXED, FactLabel.WRONG_CUT)
    labels = ClaimLabel.objects.filter(open_to(None), claim__article=article, label__in=asks)
    for one in labels.select_related("claim__revision").defer("claim__revision__text", "claim__revision__raw"):
        why = ". ".join(part for part in (one.get_label_display(), one.note) if part)
        found.append(
            Change(one.claim.start, one.claim.quote, one.words, why, one.set_by_name, one.claim.revision.number)
        )
    return sorted(found, key=lambda one: (one.start, one.old))


def as_text(article: Article, changes: list[Change]) -> str:
    """The list as an author gets it, plain."""
    lines = [article.title, ""]
    for number, one in enumerate(changes, 1):
        lines += [f"{number}. Now: {one.old}", f"   Then: {one.new or '(cut it)'}"]
        lines += [f"   Why: {one.why}"] if one.why else []
        lines += [f"   Asked by {one.by}, revision {one.revision}", ""]
    return "\n".join(lines) if changes else "\n".join([*lines, "Nothing is asked to be changed."])
