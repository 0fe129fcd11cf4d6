"""What the desk's own figures say: one query a figure (`selectors.figures`), whatever the size of the archive.

Everything goes through `policies.visible`, so that nobody counts what stands behind a wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.choices import DismissReason, RunState
from articles.models import Claim, PrefillRun
from articles.workflow import ArticleState, ClaimState
from reviews import shown
from reviews.choices import ChangeType, FollowUpOutcome
from reviews.models import FollowUp, PublicationVersion, Review, Verdict
from reviews.selectors.figures import Cell, Figure, Span, newest, share
from reviews.selectors.insights_more import blind, correction_rate, stages
from reviews.selectors.queue import LEAST_PRIORITY
from reviews.workflow import ENDED, ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.auth.models import User

PERIODS: Final = (7, 28, 84, 365)
MOST_NAMES: Final = 12
MOST_TIMES: Final = 20_000  # verdicts whose times are read for the median
AGES: Final = (
    (gettext_lazy("under 1 h"), timedelta(hours=1)),
    (gettext_lazy("1 to 4 h"), timedelta(hours=4)),
    (gettext_lazy("4 to 24 h"), timedelta(days=1)),
)
OLD: Final = gettext_lazy("over a day")


def insights(person: User, *, days: int, desk: int | None = None) -> list[Figure]:
    """Every figure of the last `days` days: of one desk, or of all this person reads."""
    span = Span(person, days, timezone.now(), desk)
    return [make(span) for make in _FIGURES.values()]


@dataclass(frozen=True, slots=True)
class Headline:
    """One number on top of the page, and what is to be known of it."""

    name: str
    value: str
    note: str


def headlines(figures: Sequence[Figure]) -> list[Headline]:
    """The numbers of these figures that are asked for first; no query."""
    rows = {one.key: one.rows for one in figures}
    still_open = sum(int(count) for row in rows["open"] for count in row[1:])
    late = sum(int(row[1]) for row in rows["overdue"])
    speed = number_format(float(rows["speed"][-1][1]), 1) if rows["speed"] else "–"
    waited = round(sum(float(row[2]) for row in rows["stages"]), 1)
    spent = round(waited + sum(float(row[1]) for row in rows["stages"]), 1)
    first, mended = (sum(int(row[at]) for row in rows["correction_rate"]) for at in (1, 2))
    same = f"{rows['blind'][0][2]} %" if rows["blind"] else "–"
    hours = {"waited": number_format(waited, 1), "spent": number_format(spent, 1)}
    rate = number_format(100 * mended / first if first else 0, 1)
    return [
        Headline(_("Open now"), str(still_open), _("%(late)s overdue") % {"late": late}),
        Headline(_("Hours to a verdict"), speed, _("median of the last week with one")),
        Headline(
            _("Of a verdict’s time, waiting"), f"{share(waited, spent)} %",
            _("%(waited)s of %(spent)s h on average") % hours,
        ),
        Headline(_("Second verdicts agree"), same, _("judged blind")),
        Headline(
            _("Corrected"), f"{rate} %", _("%(mended)s of %(first)s published") % {"mended": mended, "first": first}
        ),
    ]  # fmt: skip


def figure(person: User, key: str, *, days: int, desk: int | None = None) -> Figure | None:
    """One figure by its name; None for a name that is not known."""
    make = _FIGURES.get(key)
    return make(Span(person, days, timezone.now(), desk)) if make else None


# --- work ------------------------------------------------------------------------------------------------
_OPEN_STATES: Final = (
    ReviewState.QUEUED, ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.CHANGES_REQUESTED,
    ReviewState.BLOCKED, ReviewState.PROPOSED, ReviewState.SECOND_REVIEW,
)  # fmt: skip


def _open(span: Span) -> Figure:
    edges = [span.now - length for _name, length in AGES]
    younger = [Count("pk", filter=Q(changed_at__gt=edge)) for edge in edges]
    counted = (
        Review.objects.filter(span.seen("claim__article__"), active=True).exclude(state__in=sorted(ENDED))
        .order_by().values_list("state").annotate(h1=younger[0], h4=younger[1], h24=younger[2], n=Count("pk"))
    )  # fmt: skip
    sums: dict[str, list[int]] = {}
    for state, h1, h4, h24, count in counted:
        word = str(shown.shown(ClaimState.CONFIRMED, state, stale=False).word)
        held = sums.setdefault(word, [0, 0, 0, 0])
        for place, more in enumerate((h1, h4 - h1, h24 - h4, count - h24)):
            held[place] += more
    order = dict.fromkeys(str(shown.shown(ClaimState.CONFIRMED, state, stale=False).word) for state in _OPEN_STATES)
    drafts = _drafts(span, edges)
    rows: list[tuple[Cell, ...]] = [(str(shown.DRAFT.word), *drafts)] if any(drafts) else []
    rows += [(word, *sums[word]) for word in order if word in sums]
    old = sum(int(row[4]) for row in rows)
    finding = _("Nothing has stood still for more than a day") if rows else _("Nothing is open")
    if old:
        finding = ngettext(
            "%(many)s claim has not moved for more than a day",
            "%(many)s claims have not moved for more than a day", old,
        ) % {"many": old}  # fmt: skip
    return Figure(
        "open", _("Open claims by state and age"), finding,
        _("Claims not closed, by state and by time in that state."),
        (_("State"), *(str(name) for name, _length in AGES), str(OLD)), rows, (1, 2, 3, 4),
    )  # fmt: skip


def _drafts(span: Span, edges: Sequence[datetime]) -> tuple[int, int, int, int]:
    """Drafts worth a decision, by the time since they were found."""
    younger = {f"h{place}": Count("pk", filter=Q(created_at__gt=edge)) for place, edge in enumerate(edges)}
    worth = Claim.objects.filter(
        span.seen("article__"), state=ClaimState.PROPOSED, settled=False, priority__gte=LEAST_PRIORITY
    )
    held = worth.order_by().aggregate(n=Count("pk"), **younger)
    return held["h0"], held["h1"] - held["h0"], held["h2"] - held["h1"], held["n"] - held["h2"]


def _overdue(span: Span) -> Figure:
    late = Review.objects.filter(span.seen("claim__article__"), active=True, due_at__lt=span.now)
    late = late.exclude(claim__article__state=ArticleState.HELD)  # its clock stands still
    counted = (
        late.exclude(state__in=sorted(ENDED)).order_by()
        .values_list("claim__article__title").annotate(n=Count("pk"), first=Min("due_at")).order_by("-n", "first")
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (title, n, f"{first:%Y-%m-%d %H:%M} UTC") for title, n, first in counted[:MOST_NAMES]
    ]
    total = sum(int(row[1]) for row in rows)
    finding = ngettext(
        "%(many)s claim of %(articles)s articles is late",
        "%(many)s claims of %(articles)s articles are late", total,
    ) % {"many": total, "articles": len(rows)} if rows else _("Nothing is overdue")  # fmt: skip
    return Figure(
        "overdue", _("Overdue claims by article"), finding, _("Claims in work whose deadline has passed."),
        (_("Article"), _("Overdue"), _("First deadline")), rows,
    )  # fmt: skip


def _speed(span: Span) -> Figure:
    """Time from the claim's first review to its approved verdict, by week; hours."""
    found = Verdict.objects.filter(
        span.seen("review__claim__article__"), approved_at__gte=span.since
    ).order_by("-approved_at").values_list("approved_at", "review__created_at")  # fmt: skip
    weeks: dict[str, list[float]] = {}
    for approved, created in found[:MOST_TIMES]:
        assert approved is not None  # the filter asked for a time
        weeks.setdefault(f"{approved:%G-W%V}", []).append((approved - created).total_seconds() / 3600)
    rows: list[tuple[Cell, ...]] = [
        (week, round(median(hours), 1), len(hours)) for week, hours in sorted(weeks.items())
    ]
    return Figure(
        "speed", _("Hours from claim to verdict"), _speed_finding(rows), _("Median by week of approval."),
        (_("Week"), _("Median hours"), _("Verdicts")), rows,
    )  # fmt: skip


