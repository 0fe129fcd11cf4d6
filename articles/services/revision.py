"""Claims taken over into the next revision of their article, and what people decide where that is not sure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.anchoring.reanchor import Anchor, Outcome, State, reanchor
from articles.choices import ClaimOrigin, MoveDecision
from articles.models import Article, Claim, ClaimMove, Revision
from articles.services import prefill
from articles.workflow import CLAIM_OPEN
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.contrib.auth.models import User

Span = tuple[int, int]
AROUND: Final = 32  # code points of prefix and suffix kept with an anchor
SAME_WORDS: Final = 0.5
"""Least intersection over union of two spans that are one claim."""

DECISIONS: Final = (MoveDecision.SAME, MoveDecision.EDITED, MoveDecision.GONE)


@dataclass(frozen=True, slots=True)
class Carried:
    """How many claims followed their words, changed, and found none; `places` are the claims' ids by span.

    `places` also has the places that are only proposed, and claims that people marked in the new text.
    """

    kept: int
    changed: int
    orphaned: int
    places: Mapping[Span, int]


def is_overtaken(revision: Revision) -> bool:
    """A later revision was read first: the claims are there, and this text is only kept."""
    later = Revision.objects.filter(article=revision.article_id, number__gt=revision.number)
    return later.filter(extracted_at__isnull=False).exists()


def claims_carry(*, revision: Revision) -> Carried:
    """Take every claim of earlier revisions over into this one; call it in the transaction that reads the text.

    1. The same words, surely: the claim's anchor moves, nothing else of it does.
    2. Nearly the same words: the claim keeps its anchor, is stale, and the new place is stored as a proposal.
    3. Nothing like it: the claim keeps its anchor and is stale; the proposal is empty.
    4. Claims that were put aside move along only if their words are surely there; else nobody is asked.
    5. A claim that a person said is gone is not asked about again, but follows its words if they come back.
    """
    marked = {(one.start, one.end): one.pk for one in Claim.objects.filter(revision=revision)}
    plan = carry_plan(article_id=revision.article_id, number=revision.number, text=revision.text)
    _overtake([claim.pk for claim, _ in (*plan.kept, *plan.unsure)])
    _keep(revision, plan.kept)
    _ask(revision, plan.unsure)
    orphaned = sum(one.state is State.ORPHAN for _, one in plan.unsure)
    return Carried(len(plan.kept), len(plan.unsure) - orphaned, orphaned, marked | plan.places)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will become of an article's claims in a text: those that follow surely, and those to ask about."""

    kept: list[tuple[Claim, Outcome]]
    unsure: list[tuple[Claim, Outcome]]

    @property
    def places(self) -> dict[Span, int]:
        """The claims' ids by their span in the text, also where it is only proposed."""
        both = (*self.unsure, *self.kept)
        return {(one.start, one.end): claim.pk for claim, one in both if one.state is not State.ORPHAN}


def carry_plan(*, article_id: int, number: int, text: str) -> Plan:
    """What `claims_carry` will do when `text` is revision `number` of the article; changes nothing."""
    told = _without_doubles(_told(article_id, number, text))
    kept = [(claim, one) for claim, one in told if one.state is State.KEPT]
    return Plan(kept, _to_ask(article_id, [(claim, one) for claim, one in told if one.state is not State.KEPT]))


def _told(article_id: int, number: int, text: str) -> list[tuple[Claim, Outcome]]:
    """What became of every claim of the earlier revisions."""
    found = Claim.objects.filter(article=article_id, revision__number__lt=number)
    by_text: dict[int, list[Claim]] = defaultdict(list)
    for claim in found.order_by("pk"):
        by_text[claim.revision_id].append(claim)
    texts = dict(Revision.objects.filter(pk__in=by_text).values_list("pk", "text"))
    told: list[tuple[Claim, Outcome]] = []
    for pk, claims in by_text.items():
        anchors = [Anchor(one.start, one.end, one.quote, one.prefix, one.suffix) for one in claims]
        told += zip(claims, reanchor(texts[pk], text, anchors), strict=True)
    return told


