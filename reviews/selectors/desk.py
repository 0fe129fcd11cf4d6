"""What the article desk shows, and the lists of articles and second reviews. A constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from articles.anchoring.wording import gist
from articles.choices import Visibility
from articles.models import Article, Claim
from articles.selectors.alike import same_stories
from articles.workflow import ArticleState, ClaimState
from factcheck.core.beside import Beside, beside
from factcheck.core.errors import NotFound
from reviews import access, shown
from reviews.models import Annotation, Review, SentenceMark, SignOff, Submission
from reviews.policies import visible
from reviews.selectors.queue import COUNT_LIMIT, LEAST_PRIORITY, CountUpTo, with_work
from reviews.selectors.queue_rows import needs
from reviews.selectors.sealed import notes_open_to, without_sealed
from reviews.selectors.standing import Standing, blocking_of, standing_from
from reviews.selectors.submission import asked_for
from reviews.selectors.threads import left_behind, notes_on, threads_of
from reviews.selectors.worklist import ticks_changed, verdicts_changed
from reviews.spans import DrawnBlock, Layers, Marked, NoteMark, draw
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Revision

_CLOSED: Final = ("approved", "closed")
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
class Arrived:
    """What the newest revision did to the claims: `followed` went along, `changes` and `orphans` need a look."""

    followed: int
    changes: list[tuple[int, str, str]]  # the claim, and the words that differ: old, new
    orphans: list[int]

    @property
    def unsure(self) -> int:
        return len(self.changes) + len(self.orphans)

    @property
    def first(self) -> int:
        """The first claim to look at."""
        return self.changes[0][0] if self.changes else self.orphans[0]


@dataclass(frozen=True, slots=True)
class SameStory:
    """Another article with the same story; `share` of the shorter text is in both."""

    other_id: int
    share: float
    title: str
    by: str
    agency: str

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class ArticleDesk:
    article: Article
    revision: Revision
    blocks: list[DrawnBlock]
    strip: list[ClaimMark]
    aside: list[Aside]
    threads: list[Annotation]
    behind: list[Annotation]  # open ones whose words are not in this text
    notes: list[Annotation]  # those of the text, and those of the claim that is chosen
    sentences: int
    selected: int | None
    waiting: int  # second reviews this person could do
    stories: list[SameStory] = field(default_factory=list)
    arrived: Arrived | None = None
    standing: Standing | None = None
    signed: SignOff | None = None

    @property
    def signed_now(self) -> bool:
        """Whether the text that is shown is the one that was signed, and nothing was reopened since."""
        done = self.article.state in (ArticleState.SIGNED_OFF, ArticleState.RELEASED)
        return done and self.signed is not None and self.signed.revision_id == self.revision.pk

    @property
    def closed(self) -> int:
        return sum(mark.state.key in _CLOSED for mark in self.strip)

    @property
    def tallies(self) -> list[Tally]:
        """What is not closed, by state."""
        order = (shown.WAITING, shown.STALE, shown.REVIEW, shown.CHANGES, shown.IN_PROGRESS, shown.OPEN, shown.DRAFT)
        counts = [Tally(state, sum(mark.state == state for mark in self.strip)) for state in order]
        return [tally for tally in counts if tally.count]


def article_desk(person: User, pk: int, *, selected: int | None = None) -> ArticleDesk:
    """The text with everything that lies over it; the claim `selected`, else the first that needs the person.

    Three queries. Raises NotFound for what this person may not see, and where there is no text.
    """
    article: Any = access.article(person, pk, **_beside(person))
    revision: Revision | None = article.current
    if revision is None:
        raise NotFound("not_found", what="text")
    values = list(_claims_of(article))
    marks = [_mark(value, revision, person) for value in values if _in_strip(value, selected)]
    chosen = _chosen(marks, selected)
    strip = [_select(mark, chosen) for mark in marks]
    notes = without_sealed(
        person,
        threads_of(Q(revision=revision), left_behind(revision), *_notes_of(values, chosen)),
        _sealed(values, person),
    )
    threads = [note for note in notes if note.revision_id == revision.pk]
    behind = [note for note in notes if note.revision_id and note.revision_id != revision.pk]
    standing = standing_from(
        values, revision=revision, line_by_line=hasattr(article, "line_by_line"), notes=article.blocking,
        marked={(one["start"], one["end"]) for one in article.marked_beside},
    )  # fmt: skip
    layers = Layers(
        claims=[_marked(mark) for mark in strip if mark.in_text],
        sentences=[(start, end) for start, end in revision.sentences],
        notes=[_note_mark(thread) for thread in threads if thread.start is not None],
        looked_at=revision.extracted_at is not None,
        unmarked=frozenset(standing.unmarked),
    )
    blocks = [(block["kind"], block["start"], block["end"]) for block in revision.blocks]
    signed = beside(SignOff, article.signed_beside)
    return ArticleDesk(
        article=article,
        revision=revision,
        blocks=draw(revision.text, blocks or [("paragraph", 0, len(revision.text))], layers),
        strip=strip,
        aside=[_aside(value) for value in values if not _in_strip(value, selected)],
        threads=threads,
        behind=behind,
        notes=notes,
        sentences=len(revision.sentences),
        selected=chosen,
        waiting=article.waiting_reviews,
        stories=sorted((SameStory(**one) for one in article.stories_beside), key=lambda one: -one.share),
        standing=standing,
        signed=signed[0] if signed else None,
        arrived=_arrived(revision, values) if revision.number > 1 and revision.extracted_at else None,
    )


_STORY: Final = {"title": F("other__title"), "by": F("other__publisher"), "agency": F("other__dateline_agency")}


def _beside(person: User) -> dict[str, Any]:
    """What is read of an article in the query that finds it."""
    mine = OuterRef("pk")
    asked = Submission.objects.filter(article=mine).order_by("pk")
    newest = SignOff.objects.filter(article=mine).order_by("-pk")[:1]
    return {
        "marked_beside": Beside(SentenceMark.objects.filter(revision=OuterRef("current")), ("start", "end")),
        "signed_beside": Beside(newest, ("id", "revision_id", "sha256", "signed_by_name", "signed_at")),
        "stories_beside": Beside(same_stories(mine).annotate(**_STORY), ("other_id", "share", *_STORY)),
        "request_pk": Subquery(asked.values("pk")[:1]),
        "request_by": Subquery(asked.values("created_by_name")[:1]),
        "ticks_changed": CountUpTo(ticks_changed(person).filter(revision__article=mine).values("pk")),
        "verdicts_changed": CountUpTo(verdicts_changed(person).filter(claim__article=mine).values("pk")),
        "blocking": CountUpTo(blocking_of(mine).values("pk")),
        "waiting_reviews": CountUpTo(_waiting(person)),
    }


def _claims_of(article: Article) -> QuerySet[Any, dict[str, Any]]:
    """The claims of the strip and beside it, each with its active review and with the move nobody has decided."""
    moves = FilteredRelation("moves", condition=Q(moves__decision=""))
    claims: QuerySet[Any, Any] = with_work(Claim.objects.filter(article=article)).annotate(move=moves)
    return claims.order_by("start", "end", "pk").values(*_MARKS)


def _notes_of(values: Sequence[dict[str, Any]], chosen: int | None) -> tuple[Q, ...]:
    """The notes that the chosen claim's card shows."""
    one = next((value for value in values if value["pk"] == chosen), None)
    return () if one is None else notes_on(one["pk"], one["revision_id"], one["start"], one["end"])


