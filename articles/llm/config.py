"""What the operator has set; checked once, so that nothing later can leak or misread it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import httpx

from factcheck.core.errors import Invalid
from factcheck.core.http import redact_url

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_KEY: Final = re.compile(r"[\x21-\x7e]*")
_MODEL: Final = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


@dataclass(frozen=True, slots=True)
class Config:
    """One model at one address. `key` is never shown; tokens are of prompt and answer together.

    Raises Invalid (llm.bad_settings), whose words hold no secret.
    """

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    tokens_per_article: int = 60_000
    tokens_per_day: int = 2_000_000
    tokens_per_answer: int = 3_000
    seconds_per_call: float = 60.0
    seconds_per_article: float = 150.0

    def __post_init__(self) -> None:
        _check_url(self.base_url)
        if not _MODEL.fullmatch(self.model):
            raise Invalid("llm.bad_settings", detail="LLM_MODEL must name the model on one line")
        if not _KEY.fullmatch(self.key):
            raise Invalid("llm.bad_settings", detail="LLM_API_KEY may hold no space and nothing but plain characters")

    @property
    def url(self) -> str:
        """Where answers are asked for; a query in the base address (an API version, say) stays at the end."""
        base = httpx.URL(self.base_url)
        return str(base.copy_with(path=base.path.rstrip("/") + "/chat/completions"))

    @property
    def host_port(self) -> str:
        """The one address that may be spoken to, in the form of `OUTBOUND_ALLOWED`."""
        base = httpx.URL(self.base_url)
        host = f"[{base.host}]" if ":" in base.host else base.host
        return f"{host}:{base.port or _DEFAULT_PORTS[base.scheme]}"

    @property
    def place(self) -> str:
        """The address as it may be shown and stored."""
        return redact_url(self.base_url)[:300]


def _check_url(base_url: str) -> None:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in _DEFAULT_PORTS or not url.host:
        raise Invalid(
            "llm.bad_settings", detail="LLM_BASE_URL must be a web address such as http://127.0.0.1:8080/v1"
        )
    if url.userinfo or url.fragment:
        raise Invalid("llm.bad_settings", detail="LLM_BASE_URL may hold no user name; the key goes into LLM_API_KEY")
