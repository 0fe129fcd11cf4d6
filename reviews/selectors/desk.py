"""What the article desk and the claim card show. A constant number of queries, whatever the size of the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Prefetch, Q

from articles.choices import EvidenceState, Reliability, RunState
from articles.models import Article, Claim, ClaimRelation, Evidence, PrefillRun
from articles.workflow import ClaimState
from factcheck.audit.actions import ACTIONS
from factcheck.audit.models import AuditEvent
from reviews import access, shown
from reviews.models import Annotation, Publication, Review, VerdictLabel
from reviews.selectors.queue import (
    LEAST_PRIORITY,
    Person,
    Prefill,
    needs,
    person_shown,
    prefills_of,
    why_words,
    with_work,
)
from reviews.spans import DrawnBlock, Layers, Marked, NoteMark, draw
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Revision

_LISTED: Final = (ClaimState.PROPOSED, ClaimState.CONFIRMED)
_CLOSED: Final = ("approved", "closed")
HISTORY_SIZE: Final = 40
ARTICLES_SIZE: Final = 50


# --- the article ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ClaimMark:
    """One claim in the progress strip."""

    pk: int
    number: int
    state: shown.Shown
    statement: str
    start: int
    end: int
    in_text: bool
    current: bool
    needs_me: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` claims of the article are shown as `state`."""

    state: shown.Shown
    count: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A claim that is not in the strip: put aside, or not worth proposing."""

    pk: int
    number: int
    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleDesk:
    article: Article
    revision: Revision
    blocks: list[DrawnBlock]
    strip: list[ClaimMark]
    aside: list[Aside]
    threads: list[Annotation]
    sentences: int
    selected: int | None

    @property
    def closed(self) -> int:
        return sum(mark.state.key in _CLOSED for mark in self.strip)

    @property
    def tallies(self) -> list[Tally]:
        """What is not closed, by state."""
        order = (shown.WAITING, shown.STALE, shown.REVIEW, shown.CHANGES, shown.IN_PROGRESS, shown.OPEN, shown.DRAFT)
        counts = [Tally(state, sum(mark.state == state for mark in self.strip)) for state in order]
        return [tally for tally in counts if tally.count]


def article_desk(person: User, article: Article, revision: Revision, *, selected: int | None = None) -> ArticleDesk:
    """The text with everything that lies over it; the claim `selected`, else the first that needs the person."""
    values = list(with_work(article.claims.order_by("start", "end", "pk")).values(*_MARKS))
    marks = [_mark(value, revision, person) for value in values if _in_strip(value, selected)]
    chosen = _chosen(marks, selected)
    strip = [_select(mark, chosen) for mark in marks]
    threads = list(_threads(Q(revision=revision)))
    layers = Layers(
        claims=[_marked(mark) for mark in strip if mark.in_text],
        sentences=[(start, end) for start, end in revision.sentences],
        notes=[_note_mark(thread) for thread in threads if thread.start is not None],
        looked_at=revision.extracted_at is not None,
    )
    blocks = [(block["kind"], block["start"], block["end"]) for block in revision.blocks]
    return ArticleDesk(
        article=article,
        revision=revision,
        blocks=draw(revision.text, blocks or [("paragraph", 0, len(revision.text))], layers),
        strip=strip,
        aside=[_aside(value) for value in values if not _in_strip(value, selected)],
        threads=threads,
        sentences=len(revision.sentences),
        selected=chosen,
    )


_MARKS: Final = (
    "pk", "number", "statement", "start", "end", "state", "stale_anchor", "priority", "origin", "dismiss_reason",
    "revision_id", "work__state", "work__assignee", "work__verdict__proposed_by",
)  # fmt: skip


def _in_strip(value: dict[str, Any], selected: int | None) -> bool:
    if value["pk"] == selected or value["state"] == ClaimState.CONFIRMED:
        return True
    return value["state"] == ClaimState.PROPOSED and bool(value["priority"] >= LEAST_PRIORITY)


def _mark(value: dict[str, Any], revision: Revision, person: User) -> ClaimMark:
    state = shown.shown(value["state"], value["work__state"], stale=value["stale_anchor"])
    return ClaimMark(
        pk=value["pk"],
        number=value["number"],
        state=state,
        statement=value["statement"],
        start=value["start"],
        end=value["end"],
        in_text=value["revision_id"] == revision.pk,
        current=False,
        needs_me=needs(person, state, value["work__assignee"], value["work__verdict__proposed_by"]),
    )


def _select(mark: ClaimMark, chosen: int | None) -> ClaimMark:
    if mark.pk != chosen:
        return mark
    return ClaimMark(
        mark.pk, mark.number, mark.state, mark.statement, mark.start, mark.end, mark.in_text, True, mark.needs_me
    )


def _chosen(marks: Sequence[ClaimMark], selected: int | None) -> int | None:
    known = {mark.pk for mark in marks}
    if selected in known:
        return selected
    first = next((mark for mark in marks if mark.needs_me), marks[0] if marks else None)
    return first.pk if first else None


def _marked(mark: ClaimMark) -> Marked:
    return Marked(mark.pk, mark.number, mark.start, mark.end, mark.state, mark.current)


def _note_mark(thread: Annotation) -> NoteMark:
    assert thread.start is not None
    assert thread.end is not None
    return NoteMark(thread.pk, thread.start, thread.end, 1 + len(thread.replies.all()))


def _aside(value: dict[str, Any]) -> Aside:
    reasons = {"proposed": "not worth checking", "merged": "merged", "split": "split"}
    reason = reasons.get(value["state"]) or value["dismiss_reason"].replace("_", " ")
    return Aside(value["pk"], value["number"], value["statement"], reason)


def _threads(condition: Q) -> QuerySet[Annotation]:
    """Threads with their replies, the unresolved ones first."""
    replies = Prefetch("replies", Annotation.objects.order_by("created_at", "pk"))
    found = Annotation.objects.filter(condition, parent=None).prefetch_related(replies)
    return found.order_by("resolved_at", "created_at", "pk")


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article of the list; `closed` of its `claims` are done."""

    article: Article
    claims: int
    closed: int


