"""Figures of time, of agreement and of subjects; see `selectors.insights`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, TruncMonth
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from articles.workflow import ClaimState
from factcheck.audit.models import AuditEvent
from reviews import shown
from reviews.choices import ChangeType, OpinionKind
from reviews.models import Opinion, PublicationVersion, Review, Verdict
from reviews.selectors.figures import Cell, Figure, newest, share
from reviews.workflow import ENDED, ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviews.selectors.figures import Span

MOST_FOLLOWED: Final = 2_000  # verdicts whose whole way is read
# Work is what one person does with the claim in hand; everything else is waiting for somebody.
_WORKING: Final = frozenset({ReviewState.IN_PROGRESS})
_WAY: Final = (
    ReviewState.QUEUED, ReviewState.IN_PROGRESS, ReviewState.BLOCKED, ReviewState.CHANGES_REQUESTED,
    ReviewState.SECOND_REVIEW,
)  # fmt: skip
Step = tuple[str, datetime, str | None]  # review, moment, the state it came into


def stages(span: Span) -> Figure:
    """Where the time of approved verdicts went: the mean hours of a verdict in each stage, from the trail."""
    judged = Verdict.objects.filter(span.seen("review__claim__article__"), approved_at__gte=span.since)
    keys = judged.order_by("-approved_at").annotate(key=Cast("review_id", CharField())).values("key")
    moved = AuditEvent.objects.filter(target_type=Review._meta.label_lower, target_id__in=keys[:MOST_FOLLOWED])
    steps = moved.order_by("target_id", "sequence").values_list("target_id", "at", "after__state")
    hours, reviews = hours_by_stage(steps)
    rows: list[tuple[Cell, ...]] = []
    for state in _WAY:
        spent = round(hours.get(_word(state), 0.0) / reviews, 1) if reviews else 0.0
        if spent:
            rows.append((_word(state), *((spent, 0.0) if state in _WORKING else (0.0, spent))))
    total, waited = sum(float(row[1]) + float(row[2]) for row in rows), sum(float(row[2]) for row in rows)
    waiting = _("%(share)s %% of the time to a verdict is waiting") % {"share": share(waited, total)}
    finding = waiting if rows else _("No verdict was approved")
    note = _("Mean hours of a verdict in each stage; of at most the newest %(most)s verdicts.")
    return Figure(
        "stages", _("Working and waiting, by stage"), finding, note % {"most": MOST_FOLLOWED},
        (_("Stage"), _("Working h"), _("Waiting h")), rows, (1, 2),
    )  # fmt: skip


def hours_by_stage(steps: Iterable[Step]) -> tuple[dict[str, float], int]:
    """Hours in each stage, and of how many reviews; `steps` stand by review and in the order they happened.

    A step without a state is no move; where it is a review's first one, the review was queued. Time behind a verdict
    that was approved counts for nothing.
    """
    spent: dict[str, float] = {}
    reviews: set[str] = set()
    held: tuple[str, datetime, str] | None = None
    for review, at, state in steps:
        reviews.add(review)
        if held is not None and held[0] == review:
            if state is None:
                continue
            if held[2] not in ENDED:
                word = _word(held[2])
                spent[word] = spent.get(word, 0.0) + (at - held[1]).total_seconds() / 3600
        held = (review, at, state or ReviewState.QUEUED)
    return spent, len(reviews)


def _word(state: str) -> str:
    return str(shown.shown(ClaimState.CONFIRMED, state, stale=False).word)


def blind(span: Span) -> Figure:
    """How far second verdicts that were given blind are from the first ones (`Opinion.steps`)."""
    given = Opinion.objects.filter(
        span.seen("verdict__review__claim__article__"), kind=OpinionKind.SECOND, at__gte=span.since
    )
    told = newest(given, "at").aggregate(
        same=Count("pk", filter=Q(steps=0)),
        near=Count("pk", filter=Q(steps=1)),
        far=Count("pk", filter=Q(steps__gt=1)),
    )
    total = sum(told.values())
    rows: list[tuple[Cell, ...]] = [
        (name, told[key], share(told[key], total))
        for name, key in ((_("The same"), "same"), (_("One step apart"), "near"), (_("Two steps or more"), "far"))
    ]
    finding = _("%(share)s %% of blind second verdicts were the same") % {
        "share": share(told["same"], total)
    } if total else _("No second verdict was given blind")  # fmt: skip
    return Figure(
        "blind", _("First and second verdict, judged blind"), finding, _("Steps on the scale between the two."),
        (_("Distance"), _("Verdicts"), _("Share %")), rows if total else [],
    )  # fmt: skip


def correction_rate(span: Span) -> Figure:
    """Corrections beside first publications, by month."""
    out = PublicationVersion.objects.filter(span.seen("publication__claim__article__"), published_at__gte=span.since)
    counted = (
        newest(out, "published_at").order_by().annotate(month=TruncMonth("published_at", tzinfo=UTC))
        .values_list("month").annotate(
            first=Count("pk", filter=Q(change=ChangeType.FIRST)),
            mended=Count("pk", filter=Q(change=ChangeType.CORRECTION)),
        ).order_by("month")
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (f"{month:%Y-%m}", first, mended, share(mended, first)) for month, first, mended in counted
    ]
    first, mended = sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows)
    finding = _("%(rate)s %% of what was published was corrected") % {
        "rate": number_format(100 * mended / first, 1)
    } if first else _("Nothing was published")  # fmt: skip
    return Figure(
        "correction_rate", _("Corrections, by month"), finding, _("Corrections beside first versions."),
        (_("Month"), _("First versions"), _("Corrections"), _("Rate %")), rows, (1, 2),
    )  # fmt: skip