def _speed_finding(rows: Sequence[tuple[Cell, ...]]) -> str:
    if len(rows) < 2:
        half = _("Half of the verdicts took less than %(hours)s hours")
        return half % {"hours": number_format(float(rows[0][1]), 1)} if rows else _("No verdict was approved")
    first, last = float(rows[0][1]), float(rows[-1][1])
    if first == last:
        return _("Verdicts take %(hours)s hours, as before") % {"hours": number_format(last, 1)}
    sooner, later = (
        _("Verdicts come %(hours)s hours sooner than at first"),
        _("Verdicts come %(hours)s hours later than at first"),
    )
    return (sooner if last < first else later) % {"hours": number_format(abs(first - last), 1)}


# --- what was judged -------------------------------------------------------------------------------------
def _verdicts(span: Span, key: str, title: str, column: str, by: str) -> Figure:
    approved = Verdict.objects.filter(span.seen("review__claim__article__"), approved_at__gte=span.since)
    counted = (
        newest(approved, "approved_at").order_by().values_list(by)
        .annotate(n=Count("pk"), adverse=Count("pk", filter=Q(label__adverse=True))).order_by("-n", by)
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (name or _("Not named"), n - adverse, adverse, share(adverse, n)) for name, n, adverse in counted[:MOST_NAMES]
    ]
    total, first = sum(int(row[1]) + int(row[2]) for row in rows), rows[0] if rows else None
    finding = _("%(name)s: %(share)s %% of the verdicts") % {
        "name": first[0], "share": share(int(first[1]) + int(first[2]), total)
    } if first else _("No verdict was approved")  # fmt: skip
    return Figure(
        key, title, finding, _("Approved verdicts; adverse ones say that the speaker was wrong."),
        (column, _("Not adverse"), _("Adverse"), _("Adverse %")), rows, (1, 2),
    )  # fmt: skip


