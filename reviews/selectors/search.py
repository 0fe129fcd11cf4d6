"""Search over everything the desk has: claims, articles, their texts, evidence and verdicts, newest first.

The order is by key, so that a page costs the same however much there is, and says nothing it could not explain. Two
or three queries a kind: the rows, and where the words stand in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from articles.choices import Visibility
from articles.models import Article, Claim, Evidence, Revision
from articles.selectors.fulltext import Matches, first_matches, marked
from factcheck.core.textindex import ARTICLE_WORDS, CLAIM_WORDS, EVIDENCE_WORDS, TEXT_WORDS, VERDICT_WORDS
from reviews import shown
from reviews.models import Verdict
from reviews.policies import visible
from reviews.selectors.queue import with_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.contrib.auth.models import User
    from django.db.models import Model

    from articles.selectors.fulltext import Asked, Piece
    from factcheck.core.textindex import TextIndex

FEW: Final = 6  # hits of each kind where all kinds are shown
PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Place:
    """One column in which words were found, named as people say it."""

    name: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Hit:
    """One row that has the words. `title` names it where no place of it does; `claim` is the claim it belongs to."""

    kind: str
    pk: int
    url: str
    title: str
    article: int
    article_title: str
    claim: int | None
    number: int | None
    state: shown.Shown | None
    places: list[Place]

    @property
    def head(self) -> Place | None:
        """The place that is the thing's own name, if the words stand in it."""
        return next((place for place in self.places if place.name in _HEADS), None)

    @property
    def others(self) -> list[Place]:
        return [place for place in self.places if place is not self.head]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: its index, the rows a person may see, and how one of them is shown."""

    key: str
    name: str
    index: TextIndex
    places: Mapping[str, str]  # column to words
    rows: Callable[[User], QuerySet[Any]]
    hit: Callable[[Any], tuple[Claim | None, Article]]


@dataclass(frozen=True, slots=True)
class Section:
    """The hits of one kind; `after` is the key of the last one where there are more, else None."""

    kind: Kind
    hits: list[Hit]
    after: int | None


_HEADS: Final = frozenset({"Claim", "Title", "Evidence", "In one sentence"})


def _claims(person: User) -> QuerySet[Claim]:
    return Claim.objects.filter(visible(person, "article__"))


def _articles(person: User) -> QuerySet[Article]:
    return Article.objects.filter(visible(person))


def _texts(person: User) -> QuerySet[Revision]:
    """What each article says now; earlier revisions are not searched."""
    return Revision.objects.filter(visible(person, "article__"), article__current=F("pk"))


def _evidence(person: User) -> QuerySet[Evidence]:
    return Evidence.objects.filter(visible(person, "claim__article__"))


def _verdicts(person: User) -> QuerySet[Verdict]:
    """Without those that are sealed from this person."""
    open_to = Q(review__sealed=False) | Q(proposed_by=person)
    return Verdict.objects.filter(visible(person, "review__claim__article__"), open_to)


_CLAIM_FIELDS: Final = ("number", "statement", "state", "stale_anchor")
KINDS: Final = (
    Kind(
        "claims", "Claims", CLAIM_WORDS, {"statement": "Claim", "quote": "Quote", "speaker": "Speaker"},
        lambda person: with_work(_claims(person)).annotate(work_state=F("work__state"))
        .select_related("article").only(*_CLAIM_FIELDS, "article__title"),
        lambda row: (row, row.article),
    ),
    Kind(
        "articles", "Articles", ARTICLE_WORDS, {"title": "Title", "publisher": "Outlet"},
        lambda person: _articles(person).only("title"), lambda row: (None, row),
    ),
    Kind(
        "texts", "Words of articles", TEXT_WORDS, {"text": "Text"},
        lambda person: _texts(person).select_related("article").only("article__title"),
        lambda row: (None, row.article),
    ),
    Kind(
        "evidence", "Evidence", EVIDENCE_WORDS,
        {"title": "Evidence", "passage": "Passage", "publisher": "Publisher", "source_name": "Source"},
        lambda person: _evidence(person).select_related("claim__article").only(
            "title", *(f"claim__{name}" for name in _CLAIM_FIELDS), "claim__article__title"
        ),
        lambda row: (row.claim, row.claim.article),
    ),
    Kind(
        "verdicts", "Verdicts", VERDICT_WORDS,
        {"summary": "In one sentence", "rationale": "Rationale", "gaps": "Gaps"},
        lambda person: _verdicts(person).select_related("review__claim__article", "label").only(
            "label__name", "summary", *(f"review__claim__{name}" for name in _CLAIM_FIELDS),
            "review__claim__article__title",
        ),
        lambda row: (row.review.claim, row.review.claim.article),
    ),
)  # fmt: skip
_BY_KEY: Final = {kind.key: kind for kind in KINDS}


def kind_of(key: str) -> Kind | None:
    return _BY_KEY.get(key)


def search(person: User, asked: Asked, *, kind: Kind | None = None, after: int | None = None) -> list[Section]:
    """The first hits of every kind, or a page of one: those with keys below `after`, the newest first."""
    if not asked:
        return []
    if kind is None:
        return [section(person, asked, each, size=FEW) for each in KINDS]
    return [section(person, asked, kind, size=PAGE, after=after)]


def section(
    person: User, asked: Asked, kind: Kind, *, size: int, after: int | None = None, confidential: bool = True
) -> Section:
    """Some hits of one kind; those of confidential evidence only where `confidential`."""
    rows = kind.rows(person).order_by()
    if kind.key == "evidence" and not confidential:
        rows = rows.exclude(visibility=Visibility.CONFIDENTIAL)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    read = first_matches(rows, Matches(kind.index, asked), order=["-pk"], size=size + 1)
    return Section(kind, hits_of(kind, asked, read[:size]), read[size - 1].pk if len(read) > size else None)


def hits_of(kind: Kind, asked: Asked, rows: Iterable[Model]) -> list[Hit]:
    """These rows with the places where the words stand; one query."""
    read = list(rows)
    places = marked(kind.index, asked, [row.pk for row in read])
    return [_hit(kind, row, places.get(row.pk, {})) for row in read]


def _hit(kind: Kind, row: Any, columns: Mapping[str, list[Piece]]) -> Hit:
    claim, article = kind.hit(row)
    return Hit(
        kind=kind.key,
        pk=row.pk,
        url=_address(kind, row, claim, article),
        title=_title(kind, row, article),
        article=article.pk,
        article_title=article.title,
        claim=claim.pk if claim else None,
        number=claim.number if claim else None,
        state=_state(row) if kind.key == "claims" else None,
        places=[Place(kind.places[name], found_in) for name, found_in in columns.items()],
    )


def _state(row: Any) -> shown.Shown:
    return shown.shown(row.state, row.work_state, stale=row.stale_anchor)


def _title(kind: Kind, row: Any, article: Article) -> str:
    if kind.key == "claims":
        return str(row.statement)
    if kind.key == "verdicts":
        return str(row.summary or row.label.name)
    return str(row.title) if kind.key == "evidence" else article.title


def _address(kind: Kind, row: Any, claim: Claim | None, article: Article) -> str:
    """Where the thing is on the desk: a claim beside its text, evidence and verdict on the claim's own page."""
    if claim is None:
        return article.get_absolute_url()
    if kind.key == "claims":
        return f"{article.get_absolute_url()}?claim={claim.pk}"
    place = f"ev-{row.pk}" if kind.key == "evidence" else "verdict"
    return f"{reverse('reviews:claim', args=[claim.pk])}#{place}"
