"""What the conversation with a model needs to have kept for it; the desk keeps it in its database."""

from __future__ import annotations

from typing import Literal, Protocol

Rung = Literal["json_schema", "json_object", "text", "bare"]
Stage = Literal["selection", "disambiguation", "decomposition"]


class Books(Protocol):
    """Cache, budget and what is known of the server, for the reading of one revision."""

    def recall(self, key: str) -> str | None:
        """The answer kept under this key, if there is one."""

    def keep(self, key: str, content: str, *, stage: Stage) -> None:
        """Keep an answer that had the right shape; the first to come stays."""

    def rung(self) -> Rung:
        """The strictest form of request this server and model are known to take; the strictest of all if unknown."""

    def learn(self, rung: Rung) -> None:
        """This form of request was answered."""

    def open(self, *, stage: Stage, rung: Rung, tokens: int) -> int:
        """Set tokens aside for one call and return its number.

        Raises Permanent (llm.article_budget, llm.day_budget) when there are not so many left.
        """

    def close(self, call: int, *, tokens: int, outcome: str, seconds: float) -> None:
        """The call has ended and cost so much."""
