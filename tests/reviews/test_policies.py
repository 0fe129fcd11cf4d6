"""Who may do what: role x action x state x relation, each really tried against the services.

The tables here are written down a second time, from the desk's rules; they do not read the tables of the code.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db import transaction
from django.utils import timezone

from articles.models import Article
from factcheck.core.errors import FactcheckError
from reviews.models import DeskPolicy, Review, Verdict, VerdictLabel
from reviews.policies import PERMISSIONS, ROLES, granted, may, may_review, visible
from reviews.services.lease import review_take_over
from reviews.services.review import review_perform, verdict_approve, verdict_propose
from reviews.workflow import ReviewAction, ReviewState
from tests import publishing as desk

pytestmark = pytest.mark.django_db

A, S = ReviewAction, ReviewState
WORKERS: Final = {"Checker", "Reviewer", "Desk editor"}
JUDGES: Final = {"Reviewer", "Desk editor", "Publisher"}
EDITORS: Final = {"Desk editor"}
HELD: Final = {S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED, S.CHANGES_REQUESTED}
# action: (roles that may, whether only on their own claim, states it fits)
TABLE: Final[dict[ReviewAction, tuple[set[str], bool, set[ReviewState]]]] = {
    A.TAKE: (WORKERS, False, {S.QUEUED}),
    A.ASSIGN: (EDITORS, False, {S.QUEUED, *HELD}),
    A.START: (WORKERS, True, {S.ASSIGNED}),
    A.BLOCK: (WORKERS, True, {S.IN_PROGRESS}),
    A.UNBLOCK: (WORKERS, True, {S.BLOCKED}),
    A.PROPOSE: (WORKERS, True, {S.IN_PROGRESS}),
    A.RESUME: (WORKERS, True, {S.CHANGES_REQUESTED}),
    A.GIVE_BACK: (WORKERS, True, HELD),
    A.WITHDRAW: (WORKERS, True, {S.PROPOSED, S.SECOND_REVIEW}),
    A.APPROVE: (JUDGES, False, {S.PROPOSED, S.SECOND_REVIEW}),
    A.REQUEST_CHANGES: (JUDGES, False, {S.SECOND_REVIEW}),
    A.REOPEN: (EDITORS, False, {S.APPROVED}),
    A.HAND_OVER: (WORKERS, True, HELD),
    A.TAKE_OVER: (WORKERS, False, HELD),
}
# A desk editor may also do these to other people's claims.
EDITORS_TOO: Final = {A.GIVE_BACK, A.WITHDRAW}
BY_ITSELF: Final = {A.SECOND_REVIEW, A.CLOSE}
RELATIONS: Final = ("none", "assignee", "proposer")
WHO: Final = ["", "superuser", *ROLES]


def expected(role: str, action: ReviewAction, state: ReviewState, relation: str) -> str:
    roles, own_only, states = TABLE[action]
    if role not in roles:
        return "NotAllowed"
    if own_only and relation != "assignee" and not (action in EDITORS_TOO and role in EDITORS):
        return "NotAllowed"
    if action is A.APPROVE:
        return approval(role, state, relation)
    if action is A.TAKE_OVER and relation == "assignee":
        return "NotAllowed"
    if action is A.REQUEST_CHANGES and relation == "proposer" and state in JUDGED:
        return "NotAllowed"
    return "done" if state in states else "WrongState"


JUDGED: Final = {S.PROPOSED, S.SECOND_REVIEW, S.CHANGES_REQUESTED, S.APPROVED, S.CLOSED}


def approval(role: str, state: ReviewState, relation: str) -> str:
    """Never one's own; and where there is no second review, by a desk editor."""
    if state not in JUDGED:
        return "WrongState"
    if relation == "proposer" or (state is S.PROPOSED and role not in EDITORS):
        return "NotAllowed"
    return "done" if state in TABLE[A.APPROVE][2] else "WrongState"


