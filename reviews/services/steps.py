"""Acts of the card that `u` takes back: each is done by its own service and kept as a step, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from articles.choices import MoveDecision
from articles.services.revision import anchor_of
from reviews.models import Review
from reviews.services import match as services
from reviews.services.annotation import annotation_reopen, annotation_resolve
from reviews.services.claim import claim_assign, claim_set_aside
from reviews.services.evidence import suggestion_drop, suggestion_keep, suggestion_stance
from reviews.services.joining import claim_divide, claim_join
from reviews.services.review import claim_take
from reviews.services.stale import claim_follow
from reviews.services.ticks import tick_decide
from reviews.services.undo import step_add
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from articles.models import Claim, ClaimMatch, Evidence
    from reviews.models import Annotation, TickChange


def _holder(claim: Claim) -> tuple[int | None, str]:
    found = Review.objects.filter(claim=claim, active=True).values_list("assignee", "state").first()
    return found or (None, "")


def take(*, claim: Claim, actor: User) -> Review:
    with transaction.atomic():
        before, _version = _holder(claim)
        review = claim_take(claim=claim, actor=actor)
        if before != actor.pk:
            act = {"do": "give_back", "claim": claim.pk, "version": review.version}
            step_add(actor=actor, words=_("claim %(number)s taken") % {"number": claim.number}, acts=[act])
    return review


def assign(*, claim: Claim, actor: User, assignee: User | None, note: str = "") -> Review:
    with transaction.atomic():
        before, _version = _holder(claim)
        review = claim_assign(claim=claim, actor=actor, assignee=assignee, note=note)
        act: dict[str, Any] = {"claim": claim.pk, "version": review.version}
        act |= {"do": "give_back"} if before is None else {"do": "assign", "person": before}
        step_add(actor=actor, words=_("claim %(number)s assigned") % {"number": claim.number}, acts=[act])
    return review


def dismiss(*, claim: Claim, actor: User, reason: str, note: str = "") -> None:
    with transaction.atomic():
        before, state = _holder(claim)
        claim_set_aside(claim=claim, actor=actor, reason=reason, note=note)
        had = before if state != ReviewState.QUEUED else None
        act = {"do": "restore", "claim": claim.pk, "version": claim.version, "person": had}
        step_add(actor=actor, words=_("claim %(number)s dismissed") % {"number": claim.number}, acts=[act])


def join(*, claim: Claim, into: Claim, actor: User, note: str = "") -> None:
    with transaction.atomic():
        claim_join(claim=claim, into=into, actor=actor, note=note)
        act = {"do": "unmerge", "claim": claim.pk, "version": claim.version}
        step_add(
            actor=actor,
            words=_("claim %(number)s merged into claim %(number2)s")
            % {"number": claim.number, "number2": into.number},
            acts=[act],
        )


def match_accept(*, match: ClaimMatch, actor: User, merge: bool = False) -> None:
    with transaction.atomic():
        before, claim = match.state, match.claim
        services.match_accept(match=match, actor=actor, merge=merge)
        acts: list[dict[str, Any]] = [_match_as_it_was(match, before)]
        if merge:
            acts.insert(0, {"do": "unmerge", "claim": claim.pk, "version": claim.version})
        words = _("claim %(number)s said to be checked before") % {"number": claim.number}
        step_add(actor=actor, words=words, acts=acts)


def match_reject(*, match: ClaimMatch, actor: User) -> None:
    with transaction.atomic():
        before = match.state
        services.match_reject(match=match, actor=actor)
        words = _("an earlier review said to be of another claim than claim %(number)s")
        words %= {"number": match.claim.number}
        step_add(actor=actor, words=words, acts=[_match_as_it_was(match, before)])


def _match_as_it_was(match: ClaimMatch, state: str) -> dict[str, Any]:
    return {"do": "match", "claim": match.claim_id, "match": match.pk, "version": match.version, "state": state}


def divide(*, claim: Claim, statements: Sequence[str], actor: User) -> list[Claim]:
    with transaction.atomic():
        made = claim_divide(claim=claim, statements=statements, actor=actor)
        act = {"do": "unsplit", "claim": claim.pk, "version": claim.version}
        step_add(
            actor=actor,
            words=_("claim %(number)s split into %(many)s") % {"number": claim.number, "many": len(made)},
            acts=[act],
        )
    return made


def _as_it_is(evidence: Evidence) -> dict[str, Any]:
    names = ("state", "stance", "locator")
    return {"do": "evidence", "claim": evidence.claim_id, "evidence": evidence.pk} | {
        name: getattr(evidence, name) for name in names
    }


def keep(*, evidence: Evidence, actor: User, stance: str = "", locator: str = "") -> None:
    with transaction.atomic():
        act = _as_it_is(evidence)
        suggestion_keep(evidence=evidence, actor=actor, stance=stance, locator=locator)
        step_add(actor=actor, words=_("evidence kept"), acts=[act | {"version": evidence.version}])


def drop(*, evidence: Evidence, actor: User) -> None:
    with transaction.atomic():
        act = _as_it_is(evidence)
        suggestion_drop(evidence=evidence, actor=actor)
        step_add(actor=actor, words=_("evidence dropped"), acts=[act | {"version": evidence.version}])


def weigh(*, evidence: Evidence, actor: User, stance: str) -> None:
    with transaction.atomic():
        act = _as_it_is(evidence)
        suggestion_stance(evidence=evidence, actor=actor, stance=stance)
        step_add(actor=actor, words=_("stance changed"), acts=[act | {"version": evidence.version}])


def tick(*, change: TickChange, actor: User, decision: str) -> None:
    with transaction.atomic():
        tick_decide(change=change, actor=actor, decision=decision)
        act = {"do": "tick", "change": change.pk, "decision": decision}
        step_add(actor=actor, words=_("answer about a changed sentence"), acts=[act])


def follow(*, claim: Claim, actor: User, decision: str) -> bool:
    """Returns whether it can be undone: an edited claim is judged anew, and that is not taken back with a key."""
    with transaction.atomic():
        anchor = anchor_of(claim)
        move = claim_follow(claim=claim, actor=actor, decision=decision)
        if decision == MoveDecision.EDITED:
            return False
        act = {"do": "follow", "claim": claim.pk, "version": claim.version, "move": move.pk, "anchor": anchor}
        step_add(actor=actor, words=_("answer about claim %(number)s") % {"number": claim.number}, acts=[act])
    return True


def resolve(*, note: Annotation, claim: int, actor: User) -> bool:
    """Resolve a note, or reopen one that was; returns whether it is resolved now."""
    done = note.resolved_at is None
    with transaction.atomic():
        (annotation_resolve if done else annotation_reopen)(annotation=note, actor=actor)
        act = {"do": "note", "claim": claim, "note": note.pk, "resolve": not done}
        step_add(actor=actor, words=_("note resolved") if done else _("note reopened"), acts=[act])
    return done
