"""The next draft of a text, before anything changes: what follows, what must be checked again, what is new or lost.

It is planned by the same functions that a revision is stored with, so that the answer is what will happen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from articles.anchoring.reanchor import State
from articles.anchoring.sentences import follow
from articles.anchoring.wording import Part, parts
from articles.extraction.base import Story
from articles.extraction.pipeline import CLAIM_THRESHOLD, extract
from articles.ingest.readers import read_bytes
from articles.models import Article, Claim, Revision
from articles.services.article import article_revise, as_revision
from articles.services.revision import carry_plan, known_claims
from articles.services.scoring import scoring
from articles.workflow import ArticleState
from factcheck.audit.services import one_act
from factcheck.core.errors import Invalid, NotFound, WrongState
from reviews.models import Review, SentenceMark
from reviews.policies import sees
from reviews.services.transition import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import User

    from articles.extraction.base import ExtractedClaim, Extraction
    from articles.ingest.model import ParsedArticle
    from articles.services.article import Ingested

_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Touched:
    """A claim or a ticked sentence whose words the draft changes; `new` is empty where it no longer says it.

    `label` is the verdict somebody gave, `settled` whether it was approved: it would have to be judged again.
    """

    old: str
    new: str
    claim: int | None = None
    number: int = 0
    label: str = ""
    settled: bool = False

    @property
    def parts(self) -> list[Part]:
        if len(self.old) + len(self.new) > _LONGEST:
            return [Part("old", self.old), Part("new", self.new)]
        return parts(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A claim that would be proposed as new."""

    quote: str
    statement: str
    score: float


@dataclass(frozen=True, slots=True)
class Report:
    """What the draft would do. `kept` claims and `ticks_kept` sentences follow without asking."""

    text: str
    sha256: str
    same: bool
    kept: int
    changed: list[Touched]
    gone: list[Touched]
    fresh: list[Fresh]
    ticks_kept: int
    ticks_changed: list[Touched]
    ticks_gone: list[Touched]
    signed: bool

    @property
    def again(self) -> int:
        """How many things must be looked at again or for the first time."""
        return len(self.changed) + len(self.fresh) + len(self.ticks_changed)


def draft_check(*, article: Article, actor: User, data: bytes, name: str = "draft.txt") -> Report:
    """Compare a draft with what the desk has of the article; stores nothing.

    Raises NotAllowed, NotFound, Invalid (article.*, draft.known for the words of an earlier revision).
    """
    _allow(article, actor)
    return _report(article, read_bytes(data, name=name))


def draft_take(*, article: Article, actor: User, data: bytes, base: str, name: str = "draft.txt") -> Ingested:
    """Take the draft in as the next revision. `base` is the sha256 of the text it was compared with.

    Raises as `draft_check`, and WrongState (draft.text_changed) where another revision came in since.
    """
    _allow(article, actor)
    parsed = read_bytes(data, name=name)
    with transaction.atomic(), one_act():
        held = (
            Article.objects.select_for_update(of=("self",), no_key=True).select_related("current").get(pk=article.pk)
        )
        if held.current is None or held.current.sha256 != base:
            raise WrongState("draft.text_changed")
        _refuse_known(held, parsed, held.current)
        return article_revise(
            article=held, parsed=parsed, data=data, name=name, actor=actor, may_revise=lambda one: sees(actor, one)
        )


def _allow(article: Article, actor: User) -> None:
    require(actor, "ingest", "hand in the next draft", article)
    if not sees(actor, article) or article.current is None:
        raise NotFound("not_found", what="article")


def _refuse_known(article: Article, parsed: ParsedArticle, current: Revision) -> None:
    digest = _digest(parsed)
    earlier = article.revisions.filter(sha256=digest).exclude(pk=current.pk).values_list("number", flat=True).first()
    if earlier is not None:
        raise Invalid("draft.known", number=earlier)


def _digest(parsed: ParsedArticle) -> str:
    return hashlib.sha256(parsed.text.encode()).hexdigest()


def _report(article: Article, parsed: ParsedArticle) -> Report:
    current = article.current
    assert current is not None  # _allow has seen to it
    _refuse_known(article, parsed, current)
    plan = carry_plan(article_id=article.pk, number=current.number + 1, text=parsed.text)
    found = _extracted(as_revision(article, parsed), article.desk_id)
    known = known_claims([(one.start, one.end) for one in found.claims], plan.places)
    touched = _touched([(claim, one.quote) for claim, one in plan.unsure if one.state is State.CHANGED])
    gone = _touched([(claim, "") for claim, one in plan.unsure if one.state is State.ORPHAN])
    ticks = _ticks(current, parsed.text, sorted((start, end) for start, end in found.sentences))
    return Report(
        text=parsed.text, sha256=current.sha256, same=_digest(parsed) == current.sha256, kept=len(plan.kept),
        changed=touched, gone=gone, fresh=_fresh(found.claims, known),
        ticks_kept=sum(one is None for one in ticks), ticks_changed=[one for one in ticks if one and one.new],
        ticks_gone=[one for one in ticks if one and not one.new],
        signed=article.state == ArticleState.SIGNED_OFF,
    )  # fmt: skip


def _extracted(parsed: ParsedArticle, desk: int | None) -> Extraction:
    """What the rules find in the draft, with the desk's own scoring."""
    story = Story(
        text=parsed.text, blocks=tuple(parsed.blocks), title=parsed.title,
        written_on=parsed.published_at.date() if parsed.published_at else None,
        place=parsed.dateline.place, agency=parsed.dateline.agency, language=parsed.language or "en",
    )  # fmt: skip
    with scoring(desk):
        return extract(story)


def _fresh(claims: Sequence[ExtractedClaim], known: Mapping[tuple[int, int], int]) -> list[Fresh]:
    return [
        Fresh(one.quote, one.statement, one.score)
        for one in claims
        if (one.start, one.end) not in known and one.score >= CLAIM_THRESHOLD
    ]


def _touched(pairs: Sequence[tuple[Claim, str]]) -> list[Touched]:
    held = Review.objects.filter(claim__in=[claim.pk for claim, _ in pairs], active=True, verdict__isnull=False)
    labels = dict(held.values_list("claim", "verdict__label__name"))
    return [
        Touched(claim.quote, new, claim.pk, claim.number, labels.get(claim.pk, ""), claim.settled)
        for claim, new in sorted(pairs, key=lambda pair: pair[0].start)
    ]


def _ticks(current: Revision, text: str, after: Sequence[tuple[int, int]]) -> list[Touched | None]:
    """None for each ticked sentence that stays ticked."""
    ticked = sorted(SentenceMark.objects.filter(revision=current).values_list("start", "end"))
    if not ticked:
        return []
    before = sorted((start, end) for start, end in current.sentences)
    became = dict(zip(before, follow(current.text, text, before, after), strict=True))
    told: list[Touched | None] = []
    for start, end in ticked:
        one = became.get((start, end))
        kept = one is not None and one.kind == "kept"
        new = text[slice(*one.span)] if one and one.span else ""
        told.append(None if kept else Touched(current.text[start:end], new))
    return told