def article_rows(person: User, *, q: str = "", before: int | None = None) -> tuple[list[ArticleRow], int | None]:
    """Articles with their progress, newest first, and where the next page begins: two queries."""
    found = access.articles(person)
    if q:
        found = found.filter(title__icontains=q)
    if before is not None:
        found = found.filter(pk__lt=before)
    articles = list(found.order_by("-pk").only(*_ARTICLE_FIELDS)[: ARTICLES_SIZE + 1])
    shown_now = articles[:ARTICLES_SIZE]
    counts = _progress(shown_now)
    rows = [ArticleRow(one, *counts.get(one.pk, (0, 0))) for one in shown_now]
    return rows, shown_now[-1].pk if len(articles) > ARTICLES_SIZE else None


_ARTICLE_FIELDS: Final = ("title", "publisher", "state", "published_at", "received_at", "due_at", "dateline_agency")


def _progress(articles: Sequence[Article]) -> dict[int, tuple[int, int]]:
    """Claims worth checking, and those that are done, by article."""
    worth = Q(state=ClaimState.CONFIRMED) | Q(state=ClaimState.PROPOSED, priority__gte=LEAST_PRIORITY)
    counted = (
        with_work(Claim.objects.filter(worth, article__in=articles))
        .order_by()
        .values_list("article")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(work__state__in=_CLOSED)))
    )
    return {article: (n, done) for article, n, done in counted}


# --- one claim ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Choice:
    """A label of the scale in the picker. `colour` is its place among the colours, 1 to 7."""

    label: VerdictLabel
    colour: int
    dots: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Kinship:
    """Another claim of the article that says the same or the contrary."""

    words: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history."""

    at: datetime
    who: str
    did: str
    note: str


@dataclass(frozen=True, slots=True)
class Reason:
    name: str
    words: str
    weight: float
    share: int  # of the strongest, in percent

    @property
    def signed(self) -> str:
        return f"{self.weight:+.2f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one claim that its card shows."""

    claim: Claim
    review: Review | None
    state: shown.Shown
    holder: Person | None
    total: int
    kin: list[Kinship]
    evidence: list[Evidence]
    silent: list[PrefillRun]
    prefill: Prefill
    threads: list[Annotation]
    choices: list[Choice]
    history: list[Happened]
    publication: Publication | None
    newest: int

    @property
    def why(self) -> str:
        return ", ".join(why_words(self.claim.reasons)[:4])

    @property
    def reasons(self) -> list[Reason]:
        return reasons_of(self.claim)

    @property
    def live(self) -> list[Evidence]:
        return [one for one in self.evidence if one.state != EvidenceState.DROPPED]

    @property
    def dropped(self) -> list[Evidence]:
        return [one for one in self.evidence if one.state == EvidenceState.DROPPED]

    @property
    def axis(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.label.value is not None]

    @property
    def off_axis(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.label.value is None]

    @property
    def given(self) -> Choice | None:
        """The verdict that stands, as the picker knows it."""
        verdict = self.review.verdict if self.review else None
        return choice_of(verdict.label, self.choices) if verdict else None


def card(claim: Claim) -> Card:
    """The card of a claim: eight queries."""
    review = (
        Review.objects.select_related("assignee", "verdict__label", "verdict__proposed_by", "verdict__approved_by")
        .filter(claim=claim, active=True)
        .first()
    )
    evidence = list(claim.evidence.select_related("source", "decided_by", "snapshot").defer("snapshot__content"))
    silent = claim.runs.filter(state__in=[RunState.FAILED, RunState.THROTTLED]).select_related("source")
    threads = list(_threads(_notes_of(claim)))
    publication = Publication.objects.filter(claim=claim).first()
    return Card(
        claim=claim,
        review=review,
        state=shown.shown(claim.state, review.state if review else None, stale=claim.stale_anchor),
        holder=person_shown(name_of(review.assignee)) if review and review.assignee else None,
        total=claim.article.claims.count(),
        kin=_kin(claim),
        evidence=evidence,
        silent=list(silent),
        prefill=prefills_of([claim.pk]).get(claim.pk, Prefill()),
        threads=threads,
        choices=scale_choices(),
        history=_history(claim, review, evidence, threads, publication),
        publication=publication,
        newest=max((one.pk for one in evidence), default=0),
    )


