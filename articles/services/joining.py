"""Claims that turn out to be one, and one that turns out to be several. `claim_transition` writes the states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max

from articles.choices import ClaimOrigin, EvidenceState
from articles.models import Article, Claim, Evidence
from articles.services import prefill
from articles.services.claim import claim_transition
from articles.services.revision import AROUND
from articles.workflow import ClaimAction, ClaimState
from factcheck.audit.services import one_act, record
from factcheck.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

FEWEST: Final = 2
MOST: Final = 8
# What a part has from the whole; its wording, place and number are its own.
_INHERITED: Final = (
    "speaker", "speech", "stance_of_speaker", "kind", "dates", "entities", "claimants", "score", "reasons",
    "priority",
)  # fmt: skip
_COPIED: Final = (
    "source_id", "source_name", "external_id", "kind", "query", "url", "title", "publisher", "licence",
    "published_at", "retrieved_at", "passage", "locator", "snapshot_id", "relevance", "visibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the quote (code points of the revision's text) and the wording that stands on its own."""

    statement: str
    start: int
    end: int


def claim_merge(*, claim: Claim, into: Claim, actor: User, note: str = "") -> None:
    """Say that two claims have the same truth conditions: this one points at the other from now on.

    Raises Invalid (claim.merge_itself), WrongState where the other is not open to be checked.
    """
    if into.pk == claim.pk:
        raise Invalid("claim.merge_itself")
    with transaction.atomic():
        # Two claims merged into each other at the same moment would both be gone.
        held = list(Claim.objects.select_for_update(no_key=True).filter(pk__in=[claim.pk, into.pk]).order_by("pk"))
        target = next(one for one in held if one.pk == into.pk)
        if target.state != ClaimState.CONFIRMED:
            raise WrongState("claim.merge_closed", number=into.number, state=target.state)
        claim_transition(
            claim=claim, action=ClaimAction.MERGE, actor=actor, changes={"merged_into": target}, note=note
        )


def claim_unmerge(*, claim: Claim, actor: User) -> None:
    """Take a claim out again; its sources are asked if they were not yet. Raises WrongState."""
    with transaction.atomic(), one_act():
        claim_transition(claim=claim, action=ClaimAction.UNMERGE, actor=actor, changes={"merged_into": None})
        prefill.prefill_plan([claim])


def parts_of(claim: Claim, statements: Sequence[str]) -> list[Part]:
    """One part a statement: anchored on its own words where they stand once in the quote, else on the whole quote.

    Raises Invalid (claim.split_number, claim.split_twice).
    """
    wanted = [" ".join(one.split()) for one in statements if one.strip()]
    if not FEWEST <= len(wanted) <= MOST:
        raise Invalid("claim.split_number", least=FEWEST, most=MOST)
    if len(set(wanted)) != len(wanted):
        raise Invalid("claim.split_twice")
    found = []
    for words in wanted:
        bare = words.rstrip(".")
        once = claim.quote.count(bare) == 1
        start = claim.start + (claim.quote.index(bare) if once else 0)
        found.append(Part(words, start, start + len(bare) if once else claim.end))
    return found


def claim_split(*, claim: Claim, parts: Sequence[Part], actor: User) -> list[Claim]:
    """Make several claims of one; each has its evidence as suggestions, to be weighed anew. Raises WrongState."""
    with transaction.atomic(), one_act():
        Article.objects.select_for_update(no_key=True).get(pk=claim.article_id)
        claim_transition(claim=claim, action=ClaimAction.SPLIT, actor=actor)
        last = Claim.objects.filter(article=claim.article_id).aggregate(last=Max("number"))["last"] or 0
        made = [_part(claim, part, last + place, actor) for place, part in enumerate(parts, 1)]
        for one in made:
            record("claim.added", one, actor=actor, after={"split_from": claim.pk, "quote": one.quote}, implied=True)
        prefill.prefill_plan(made)
    return made


def _part(claim: Claim, part: Part, number: int, actor: User) -> Claim:
    text = claim.revision.text
    inherited = {name: getattr(claim, name) for name in _INHERITED}
    made = Claim.objects.create(
        article_id=claim.article_id, revision=claim.revision, number=number, state=ClaimState.CONFIRMED,
        quote=text[part.start : part.end], start=part.start, end=part.end,
        prefix=text[max(0, part.start - AROUND) : part.start], suffix=text[part.end : part.end + AROUND],
        statement=part.statement, origin=ClaimOrigin.PERSON, created_by=actor, split_from=claim, **inherited,
    )  # fmt: skip
    Evidence.objects.bulk_create(
        [
            Evidence(
                claim=made,
                state=EvidenceState.SUGGESTED,
                suggested_stance=one.stance or one.suggested_stance,
                stance_reason=one.stance_reason,
                **{name: getattr(one, name) for name in _COPIED},
            )
            for one in claim.evidence.exclude(state=EvidenceState.DROPPED)
        ]
    )
    return made


def claim_unsplit(*, claim: Claim, actor: User) -> list[Claim]:
    """Put a claim together again: its parts are merged into it. Returns them; raises WrongState."""
    with transaction.atomic(), one_act():
        claim_transition(claim=claim, action=ClaimAction.UNSPLIT, actor=actor)
        parts = list(claim.parts.filter(state=ClaimState.CONFIRMED).order_by("pk"))
        for part in parts:
            claim_transition(
                claim=part, action=ClaimAction.MERGE, actor=actor, changes={"merged_into": claim}, implied=True
            )
        prefill.prefill_plan([claim])
    return parts
