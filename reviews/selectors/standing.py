"""How far an article is: what is still between its text and a signature. Five queries, however many claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from articles.models import Claim
from articles.workflow import ClaimState
from reviews.models import Annotation, LineByLine, SentenceMark
from reviews.selectors.queue import LEAST_PRIORITY

if TYPE_CHECKING:
    from articles.models import Article, Revision

Span = tuple[int, int]
# What counts: claims somebody confirmed, and drafts worth a decision.
COUNTED = Q(state=ClaimState.CONFIRMED) | Q(state=ClaimState.PROPOSED, priority__gte=LEAST_PRIORITY)


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
            (not self.read, Missing("unread", "The text has not been read yet")),
            (nothing, Missing("nothing", "No claim is marked: mark one, or go through it line by line")),
            (self.open, Missing("open", f"{_many(self.open, 'claim')} still open")),
            (self.stale, Missing("stale", f"{_many(self.stale, 'claim')} whose words changed")),
            (self.notes, Missing("notes", f"{_many(self.notes, 'blocking note')} to resolve")),
            (self.unmarked, Missing("lines", f"{_many(len(self.unmarked), 'sentence')} not looked at")),
        ]
        return [one for holds, one in found if holds]

    @property
    def ready(self) -> bool:
        return not self.missing

    @property
    def words(self) -> str:
        """Why the signature waits, in one line."""
        return "; ".join(one.words for one in self.missing)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def standing_of(article: Article) -> Standing:
    """Where the article's current text stands."""
    counted = Claim.objects.filter(COUNTED, article=article)
    sums: dict[str, Any] = counted.aggregate(
        claims=Count("pk"), open=Count("pk", filter=Q(settled=False)), stale=Count("pk", filter=Q(stale_anchor=True))
    )
    of_article = Q(revision__article=article) | Q(claim__article=article) | Q(evidence__claim__article=article)
    notes = Annotation.objects.filter(of_article, blocking=True, parent=None, resolved_at=None).distinct().count()
    lines = LineByLine.objects.filter(article=article).exists()
    revision = article.current
    return Standing(
        **sums,
        notes=notes,
        line_by_line=lines,
        unmarked=unmarked_of(revision) if lines and revision else [],
        read=revision is not None and revision.extracted_at is not None,
    )


def unmarked_of(revision: Revision) -> list[Span]:
    """The sentences of a text that neither a claim nor a mark speaks for."""
    marked = set(SentenceMark.objects.filter(revision=revision).values_list("start", "end"))
    counted = COUNTED | Q(state=ClaimState.DISMISSED)  # somebody looked at these, too
    claims = list(Claim.objects.filter(counted, revision=revision).values_list("start", "end"))
    spans = [(start, end) for start, end in revision.sentences]
    return [
        span
        for span in spans
        if span not in marked and not any(start < span[1] and end > span[0] for start, end in claims)
    ]
