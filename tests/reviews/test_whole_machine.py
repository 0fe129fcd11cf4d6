"""The whole machine: whatever people try, in whatever order, no rule breaks and nothing ends in a dead end.

A random cast tries random acts. What a rule forbids is refused with a code and changes nothing; after every act the
invariants hold; and from wherever that led, people with the rights for it bring the claim to an end.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Claim
from articles.workflow import ClaimState
from factcheck.core.errors import FactcheckError
from reviews.models import (
    DeskPolicy,
    Lease,
    Opinion,
    Publication,
    Query,
    Recusal,
    Review,
    Verdict,
)
from reviews.opinions import FAR
from reviews.policies import conflict_of, granted, may_review, rights_forget
from reviews.services import asking, claim, joining, lease, opinion, recusal, review
from reviews.services.asking import Asking
from reviews.services.correction import publication_retract
from reviews.services.publication import publication_publish
from reviews.workflow import ENDED, HELD, ReviewAction, ReviewState
from tests import publishing as desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User

EXAMPLES: Final = int(os.environ.get("MACHINE_EXAMPLES", "8"))
CAST: Final = (
    "Viewer", "Checker", "Checker", "Reviewer", "Reviewer", "Desk editor", "Desk editor", "Desk editor", "Publisher",
    "Publisher",
)  # fmt: skip
MAY_KEEP_OUT: Final = (1, 3, 5)  # so that somebody is left
A, S = ReviewAction, ReviewState


@dataclass
class World:
    """One article with two claims, and everybody."""

    people: list[User]
    claims: list[Claim]
    log: list[str] = field(default_factory=list)

    def fresh(self, number: int = 0) -> Claim:
        return Claim.objects.select_related("article", "revision").get(pk=self.claims[number].pk)

    def person(self, number: int) -> User:
        who = self.people[number % len(self.people)]
        rights_forget(who)
        return who


def _review(one: Claim) -> Review:
    found = Review.objects.select_related("claim__article", "verdict__label", "assignee").filter(
        claim=one, active=True
    ).first()  # fmt: skip
    if found is None:
        raise WrongTurn
    return found


class WrongTurn(Exception):
    """There is nothing to act on yet."""


def plain(action: ReviewAction, **values: Any) -> Callable[[World, User, Claim, int], Any]:
    def act(world: World, who: User, one: Claim, more: int) -> None:
        other = world.person(more)
        extra = {"assignee": other} if action in (A.ASSIGN, A.HAND_OVER) else {}
        review.review_perform(review=_review(one), action=action, actor=who, note="Because.", **values, **extra)

    return act


LABELS: Final = ("false", "misleading", "mixed", "true", "unproven")


def _propose(world: World, who: User, one: Claim, more: int) -> None:
    proposal = desk.proposal(label=LABELS[more % 5], gaps="The year before.")
    review.verdict_propose(review=_review(one), actor=who, proposal=proposal)


def _publication(one: Claim) -> Publication:
    found = Publication.objects.filter(claim=one).first()
    if found is None:
        raise WrongTurn
    return found


def _query(one: Claim, more: int) -> Query:
    found = list(one.queries.order_by("pk"))
    if not found:
        raise WrongTurn
    return found[more % len(found)]


def _recuse(world: World, who: User, one: Claim, more: int) -> None:
    if world.people.index(who) not in MAY_KEEP_OUT:
        raise WrongTurn
    recusal.recuse(article=one.article, claim=one if more % 2 else None, actor=who, reason="A friend.")


def _lift(world: World, who: User, one: Claim, more: int) -> None:
    found = Recusal.objects.filter(article=one.article_id, lifted_at=None).first()
    if found is None:
        raise WrongTurn
    recusal.recusal_lift(recusal=found, actor=who, reason="It is over.")


def _ask(world: World, who: User, one: Claim, more: int) -> None:
    until = timezone.now() + timedelta(hours=1)
    kind = "right_of_reply" if more % 2 else "legal"
    asking.query_ask(claim=one, actor=who, asking=Asking(kind, "The ministry", "Which year?", until))


def _time(world: World, who: User, one: Claim, more: int) -> None:
    now = timezone.now()
    Query.objects.filter(state="open").update(asked_at=now - timedelta(hours=2), due_at=now - timedelta(hours=1))
    asking.queries_tick()


ACTS: Final[dict[str, Callable[[World, User, Claim, int], Any]]] = {
    **{action.value: plain(action) for action in (
        A.START, A.UNBLOCK, A.RESUME, A.WITHDRAW, A.GIVE_BACK, A.REQUEST_CHANGES, A.REOPEN, A.ASSIGN, A.HAND_OVER,
    )},
    "block": plain(A.BLOCK, wait_kind="legal"),
    "take": lambda world, who, one, more: review.claim_take(claim=one, actor=who),
    "take_over": lambda world, who, one, more: lease.review_take_over(review=_review(one), actor=who, note="Late."),
    "type": lambda world, who, one, more: lease.lease_take(claim=one, actor=who, session=f"{who.pk}"),
    "propose": _propose,
    "approve": lambda world, who, one, more: review.verdict_approve(review=_review(one), actor=who, note="Yes."),
    "opinion": lambda world, who, one, more: opinion.opinion_give(
        review=_review(one), actor=who, label=LABELS[more % 5], rationale="I read it so."),
    "decide": lambda world, who, one, more: opinion.opinion_decide(
        review=_review(one), actor=who, label=LABELS[more % 5], rationale="I read it so."),
    "publish": lambda world, who, one, more: publication_publish(publication=_publication(one), actor=who),
    "retract": lambda world, who, one, more: publication_retract(
        publication=_publication(one), actor=who, note="Wrong."),
    "confirm": lambda world, who, one, more: review.claim_accept(claim=one, actor=who),
    "dismiss": lambda world, who, one, more: claim.claim_set_aside(claim=one, actor=who, reason="opinion"),
    "restore": lambda world, who, one, more: claim.claim_bring_back(claim=one, actor=who),
    "reword": lambda world, who, one, more: claim.claim_put_right(claim=one, actor=who, statement="Output doubled."),
    "merge": lambda world, who, one, more: joining.claim_join(claim=one, into=world.fresh(1), actor=who),
    "merge other": lambda world, who, one, more: joining.claim_join(claim=world.fresh(1), into=one, actor=who),
    "unmerge": lambda world, who, one, more: joining.claim_part(claim=one, actor=who),
    "split": lambda world, who, one, more: joining.claim_divide(claim=one, statements=["It", "Grew"], actor=who),
    "unsplit": lambda world, who, one, more: joining.claim_undivide(claim=one, actor=who),
    "hold": lambda world, who, one, more: claim.article_hold(article=one.article, actor=who),
    "go on": lambda world, who, one, more: claim.article_resume(article=one.article, actor=who),
    "recuse": _recuse,
    "lift": _lift,
    "ask": _ask,
    "answer": lambda world, who, one, more: asking.query_answer(
        query=_query(one, more), actor=who, answer="With 2024.", way="phone"),
    "take back": lambda world, who, one, more: asking.query_withdraw(query=_query(one, more), actor=who, note="No."),
    "time passes": _time,
    "waive": lambda world, who, one, more: asking.reply_waive(claim=one, actor=who, reason="Has died."),
}  # fmt: skip


# --- what always holds ------------------------------------------------------------------------------------
def invariants(world: World) -> None:
    told = f"after {world.log}"
    approved = Verdict.objects.filter(approved_by__isnull=False)
    assert not approved.filter(approved_by=F("proposed_by"), override_reason="").exists(), told
    assert not Publication.objects.filter(state="live", verdict__approved_by=None).exists(), told
    reviews = Review.objects.filter(active=True)
    assert not reviews.filter(sealed=True).exclude(state=S.SECOND_REVIEW).exists(), told
    assert not reviews.filter(sealed=True, verdict__opinions__isnull=False).exists(), told
    assert not Opinion.objects.filter(person=F("verdict__proposed_by")).exists(), told
    assert not reviews.filter(state=S.BLOCKED, wait_kind="").exists(), told
    assert not reviews.filter(state=S.QUEUED, assignee__isnull=False).exists(), told
    aside = [ClaimState.DISMISSED, ClaimState.MERGED, ClaimState.SPLIT]
    assert not reviews.filter(claim__state__in=aside).exclude(state__in=sorted(ENDED)).exists(), told
    assert not Claim.objects.filter(state=ClaimState.MERGED, merged_into=None).exists(), told
    assert not Claim.objects.exclude(state=ClaimState.MERGED).filter(merged_into__isnull=False).exists(), told
    assert not Lease.objects.exclude(claim__reviews__active=True, claim__reviews__state=S.IN_PROGRESS).exists(), told
    kept_out = Recusal.objects.filter(lifted_at=None)
    for one in kept_out:
        theirs = reviews.filter(assignee=one.person, state__in=sorted(HELD), claim__article=one.article)
        assert not (theirs.filter(claim=one.claim) if one.claim_id else theirs).exists(), told
    open_claims = Q(state__in=[ClaimState.PROPOSED, ClaimState.CONFIRMED])
    for one in Claim.objects.filter(open_claims).prefetch_related("reviews"):
        ended = any(each.active and each.state in ENDED for each in one.reviews.all())
        assert one.settled == ended, (told, one.state, one.settled)
    assert not Claim.objects.exclude(open_claims).filter(settled=False).exists(), told


# --- and it always comes to an end --------------------------------------------------------------------------
def finish(world: World) -> list[str]:
    """Bring the first claim to an end with people who may; returns the acts it took."""
    taken: list[str] = []
    for _ in range(25):
        one = world.fresh()
        if is_closed(one):
            return taken
        taken.append(_onwards(world, one))
        invariants(world)
    raise AssertionError(f"No end was reached after {world.log}: {taken}, {world.fresh().state}")


def is_closed(one: Claim) -> bool:
    held = Review.objects.filter(claim=one, active=True).first()
    return one.state not in (ClaimState.PROPOSED, ClaimState.CONFIRMED) or (
        held is not None and held.state == S.CLOSED
    )


def _who(world: World, permission: str, one: Claim, *, but: tuple[int | None, ...] = ()) -> User:
    for number, someone in enumerate(world.people):
        who = world.person(number)
        holds = permission in granted(who, one.article.desk_id or 1)
        if holds and who.pk not in but and conflict_of(who, one).allowed:
            return someone
    raise AssertionError(f"Nobody is left who holds {permission}, after {world.log}")


def _onwards(world: World, one: Claim) -> str:
    """The next act towards the end, by somebody who may."""
    if one.article.state == "held":
        claim.article_resume(article=one.article, actor=_who(world, "assign_reviews", one))
        return "go on"
    held = Review.objects.select_related("claim__article", "verdict__label", "assignee").filter(
        claim=one, active=True
    ).first()  # fmt: skip
    if held is None or held.state == S.QUEUED:
        review.claim_take(claim=one, actor=_who(world, "propose_verdict", one))
        return "take"
    return _towards(world, one, held)


def _towards(world: World, one: Claim, held: Review) -> str:
    state, mine = ReviewState(held.state), held.assignee
    if state in HELD:
        assert mine is not None
        rights_forget(mine)
        return _work(world, one, held, state, mine)
    if state is S.APPROVED:
        publication = Publication.objects.get(claim=one)
        publication_publish(publication=publication, actor=_who(world, "publish", one))
        return "publish"
    for query in one.queries.filter(state="open"):
        asking.query_withdraw(query=query, actor=_who(world, "add_evidence", one), note="No time.")
    verdict = held.verdict
    assert verdict is not None
    if state is S.PROPOSED:
        review.verdict_approve(review=held, actor=_who(world, "assign_reviews", one, but=(verdict.proposed_by_id,)))
        return "approve"
    return _second(world, one, held, verdict)


def _second(world: World, one: Claim, held: Review, verdict: Verdict) -> str:
    if held.sealed:
        judge = _who(world, "second_review", one, but=(verdict.proposed_by_id,))
        opinion.opinion_give(review=held, actor=judge, label=verdict.label.key, rationale="So it is.")
        return "opinion"
    second = verdict.opinions.filter(kind="second").first()
    third = verdict.opinions.filter(kind="third").first()
    if second is not None and second.steps >= FAR and third is None:
        editor = _who(world, "assign_reviews", one, but=(verdict.proposed_by_id, second.person_id))
        opinion.opinion_decide(review=held, actor=editor, label=verdict.label.key, rationale="So it is.")
        return "decide"
    judge = _who(world, "second_review", one, but=(verdict.proposed_by_id,))
    if third is not None and third.label_id != verdict.label_id:
        review.review_perform(review=held, action=A.REQUEST_CHANGES, actor=judge, note="See the third.")
        return "request changes"
    if second is None and DeskPolicy.objects.get().second_review == "blind":
        # The desk began to work blind while this one waited: it goes back and is proposed anew.
        editor = _who(world, "assign_reviews", one)
        review.review_perform(review=held, action=A.WITHDRAW, actor=editor)
        return "withdraw"
    review.verdict_approve(review=held, actor=judge, note="Adopted.")
    return "approve"


def _work(world: World, one: Claim, held: Review, state: ReviewState, mine: User) -> str:
    steps = {S.ASSIGNED: A.START, S.BLOCKED: A.UNBLOCK, S.CHANGES_REQUESTED: A.RESUME}
    if state in steps:
        assert may_review(mine, steps[state], held).allowed, (world.log, state)
        review.review_perform(review=held, action=steps[state], actor=mine)
        return steps[state].value
    for query in one.queries.filter(state="open"):
        asking.query_withdraw(query=query, actor=mine, note="No time.")
    desk.evidence(one)
    review.verdict_propose(review=held, actor=mine, proposal=desk.proposal(label="true"))
    return "propose"


# --- the test -----------------------------------------------------------------------------------------------
ANYTHING: Final = st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, len(CAST) - 1), st.integers(0, 9))
# Half of the steps go towards the end, so that the other half is tried in every state on the way.
STEP: Final = st.one_of(ANYTHING, st.just(("onwards", 0, 0)))


@pytest.mark.django_db
@pytest.mark.parametrize("second_review", ["always", "blind", "never"])
def test_no_sequence_of_acts_breaks_a_rule_or_ends_in_a_dead_end(second_review: str) -> None:
    DeskPolicy.objects.update(second_review=second_review, replies_hold="propose")
    people = [desk.person(role) for role in CAST]
    article = desk.article()
    claims = [desk.claim(article, state="proposed"), desk.claim(article)]
    desk.evidence(claims[0])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize="MACHINE_EXAMPLES" not in os.environ,
    )
    @given(st.lists(STEP, max_size=22))
    def tried(sequence: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            world = World(people, claims)
            for name, number, more in sequence:
                _try(world, name, number, more)
            finish(world)
            transaction.set_rollback(True)
        assert Article.objects.get(pk=article.pk).state == "in_check"

    tried()


def _try(world: World, name: str, number: int, more: int) -> None:
    one, who = world.fresh(), world.person(number)
    if name == "onwards":
        if not is_closed(one):
            world.log.append(_onwards(world, one))
            invariants(world)
        return
    try:
        with transaction.atomic():
            ACTS[name](world, who, one, more)
    except (FactcheckError, WrongTurn):
        return  # refused, with a code
    world.log.append(f"{name} by {CAST[number]} {number}")
    invariants(world)


@pytest.mark.django_db
def test_every_state_of_a_review_and_of_a_claim_is_reached() -> None:
    """The random walk would prove little if it never came far."""
    ways = {
        "proposed": [], "confirmed": ["confirm 1"], "dismissed": ["dismiss 1"], "merged": ["confirm 1", "merge 1"],
        "split": ["confirm 1", "split 1"],
        S.QUEUED: ["confirm 1"], S.ASSIGNED: ["confirm 1", "assign 5"], S.IN_PROGRESS: ["take 1"],
        S.BLOCKED: ["take 1", "block 1"], S.SECOND_REVIEW: ["take 1", "propose 1"],
        S.CHANGES_REQUESTED: ["take 1", "propose 1", "request_changes 3"],
        S.APPROVED: ["take 1", "propose 1", "approve 3"], S.CLOSED: ["take 1", "propose 1", "approve 3", "publish 8"],
    }  # fmt: skip
    people = [desk.person(role) for role in CAST]
    reached = set()
    for wanted, way in ways.items():
        article = desk.article()
        world = World(people, [desk.claim(article, state="proposed"), desk.claim(article)])
        desk.evidence(world.claims[0])
        for step in way:
            name, number = step.rsplit(" ", 1)
            _try(world, name, int(number), 1)
        one = world.fresh()
        held = Review.objects.filter(claim=one, active=True).first()
        assert wanted in (one.state, held.state if held else ""), (wanted, world.log)
        reached.add(wanted)
        finish(world)
    assert {state.value for state in ReviewState} - {str(one) for one in reached} == {"proposed"} - {"proposed"}


# --- the table of claims: role x act x state ----------------------------------------------------------------
WORKERS: Final = {"Checker", "Reviewer", "Desk editor"}
CLAIM_ACTS: Final[dict[str, tuple[set[str], set[str]]]] = {
    "confirm": (WORKERS, {"proposed", "confirmed"}),
    "dismiss": (WORKERS, {"proposed", "confirmed"}),
    "restore": (WORKERS, {"dismissed"}),
    "merge": (WORKERS, {"confirmed"}),
    "unmerge": (WORKERS, {"merged"}),
    "split": (WORKERS, {"confirmed"}),
    "unsplit": (WORKERS, {"split"}),
}
INTO: Final = {
    "proposed": [], "confirmed": ["confirm"], "dismissed": ["dismiss"], "merged": ["confirm", "merge"],
    "split": ["confirm", "split"],
}  # fmt: skip
ROLES_TRIED: Final = (
    "", "Viewer", "Reporter", "Researcher", "Checker", "Reviewer", "Desk editor", "Publisher", "Source manager",
    "Administrator", "Auditor",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES_TRIED)
def test_role_by_act_by_state_of_claims(role: str) -> None:
    who, helper = desk.person(role), desk.person("Checker")
    wrong = []
    for state, way in INTO.items():
        for act, (roles, states) in CLAIM_ACTS.items():
            with transaction.atomic():
                article = desk.article()
                world = World([who, helper], [desk.claim(article, state="proposed"), desk.claim(article)])
                for step in way:
                    ACTS[step](world, helper, world.fresh(), 1)
                said = _outcome(world, act, who)
                wanted = "NotAllowed" if role not in roles else "done" if state in states else "WrongState"
                if said != wanted:
                    wrong.append(f"{act} of a claim that is {state}: {said}, not {wanted}")
                transaction.set_rollback(True)
    assert wrong == []


def _outcome(world: World, act: str, who: User) -> str:
    try:
        with transaction.atomic():
            ACTS[act](world, who, world.fresh(), 1)
    except FactcheckError as refused:
        return type(refused).__name__
    return "done"
