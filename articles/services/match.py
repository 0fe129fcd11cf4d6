"""Earlier reviews suggested for claims, found in the background, decided by people. Only writer of `ClaimMatch`."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles.choices import MatchState
from articles.matching import version
from articles.models import Claim, ClaimMatch, MatchIndex
from articles.selectors.matching import Query, matching_claims
from factcheck.audit.services import record
from factcheck.core.errors import WrongState
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.selectors.matching import FoundMatch

logger: Final = logging.getLogger(__name__)
TASK: Final = "articles.match_claims"
# So many are kept of a look, and what scores less is another matter.
MOST: Final = 8
LEAST_SCORE: Final = 0.2
# One task ends within seconds and leaves the rest to the next, so that other work gets its turn.
CLAIMS_A_TASK: Final = 50
LEASE: Final = timedelta(minutes=2)
# An open claim is looked up again after the memory has grown, but not more often than this.
AGAIN_AFTER: Final = timedelta(hours=6)

_AUDIT: Final = {
    MatchState.ACCEPTED: "match.accepted",
    MatchState.REJECTED: "match.rejected",
    MatchState.SUGGESTED: "match.reopened",
}


# --- looking ---------------------------------------------------------------------------------------------
def claim_look(*, claim: Claim) -> int:
    """Look through the memory for this claim; returns how many suggestions it has then. May run twice.

    What somebody decided stays as it is: a rejected review does not come back, an accepted one does not go. A
    suggestion that is no longer found goes. A claim whose words change meanwhile is looked up again.
    """
    said = claim.article.published_at
    asked = Query(claim.statement, claim.speaker, said.date() if said else None)
    found = [one for one in matching_claims(asked, top=MOST + 1) if _worth_telling(claim, one)][:MOST]
    with transaction.atomic():
        looked = Claim.objects.filter(pk=claim.pk, statement=claim.statement, speaker=claim.speaker)
        if not looked.update(matched_at=timezone.now()):
            return 0
        return _store(claim, found)


def _worth_telling(claim: Claim, found: FoundMatch) -> bool:
    return found.match.score >= LEAST_SCORE and found.claim.of_claim_id != claim.pk


def _store(claim: Claim, found: Sequence[FoundMatch]) -> int:
    now, made_by = timezone.now(), version()
    decided = set(
        ClaimMatch.objects.exclude(state=MatchState.SUGGESTED).filter(claim=claim).values_list("review", flat=True)
    )
    rows = [
        ClaimMatch(
            claim=claim, review=one.claim, score=one.match.score, why=list(one.match.why), model=made_by, found_at=now
        )
        for one in found
        if one.claim.pk not in decided
    ]  # fmt: skip
    gone = ClaimMatch.objects.filter(claim=claim, state=MatchState.SUGGESTED)
    gone.exclude(review__in=[row.review_id for row in rows]).delete()
    # Somebody may decide at this moment: then the row is theirs, and only figures nobody decided on are renewed.
    ClaimMatch.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        ClaimMatch.objects.filter(claim=claim, review=row.review_id, state=MatchState.SUGGESTED).update(
            score=row.score, why=row.why, model=row.model, found_at=row.found_at
        )
    return len(rows)


def claims_look_task() -> None:
    """The worker's share: the open claims that come first, under a lease, then another task if there are more."""
    if not _lease_take():
        return
    try:
        for claim in _waiting().select_related("article").order_by("-priority", "-pk")[:CLAIMS_A_TASK]:
            _look_or_pass(claim)
    finally:
        MatchIndex.objects.update(looking_until=None)
    looks_sweep()


def _look_or_pass(claim: Claim) -> None:
    """A claim that cannot be looked up must not keep the others waiting: it is in the log, and asked for again with
    all that were looked up, when the memory has grown.
    """
    try:
        claim_look(claim=claim)
    except Exception:
        logger.exception("Looking up claim %s failed.", claim.pk)
        Claim.objects.filter(pk=claim.pk).update(matched_at=timezone.now())


def looks_sweep() -> None:
    """Send what waits to a worker; what a lost task left undone too."""
    busy = MatchIndex.objects.filter(looking_until__gt=timezone.now())
    if _waiting().exists() and not busy.exists():
        enqueue(TASK)


def looks_renew() -> int:
    """The memory has grown: look up the open claims again that were looked up a while ago; returns how many."""
    old = timezone.now() - AGAIN_AFTER
    return Claim.objects.filter(settled=False, matched_at__lt=old).update(matched_at=None)


def _waiting() -> QuerySet[Claim]:
    return Claim.objects.filter(settled=False, matched_at=None)


def _lease_take() -> bool:
    MatchIndex.objects.get_or_create(pk=1)
    free = Q(looking_until=None) | Q(looking_until__lte=timezone.now())
    return bool(MatchIndex.objects.filter(free, pk=1).update(looking_until=timezone.now() + LEASE))


# --- deciding --------------------------------------------------------------------------------------------
def match_decide(*, match: ClaimMatch, actor: User, state: MatchState, implied: bool = False) -> None:
    """Accept or reject a suggestion, or make it one again. Compare-and-set; the trail keeps score and model.

    Raises WrongState (match.as_it_was) where it is decided so already, (workflow.changed) where somebody was first.
    """
    if match.state == state:
        raise WrongState("match.as_it_was", state=MatchState(state).label.lower())
    undone = state == MatchState.SUGGESTED
    decided = {"decided_by": None if undone else actor, "decided_at": None if undone else timezone.now()}
    with transaction.atomic():
        held = ClaimMatch.objects.filter(pk=match.pk, version=match.version, state=match.state)
        if held.update(state=state, version=F("version") + 1, **decided) != 1:
            raise WrongState("workflow.changed")
        before = match.state
        match.refresh_from_db(fields=["state", "version", "decided_by", "decided_at"])
        record(
            _AUDIT[state], match.claim, actor=actor, before={"match": match.pk, "state": before},
            after={
                "match": match.pk, "state": state, "review": match.review.reference, "score": match.score,
                "model": match.model,
            },
            note=match.review.claim[:500], implied=implied,
        )  # fmt: skip
