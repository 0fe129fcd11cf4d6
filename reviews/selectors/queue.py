"""The queue: drafts and reviews as one list, most urgent first. Three queries a page, however long the list.

A view of the queue is a condition on claims with their active review beside them (`work`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, FilteredRelation, IntegerField, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.extraction.pipeline import CLAIM_THRESHOLD
from articles.models import Claim, PrefillRun
from articles.selectors.alike import twins_of
from articles.selectors.fulltext import Matches, asked_for, first_matches
from articles.workflow import CLAIM_OPEN, ArticleState, ClaimState
from factcheck.core.textindex import CLAIM_WORDS
from reviews import access
from reviews.models import Review, Submission
from reviews.policies import granted, visible
from reviews.selectors.queue_rows import STEP_OF, STEPS, QueueRow, rows_of
from reviews.selectors.worklist import ticks_changed, verdicts_changed
from reviews.workflow import ENDED, HELD, ReviewState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

PAGE_SIZE: Final = 50
COUNT_LIMIT: Final = 999
LONGEST_WORDS: Final = 200
LONGEST_SLUG: Final = 60
LEAST_PRIORITY: Final = round(CLAIM_THRESHOLD * 100)

_CONFIRMED: Final = Q(state=ClaimState.CONFIRMED)
_DRAFT: Final = Q(state=ClaimState.PROPOSED)
_WORTH_IT: Final = _DRAFT & Q(priority__gte=LEAST_PRIORITY)
_SECOND: Final = (ReviewState.PROPOSED, ReviewState.SECOND_REVIEW)
_ENDED: Final = tuple(sorted(ENDED))
HAS_TWIN: Final = Exists(twins_of(OuterRef("pk")))
# Spelled as the indexes claim_open_idx and claim_stale_idx have it, so that the database can use them.
_OPEN: Final = Q(settled=False)


@dataclass(frozen=True, slots=True)
class View:
    """One line of the rail. `empty` says what would appear here."""

    key: str
    name: StrOrPromise
    group: StrOrPromise
    empty: StrOrPromise


VIEWS: Final = (
    View(
        "next",
        gettext_lazy("Next up"),
        gettext_lazy("For you"),
        gettext_lazy("Claims wait here as soon as an article has come in and was read."),
    ),
    View(
        "mine",
        gettext_lazy("Mine"),
        gettext_lazy("For you"),
        gettext_lazy("What you take or are given waits here until it is decided."),
    ),
    View(
        "second",
        gettext_lazy("Second review"),
        gettext_lazy("For you"),
        gettext_lazy("Verdicts that somebody proposed wait here for a second pair of eyes."),
    ),
    View(
        "nobody",
        gettext_lazy("Nobody yet"),
        gettext_lazy("Desk"),
        gettext_lazy("Confirmed claims that nobody has taken wait here."),
    ),
    View(
        "waiting",
        gettext_lazy("Waiting for reply"),
        gettext_lazy("Desk"),
        gettext_lazy("Claims wait here while somebody outside is asked."),
    ),
    View(
        "overdue",
        gettext_lazy("Overdue"),
        gettext_lazy("Desk"),
        gettext_lazy("Claims in work whose deadline has passed wait here."),
    ),
    View(
        "stale",
        gettext_lazy("Stale"),
        gettext_lazy("Desk"),
        gettext_lazy("When an article changes and a claim’s words move, the claim waits here."),
    ),
    View(
        "drafts",
        gettext_lazy("Machine drafts"),
        gettext_lazy("Desk"),
        gettext_lazy("What the extractor proposes waits here until a person confirms it."),
    ),
    View(
        "closed",
        gettext_lazy("Closed"),
        gettext_lazy("Desk"),
        gettext_lazy("Approved and published claims are kept here."),
    ),
)
_BY_KEY: Final = {view.key: view for view in VIEWS}
# `?state=` in the address: the states of `reviews.shown` as conditions.
STATES: Final[dict[str, Q]] = {
    "draft": _DRAFT,
    "open": _CONFIRMED & (Q(work__isnull=True) | Q(work__state__in=[ReviewState.QUEUED, ReviewState.ASSIGNED])),
    "in-progress": _CONFIRMED & Q(work__state=ReviewState.IN_PROGRESS),
    "changes": _CONFIRMED & Q(work__state=ReviewState.CHANGES_REQUESTED),
    "waiting": _CONFIRMED & Q(work__state=ReviewState.BLOCKED),
    "review": _CONFIRMED & Q(work__state__in=_SECOND),
    "stale": Q(stale_anchor=True),
    "approved": _CONFIRMED & Q(work__state=ReviewState.APPROVED),
    "closed": _CONFIRMED & Q(work__state=ReviewState.CLOSED),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; `desk` is a slug. `after` is the place of the last row seen: (priority, id)."""

    view: View = VIEWS[0]
    q: str = ""
    article: int | None = None
    state: str = ""
    desk: str = ""
    after: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[QueueRow]
    next_place: str


