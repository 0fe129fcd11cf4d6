"""Whose eyes a proposed verdict is sealed from while a second person judges blind, and what would give it away.

Sealed with the verdict are what was made of the evidence, everybody else's notes on the claim, and the trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from reviews.models import Annotation, Review

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import AnonymousUser, User
    from django.db.models import QuerySet

    from articles.models import Claim


def sealed_from(person: User | AnonymousUser, review: Review | None) -> bool:
    """Whether this person may not see the verdict that stands: everybody but who proposed it."""
    if review is None or not review.sealed or review.verdict is None:
        return False
    return review.verdict.proposed_by_id != person.pk


def sealed_reviews(person: User | None) -> QuerySet[Review]:
    """The reviews whose verdict that stands is sealed from this person; from None, all that are sealed."""
    held = Review.objects.order_by().filter(sealed=True, active=True, verdict__isnull=False)
    return held if person is None else held.exclude(verdict__proposed_by=person)


def is_sealed(person: User | None, claim: Claim) -> bool:
    """Whether the verdict on this claim is sealed from this person; one query."""
    return sealed_reviews(person).filter(claim=claim).exists()


def open_to(person: User | None, at: str = "claim") -> Q:
    """The condition that leaves out what hangs on claims whose verdict is sealed; `at` leads to the claim."""
    return ~Q(Exists(sealed_reviews(person).filter(claim=OuterRef(at))))


def notes_open_to(person: User | None, notes: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """The notes without those of others on a sealed claim, on its evidence and on its words in the text."""
    told = _tells(person)
    return notes.filter(Q(created_by=person) | ~told if person else ~told)


def notes_sealed_from(person: User) -> QuerySet[Annotation]:
    """The notes of others that `notes_open_to` leaves out."""
    return Annotation.objects.filter(_tells(person)).exclude(created_by=person)


def _tells(person: User | None) -> Q:
    sealed = sealed_reviews(person)
    told = Q(Exists(sealed.filter(claim=OuterRef("claim"))))
    told |= Q(Exists(sealed.filter(claim=OuterRef("evidence__claim"))))
    for at in ("", "parent__"):
        over = {"claim__start__lt": OuterRef(f"{at}end"), "claim__end__gt": OuterRef(f"{at}start")}
        told |= Q(Exists(sealed.filter(claim__revision=OuterRef(f"{at}revision"), **over)))
    return told


def threads_open_to(person: User, threads: Sequence[Annotation]) -> list[Annotation]:
    """Of threads on a sealed claim those of the person, without what others answered."""
    own = [one for one in threads if one.created_by_id == person.pk]
    for thread in own:
        held = thread.replies.all()
        held._result_cache = [reply for reply in held if reply.created_by_id == person.pk]
        thread._prefetched_objects_cache = {"replies": held}  # type: ignore[attr-defined]
    return own


def without_sealed(
    person: User, threads: Sequence[Annotation], sealed: Iterable[tuple[int, int, int, int]]
) -> list[Annotation]:
    """Threads of an article without what would give away its sealed claims, each as key, revision, start, end."""
    claims = list(sealed)
    if not claims:
        return list(threads)
    hidden = {one.pk for one in threads if any(_is_on(one, *claim) for claim in claims)}
    mine = {one.pk for one in threads_open_to(person, [one for one in threads if one.pk in hidden])}
    return [one for one in threads if one.pk not in hidden or one.pk in mine]


def _is_on(note: Annotation, claim: int, revision: int, start: int, end: int) -> bool:
    if note.claim_id == claim:
        return True
    if note.revision_id != revision or note.start is None or note.end is None:
        return False
    return note.start < end and note.end > start
