"""The four state machines: every state with every action, and no state one cannot get out of."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import models

from articles.models import Article, Claim
from articles.workflow import ARTICLE, CLAIM, ArticleAction, ArticleState, ClaimAction, ClaimState
from factcheck.core.errors import WrongState
from reviews.models import Publication, Review
from reviews.policies import PUBLICATION_NEEDS, REVIEW_NEEDS, ROLES
from reviews.workflow import (
    ENDED,
    PUBLICATION,
    REVIEW,
    PublicationAction,
    PublicationState,
    ReviewAction,
    ReviewState,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# machine, states, actions, where it begins, where it may end, the column that holds it
MACHINES: Final = {
    "article": (ARTICLE, ArticleState, ArticleAction, {"received"}, {"archived"}, Article),
    "claim": (CLAIM, ClaimState, ClaimAction, {"proposed"}, set(), Claim),
    "review": (REVIEW, ReviewState, ReviewAction, {"queued"}, {"closed"}, Review),
    "publication": (PUBLICATION, PublicationState, PublicationAction, {"draft"}, {"retracted"}, Publication),
}  # fmt: skip
# The desk's rules, written a second time: state -> {action: next state}.
REVIEW_RULES: Final[dict[str, dict[str, str]]] = {
    "queued": {"take": "assigned", "assign": "assigned"},
    "assigned": {
        "start": "in_progress",
        "assign": "assigned",
        "give_back": "queued",
        "hand_over": "assigned",
        "take_over": "in_progress",
    },
    "in_progress": {
        "block": "blocked",
        "propose": "proposed",
        "assign": "assigned",
        "give_back": "queued",
        "hand_over": "assigned",
        "take_over": "in_progress",
    },
    "blocked": {
        "unblock": "in_progress",
        "assign": "assigned",
        "give_back": "queued",
        "hand_over": "blocked",
        "take_over": "blocked",
    },
    "proposed": {"second_review": "second_review", "approve": "approved", "withdraw": "in_progress"},
    "second_review": {"approve": "approved", "request_changes": "changes_requested", "withdraw": "in_progress"},
    "changes_requested": {
        "resume": "in_progress",
        "assign": "assigned",
        "give_back": "queued",
        "hand_over": "assigned",
        "take_over": "in_progress",
    },
    "approved": {"reopen": "in_progress", "close": "closed"},
    "closed": {},
}
CLAIM_RULES: Final[dict[str, dict[str, str]]] = {
    "proposed": {"confirm": "confirmed", "dismiss": "dismissed"},
    "confirmed": {"dismiss": "dismissed", "merge": "merged", "split": "split"},
    "dismissed": {"restore": "confirmed"},
    "merged": {"unmerge": "confirmed"},
    "split": {"unsplit": "confirmed"},
}
RULES: Final = {"review": REVIEW_RULES, "claim": CLAIM_RULES}


def reachable(start: Iterable[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    """Every state that can be come to from `start`."""
    found, edges = set(start), list(edges)
    while more := {new for old, new in edges if old in found and new not in found}:
        found |= more
    return found


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_with_every_action_has_an_answer(name: str) -> None:
    machine, states, actions, *_ = MACHINES[name]
    for state, action in product(states, actions):
        if (state, action) in machine.transitions:
            assert machine.next_state(state, action) in states
        else:
            with pytest.raises(WrongState) as refused:
                machine.next_state(state, action)
            assert refused.value.code == "workflow.wrong_state"
            assert state.value.replace("_", " ") in str(refused.value)


@pytest.mark.parametrize("name", RULES)
def test_the_table_says_what_the_desk_agreed_on(name: str) -> None:
    machine, states, *_ = MACHINES[name]
    held: dict[str, dict[str, str]] = {state.value: {} for state in states}
    for (old, action), new in machine.transitions.items():
        held[old.value][action.value] = new.value
    assert held == RULES[name]


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_and_every_action_used(name: str) -> None:
    machine, states, actions, start, *_ = MACHINES[name]
    edges = [(old.value, new.value) for (old, _), new in machine.transitions.items()]
    assert reachable(start, edges) == {state.value for state in states}
    assert {action for _, action in machine.transitions} == set(actions)


@pytest.mark.parametrize("name", MACHINES)
def test_only_the_named_states_are_ends(name: str) -> None:
    machine, states, _, _, ends, _ = MACHINES[name]
    assert {state.value for state in states if not machine.allowed(state)} == ends


@pytest.mark.parametrize("name", [name for name in MACHINES if MACHINES[name][4]])
def test_from_every_state_there_is_a_way_to_an_end(name: str) -> None:
    machine, states, _, _, ends, _ = MACHINES[name]
    back = [(new.value, old.value) for (old, _), new in machine.transitions.items()]
    assert reachable(ends, back) == {state.value for state in states}


def test_somebody_may_do_every_step_on_the_way_to_closed() -> None:
    """The way out of each open state never depends on a right that no role holds, nor on a single role for all."""
    by_itself = {ReviewAction.SECOND_REVIEW, ReviewAction.CLOSE}
    possible = {
        action for action in ReviewAction
        if action in by_itself or any(REVIEW_NEEDS[action] in held for held in ROLES.values())
    }  # fmt: skip
    back = [(new, old) for (old, action), new in REVIEW.transitions.items() if action in possible]
    assert reachable({ReviewState.CLOSED}, back) == set(ReviewState)


def test_a_desk_of_one_checker_and_one_reviewer_comes_to_an_end() -> None:
    held = set(ROLES["Checker"]) | set(ROLES["Reviewer"])
    by_itself = {ReviewAction.SECOND_REVIEW, ReviewAction.CLOSE}
    possible = {action for action in ReviewAction if action in by_itself or REVIEW_NEEDS[action] in held}
    back = [(new, old) for (old, action), new in REVIEW.transitions.items() if action in possible]
    assert set(ReviewState) - ENDED <= reachable({ReviewState.CLOSED}, back)


def test_every_act_a_person_asks_for_has_a_right() -> None:
    of_itself = {PublicationAction.WITHDRAW, PublicationAction.REDRAFT}  # follow from reopening and approving
    assert set(REVIEW_NEEDS) == set(ReviewAction) - {ReviewAction.SECOND_REVIEW, ReviewAction.CLOSE}
    assert set(PUBLICATION_NEEDS) == set(PublicationAction) - of_itself


@pytest.mark.parametrize("name", MACHINES)
def test_the_database_column_knows_the_same_states_and_is_in_no_form(name: str) -> None:
    _, states, _, start, _, model = MACHINES[name]
    column: Any = model._meta.get_field("state")
    assert isinstance(column, models.CharField)
    assert {value for value, _ in column.choices} == {state.value for state in states}
    assert {column.default} == start
    assert not column.editable


@pytest.mark.parametrize("name", MACHINES)
def test_the_drawing_shows_every_transition(name: str) -> None:
    machine = MACHINES[name][0]
    drawn = machine.mermaid().splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert len(drawn) == 1 + len(machine.transitions)
