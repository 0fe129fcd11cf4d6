"""What people do to claims. The only writer of `Claim.state`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Max, Q

from articles.choices import ClaimOrigin, DismissReason
from articles.extraction.checkworthy import score_sentence
from articles.models import Article, Claim, Revision
from articles.services import prefill
from articles.services.alike import claim_twin
from articles.services.revision import AROUND
from articles.services.scoring import scoring
from articles.workflow import CLAIM, CLAIM_OPEN, ClaimAction, ClaimState
from factcheck.audit.services import one_act, record
from factcheck.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.contrib.auth.models import User

LARGEST_PRIORITY = 100
MOST_SEARCH_WORDS, MOST_LOOSE_WORDS = 200, 100  # characters
_AUDIT = {
    ClaimAction.CONFIRM: "claim.confirmed",
    ClaimAction.DISMISS: "claim.dismissed",
    ClaimAction.RESTORE: "claim.restored",
    ClaimAction.MERGE: "claim.merged",
    ClaimAction.UNMERGE: "claim.unmerged",
    ClaimAction.SPLIT: "claim.split",
    ClaimAction.UNSPLIT: "claim.unsplit",
}


def claim_transition(
    *, claim: Claim, action: ClaimAction, actor: User | None, changes: dict[str, Any] | None = None,
    note: str = "", implied: bool = False,
) -> None:  # fmt: skip
    """Compare-and-set on state and version; raises WrongState (workflow.wrong_state, workflow.changed)."""
    old = ClaimState(claim.state)
    new = CLAIM.next_state(old, action)
    changes = changes or {}
    with transaction.atomic():
        moved = Claim.objects.filter(pk=claim.pk, state=old, version=claim.version).update(
            state=new, version=F("version") + 1, settled=new not in CLAIM_OPEN, **changes
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        claim.state, claim.version, claim.settled = new, claim.version + 1, new not in CLAIM_OPEN
        for name, value in changes.items():
            setattr(claim, name, value)
        record(
            _AUDIT[action], claim, actor=actor, before={"state": old}, after={"state": new, **_plain(changes)},
            note=note, implied=implied,
        )  # fmt: skip


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value.pk if isinstance(value, Claim) else value for name, value in changes.items()}


def claim_settle(*, claim_id: int, settled: bool) -> None:
    """Note whether something is left to do about a claim; the trail has the act this follows from."""
    Claim.objects.filter(pk=claim_id).update(settled=settled)


def claim_confirm(*, claim: Claim, actor: User, implied: bool = False) -> None:
    """A person says that this is to be checked; its sources are asked if they were not yet."""
    with transaction.atomic(), one_act():
        claim_transition(claim=claim, action=ClaimAction.CONFIRM, actor=actor, implied=implied)
        prefill.prefill_plan([claim])


def claim_dismiss(*, claim: Claim, actor: User, reason: str, note: str = "") -> None:
    """Put the claim aside; raises Invalid (claim.reason_needed) without one of the known reasons."""
    if reason not in DismissReason.values:
        raise Invalid("claim.reason_needed", known=", ".join(str(label).lower() for label in DismissReason.labels))
    claim_transition(
        claim=claim, action=ClaimAction.DISMISS, actor=actor, changes={"dismiss_reason": reason}, note=note
    )


def claim_restore(*, claim: Claim, actor: User) -> None:
    with transaction.atomic(), one_act():
        claim_transition(claim=claim, action=ClaimAction.RESTORE, actor=actor, changes={"dismiss_reason": ""})
        prefill.prefill_plan([claim])


def claim_reword(*, claim: Claim, actor: User, statement: str, speaker: str | None = None) -> None:
    """Change the wording that stands on its own; the quote is never touched. The sources are asked anew."""
    statement = statement.strip()
    if not statement:
        raise Invalid("claim.empty_statement")
    changes: dict[str, Any] = {"statement": statement, "needs_context": False, "ranked": False, "matched_at": None}
    if speaker is not None:
        changes["speaker"] = speaker.strip()[:200]
    with transaction.atomic(), one_act():
        before = {"statement": claim.statement, "speaker": claim.speaker}
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version).update(version=F("version") + 1, **changes)
        if moved != 1:
            raise WrongState("workflow.changed")
        claim.refresh_from_db()
        after = {name: changes[name] for name in before if name in changes}
        record("claim.reworded", claim, actor=actor, before=before, after=after)
        prefill.prefill_plan([claim])


def claim_search(*, claim: Claim, actor: User, words: str, loose: str = "") -> int:
    """Say which words the sources are asked for, and ask; without words those of the statement again.

    `loose` are fewer words for sources that find nothing for all of them. A question already asked in these words
    is not asked twice. Returns how many questions were planned. Raises Invalid (claim.search_words), WrongState.
    """
    words, loose = " ".join(words.split()), " ".join(loose.split())
    if len(words) > MOST_SEARCH_WORDS or len(loose) > MOST_LOOSE_WORDS or (loose and not words):
        raise Invalid("claim.search_words", most=MOST_SEARCH_WORDS, most_loose=MOST_LOOSE_WORDS)
    made = prefill.made_query(claim)
    if (words, loose) == (made.text, made.loose):  # the form as it came
        words = loose = ""
    changes = {"search_words": words, "search_loose": loose if loose != words else ""}
    with transaction.atomic(), one_act():
        before = {name: getattr(claim, name) for name in changes}
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version, state__in=CLAIM_OPEN).update(
            version=F("version") + 1, **changes
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        claim.refresh_from_db()
        record("claim.search", claim, actor=actor, before=before, after=changes)
        planned = prefill.prefill_plan([claim])
        prefill.prefill_hurry(claim_id=claim.pk)
    return planned


def claim_set_priority(*, claim: Claim, actor: User, priority: int, note: str = "", pinned: bool = True) -> None:
    """Move the claim in the queue, 0 to 100, where it stays; `pinned` off gives it back to the rules.

    Raises Invalid (claim.bad_priority), WrongState (workflow.changed).
    """
    if not 0 <= priority <= LARGEST_PRIORITY:
        raise Invalid("claim.bad_priority")
    with transaction.atomic():
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version).update(
            priority=priority, pinned=priority if pinned else None, ranked=False, version=F("version") + 1
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        before, claim.priority, claim.version = claim.priority, priority, claim.version + 1
        record(
            "claim.prioritised", claim, actor=actor, before={"priority": before},
            after={"priority": priority} | ({} if pinned else {"pinned": False}), note=note,
        )  # fmt: skip


def claims_unrank(which: Q) -> int:
    """Mark these claims as to be ranked anew; returns how many."""
    return Claim.objects.filter(which).update(ranked=False)


@dataclass(frozen=True, slots=True)
class Rank:
    """A priority with its parts, and when time alone will change it."""

    value: int
    parts: list[dict[str, Any]]
    again_at: datetime | None


def claims_rank_store(claims: Sequence[Claim], ranks: Mapping[int, Rank]) -> None:
    """Keep what these claims were ranked as. No version moves: nobody decided anything about the claim."""
    for claim in claims:
        rank = ranks[claim.pk]
        claim.priority, claim.priority_parts = rank.value, rank.parts
        claim.rank_again_at, claim.ranked = (None if claim.settled else rank.again_at), True
    Claim.objects.bulk_update(claims, ["priority", "priority_parts", "rank_again_at", "ranked"], batch_size=100)


def claim_add(
    *, revision: Revision, actor: User, start: int, end: int, statement: str = "", speaker: str = ""
) -> Claim:
    """A claim of the words a person selected, confirmed at once; overlapping others is fine.

    Raises Invalid (claim.bad_span) for a span outside of the text or of white space only.
    """
    quote = revision.text[start:end] if 0 <= start < end <= len(revision.text) else ""
    if not quote.strip():
        raise Invalid("claim.bad_span", start=start, end=end)
    start, end = start + len(quote) - len(quote.lstrip()), end - (len(quote) - len(quote.rstrip()))
    quote = quote.strip()
    with scoring(revision.article.desk_id):
        judged = score_sentence(quote)
    with transaction.atomic(), one_act():
        # Two people who mark words at once get two numbers.
        Article.objects.select_for_update(no_key=True).get(pk=revision.article_id)
        last = Claim.objects.filter(article=revision.article_id).aggregate(last=Max("number"))["last"] or 0
        claim = Claim.objects.create(
            article_id=revision.article_id,
            revision=revision,
            number=last + 1,
            state=ClaimState.CONFIRMED,
            quote=quote,
            start=start,
            end=end,
            prefix=revision.text[max(0, start - AROUND) : start],
            suffix=revision.text[end : end + AROUND],
            statement=statement.strip() or quote,
            needs_context=not statement.strip(),
            speaker=speaker.strip()[:200],
            score=judged.score,
            reasons=[{"name": r.name, "weight": r.weight, "words": r.words} for r in judged.reasons],
            # A person who marks words wants them checked: they come before what only a machine found.
            priority=max(50, round(judged.score * 100)),
            origin=ClaimOrigin.PERSON,
            created_by=actor,
        )
        record("claim.added", claim, actor=actor, after={"start": start, "end": end, "quote": quote})
        claim_twin(claim)
        prefill.prefill_plan([claim])
    return claim
