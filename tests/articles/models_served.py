"""Language models on loopback: real servers that answer well, badly, or dishonestly."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from articles.llm.client import ChatClient
from articles.llm.config import Config
from factcheck.core.errors import Permanent
from tests.servers import Asked, Reply, Server, json_reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from articles.llm.ports import Rung, Stage

DATA = Path(__file__).parents[1] / "data" / "llm"
KEY = "sk-loopback-Zx81-very-secret"
MODEL = "local-model"


def recorded(name: str) -> bytes:
    """One of our own examples of what such servers send."""
    return (DATA / name).read_bytes()


def entry(quote: str, claim: str = "", **values: Any) -> dict[str, Any]:
    """One claim as a model answers it."""
    return {
        "quote": quote, "claim": claim or quote, "speaker": None, "kind": "statement", "verifiable": True,
        "priority": 3, "reason": "can be looked up", "ambiguous": False,
    } | values  # fmt: skip


def completion(content: str | None, *, finish: str = "stop", tokens: int | None = 400, **message: Any) -> Reply:
    """A chat completion around `content`."""
    document: dict[str, Any] = {
        "id": "c", "object": "chat.completion", "model": MODEL,
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content} | message}
        ],
    }  # fmt: skip
    if tokens is not None:
        document["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": tokens}
    return json_reply(json.dumps(document).encode())


def claims(*entries: dict[str, Any], **more: Any) -> Reply:
    return completion(json.dumps({"claims": list(entries)}), **more)


def body(asked: Asked) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(asked.body)
    return parsed


def stage(asked: Asked) -> Stage:
    """Which of the three stages a request is."""
    system = body(asked)["messages"][0]["content"]
    stages: dict[str, Stage] = {
        "First stage": "selection", "Second stage": "disambiguation", "Third stage": "decomposition",
    }  # fmt: skip
    return next(name for words, name in stages.items() if words in system)


def form(asked: Asked) -> str:
    """The form of a request: its response_format, else "text", else "bare" without sampling settings."""
    sent = body(asked)
    kind = sent.get("response_format", {}).get("type")
    return kind or ("text" if "temperature" in sent else "bare")


def by_stage(**answers: Reply) -> Callable[[Asked], Reply]:
    return lambda asked: answers[stage(asked)]


def in_turn(*answers: Reply) -> Callable[[Asked], Reply]:
    """Each answer once, then the last for ever."""
    left = list(answers)
    return lambda _asked: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def model(answer: Callable[[Asked], Reply], settings: Any, **values: Any) -> Iterator[Server]:
    """A served model that the desk's settings name."""
    with serving(answer) as server:
        settings.LLM_BASE_URL = f"{server.url}/v1"
        settings.LLM_MODEL = MODEL
        settings.LLM_API_KEY = KEY
        for name, value in values.items():
            setattr(settings, f"LLM_{name}", value)
        yield server


def config_for(server: Server, **values: Any) -> Config:
    return Config(**{"base_url": f"{server.url}/v1", "model": MODEL, "key": KEY} | values)


def client_for(config: Config) -> ChatClient:
    return ChatClient(config, version="test", contact="https://desk.example")


class NotedBooks:
    """`Books` in memory, for tests of the conversation alone."""

    def __init__(self, *, tokens: int = 1_000_000) -> None:
        self.left = tokens
        self.answers: dict[str, str] = {}
        self.known: Rung = "json_schema"
        self.calls: list[tuple[str, str, int, str]] = []
        self._open: dict[int, tuple[Stage, Rung, int]] = {}

    def recall(self, key: str) -> str | None:
        return self.answers.get(key)

    def keep(self, key: str, content: str, *, stage: Stage) -> None:
        self.answers.setdefault(key, content)

    def rung(self) -> Rung:
        return self.known

    def learn(self, rung: Rung) -> None:
        self.known = rung

    def open(self, *, stage: Stage, rung: Rung, tokens: int) -> int:
        if tokens > self.left:
            raise Permanent("llm.article_budget", limit=self.left)
        self.left -= tokens
        number = len(self._open)
        self._open[number] = stage, rung, tokens
        return number

    def close(self, call: int, *, tokens: int, outcome: str, seconds: float) -> None:
        stage, rung, set_aside = self._open[call]
        self.left += set_aside - tokens
        self.calls.append((stage, rung, tokens, outcome))
