"""What the desk's people do to facts: the rights they need, in front of the services of `articles`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.services.article import article_resume as article_go_on
from articles.services.article import article_transition
from articles.services.claim import claim_dismiss, claim_restore, claim_reword, claim_search, claim_set_priority
from articles.services.origin import claim_origins_set
from articles.services.prefill import prefill_again, prefill_cancel
from articles.workflow import ArticleAction
from factcheck.audit.services import one_act, record
from factcheck.core.errors import Invalid, WrongState
from reviews.services.review import claim_accept, review_for, review_perform
from reviews.services.transition import require, review_retire
from reviews.services.triage import rank_soon
from reviews.workflow import ReviewAction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from articles.models import Article, Claim, PrefillRun
    from articles.origins import Appearance, Claimant
    from reviews.models import Review


def claim_set_aside(*, claim: Claim, actor: User, reason: str, note: str = "") -> None:
    """Dismiss a claim, and with it its unfinished review. One act.

    Raises NotAllowed, Invalid (claim.reason_needed), WrongState (a verdict was already proposed).
    """
    require(actor, "edit_claims", _("dismiss claims"), claim)
    with transaction.atomic(), one_act():
        claim_dismiss(claim=claim, actor=actor, reason=reason, note=note)
        review_retire(claim=claim, actor=actor)


def claim_bring_back(*, claim: Claim, actor: User) -> None:
    """Restore a dismissed claim; raises NotAllowed, WrongState."""
    require(actor, "edit_claims", _("restore claims"), claim)
    with transaction.atomic(), one_act():
        claim_restore(claim=claim, actor=actor)
        review_for(claim=claim, actor=actor)


def claim_put_right(*, claim: Claim, actor: User, statement: str, speaker: str | None = None) -> None:
    """Reword a claim; raises NotAllowed, Invalid (claim.empty_statement), WrongState."""
    require(actor, "edit_claims", _("reword claims"), claim)
    claim_reword(claim=claim, actor=actor, statement=statement, speaker=speaker)


def claim_origins(
    *, claim: Claim, actor: User, claimants: Sequence[Claimant], appearances: Sequence[Appearance]
) -> None:
    """Say who else made a claim and where it stood; raises NotAllowed, Invalid (origin.*), WrongState."""
    require(actor, "edit_claims", _("say where claims appeared"), claim)
    claim_origins_set(claim=claim, actor=actor, claimants=claimants, appearances=appearances)


def claim_prioritise(*, claim: Claim, actor: User, priority: int | None, note: str = "", pinned: bool = True) -> None:
    """Move a claim in the queue, or give its place back to the rules (`pinned` off).

    Raises NotAllowed, Invalid (claim.bad_priority), WrongState.
    """
    require(actor, "assign_reviews", _("set priorities"), claim)
    if priority is None:
        raise Invalid("claim.bad_priority")
    with transaction.atomic():
        claim_set_priority(claim=claim, actor=actor, priority=priority, note=note, pinned=pinned)
        rank_soon(Q(pk=claim.pk))


def claim_assign(
    *, claim: Claim, actor: User, assignee: User | None, note: str = "", seen_version: int | None = None
) -> Review:
    """Give a claim to somebody who may check; a draft is confirmed on the way. One act.

    Raises NotAllowed, Invalid (review.gate) for somebody who may not check, WrongState.
    """
    require(actor, "assign_reviews", _("assign claims"), claim)
    with transaction.atomic(), one_act():
        review = claim_accept(claim=claim, actor=actor)
        return review_perform(
            review=review, action=ReviewAction.ASSIGN, actor=actor, assignee=assignee, note=note,
            seen_version=seen_version,
        )  # fmt: skip


def sources_ask_for(*, claim: Claim, actor: User, words: str, loose: str = "") -> int:
    """Ask the sources for words a person chose; raises NotAllowed, Invalid (claim.search_words), WrongState."""
    require(actor, "add_evidence", _("ask sources again"), claim)
    return claim_search(claim=claim, actor=actor, words=words, loose=loose)


def sources_ask_again(*, run: PrefillRun, actor: User) -> None:
    """Ask a source once more that could not be consulted; an answered question is left as it is.

    Raises NotAllowed.
    """
    require(actor, "add_evidence", _("ask sources again"), run)
    with transaction.atomic():
        prefill_again(run=run)
        record("prefill.asked", run, actor=actor, before={"state": run.state})


def sources_do_not_ask(*, run: PrefillRun, actor: User) -> None:
    """Take a question back that waits or is being asked; it can be asked again.

    Raises NotAllowed, WrongState (prefill.ended) where it has been answered or given up already.
    """
    require(actor, "add_evidence", "take questions to sources back", run)
    with transaction.atomic():
        if not prefill_cancel(run=run):
            raise WrongState("prefill.ended")
        record("prefill.cancelled", run, actor=actor, before={"state": run.state})


def article_hold(*, article: Article, actor: User, note: str = "") -> None:
    """Stop the work on an article; raises NotAllowed, WrongState."""
    require(actor, "assign_reviews", _("hold articles"), article)
    article_transition(article=article, action=ArticleAction.HOLD, actor=actor, note=note, implied=False)


def article_resume(*, article: Article, actor: User) -> None:
    """Go on with an article that was held: back to where its text is, and open again. One act.

    Raises NotAllowed, WrongState.
    """
    require(actor, "assign_reviews", _("resume articles"), article)
    with one_act():
        article_go_on(article=article, actor=actor, implied=False)
