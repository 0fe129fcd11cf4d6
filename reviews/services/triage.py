"""How urgent claims are: answers about harm, rules, deadlines. The number itself is stored with its parts.

Whatever decides it marks the claim as to be ranked, in its own transaction; a worker ranks it after the commit and a
sweep stands behind that. Ranking may run twice, or in two places: it reads what holds now.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import ClaimOrigin, Mode
from articles.models import Claim
from articles.services.claim import Rank, claims_rank_store, claims_unrank
from articles.workflow import CLAIM_OPEN
from factcheck.audit.services import person_name, record
from factcheck.core.errors import Invalid, WrongState
from factcheck.core.queue import enqueue
from reviews.models import Check, HarmAnswers, Review, RuleGave, TriageRule
from reviews.policies import desk_of, may
from reviews.rules import fits, lines
from reviews.services.transition import require, review_move
from reviews.triage import HARM, MOST_ANSWER, REACH, Push, priority_of
from reviews.workflow import ReviewAction, ReviewState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from articles.models import Article
    from reviews.models import DeskPolicy

TASK: Final = "reviews.rank_claims"
BATCH: Final = 200
KEYS: Final = tuple(one.key for one in (*HARM, REACH))


def rank_soon(claims: Q) -> int:
    """Mark these open claims as to be ranked and nudge a worker after the commit; returns how many."""
    marked = claims_unrank(claims & Q(settled=False))
    if marked:
        enqueue(TASK)
    return marked


# --- what people say -------------------------------------------------------------------------------------
def harm_answer(*, claim: Claim, actor: User, answers: Mapping[str, int | None]) -> HarmAnswers:
    """Keep answers about harm and reach, each 0 to 3 or None. Raises NotAllowed, Invalid (triage.bad_answer)."""
    require(actor, "edit_claims", _("say how harmful claims are"), claim)
    for key, value in answers.items():
        if key not in KEYS or not (value is None or 0 <= value <= MOST_ANSWER):
            raise Invalid("triage.bad_answer", name=key)
    with transaction.atomic():
        before = HarmAnswers.objects.filter(claim=claim).values(*KEYS).first() or {}
        values = {**answers, "answered_by_name": person_name(actor), "answered_at": timezone.now()}
        held, _made = HarmAnswers.objects.update_or_create(claim=claim, defaults=values)
        record("claim.harm", claim, actor=actor, before=before, after=dict(answers))
        rank_soon(Q(pk=claim.pk))
    return held


def check_tick(*, check: Check, actor: User, done: bool) -> None:
    """Tick one line of a checklist, or take the tick back; raises NotAllowed, WrongState (workflow.changed)."""
    require(actor, "add_evidence", _("tick checklists"), check)
    now = timezone.now()
    with transaction.atomic():
        changed = Check.objects.filter(pk=check.pk, done_at__isnull=done).update(
            done_at=now if done else None, done_by_name=person_name(actor) if done else ""
        )
        if changed != 1:
            raise WrongState("workflow.changed")
        record("claim.checked", check.claim, actor=actor, after={"words": check.words, "done": done})


# --- rules -----------------------------------------------------------------------------------------------
def rule_changed(*, rule: TriageRule, actor: User, before: dict[str, Any]) -> None:
    """A rule was stored: the trail has it, and the open claims of its desk are ranked anew."""
    with transaction.atomic():
        record("rule.saved", rule, actor=actor, before=before, after=rule_values(rule))
        rank_soon(Q(article__desk=rule.desk_id))


def rule_values(rule: TriageRule) -> dict[str, Any]:
    """A rule as the trail keeps it."""
    if rule.pk is None:
        return {}
    names = ("name", "enabled", "position", "publisher", "mode", "kinds", "speaker", "words", "score_from",
             "score_to", "percent", "due_hours", "checklist")  # fmt: skip
    return {name: getattr(rule, name) for name in names} | {"assignee": rule.assignee_id}


def rule_removed(*, rule: TriageRule, actor: User) -> None:
    """Delete a rule; what it gave and asked for stays, its weight goes."""
    desk = rule.desk_id
    with transaction.atomic():
        record("rule.removed", rule, actor=actor, before=rule_values(rule))
        rule.delete()
        rank_soon(Q(article__desk=desk))


def rules_of(desks: set[int]) -> dict[int, list[TriageRule]]:
    """The enabled rules of these desks in their order; one query."""
    found: dict[int, list[TriageRule]] = {desk: [] for desk in desks}
    for rule in TriageRule.objects.filter(desk__in=desks, enabled=True).select_related("assignee"):
        found[desk_of(rule)].append(rule)
    return found


def dry_run(rule: TriageRule, *, most: int = 200) -> tuple[list[Claim], int]:
    """The last claims of the rule's desk that it would have fitted, and of how many; nothing is changed."""
    last = Claim.objects.filter(article__desk=rule.desk_id).select_related("article").order_by("-pk")[:most]
    claims = list(last)
    return [claim for claim in claims if fits(rule, claim)], len(claims)