def _sealed(values: Sequence[dict[str, Any]], person: User) -> list[tuple[int, int, int, int]]:
    """The claims whose verdict is sealed from this person."""
    return [
        (one["pk"], one["revision_id"], one["start"], one["end"])
        for one in values
        if one["work__sealed"] and one["work__verdict__proposed_by"] != person.pk
    ]


def _arrived(revision: Revision, values: Sequence[dict[str, Any]]) -> Arrived:
    followed = [
        value
        for value in values
        if value["revision_id"] == revision.pk and value["created_at"] < revision.received_at
    ]
    unsure = [value for value in values if value["move__revision"] == revision.pk]
    return Arrived(
        followed=len(followed),
        changes=[
            (one["pk"], *gist(one["move__old_quote"], one["move__quote"])) for one in unsure if one["move__quote"]
        ],
        orphans=[one["pk"] for one in unsure if not one["move__quote"]],
    )


_MARKS: Final = (
    "pk", "number", "statement", "start", "end", "state", "stale_anchor", "priority", "origin", "dismiss_reason",
    "revision_id", "created_at", "settled", "article__desk", "work__state", "work__assignee",
    "work__verdict__proposed_by", "work__sealed", "move__revision", "move__start", "move__end", "move__old_quote",
    "move__quote",
)  # fmt: skip