def name_of(person: User) -> str:
    return person.get_full_name() or person.get_username()


def _notes_of(claim: Claim) -> Q:
    words = Q(revision=claim.revision_id, start__lt=claim.end, end__gt=claim.start)
    return Q(claim=claim) | words


def _kin(claim: Claim) -> list[Kinship]:
    found = ClaimRelation.objects.filter(Q(claim=claim) | Q(other=claim)).select_related("claim", "other")
    passive = {"contradicts": "contradicted by", "denies": "denied by", "repeats": "repeated in", "same": "same as"}
    active = {"contradicts": "contradicts", "denies": "denies", "repeats": "repeats", "same": "same as"}
    seen: dict[int, Kinship] = {}
    for one in found:
        mine = one.claim_id == claim.pk
        other = one.other if mine else one.claim
        seen.setdefault(other.pk, Kinship((active if mine else passive)[one.kind], other))
    return list(seen.values())


def reasons_of(claim: Claim) -> list[Reason]:
    """The named reasons with their weights, strongest first."""
    most = max((abs(one["weight"]) for one in claim.reasons), default=1) or 1
    ranked = sorted(claim.reasons, key=lambda one: -abs(one["weight"]))
    return [
        Reason(one["name"], one.get("words", ""), one["weight"], round(100 * abs(one["weight"]) / most))
        for one in ranked
    ]


def scale_choices() -> list[Choice]:
    """The labels of the active scale. Colours go by position, never by name: five on the axis, two beside it."""
    labels = list(VerdictLabel.objects.filter(scale__active=True).select_related("scale").order_by("position"))
    return choices_of(labels)


def choices_of(labels: Sequence[VerdictLabel]) -> list[Choice]:
    axis = sorted((label for label in labels if label.value is not None), key=lambda label: label.value or 0)
    rank = {label.pk: place for place, label in enumerate(axis)}
    off = [label.pk for label in labels if label.value is None]
    return [
        Choice(
            label,
            1 + round(4 * rank[label.pk] / max(1, len(axis) - 1))
            if label.pk in rank
            else min(7, 6 + off.index(label.pk)),
            tuple(place == rank.get(label.pk) for place in range(len(axis))),
        )
        for label in labels
    ]


def choice_of(label: VerdictLabel, choices: Sequence[Choice]) -> Choice:
    """The label as a choice; one of a scale that was replaced keeps its name and a neutral colour."""
    return next((choice for choice in choices if choice.label.pk == label.pk), Choice(label, 7, ()))


def _history(
    claim: Claim, review: Review | None, evidence: Iterable[Evidence], threads: Iterable[Annotation],
    publication: Publication | None,
) -> list[Happened]:  # fmt: skip
    told = Q(target_type="articles.claim", target_id=str(claim.pk))
    told |= Q(target_type="articles.evidence", target_id__in=[str(one.pk) for one in evidence])
    told |= Q(target_type="reviews.annotation", target_id__in=[str(one.pk) for one in threads])
    if review is not None:
        told |= Q(target_type="reviews.review", target_id=str(review.pk))
    if publication is not None:
        told |= Q(target_type="reviews.publication", target_id=str(publication.pk))
    found = AuditEvent.objects.filter(told, implied=False).order_by("-sequence")[:HISTORY_SIZE]
    return [Happened(one.at, one.actor_name, ACTIONS.get(one.action, one.action), one.note) for one in found]


def evidence_after(claim: Claim, newest: int) -> list[Evidence]:
    """Evidence that came in since; in the order it came, so that nothing moves."""
    found = claim.evidence.select_related("source", "decided_by", "snapshot").defer("snapshot__content")
    return list(found.filter(pk__gt=newest).order_by("pk"))


def reliability_words(value: int) -> str:
    return Reliability(value).label


# --- second reviews -------------------------------------------------------------------------------------
def second_reviews(person: User) -> list[Review]:
    """Verdicts that wait for a second person, the most urgent first; two queries."""
    found = Review.objects.select_related(
        "claim__article", "verdict__label", "verdict__proposed_by"
    ).filter(active=True, state__in=[ReviewState.PROPOSED, ReviewState.SECOND_REVIEW])  # fmt: skip
    return list(found.filter(claim__in=access.claims(person)).order_by("-claim__priority", "-claim")[:200])


def waiting_for(person: User) -> int:
    """How many second reviews this person could do now, at most 999."""
    found = Review.objects.filter(active=True, state=ReviewState.SECOND_REVIEW).exclude(verdict__proposed_by=person)
    return len(found.values_list("pk", flat=True)[:999])