# --- deadlines -------------------------------------------------------------------------------------------
def due_for(claim: Claim, policy: DeskPolicy, *, now: datetime) -> datetime | None:
    """When a claim that is queued now is due: what the article says, else the nearest of rules and desk."""
    article: Article = claim.article
    if article.due_at is not None:
        return article.due_at
    rules = rules_of({policy.pk})[policy.pk]
    of_desk = policy.due_hours_own if article.mode == Mode.PRE_PUBLICATION else policy.due_hours
    known = [of_desk, *(rule.due_hours for rule in rules if rule.due_hours and fits(rule, claim))]
    hours = min((one for one in known if one), default=None)
    return now + timedelta(hours=hours) if hours else None


# --- ranking ---------------------------------------------------------------------------------------------
def claims_rank(*, most: int = 10_000) -> int:
    """Rank what is marked, and what time has brought nearer to its deadline; returns how many."""
    done = 0
    while done < most:
        ranked = _rank_batch()
        done += ranked
        if ranked < BATCH:
            break
    return done


def _rank_batch() -> int:
    """One batch in one transaction: locked, so that whoever changes something meanwhile marks it again after us."""
    now = timezone.now()
    with transaction.atomic():
        marked = _locked(Claim.objects.filter(ranked=False))
        nearer = _locked(Claim.objects.filter(rank_again_at__lte=now)) if len(marked) < BATCH else []
        claims = list(Claim.objects.filter(pk__in={*marked, *nearer}).select_related("article", "harm"))
        _rank(claims, now)
    return len(claims)


def _locked(claims: QuerySet[Claim]) -> list[int]:
    held = claims.order_by("pk").select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked, no_key=True
    )
    return list(held.values_list("pk", flat=True)[:BATCH])


def _rank(claims: Sequence[Claim], now: datetime) -> None:
    rules = rules_of({desk_of(claim) for claim in claims})
    reviews = {one.claim_id: one for one in Review.objects.filter(claim__in=claims, active=True)}
    fitting = {claim.pk: [rule for rule in rules[desk_of(claim)] if fits(rule, claim)] for claim in claims}
    ranks = {}
    for claim in claims:
        review = reviews.get(claim.pk)
        due = review.due_at if review is not None and review.due_at else claim.article.due_at
        found = priority_of(
            score=claim.score, by_person=claim.origin == ClaimOrigin.PERSON, answers=_answers(claim), now=now,
            due_at=due, pinned=claim.pinned, pushes=[Push(one.name, one.percent) for one in fitting[claim.pk]],
        )  # fmt: skip
        ranks[claim.pk] = Rank(found.value, [asdict(part) for part in found.parts], found.again_at)
    claims_rank_store(claims, ranks)
    for claim in claims:
        if claim.state in CLAIM_OPEN:
            _follow(claim, fitting[claim.pk], reviews.get(claim.pk))


def _answers(claim: Claim) -> dict[str, int | None]:
    held = getattr(claim, "harm", None)
    return {key: getattr(held, key) for key in KEYS} if held is not None else {}


def _follow(claim: Claim, rules: Sequence[TriageRule], review: Review | None) -> None:
    """What the rules want beside the number: lines of the checklist, and somebody to have it."""
    rows = [
        Check(claim=claim, words=words[:200], rule_name=rule.name)
        for rule in rules
        for words in lines(rule.checklist)
    ]
    if rows:
        Check.objects.bulk_create(rows, ignore_conflicts=True)
    giving = next((rule for rule in rules if rule.assignee is not None), None)
    if giving is not None and review is not None and review.state == ReviewState.QUEUED:
        _give(claim, giving, review)


def _give(claim: Claim, rule: TriageRule, review: Review) -> None:
    """Give the claim to whom the rule names, once, if they may still check on this desk."""
    person = rule.assignee
    if person is None or not may(person, "propose_verdict", desk_of(claim)).allowed:
        return
    if RuleGave.objects.filter(rule=rule, claim=claim).exists():
        return
    RuleGave.objects.create(rule=rule, claim=claim)
    review_move(
        review, ReviewAction.ASSIGN, actor=None, changes={"assignee": person}, note=f"Rule: {rule.name}", implied=True
    )
