"""What everybody may follow: published verdicts as rows, and the feed of everything that became of them.

The feed is the outbox itself. Its numbers are given out while the end of the audit trail is locked, so they
stand in the order of the commits (docs/adr/0006); who has read up to a number has missed nothing before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max, OuterRef, Subquery

from factcheck.core.errors import Invalid
from reviews.choices import PUBLIC_EVENTS
from reviews.models import Publication, PublicationVersion, WebhookEvent
from reviews.selectors.published import PUBLIC, absolute
from reviews.workflow import PublicationState

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_VERSION: Final = (
    "pk", "note", "published_at", "verdict__statement", "verdict__speaker", "verdict__summary", "verdict__language",
    "verdict__label__key", "verdict__label__name", "verdict__label__value",
)  # fmt: skip


# --- the feed ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Changes:
    """One part of the feed, oldest first; `since` is what to ask for next, `more` whether there is some already."""

    results: list[dict[str, Any]]
    since: int
    more: bool


def changes_after(since: int, *, limit: int) -> Changes:
    """What became of published verdicts after change number `since`, at most `limit` of it; one or two queries.

    Raises Invalid (changes.ahead) for a number that was never given out: who holds it has read another desk,
    or this one before it was restored, and must begin anew.
    """
    events = WebhookEvent.objects.filter(kind__in=PUBLIC_EVENTS, pk__gt=since).order_by("pk")
    rows = list(events.values_list("pk", "body")[: limit + 1])
    if not rows and since:
        newest = WebhookEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
        if since > newest:
            raise Invalid("changes.ahead", since=since, newest=newest)
    shown = rows[:limit]
    results = [{"sequence": pk, **json.loads(body)} for pk, body in shown]
    return Changes(results, shown[-1][0] if shown else since, more=len(rows) > limit)


def events_newest() -> int:
    """The number of the last change there is, 0 before the first; who has seen it has seen everything."""
    newest: int | None = WebhookEvent.objects.filter(kind__in=PUBLIC_EVENTS).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


# --- verdicts as rows ----------------------------------------------------------------------------------
def verdicts_public() -> Any:  # a queryset of dicts that mypy has no name for
    """Published and retracted verdicts with the number of their newest version, to be paged and filtered."""
    newest = PublicationVersion.objects.filter(publication=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return (
        Publication.objects.filter(state__in=PUBLIC)
        .annotate(newest=Subquery(newest))
        .values("pk", "slug", "state", "first_published_at", "newest")
    )


def verdict_rows(page: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one page as the API shows them; one query however long it is."""
    found = PublicationVersion.objects.filter(pk__in=[row["newest"] for row in page]).values(*_OF_VERSION)
    versions = {version["pk"]: version for version in found}
    return [_row(row, versions[row["newest"]]) for row in page]


def _row(row: dict[str, Any], version: dict[str, Any]) -> dict[str, Any]:
    retracted = row["state"] == PublicationState.RETRACTED
    return {
        "slug": row["slug"],
        "url": absolute(f"/verdicts/{row['slug']}/"),
        "statement": version["verdict__statement"],
        "speaker": version["verdict__speaker"],
        "language": version["verdict__language"] or "en",
        "retracted": retracted,
        "label": "" if retracted else version["verdict__label__name"],
        "label_key": "" if retracted else version["verdict__label__key"],
        "value": None if retracted else version["verdict__label__value"],
        "summary": "" if retracted else version["verdict__summary"],
        "note": version["note"],
        "published_at": row["first_published_at"],
        "changed_at": version["published_at"],
    }