def _agreement(span: Span) -> Figure:
    """Of the first proposals that were decided: approved as they were, or followed by another proposal."""
    firsts = Verdict.objects.filter(span.seen("review__claim__article__"), number=1, proposed_at__gte=span.since)
    told = newest(firsts, "proposed_at").aggregate(
        kept=Count("pk", filter=Q(approved_at__isnull=False)),
        again=Count("pk", filter=Q(approved_at=None, review__verdicts__number=2)),
    )
    kept, again = told["kept"], told["again"]
    finding = _("%(share)s %% of first proposals were approved as they were") % {
        "share": share(kept, kept + again)
    } if kept + again else _("No first proposal was decided")  # fmt: skip
    return Figure(
        "agreement", _("First proposals and second readers"), finding, _("The first verdict of a claim."),
        (_("Outcome"), _("Verdicts")), [(_("Approved as it was"), kept), (_("Proposed again"), again)],
    )  # fmt: skip


def _dismissals(span: Span) -> Figure:
    aside = Claim.objects.filter(span.seen("article__"), state=ClaimState.DISMISSED, created_at__gte=span.since)
    counted = dict(newest(aside, "created_at").order_by().values_list("dismiss_reason").annotate(n=Count("pk")))
    ranked = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    rows: list[tuple[Cell, ...]] = [(str(DismissReason(reason).label), n) for reason, n in ranked]
    total = sum(counted.values())
    finding = _("%(share)s %% of what was dismissed: %(reason)s") % {
        "share": share(int(rows[0][1]), total), "reason": str(rows[0][0]).lower()
    } if rows else _("Nothing was dismissed")  # fmt: skip
    return Figure(
        "dismissals", _("Dismissed claims by reason"), finding, _("Claims found in this time and put aside."),
        (_("Reason"), _("Claims")), rows,
    )  # fmt: skip


