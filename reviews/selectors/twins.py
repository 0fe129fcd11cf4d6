"""A claim that another version of the story has too: where it is, and in whose hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import FilteredRelation, Q

from articles.selectors.alike import twins_in
from reviews import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

# The one that is furthest on is the one to look at.
_FURTHEST: Final = ("closed", "approved", "review", "waiting", "changes", "in-progress", "open", "stale", "draft")
_FIELDS: Final = (
    "claim", "other", "other__number", "other__article", "other__article__title", "other__state",
    "other__stale_anchor", "work__state", "work__assignee__first_name", "work__assignee__last_name",
    "work__assignee__username",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Twin:
    """`holder` is "" while nobody has it."""

    claim: int
    number: int
    article: int
    title: str
    state: shown.Shown
    holder: str

    @property
    def in_hand(self) -> bool:
        """Whether somebody has begun to work on it, or has decided it."""
        return bool(self.holder) or self.state.key not in ("draft", "open", "no-fact")


def twins_shown(claims: Sequence[int]) -> dict[int, list[Twin]]:
    """The twins of each of the claims that has any, the furthest on first; one query, none for no claims."""
    if not claims:
        return {}
    found = twins_in(claims).annotate(
        work=FilteredRelation("other__reviews", condition=Q(other__reviews__active=True))
    )  # fmt: skip
    twins: dict[int, list[Twin]] = {}
    for row in found.order_by("other_id").values(*_FIELDS):
        twins.setdefault(row["claim"], []).append(_twin(row))
    return {claim: sorted(held, key=_place) for claim, held in twins.items()}


def _place(twin: Twin) -> int:
    return _FURTHEST.index(twin.state.key) if twin.state.key in _FURTHEST else len(_FURTHEST)


def _twin(row: dict[str, Any]) -> Twin:
    name = f"{row['work__assignee__first_name'] or ''} {row['work__assignee__last_name'] or ''}".strip()
    return Twin(
        claim=row["other"],
        number=row["other__number"],
        article=row["other__article"],
        title=row["other__article__title"],
        state=shown.shown(row["other__state"], row["work__state"], stale=row["other__stale_anchor"]),
        holder=name or row["work__assignee__username"] or "",
    )
