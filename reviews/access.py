"""The only way a page gets a thing of the desk: what a person may not see is not there.

Each function raises NotFound, so that nobody learns from an answer that a hidden thing exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from articles.models import Article, Claim, ClaimMatch, Desk, Evidence, PrefillRun, Source
from factcheck.core.errors import NotFound
from reviews.models import Annotation, Letter, Material, Publication, Query, Recusal, Review, Submission, TickChange
from reviews.policies import LETTER_RIGHTS, granted, rights_of, visible
from reviews.selectors.sealed import notes_open_to, notes_sealed_from, sealed_reviews

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model, QuerySet

    from factcheck.audit.models import AuditEvent


def articles(person: User) -> QuerySet[Article]:
    """The articles this person may see."""
    return Article.objects.filter(visible(person))


def claims(person: User) -> QuerySet[Claim]:
    """The claims this person may see: those of the articles they may see."""
    return Claim.objects.filter(visible(person, "article__"))


def sources(person: User) -> QuerySet[Source]:
    """The sources this person may know of: all but those that only desks behind walls to them have named."""
    hidden = rights_of(person).hidden()
    if not hidden:
        return Source.objects.all()
    named = Desk.objects.filter(sources=OuterRef("pk"))
    return Source.objects.filter(~Exists(named) | Exists(named.exclude(pk__in=hidden)))


def letters(person: User) -> QuerySet[Letter]:
    """The letters this person may work on: those of desks where they hold one of the rights."""
    rights, desks = rights_of(person), Desk.objects.values_list("pk", flat=True)
    return Letter.objects.filter(desk__in=[desk for desk in desks if LETTER_RIGHTS & rights.at(desk)])


def letter(person: User, pk: int) -> Letter:
    found = letters(person).select_related("publication__verdict", "publication__claim", "taken_by", "ended_by")
    row = found.filter(pk=pk).first()
    if row is None:
        raise NotFound("not_found", what="letter")
    return row


def article(person: User, pk: int, **beside: Any) -> Article:
    """`beside` are annotations to read along."""
    found = articles(person).select_related("current", "line_by_line").annotate(**beside).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="article")
    return found


def claim(person: User, pk: int) -> Claim:
    found = claims(person).select_related("article", "revision").filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="claim")
    return found


def review(person: User, pk: int) -> Review:
    """The active review of claim `pk`."""
    held = Review.objects.select_related("claim__article", "assignee", "verdict__label", "verdict__proposed_by")
    found = held.filter(claim__in=claims(person).filter(pk=pk), active=True).first()
    if found is None:
        raise NotFound("not_found", what="review")
    return found


def evidence(person: User, pk: int) -> Evidence:
    found = Evidence.objects.select_related("claim__article").filter(pk=pk, claim__in=claims(person)).first()
    if found is None:
        raise NotFound("not_found", what="evidence")
    return found


def match(person: User, pk: int) -> ClaimMatch:
    """An earlier review suggested for a claim this person may see."""
    held = ClaimMatch.objects.select_related("claim__article", "review__of_claim__article")
    found = held.filter(pk=pk, claim__in=claims(person)).first()
    if found is None:
        raise NotFound("not_found", what="earlier review")
    return found


def material(person: User, pk: int) -> Material:
    """A page or file that was brought for a claim this person may see."""
    held = Material.objects.select_related("claim__article", "snapshot").defer("snapshot__content")
    found = held.filter(pk=pk, claim__in=claims(person)).first()
    if found is None:
        raise NotFound("not_found", what="page or file")
    return found


def run(person: User, pk: int) -> PrefillRun:
    found = PrefillRun.objects.select_related("source", "claim__article")
    held = found.filter(pk=pk, claim__in=claims(person)).first()
    if held is None:
        raise NotFound("not_found", what="question to a source")
    return held


def query(person: User, pk: int) -> Query:
    """A question to somebody outside, on a claim this person may see."""
    held = Query.objects.select_related("claim__article")
    found = held.filter(pk=pk, claim__in=claims(person)).first()
    if found is None:
        raise NotFound("not_found", what="question")
    return found


def submissions(person: User) -> QuerySet[Submission]:
    """The requests this person may see: their own, and those to the desks they read."""
    return Submission.objects.filter(visible(person))


def submission(person: User, pk: int) -> Submission:
    held = submissions(person).select_related("article__current", "desk").defer("article__current__raw")
    found = held.filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="request")
    return found


def tick_change(person: User, pk: int) -> TickChange:
    """A changed sentence of an article this person may see."""
    held = TickChange.objects.select_related("revision__article").filter(visible(person, "revision__article__"))
    found = held.filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="change")
    return found


def note(person: User, pk: int) -> Annotation:
    """A note on a claim, on evidence or on words of a text this person may see."""
    held = Annotation.objects.select_related("revision__article", "claim__article", "evidence__claim__article")
    found = notes_open_to(person, held).filter(pk=pk).first()
    if found is None:
        raise NotFound("not_found", what="note")
    if not articles(person).filter(pk=article_of(found)).exists():
        raise NotFound("not_found", what="note")
    return found


def article_of(found: Annotation) -> int:
    """The article whose words the note is about."""
    if found.revision is not None:
        return found.revision.article_id
    if found.claim is not None:
        return found.claim.article_id
    assert found.evidence is not None  # the database wants one of the three
    return found.evidence.claim.article_id


# What the trail names, and how each is on a desk.
_TRACED: Final[tuple[tuple[type[Model], str], ...]] = (
    (Article, ""), (Claim, "article__"), (Review, "claim__article__"), (Evidence, "claim__article__"),
    (PrefillRun, "claim__article__"), (Publication, "claim__article__"), (Query, "claim__article__"),
    (Recusal, "article__"), (Material, "claim__article__"),
    (Annotation, "revision__article__"), (Annotation, "claim__article__"),
    (Annotation, "evidence__claim__article__"), (Submission, ""),
)  # fmt: skip


def events(person: User, found: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """The events of the trail without those of things behind walls that this person does not read.

    Whoever may give second verdicts does not read either what happened to claims whose first verdict is sealed.
    """
    if "second_review" in granted(person) and sealed_reviews(person).exists():
        found = found.exclude(_of_sealed(person))
    hidden = rights_of(person).hidden()
    if not hidden:
        return found
    behind = Q(target_type="articles.desk", target_id__in=[str(desk) for desk in hidden])
    for model, at in _TRACED:
        things = model._default_manager.filter(**{f"{at}desk__in": hidden}).order_by()
        keys = things.annotate(key=Cast("pk", CharField())).values("key")
        behind |= Q(target_type=model._meta.label_lower, target_id__in=keys)
    return found.exclude(behind)


def _of_sealed(person: User) -> Q:
    """The events that tell of sealed verdicts: those of their reviews, of the evidence, of the notes of others."""
    sealed, told = sealed_reviews(person), Q(pk__in=[])
    of_evidence = Evidence.objects.filter(claim__in=sealed.values("claim"))
    things: tuple[QuerySet[Any], ...] = (sealed, of_evidence, notes_sealed_from(person))
    for found in things:
        keys = found.order_by().annotate(key=Cast("pk", CharField())).values("key")
        told |= Q(target_type=found.model._meta.label_lower, target_id__in=keys)
    return told