def _without_doubles(told: Sequence[tuple[Claim, Outcome]]) -> list[tuple[Claim, Outcome]]:
    """Claims of different revisions do not fall silently on one place: the one that had been anchored last has it."""
    held: dict[Span, Claim] = {}
    sure: list[tuple[Claim, Outcome]] = []
    for claim, one in sorted(told, key=lambda pair: -pair[0].revision_id):
        holder = held.setdefault((one.start, one.end), claim) if one.state is State.KEPT else claim
        if holder.revision_id == claim.revision_id:
            sure.append((claim, one))
        else:
            sure.append((claim, Outcome(State.CHANGED, "one of several", one.start, one.end, one.quote, 100.0)))
    return sure


def _to_ask(article_id: int, unsure: Sequence[tuple[Claim, Outcome]]) -> list[tuple[Claim, Outcome]]:
    gone = set(
        ClaimMove.objects.filter(
            claim__article=article_id, decision=MoveDecision.GONE,
            revision__number__gt=F("claim__revision__number"),
        ).values_list("claim", flat=True)
    )  # fmt: skip
    return [(claim, one) for claim, one in unsure if claim.state in CLAIM_OPEN and claim.pk not in gone]


def _overtake(claims: Sequence[int]) -> None:
    """What was asked of these claims about an earlier revision is no longer the question."""
    waiting = ClaimMove.objects.filter(decision="")
    for at in range(0, len(claims), 500):
        waiting.filter(claim__in=claims[at : at + 500]).update(
            decision=MoveDecision.OVERTAKEN, decided_at=timezone.now()
        )


def _keep(revision: Revision, kept: Iterable[tuple[Claim, Outcome]]) -> None:
    claims = []
    for claim, one in kept:
        for name, value in _anchored(revision, one.start, one.end).items():
            setattr(claim, name, value)
        claims.append(claim)
    fields = ("revision", "start", "end", "prefix", "suffix", "stale_anchor")
    Claim.objects.bulk_update(claims, fields, batch_size=200)


def _anchored(revision: Revision, start: int, end: int) -> dict[str, Any]:
    return {
        "revision": revision,
        "start": start,
        "end": end,
        "prefix": revision.text[max(0, start - AROUND) : start],
        "suffix": revision.text[end : end + AROUND],
        "stale_anchor": False,
    }


def _ask(revision: Revision, unsure: Sequence[tuple[Claim, Outcome]]) -> None:
    ClaimMove.objects.bulk_create([_move_row(revision, claim, one) for claim, one in unsure], batch_size=500)
    for at in range(0, len(unsure), 500):
        Claim.objects.filter(pk__in=[claim.pk for claim, _ in unsure[at : at + 500]]).update(stale_anchor=True)
    for claim, one in unsure:
        after = {"revision": revision.number, "outcome": one.state.value, "how": one.how, "quote": one.quote}
        record("claim.moved", claim, actor=None, before={"quote": claim.quote}, after=after, implied=True)


def _move_row(revision: Revision, claim: Claim, one: Outcome) -> ClaimMove:
    found = one.state is State.CHANGED
    return ClaimMove(
        claim=claim,
        revision=revision,
        old_quote=claim.quote,
        start=one.start if found else None,
        end=one.end if found else None,
        quote=one.quote,
        score=one.score,
        how=one.how,
    )


def known_claims(spans: Iterable[Span], places: Mapping[Span, int]) -> dict[Span, int]:
    """The ids of the claims that are on most of the same words, for those spans that have one."""
    ordered = sorted(places)
    widest = max((end - start for start, end in ordered), default=0)
    known: dict[Span, int] = {}
    for span in spans:
        first = bisect_left(ordered, (span[0] - widest, 0))
        near = ordered[first : bisect_left(ordered, (span[1], 0))]
        best = max(near, key=lambda other: _overlap(span, other), default=None)
        if best is not None and _overlap(span, best) >= SAME_WORDS:
            known[span] = places[best]
    return known


def _overlap(first: Span, second: Span) -> float:
    both = max(0, min(first[1], second[1]) - max(first[0], second[0]))
    return both / (max(first[1], second[1]) - min(first[0], second[0])) if both else 0.0