def _in_strip(value: dict[str, Any], selected: int | None) -> bool:
    if value["pk"] == selected or value["state"] == ClaimState.CONFIRMED:
        return True
    return value["state"] == ClaimState.PROPOSED and bool(value["priority"] >= LEAST_PRIORITY)


def _mark(value: dict[str, Any], revision: Revision, person: User) -> ClaimMark:
    """A claim whose words changed is shown on the words that are proposed; it is drawn as stale there."""
    proposed = value["move__revision"] == revision.pk and value["move__start"] is not None
    state = shown.shown(value["state"], value["work__state"], stale=value["stale_anchor"])
    return ClaimMark(
        pk=value["pk"],
        number=value["number"],
        state=state,
        statement=value["statement"],
        start=value["move__start"] if proposed else value["start"],
        end=value["move__end"] if proposed else value["end"],
        in_text=proposed or value["revision_id"] == revision.pk,
        current=False,
        needs_me=needs(
            person, state, value["work__assignee"], value["work__verdict__proposed_by"], value["article__desk"]
        ),
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
    reasons = {"proposed": _("not worth checking"), "merged": "merged", "split": "split"}
    reason = reasons.get(value["state"]) or value["dismiss_reason"].replace("_", " ")
    return Aside(value["pk"], value["number"], value["statement"], reason)


def article_notes(article: Article, person: User) -> QuerySet[Annotation]:
    """Every note of an article, with replies, in the order they were written; confidential evidence keeps its own.

    So do claims whose verdict is sealed from this person.
    """
    of_article = Q(revision__article=article) | Q(claim__article=article) | Q(evidence__claim__article=article)
    found = Annotation.objects.select_related("revision").defer("revision__text", "revision__raw").filter(of_article)
    found = found.exclude(evidence__visibility=Visibility.CONFIDENTIAL)
    return notes_open_to(person, found).order_by("created_at", "pk")


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article of the list; `closed` of its `claims` are done."""

    article: Article
    claims: int
    closed: int
    asked: Submission | None = None


def article_rows(person: User, *, q: str = "", before: int | None = None) -> tuple[list[ArticleRow], int | None]:
    """Articles, newest first, how far they are, who asked for them, and where the next page begins: three queries."""
    found = access.articles(person)
    if q:
        found = found.filter(title__icontains=q)
    if before is not None:
        found = found.filter(pk__lt=before)
    articles = list(found.order_by("-pk").only(*_ARTICLE_FIELDS)[: ARTICLES_SIZE + 1])
    shown_now = articles[:ARTICLES_SIZE]
    counts = _progress(shown_now)
    asked = asked_for(one.pk for one in shown_now)
    rows = [ArticleRow(one, *counts.get(one.pk, (0, 0)), asked.get(one.pk)) for one in shown_now]
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


# --- second reviews -------------------------------------------------------------------------------------
def second_reviews(person: User) -> list[Review]:
    """Verdicts that wait for a second person, the most urgent first; two queries."""
    found = Review.objects.select_related(
        "claim__article", "verdict__label", "verdict__proposed_by"
    ).filter(active=True, state__in=[ReviewState.PROPOSED, ReviewState.SECOND_REVIEW])  # fmt: skip
    return list(found.filter(claim__in=access.claims(person)).order_by("-claim__priority", "-claim")[:200])


def waiting_for(person: User) -> int:
    """How many second reviews this person could do now; counting stops above `COUNT_LIMIT`."""
    return len(_waiting(person))


def _waiting(person: User) -> QuerySet[Review, Any]:
    found = Review.objects.filter(
        visible(person, "claim__article__"), active=True, state=ReviewState.SECOND_REVIEW
    ).exclude(verdict__proposed_by=person)
    return found.order_by().values("pk")[: COUNT_LIMIT + 1]