class Case:
    """One claim with a verdict by somebody else and one by the actor, put into any state."""

    def __init__(self, role: str) -> None:
        self.actor = desk.person("" if role == "superuser" else role)
        if role == "superuser":
            User.objects.filter(pk=self.actor.pk).update(is_superuser=True, is_staff=True)
            self.actor.refresh_from_db()
        self.other = desk.person("Checker")
        self.review = Review.objects.create(claim=desk.claim())
        desk.evidence(self.review.claim)
        self.verdicts = {who.pk: self._verdict(number, who) for number, who in enumerate((self.actor, self.other), 1)}

    def _verdict(self, number: int, who: User) -> Verdict:
        return Verdict.objects.create(
            review=self.review, number=number, label=VerdictLabel.objects.get(key="false"), statement="x",
            rationale=desk.RATIONALE, proposed_by=who, proposed_at=timezone.now(),
        )  # fmt: skip

    def put(self, state: ReviewState, relation: str) -> Review:
        assignee = self.actor if relation == "assignee" else self.other
        proposer = self.actor if relation == "proposer" else self.other
        verdict = self.verdicts[proposer.pk] if state in JUDGED else None
        Review.objects.filter(pk=self.review.pk).update(state=state, assignee=assignee, verdict=verdict)
        return Review.objects.select_related("claim__article").get(pk=self.review.pk)

    def attempt(self, action: ReviewAction, state: ReviewState, relation: str) -> str:
        with transaction.atomic():
            review = self.put(state, relation)
            try:
                self.perform(review, action)
                return "done"
            except FactcheckError as error:
                return type(error).__name__
            finally:
                transaction.set_rollback(True)

    def perform(self, review: Review, action: ReviewAction) -> None:
        if action is A.PROPOSE:
            verdict_propose(review=review, actor=self.actor, proposal=desk.proposal())
        elif action is A.APPROVE:
            verdict_approve(review=review, actor=self.actor)
        elif action is A.TAKE_OVER:
            review_take_over(review=review, actor=self.actor)
        else:
            review_perform(
                review=review, action=action, actor=self.actor, note="Because.", assignee=self.other,
                wait_kind="author_query",
            )  # fmt: skip


@pytest.mark.parametrize("role", WHO)
def test_role_by_action_by_state_by_relation(role: str) -> None:
    case = Case(role)
    found, wanted = {}, {}
    for action in TABLE:
        for state in ReviewState:
            for relation in RELATIONS:
                key = (action.value, state.value, relation)
                found[key] = case.attempt(action, state, relation)
                wanted[key] = expected(role, action, state, relation)
    assert {key: got for key, got in found.items() if got != wanted[key]} == {}
    done = Counter(wanted.values())["done"]
    assert bool(done) == (role in WORKERS | JUDGES)


def test_the_table_is_complete() -> None:
    assert set(TABLE) | BY_ITSELF == set(ReviewAction)


@pytest.mark.parametrize("role", WHO)
def test_what_happens_by_itself_is_nobodys_to_ask_for(role: str) -> None:
    case = Case(role)
    for action in BY_ITSELF:
        assert not may_review(case.actor, action, case.review).allowed
        with pytest.raises(ValueError, match="function of its own"):
            review_perform(review=case.review, action=action, actor=case.actor)


@pytest.mark.parametrize("single", [False, True])
def test_approving_without_a_second_review_is_a_desk_editors(single: bool) -> None:
    DeskPolicy.objects.update(second_review="never" if single else "always")
    review = desk.proposed()
    assert review.state == ("proposed" if single else "second_review")


# --- roles ------------------------------------------------------------------------------------------------
def codenames(permissions: Any) -> set[str]:
    return set(permissions.values_list("codename", flat=True))


@pytest.mark.parametrize("role", ROLES)
def test_a_group_holds_exactly_what_its_role_says(role: str) -> None:
    desk_rights = {name for name, _ in PERMISSIONS}
    assert codenames(Group.objects.get(name=role).permissions) & desk_rights == set(ROLES[role])
    assert granted(desk.person(role)) == set(ROLES[role])


@pytest.mark.parametrize("role", ["Administrator", "Source manager", "Auditor", "Viewer"])
def test_who_runs_the_system_does_not_judge(role: str) -> None:
    judging = {"propose_verdict", "second_review", "publish", "correct", "retract", "override_two_person"}
    assert not judging & set(ROLES[role])


def test_nobody_holds_the_override_by_default() -> None:
    assert not any("override_two_person" in held for held in ROLES.values())


def test_being_superuser_grants_nothing() -> None:
    root = User.objects.create_superuser("root", password="a long enough password")
    assert granted(root) == frozenset()
    assert not any(may(root, name).allowed for name, _ in PERMISSIONS)
    assert not Article.objects.filter(visible(root)).exists()


def test_rights_end_with_the_account() -> None:
    checker = desk.person("Checker")
    checker.is_active = False
    assert granted(checker) == frozenset()
    assert granted(AnonymousUser()) == frozenset()


def test_a_right_may_be_given_to_one_person() -> None:
    viewer = desk.person("Viewer")
    viewer.user_permissions.add(Permission.objects.get(codename="write_notes"))
    assert granted(viewer) == {"read_desk", "write_notes"}


# --- what is seen -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["", *ROLES])
def test_articles_seen(role: str) -> None:
    who = desk.person(role)
    mine, other = desk.article(created_by=who), desk.article()
    seen = set(Article.objects.filter(visible(who)))
    if not role:
        assert seen == set()
    else:
        assert seen == ({mine} if role == "Reporter" else {mine, other})


def test_refusals_name_who_may() -> None:
    decision = may(desk.person("Viewer"), "second_review")
    assert decision.needs == "This is for: Reviewer, Desk editor, Publisher."