def claim_move_decide(*, claim: Claim, actor: User, decision: str) -> ClaimMove:
    """A person says what became of a stale claim.

    1. `same`: the new words say the same. `edited`: they say something else, which is the claim from now on. Both
       move the anchor to the proposal and make its words the quotation, which is always what the text says. What
       was edited is asked of the sources anew.
    2. `gone`: the claim stays where it was last said, with its old context, and is stale no longer.

    Raises Invalid (claim.bad_decision, claim.no_proposal, claim.place_taken), WrongState (workflow.changed).
    """
    if decision not in DECISIONS:
        raise Invalid("claim.bad_decision", decision=decision, known=", ".join(DECISIONS))
    with transaction.atomic():
        Article.objects.select_for_update(no_key=True).get(pk=claim.article_id)  # the next revision waits
        move = _move_close(claim, actor, decision)
        changes = {"stale_anchor": False} if decision == MoveDecision.GONE else _followed(claim, move)
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version).update(version=F("version") + 1, **changes)
        if moved != 1:
            raise WrongState("workflow.changed")
        claim.refresh_from_db()
        before = {"quote": move.old_quote, "revision": _number_before(move)}
        after = {"quote": claim.quote, "revision": claim.revision.number, "decision": decision}
        record("claim.followed", claim, actor=actor, before=before, after=after)
        if decision == MoveDecision.EDITED:
            prefill.prefill_plan([claim])
    return move


# What an anchor is; kept with an undo step, and written back by `claim_move_put_back`.
_ANCHOR: Final = ("revision_id", "start", "end", "prefix", "suffix", "quote")


def anchor_of(claim: Claim) -> dict[str, Any]:
    """Where a claim stands now, as `claim_move_put_back` takes it."""
    return {name: getattr(claim, name) for name in _ANCHOR}


def claim_move_put_back(*, claim: Claim, actor: User, move_id: int, anchor: dict[str, Any]) -> None:
    """Ask again what became of a claim: undo of `same` and `gone`, which judged nothing.

    The claim is stale again, at the `anchor` it had. Raises WrongState (workflow.changed) where the move was asked
    about anew or a later revision has come.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).get(pk=claim.article_id)
        undone = (MoveDecision.SAME, MoveDecision.GONE)
        opened = ClaimMove.objects.filter(
            pk=move_id, claim=claim, decision__in=undone, revision=article.current_id
        ).update(decision="", decided_by=None, decided_at=None)  # fmt: skip
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version).update(
            version=F("version") + 1, stale_anchor=True, **anchor
        )
        if opened != 1 or moved != 1:
            raise WrongState("workflow.changed")
        before = {"quote": claim.quote, "revision": claim.revision.number}
        claim.refresh_from_db()
        record("claim.followed", claim, actor=actor, before=before,
               after={"quote": claim.quote, "revision": claim.revision.number, "decision": ""})  # fmt: skip


def _number_before(move: ClaimMove) -> int:
    return move.claim.revision.number


def _move_close(claim: Claim, actor: User, decision: str) -> ClaimMove:
    move = ClaimMove.objects.select_related("claim__revision", "revision").filter(claim=claim, decision="").first()
    if move is None:
        raise WrongState("workflow.changed")
    move.decision, move.decided_by, move.decided_at = decision, actor, timezone.now()
    closed = ClaimMove.objects.filter(pk=move.pk, decision="").update(
        decision=decision, decided_by=actor, decided_at=move.decided_at
    )
    if closed != 1:
        raise WrongState("workflow.changed")
    return move


def _followed(claim: Claim, move: ClaimMove) -> dict[str, Any]:
    if move.start is None or move.end is None:
        raise Invalid("claim.no_proposal")
    holder = Claim.objects.filter(
        revision=move.revision_id, start=move.start, end=move.end, origin=ClaimOrigin.MACHINE
    ).exclude(pk=claim.pk).first()  # fmt: skip
    if holder is not None and claim.origin == ClaimOrigin.MACHINE:
        raise Invalid("claim.place_taken", number=holder.number)
    changes = _anchored(move.revision, move.start, move.end) | {"quote": move.quote}
    return changes | (_restated(claim, move) if move.decision == MoveDecision.EDITED else {})


def _restated(claim: Claim, move: ClaimMove) -> dict[str, Any]:
    """Our wording follows where it has the old words in it; else a person must see to it."""
    if claim.quote in claim.statement:
        return {"statement": claim.statement.replace(claim.quote, move.quote)}
    return {"needs_context": True}
