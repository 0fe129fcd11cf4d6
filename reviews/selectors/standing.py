"""How far an article is: what is still between its text and a signature. Four queries, however many claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.workflow import ClaimState
from reviews.models import Annotation, LineByLine, SentenceMark
from reviews.selectors.queue import LEAST_PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from articles.models import Article, Revision

# Somebody looked at these, too.
_LOOKED_AT = (ClaimState.DISMISSED, ClaimState.MERGED, ClaimState.SPLIT)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not done yet."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of the current text; `line_by_line` says whether every sentence must be looked at."""

    claims: int
    open: int
    stale: int
    notes: int
    line_by_line: bool
    unmarked: list[Span]
    read: bool

    @property
    def missing(self) -> list[Missing]:
        """Everything that is still to do, in the words of the page."""
        nothing = not self.claims and not self.line_by_line
        found = [
            (not self.read, Missing("unread", _("The text has not been read yet"))),
            (nothing, Missing("nothing", _("No claim is marked: mark one, or go through it line by line"))),
            (
                self.open,
                Missing(
                    "open",
                    ngettext("%(many)s claim still open", "%(many)s claims still open", self.open)
                    % {"many": self.open},
                ),
            ),
            (
                self.stale,
                Missing(
                    "stale",
                    ngettext("%(many)s claim whose words changed", "%(many)s claims whose words changed", self.stale)
                    % {"many": self.stale},
                ),
            ),
            (
                self.notes,
                Missing(
                    "notes",
                    ngettext("%(many)s blocking note to resolve", "%(many)s blocking notes to resolve", self.notes)
                    % {"many": self.notes},
                ),
            ),
            (
                self.unmarked,
                Missing(
                    "lines",
                    ngettext(
                        "%(many)s sentence not looked at", "%(many)s sentences not looked at", len(self.unmarked)
                    )
                    % {"many": len(self.unmarked)},
                ),
            ),
        ]
        return [one for holds, one in found if holds]

    @property
    def ready(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """Why the signature waits, in one line."""
        return "; ".join(one.words for one in self.missing)


def standing_of(article: Article) -> Standing:
    """Where the article's current text stands."""
    revision = article.current
    lines = LineByLine.objects.filter(article=article).exists()
    marked = SentenceMark.objects.filter(revision=revision).values_list("start", "end") if lines else []
    claims = article.claims.order_by().values(*READ)
    return standing_from(
        claims, revision=revision, line_by_line=lines, marked=set(marked), notes=blocking_of(article.pk).count()
    )


# What `standing_from` reads of a claim.
READ = ("state", "priority", "settled", "stale_anchor", "revision_id", "start", "end")


def standing_from(
    claims: Iterable[Mapping[str, Any]], *, revision: Revision | None, line_by_line: bool, marked: set[Span],
    notes: int,
) -> Standing:  # fmt: skip
    """Where a text stands whose claims, marked sentences and blocking notes were read already."""
    rows = list(claims)
    counted = [row for row in rows if counts(row)]
    return Standing(
        claims=len(counted),
        open=sum(not row["settled"] for row in counted),
        stale=sum(row["stale_anchor"] for row in counted),
        notes=notes,
        line_by_line=line_by_line,
        unmarked=_unmarked(rows, revision, marked) if line_by_line and revision else [],
        read=revision is not None and revision.extracted_at is not None,
    )


def counts(row: Mapping[str, Any]) -> bool:
    """Whether a claim counts: somebody confirmed it, or it is a draft worth a decision."""
    if row["state"] == ClaimState.CONFIRMED:
        return True
    return row["state"] == ClaimState.PROPOSED and bool(row["priority"] >= LEAST_PRIORITY)


def blocking_of(article: int | OuterRef) -> QuerySet[Annotation]:
    """The open notes that block an article's signature, wherever in it they hang."""
    of_article = (
        Q(revision__article=article) | Q(claim__article=article) | Q(evidence__claim__article=article)
    )  # fmt: skip
    return Annotation.objects.order_by().filter(of_article, blocking=True, parent=None, resolved_at=None)


def _unmarked(rows: Iterable[Mapping[str, Any]], revision: Revision, marked: set[Span]) -> list[Span]:
    """The sentences of a text that neither a claim nor a mark speaks for."""
    looked_at = [
        (row["start"], row["end"])
        for row in rows
        if row["revision_id"] == revision.pk and (counts(row) or row["state"] in _LOOKED_AT)
    ]
    return [
        (start, end)
        for start, end in revision.sentences
        if (start, end) not in marked and not any(first < end and last > start for first, last in looked_at)
    ]