class CountUpTo(Subquery):
    """How many rows a sliced query has: the database stops counting at the slice."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def view_of(key: str) -> View:
    """The view of this name; the first one for a name that is not known."""
    return _BY_KEY.get(key, VIEWS[0])


def place_of(text: str) -> tuple[int, int] | None:
    """The place in `?after=87-123`; None if it is not one."""
    priority, dash, pk = text.partition("-")
    if not dash or not (priority.isdecimal() and pk.isdecimal()) or len(pk) > 18:
        return None
    return int(priority[:3]), int(pk)


def filters_read(given: Mapping[str, str]) -> Filters:
    """The parameters of an address as filters; what cannot be read is left out."""
    article, state = given.get("article", ""), given.get("state", "")
    return Filters(
        view=view_of(given.get("view", "")),
        q=given.get("q", "").strip()[:LONGEST_WORDS].replace("\x00", ""),
        article=int(article) if article.isdecimal() and len(article) < 19 else None,
        state=state if state in STATES else "",
        desk=given.get("desk", "")[:LONGEST_SLUG].replace("\x00", ""),
        after=place_of(given.get("after", "")),
    )


def filters_query(filters: Filters) -> str:
    """The filters as an address again, always in the same order and without the place."""
    known = {
        "view": "" if filters.view is VIEWS[0] else filters.view.key,
        "q": filters.q,
        "article": filters.article or "",
        "state": filters.state,
        "desk": filters.desk,
    }
    return urlencode({name: value for name, value in known.items() if value})


def queue_address(query: str) -> str:
    """The queue with these filters."""
    return f"{reverse('reviews:queue')}?{query}" if query else reverse("reviews:queue")


def _condition(key: str, person: User) -> Q:
    return {
        "next": (_WORTH_IT | _CONFIRMED) & _OPEN,
        "mine": _CONFIRMED & Q(work__assignee=person) & ~Q(work__state__in=(*_ENDED, *_SECOND)),
        "second": STATES["review"],
        "nobody": _CONFIRMED & _OPEN & (Q(work__isnull=True) | Q(work__state=ReviewState.QUEUED)),
        "waiting": STATES["waiting"],
        "overdue": _CONFIRMED & _OPEN & Q(work__due_at__lt=timezone.now()) & ~Q(article__state=ArticleState.HELD),
        "stale": Q(stale_anchor=True, state__in=CLAIM_OPEN),  # approved ones too
        "drafts": _DRAFT & _OPEN,
        "closed": _CONFIRMED & Q(work__state__in=_ENDED),
    }[key]


def with_work(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with their active review joined as `work`, if they have one."""
    return claims.annotate(work=FilteredRelation("reviews", condition=Q(reviews__active=True)))


def queue_counts(person: User, saved: Mapping[int, str] | None = None, *, desk: str = "") -> dict[str, int]:
    """How many claims each view holds, in one query; counting stops above `COUNT_LIMIT`. `desk` counts that one only.

    `ticks` and `verdicts` are what changed since this person ticked or judged it. `saved` are the addresses of saved
    views by their keys; each is counted under `saved_KEY`.
    """
    saved = saved or {}
    if not granted(person):
        return dict.fromkeys((*_BY_KEY, "ticks", "verdicts", *(f"saved_{key}" for key in saved)), 0)
    counted: dict[str, Any] = {
        f"n_{key}": CountUpTo(_members(key, person, desk)[: COUNT_LIMIT + 1]) for key in _BY_KEY
    }
    for key, query in saved.items():
        counted[f"n_saved_{key}"] = CountUpTo(
            _filtered(person, filters_read(dict(parse_qsl(query))))[: COUNT_LIMIT + 1]
        )
    counted["n_ticks"] = CountUpTo(ticks_changed(person).values("pk")[: COUNT_LIMIT + 1])
    counted["n_verdicts"] = CountUpTo(verdicts_changed(person).values("pk")[: COUNT_LIMIT + 1])
    values: dict[str, Any] = dict(User.objects.filter(pk=person.pk).values(**counted).get())
    return {name.removeprefix("n_"): count for name, count in values.items()}


# Views whose claims have a review: reached from the few reviews in these states, not from all claims.
_FROM_REVIEWS: Final[dict[str, tuple[str, ...]]] = {
    "mine": (ReviewState.QUEUED, *HELD),
    "second": _SECOND,
    "waiting": (ReviewState.BLOCKED,),
    "overdue": (ReviewState.QUEUED, *HELD, *_SECOND),
    "closed": _ENDED,
}


