"""One question, asked until it is answered in the right shape or there is no point in asking.

1. What was answered before is not asked again.
2. Servers differ in what they take: a strict schema, any JSON object, plain text, no sampling settings. The
   strictest comes first; a server that says 400 or 422 is asked in the next form, and the form that worked is
   remembered.
3. An answer cut off at its limit is asked for once more with more room; one of the wrong shape once more with
   what was wrong about it. Then it is given up, and the caller hears why.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from articles.llm.schema import SCHEMA, Proposed, ShapeError, read_claims
from factcheck.core.errors import FactcheckError, Permanent, Transient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.llm.client import ChatClient, Completion
    from articles.llm.config import Config
    from articles.llm.ports import Books, Rung, Stage

RUNGS: Final[tuple[Rung, ...]] = ("json_schema", "json_object", "text", "bare")
SEED: Final = 7
MORE_ROOM: Final = 3
LEAST_SECONDS: Final = 1.0
CHARACTERS_A_TOKEN: Final = 3
"""Code points of a token, on the low side for English prose, so that what is set aside is rather too much."""

MOST_CLAIMED: Final = 10
"""A server may say that a call cost up to so many times what was set aside; beyond that it is not believed."""

_NOT_TAKEN: Final = frozenset({400, 422})
_NOTHING_SPENT: Final = frozenset({"http.status", "http.throttled", "http.unreachable", "http.forbidden_address"})
_LONGEST_REPAIR: Final = 6_000

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at one stage about one part of a story."""

    stage: Stage
    system: str
    user: str


@dataclass(slots=True)
class Talk:
    """A conversation with one model about one story; `deadline` is a moment of `time.monotonic`.

    `asked` and `recalled` count the calls made and the answers that were known already.
    """

    config: Config
    client: ChatClient
    books: Books
    deadline: float
    asked: int = 0
    recalled: int = 0

    def ask(self, question: Question) -> list[Proposed]:
        """The claims answered. The same question to the same model always has the same answer.

        Raises Permanent (llm.*, http.*, source.bad_answer) and Transient (http.*, llm.deadline).
        """
        key = question_key(self.config, question)
        kept = self.books.recall(key)
        if kept is not None:
            self.recalled += 1
            return read_claims(kept)
        content, claims = self._answered(question)
        self.books.keep(key, content, stage=question.stage)
        return claims

    def _answered(self, question: Question) -> tuple[str, list[Proposed]]:
        messages = [_message("system", question.system), _message("user", question.user)]
        content = self._complete(question.stage, messages)
        try:
            return content, read_claims(content)
        except ShapeError as error:
            messages += [_message("assistant", content[:_LONGEST_REPAIR]), _message("user", _repair(error))]
        content = self._complete(question.stage, messages)
        try:
            return content, read_claims(content)
        except ShapeError as error:
            raise Permanent("llm.wrong_shape", detail=error.detail) from error

    def _complete(self, stage: Stage, messages: Sequence[Message]) -> str:
        room = self.config.tokens_per_answer
        answer = self._down_the_ladder(stage, messages, room)
        if answer.finish == "length":
            room *= MORE_ROOM
            answer = self._down_the_ladder(stage, messages, room)
        if answer.finish == "length":
            raise Permanent("llm.truncated", limit=room)
        if answer.refusal or answer.finish == "content_filter" or not answer.content.strip():
            raise Permanent("llm.refused")
        return answer.content

    def _down_the_ladder(self, stage: Stage, messages: Sequence[Message], room: int) -> Completion:
        rungs = RUNGS[RUNGS.index(self.books.rung()) :]
        for rung in rungs:
            try:
                answer = self._call(stage, rung, messages, room)
            except Permanent as error:
                if rung == rungs[-1] or error.values.get("status") not in _NOT_TAKEN:
                    raise
            else:
                self.books.learn(rung)
                return answer
        raise AssertionError("the last rung returns or raises")

    def _call(self, stage: Stage, rung: Rung, messages: Sequence[Message], room: int) -> Completion:
        body = request_body(self.config.model, rung, messages, room)
        asked = sum(_tokens(message["content"]) for message in body["messages"])
        seconds = self._seconds_left()
        call = self.books.open(stage=stage, rung=rung, tokens=asked + room)
        self.asked += 1
        began = time.monotonic()
        try:
            answer = self.client.complete(body, seconds=seconds)
        except FactcheckError as error:
            spent = 0 if error.code in _NOTHING_SPENT else asked + room
            self.books.close(call, tokens=spent, outcome=error.code, seconds=time.monotonic() - began)
            raise
        spent = min(answer.tokens or asked + _tokens(answer.content), MOST_CLAIMED * (asked + room))
        outcome = "refusal" if answer.refusal else answer.finish or "stop"
        self.books.close(call, tokens=spent, outcome=outcome, seconds=time.monotonic() - began)
        return answer

    def _seconds_left(self) -> float:
        left = self.deadline - time.monotonic()
        if left < LEAST_SECONDS:
            raise Transient("llm.deadline", seconds=self.config.seconds_per_article)
        return left


def request_body(model: str, rung: Rung, messages: Sequence[Message], room: int) -> dict[str, Any]:
    """The body of one request; below the strict schema the shape is spelled out in the system message."""
    body: dict[str, Any] = {"model": model, "messages": list(messages)}
    if rung != "json_schema":
        body["messages"][0] = _message("system", f"{messages[0]['content']}\n\n{_spelled_out()}")
    if rung != "bare":
        body |= {"temperature": 0, "seed": SEED, "max_tokens": room}
    if rung == "json_schema":
        named = {"name": "claims", "strict": True, "schema": SCHEMA}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif rung == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def question_key(config: Config, question: Question) -> str:
    """SHA-256, in hex, of all that an answer depends on: address, model, prompts, text, room, shape."""
    parts = [config.place, config.model, config.tokens_per_answer, SCHEMA, question.stage, question.system]
    canonical = json.dumps([*parts, question.user], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _spelled_out() -> str:
    return f"Answer with one JSON object of this schema and nothing else:\n{json.dumps(SCHEMA)}"


def _repair(error: ShapeError) -> str:
    return (
        f"That answer cannot be used: {error.detail}. Give the same answer again as one JSON object of the schema, "
        "complete, with no words around it."
    )


def _tokens(text: str) -> int:
    return 1 + len(text) // CHARACTERS_A_TOKEN
