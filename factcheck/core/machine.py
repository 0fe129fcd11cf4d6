"""State machines as plain tables: (state, action) -> state. Pure Python."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext

from factcheck.core.errors import WrongState

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[S, A]):
    """`transitions[(state, action)]` is the next state; what is not listed is forbidden."""

    name: str
    transitions: dict[tuple[S, A], S]

    def next_state(self, state: S, action: A) -> S:
        """The state `action` leads to; raises WrongState (workflow.wrong_state) where it is not possible."""
        try:
            return self.transitions[(state, action)]
        except KeyError:
            raise WrongState("workflow.wrong_state", action=_words(action), state=_words(state)) from None

    def allowed(self, state: S) -> frozenset[A]:
        return frozenset(action for (held, action) in self.transitions if held == state)

    def sources(self, action: A) -> frozenset[S]:
        """Every state `action` is possible in."""
        return frozenset(state for (state, possible) in self.transitions if possible == action)

    def mermaid(self) -> str:
        """The table drawn as a Mermaid state diagram, for the docs."""
        lines = [f"    {old} --> {new}: {action}" for (old, action), new in self.transitions.items()]
        return "\n".join(["stateDiagram-v2", *lines])


def _words(value: StrEnum) -> str:
    return gettext(value.value.replace("_", " "))
