"""What people decided about claims, as examples to learn from and as a measure of the scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from articles.choices import ClaimOrigin, DismissReason
from articles.extraction.checkworthy import Model, score_sentence, scored_with
from articles.extraction.training import Example
from articles.models import Claim, Desk
from articles.workflow import ClaimState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

RECENT: Final = 300
_FACTS: Final = frozenset({DismissReason.TRIVIAL, DismissReason.PERSONAL, DismissReason.OUT_OF_SCOPE})
"""Dismissed for these reasons a claim states a fact all the same."""

_SILENT: Final = frozenset({DismissReason.BOILERPLATE})
"""Says something about the page and nothing about the sentence, so nothing is learned from it."""


class Decision(NamedTuple):
    example: Example
    taken_in: datetime


class Month(NamedTuple):
    """Precision: of the claims proposed and decided, the share confirmed. Recall: of those confirmed, the share
    that was proposed and not added by hand. None where there is nothing to divide by."""

    month: date
    proposed: int
    confirmed: int
    added: int

    @property
    def precision(self) -> float | None:
        return self.confirmed / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        whole = self.confirmed + self.added
        return self.confirmed / whole if whole else None


class Measured(NamedTuple):
    """`check_worthy` against decisions: how many, and precision and recall where they can be told."""

    decisions: int
    precision: float | None
    recall: float | None


class Moved(NamedTuple):
    claim: Claim
    before: float
    after: float


def desk_examples(since: datetime | None = None) -> Iterator[Decision]:
    """Every claim a person confirmed, dismissed, reworded or added, in the order they came; twice where reworded.

    What waits, was merged or ended with its article teaches nothing. `since` leaves out claims taken in before.
    """
    rows = Claim.objects.filter(_decided()).order_by("pk")
    if since is not None:
        rows = rows.filter(created_at__gt=since)
    for claim in rows.only("quote", "statement", "state", "dismiss_reason", "created_at").iterator(chunk_size=500):
        worthy = claim.state != ClaimState.DISMISSED
        fact = worthy or claim.dismiss_reason in _FACTS
        for text in dict.fromkeys((claim.quote, claim.statement)):
            yield Decision(Example(text, worthy, fact), claim.created_at)


def desk_months() -> list[Month]:
    """The desk's own decisions by the month the claim was taken in, newest first. One query."""
    machine, confirmed = Q(origin=ClaimOrigin.MACHINE), ~Q(state=ClaimState.DISMISSED)
    rows = (
        Claim.objects.filter(_decided())
        .order_by()
        .annotate(month=TruncMonth("created_at"))
        .values("month")
        .annotate(
            proposed=Count("pk", filter=machine),
            kept=Count("pk", filter=machine & confirmed),
            added=Count("pk", filter=~machine & confirmed),
        )
        .order_by("-month")
    )
    return [Month(row["month"].date(), row["proposed"], row["kept"], row["added"]) for row in rows]


def desk_scorings() -> list[Desk]:
    """All desks in their order, with `own_scoring` where they have a version of their own. One query."""
    return list(Desk.objects.select_related("own_scoring__version").defer("own_scoring__version__parameters"))


def scoring_measured(model: Model, since: datetime | None = None) -> Measured:
    """Precision and recall of `check_worthy` on the desk's decisions on claims taken in after `since`."""
    hit = false = miss = count = 0
    with scored_with(model):
        for decision in desk_examples(since):
            said, wanted = score_sentence(decision.example.text).check_worthy, decision.example.check_worthy
            count += 1
            hit, false, miss = hit + (said and wanted), false + (said and not wanted), miss + (wanted and not said)
    return Measured(count, hit / (hit + false) if hit + false else None, hit / (hit + miss) if hit + miss else None)


def scoring_moves(before: Model, after: Model) -> list[Moved]:
    """Of the newest claims those that only one of two versions calls check-worthy, the furthest moved first."""
    moved = []
    for claim in Claim.objects.filter(article__desk__walled=False).order_by("-pk")[:RECENT]:
        with scored_with(before):
            old = score_sentence(claim.statement)
        with scored_with(after):
            new = score_sentence(claim.statement)
        if old.check_worthy != new.check_worthy:
            moved.append(Moved(claim, old.score, new.score))
    return sorted(moved, key=lambda move: (-abs(move.after - move.before), -move.claim.pk))


def scoring_reasons(model: Model) -> list[str]:
    """The named reasons a person can weigh; the words are one reason together and are not weighed by hand."""
    return sorted(name for name in model.weights if not name.startswith("word:"))


def _decided() -> Q:
    """What is behind a wall teaches nothing: the version would tell the other desks of it."""
    decided = Q(state=ClaimState.CONFIRMED) | Q(state=ClaimState.DISMISSED) & ~Q(dismiss_reason__in=_SILENT)
    return decided & Q(article__desk__walled=False)
