"""The one shape a model may answer in, and how an answer is read and judged against it.

It keeps to the subset every server knows: the root is an object, all fields are required, no others are allowed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

# Ships no types of its own.
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

ModelKind = Literal["statement", "statistic", "quote", "causal", "prediction", "opinion"]
MOST_CLAIMS: Final = 150  # of one answer; a chunk of a story has some thirty sentences
LONGEST_WORDS: Final = 4_000  # code points of a field that are looked at

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["claims"],
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "quote", "claim", "speaker", "kind", "verifiable", "priority", "reason", "ambiguous",
                ],
                "properties": {
                    "quote": {"type": "string"},
                    "claim": {"type": "string"},
                    "speaker": {"type": ["string", "null"]},
                    "kind": {
                        "type": "string",
                        "enum": ["statement", "statistic", "quote", "causal", "prediction", "opinion"],
                    },
                    "verifiable": {"type": "boolean"},
                    "priority": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
                    "reason": {"type": "string"},
                    "ambiguous": {"type": "boolean"},
                },
            },
        }
    },
}  # fmt: skip

_THOUGHTS: Final = re.compile(r"<think>.*?</think>", re.DOTALL)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One claim as the model words it. `priority` and `reason` of the wire are left behind: see `read_claims`."""

    quote: str
    claim: str
    speaker: str
    kind: ModelKind
    verifiable: bool
    ambiguous: bool


class ShapeError(Exception):
    """The answer does not fit; `detail` names the place and the rule, never what the model wrote."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


@cache
def _validator() -> Any:
    Draft202012Validator.check_schema(SCHEMA)
    return Draft202012Validator(SCHEMA)


def read_claims(content: str) -> list[Proposed]:
    """The claims of an answer, at most `MOST_CLAIMS`; raises ShapeError.

    Quote, wording, speaker, kind and two flags are all that is taken over. Priority and reason are in the shape
    since servers and tools agree on it, but a text under check could talk a model into them.
    """
    document = _document(content)
    problem = next(iter(_validator().iter_errors(document)), None)
    if problem is not None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in problem.absolute_path)
        raise ShapeError(f"{place.lstrip('.') or 'the whole'} breaks the rule {problem.validator!r}")
    return [_proposed(one) for one in document["claims"][:MOST_CLAIMS]]


def _proposed(one: dict[str, Any]) -> Proposed:
    return Proposed(
        quote=_clean(one["quote"]),
        claim=_clean(one["claim"]),
        speaker=_clean(one["speaker"] or ""),
        kind=one["kind"],
        verifiable=one["verifiable"],
        ambiguous=one["ambiguous"],
    )


def _clean(words: str) -> str:
    """Without what no database holds: NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("", words[:LONGEST_WORDS]).strip()


def _document(content: str) -> Any:
    plain = _THOUGHTS.sub("", content)
    for candidate in (plain, first_object(plain)):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):  # the next spelling, or none
            continue
    raise ShapeError("it holds no JSON object")


def first_object(text: str) -> str:
    """The first balanced `{...}` of a text, braces inside JSON strings not counted; empty if there is none."""
    start = text.find("{")
    depth, in_string, escaped = 0, False, False
    for at in range(max(start, 0), len(text)):
        char = text[at]
        if in_string:
            escaped, in_string = (char == "\\" and not escaped), (char != '"' or escaped)
            continue
        in_string = char == '"'
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return text[start : at + 1] if start >= 0 else ""
    return ""