def _corrections(span: Span) -> Figure:
    out = PublicationVersion.objects.filter(span.seen("publication__claim__article__"), published_at__gte=span.since)
    counted = dict(newest(out, "published_at").order_by().values_list("change").annotate(n=Count("pk")))
    rows: list[tuple[Cell, ...]] = [
        (str(change.label), counted[change.value]) for change in ChangeType if change.value in counted
    ]
    first, mended = counted.get(ChangeType.FIRST, 0), counted.get(ChangeType.CORRECTION, 0)
    finding = ngettext(
        "%(many)s correction; first publications: %(first)s",
        "%(many)s corrections; first publications: %(first)s", mended,
    ) % {"many": mended, "first": first} if rows else _("Nothing was published")  # fmt: skip
    return Figure(
        "corrections", _("Versions published, by kind"), finding, _("Versions of public pages."),
        (_("Version"), _("Pages")), rows,
    )  # fmt: skip


def _sources(span: Span) -> Figure:
    asked = PrefillRun.objects.filter(span.seen("claim__article__"), finished_at__gte=span.since)
    counted = (
        newest(asked, "finished_at").order_by().values_list("source__name")
        .annotate(
            hit=Count("pk", filter=Q(state=RunState.OK)), empty=Count("pk", filter=Q(state=RunState.EMPTY)),
            silent=Count("pk", filter=Q(state__in=[RunState.FAILED, RunState.THROTTLED])),
        ).order_by("source__name")
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (name, hit, empty, silent, share(hit, hit + empty)) for name, hit, empty, silent in counted[:MOST_NAMES]
    ]
    best = max(rows, key=lambda row: float(row[4]), default=None)
    finding = _("%(source)s finds something for %(share)s of 100 questions") % {
        "source": best[0], "share": best[4]
    } if best else _("No source was asked")  # fmt: skip
    return Figure(
        "sources", _("Evidence found, by source"), finding,
        _("Questions answered; “not consulted” isn’t “nothing found”."),
        (_("Source"), _("Found something"), _("Nothing found"), _("Not consulted"), _("Hit rate %")), rows, (1, 2, 3),
    )  # fmt: skip


def _follow_up(span: Span) -> Figure:
    asked = FollowUp.objects.filter(span.seen("publication__claim__article__"), asked_at__gte=span.since)
    counted = dict(asked.order_by().values_list("outcome").annotate(n=Count("pk")))
    names = {"": _("Not answered yet"), **dict(FollowUpOutcome.choices)}
    rows: list[tuple[Cell, ...]] = [(str(names[key]), counted[key]) for key in names if key in counted]
    mended = sum(counted.get(one, 0) for one in _MENDED)
    finding = _("%(share)s %% of the outlets asked mended it") % {
        "share": share(mended, sum(counted.values()))
    } if rows else _("Nobody was asked")  # fmt: skip
    return Figure(
        "follow_up", _("Outlets asked to correct"), finding, _("Corrected, added a note, or took it down."),
        (_("Outcome"), _("Outlets")), rows,
    )  # fmt: skip


_MENDED: Final = (FollowUpOutcome.CORRECTED, FollowUpOutcome.NOTED, FollowUpOutcome.TAKEN_DOWN)
_FIGURES: Final[dict[str, Callable[[Span], Figure]]] = {
    "open": _open,
    "overdue": _overdue,
    "speed": _speed,
    "stages": stages,
    "verdicts": lambda span: _verdicts(span, "verdicts", _("Verdicts by label"), _("Label"), "label__name"),
    "speakers": lambda span: _verdicts(span, "speakers", _("Verdicts by speaker"), _("Speaker"), "speaker"),
    "outlets": lambda span: _verdicts(span, "outlets", _("Verdicts by outlet"), _("Outlet"), "carried_by"),
    "topics": lambda span: _verdicts(
        span, "topics", _("Verdicts by subject"), _("Subject"), "review__claim__publication__tags__name"
    ),
    "agreement": _agreement,
    "blind": blind,
    "dismissals": _dismissals,
    "corrections": _corrections,
    "correction_rate": correction_rate,
    "sources": _sources,
    "follow_up": _follow_up,
}
