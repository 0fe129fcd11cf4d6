"""One POST to `/chat/completions`, and what can be made of the answer.

The wire format is OpenAI's chat completions as local and hosted servers imitate it; only what they all agree on
is read. What cannot be read is Permanent `source.bad_answer`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from factcheck.core.errors import Permanent
from factcheck.core.http import HttpClient, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from articles.llm.config import Config

MAX_ANSWER_BYTES: Final = 1_000_000
CONNECT_SECONDS: Final = 5.0
_HIDDEN: Final = b"[key]"


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. `tokens` is what the server says it cost, None where it does not say."""

    content: str
    refusal: str
    finish: str
    tokens: int | None


class ChatClient:
    """Speaks to the address of the settings and to no other: one approved host and port, no redirect."""

    def __init__(self, config: Config, *, version: str, contact: str) -> None:
        limits = Limits(
            connect=CONNECT_SECONDS, read=config.seconds_per_call, total=config.seconds_per_call, redirects=0
        )
        self._config = config
        self._http = HttpClient(
            version=version, contact=contact, allow_hosts=frozenset({config.host_port}), limits=limits
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def complete(self, body: Mapping[str, object], *, seconds: float) -> Completion:
        """The model's answer to one request body; raises as `HttpClient.get`, Permanent for an unreadable one."""
        key = self._config.key
        response = self._http.post_json(
            self._config.url,
            body,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            max_bytes=MAX_ANSWER_BYTES,
            seconds=seconds,
        )
        # Some gateways repeat the request's headers; what comes back is stored and shown.
        content = response.content.replace(key.encode(), _HIDDEN) if key else response.content
        return _completion(content, self._config.host_port)


def _completion(content: bytes, host: str) -> Completion:
    try:
        answer = json.loads(content)
        choice = answer["choices"][0]
        message = choice["message"]
        usage = answer.get("usage") or {}
        return Completion(
            content=_text(message.get("content")),
            refusal=_text(message.get("refusal")),
            finish=_text(choice.get("finish_reason")),
            tokens=_count(usage.get("total_tokens")),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        detail = f"no chat completion ({type(error).__name__})"
        raise Permanent("source.bad_answer", host=host, detail=detail) from error


def _text(value: Any) -> str:
    """Words as they are, or joined from parts of type "text", as some servers send what reasoning models say."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if _is_text(part))
    return value if isinstance(value, str) else ""


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str)


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return value if is_count else None