def _filtered(person: User, filters: Filters) -> QuerySet[Any, Any]:
    """The keys of the claims a saved view holds, unordered."""
    if filters == Filters(view=filters.view, desk=filters.desk):
        return _members(filters.view.key, person, filters.desk)
    seen = with_work(access.claims(person)).order_by().filter(_condition(filters.view.key, person))
    seen = seen.filter(claims_saying(filters.q)) if filters.q else seen
    return _narrowed(seen, filters).values("pk")


def _members(key: str, person: User, desk: str = "") -> QuerySet[Any, Any]:
    """The keys of a view's claims, unordered, by the way that touches the fewest rows when they are rare."""
    if key not in _FROM_REVIEWS:
        seen = with_work(access.claims(person)).order_by().filter(_condition(key, person))
        return (seen.filter(article__desk__slug=desk) if desk else seen).values("pk")
    # An active review says that its claim is confirmed: dismissing a claim ends its review.
    held = Review.objects.filter(visible(person, "claim__article__"), active=True, state__in=_FROM_REVIEWS[key])
    if desk:
        held = held.filter(claim__article__desk__slug=desk)
    if key == "mine":
        held = held.filter(assignee=person)
    if key == "overdue":
        late = held.filter(due_at__lt=timezone.now())
        held = late.exclude(claim__article__state=ArticleState.HELD)  # its clock stands still
    return held.order_by().values("claim")


def queue_page(person: User, filters: Filters, *, size: int = PAGE_SIZE) -> QueuePage:
    """One page of rows by (-priority, -id) behind `filters.after`: one query, one more where claims have twins.

    Words of which few claims are full take Postgres one query more (`fulltext.first_matches`).
    """
    found = with_work(access.claims(person)).filter(_condition(filters.view.key, person))
    found = _placed(_narrowed(found, filters), filters.after)
    found = found.annotate(asked_by=_ASKED_BY, has_twin=HAS_TWIN, **_STEPS)
    values = _first(found.values(*_FIELDS), filters.q, size + 1)
    rows = rows_of(values[:size], person)
    return QueuePage(rows, rows[-1].place if len(values) > size else "")


def _first(rows: QuerySet[Any, Any], words: str, size: int) -> list[Any]:
    order = ("-priority", "-pk")
    if not words:
        return list(rows.order_by(*order)[:size])
    asked = asked_for(words)
    return first_matches(rows, Matches(CLAIM_WORDS, asked), order=order, size=size) if asked else []


def claims_saying(words: str) -> Q | Matches:
    """The condition on claims that have these words in the claim, its quote or its speaker (`fulltext.asked_for`)."""
    asked = asked_for(words)
    return Matches(CLAIM_WORDS, asked) if asked else Q(pk__in=[])


def _narrowed(claims: QuerySet[Claim], filters: Filters) -> QuerySet[Claim]:
    if filters.article is not None:
        claims = claims.filter(article=filters.article)
    if filters.desk:
        claims = claims.filter(article__desk__slug=filters.desk)
    if filters.state in STATES:
        claims = claims.filter(STATES[filters.state])
    return claims


def _placed(claims: QuerySet[Claim], after: tuple[int, int] | None) -> QuerySet[Claim]:
    """The claims behind a place of the list."""
    if after is None:
        return claims
    priority, pk = after
    # The first part lets the database enter the index at the place, the second one is exact.
    return claims.filter(priority__lte=priority).filter(Q(priority__lt=priority) | Q(pk__lt=pk))


# Who asked first to have the article checked.
_ASKED_BY: Final = Subquery(
    Submission.objects.filter(article=OuterRef("article")).order_by("pk").values("created_by_name")[:1]
)


def _runs(step: str) -> CountUpTo:
    """How many questions about a claim are at this step."""
    states = [state for state, of in STEP_OF.items() if of == step]
    return CountUpTo(PrefillRun.objects.filter(claim=OuterRef("pk"), state__in=states).order_by().values("pk"))


_STEPS: Final = {step: _runs(step) for step in STEPS}
_FIELDS: Final = (
    "pk", "number", "priority", "priority_parts", "reasons", "statement", "quote", "speaker", "speech", "state",
    "stale_anchor", "created_at", "article_id", "article__desk", "article__title", "article__publisher",
    "article__due_at",
    "work__state", "work__due_at", "work__assignee", "work__assignee__first_name", "work__assignee__last_name",
    "work__assignee__username", "work__verdict__proposed_by", "asked_by", "has_twin",
    "ok", "running", "waiting", "failed",
)  # fmt: skip
