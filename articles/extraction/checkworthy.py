"""Is a sentence worth a desk's time? A score with named, weighted reasons.

The score is a logistic model over `features`: `weights.json` (fitted by `train_checkworthiness` on the
ClaimBuster crowd labels, CC BY 4.0) holds two weights a feature, for "worth checking" and for "states
something that can be checked at all". Where the words look like no English, only the features that do not
need English count, and a reason says so.
"""

from __future__ import annotations

import json
import math
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction import features
from articles.extraction.base import Reason
from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = list[tuple[int, float]]

CHECK_WORTHY: Final = 0.36
"""Threshold of `check_worthy`: the best F1 in a threefold cross-validation on the crowd labels of the weights.

On the expert labels, which had no part in it, F1 stays at 0.91 from 0.34 to 0.40.
"""

VERIFIABLE: Final = 0.27
"""Threshold of `verifiable`, chosen on governors' speeches: prose states more than the debates of the weights."""

WORD_SHARE: Final = 2.5
"""Length of the word part of a sentence's vector, so that long sentences do not score by length alone."""

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.json")
_MOST_REASONS: Final = 8
_LANGUAGE_FREE: Final = (
    "exact number",
    "large number",
    "year or date",
    "share or rate",
    "question",
    "quoted words",
    "named actor",
)
_ENGLISH: Final = word_list(
    "the of and to in a is that for it was on are as with be by he at from his have this were not they had has"
    " an but we i you she or who will their been said would there which when what all if one about more"
)


class Scored(NamedTuple):
    score: float
    check_worthy: bool
    verifiable: bool
    reasons: tuple[Reason, ...]


class _Part(NamedTuple):
    name: str
    value: float
    words: str


class Model(NamedTuple):
    """Weights of both models by feature, the first for "worth checking". `name` is "" for those shipped."""

    bias: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]
    name: str = ""


def score_sentence(text: str, before: str = "", after: str = "", speaker: str = "") -> Scored:
    """Score one sentence or claim; `reasons` are the strongest features first, weights in log-odds.

    `before`, `after` and `speaker` are taken so that callers need not change when a later model reads the
    surroundings; the shipped weights use the sentence alone.
    """
    model = _model()
    parts = _parts(text)
    worthy = model.bias[0] + sum(part.value * model.weights[part.name][0] for part in parts)
    stated = model.bias[1] + sum(part.value * model.weights[part.name][1] for part in parts)
    score, fact = logistic(worthy), logistic(stated)
    return Scored(round(score, 4), score >= CHECK_WORTHY, fact >= VERIFIABLE, _reasons(text, parts, model))


def fact_logit(text: str) -> float:
    """Log-odds of "states something that could be checked" by the words alone."""
    model = _model()
    return model.bias[1] + sum(part.value * model.weights[part.name][1] for part in _parts(text))


def sentence_row(text: str, index: Mapping[str, int]) -> Row:
    """The sentence as (feature index, value) pairs, features outside `index` left out."""
    return [(index[part.name], part.value) for part in _all_parts(text, index)]


_chosen: Final[ContextVar[Model | None]] = ContextVar("checkworthy_model", default=None)


@contextmanager
def scored_with(model: Model) -> Iterator[None]:
    """Every score inside comes from `model`, in this thread only."""
    token = _chosen.set(model)
    try:
        yield
    finally:
        _chosen.reset(token)


@cache
def shipped_model() -> Model:
    """The weights of `weights.json`."""
    raw = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    weights = {name: (pair[0], pair[1]) for name, pair in raw["weights"].items()}
    bias = raw["bias"][""]
    return Model((bias[0], bias[1]), weights)


def model_name() -> str:
    """The name of the weights that score here; "" for those shipped."""
    return _model().name


def _model() -> Model:
    return _chosen.get() or shipped_model()


def _parts(text: str) -> list[_Part]:
    known = _model().weights
    if is_english(text):
        return _all_parts(text, known)
    return [part for part in _all_parts(text, known) if part.name in _LANGUAGE_FREE]


def is_english(text: str) -> bool:
    """Whether the weights can say something: short texts get the benefit of the doubt."""
    words = text.lower().split()
    ascii_letters = sum(char.isascii() for char in text) * 10 >= len(text) * 7
    return ascii_letters and (len(words) < 7 or any(word.strip(".,\"'“”") in _ENGLISH for word in words))


def _all_parts(text: str, known: Mapping[str, object]) -> list[_Part]:
    named = [_Part(f.name, f.value, f.words) for f in features.named_features(text) if f.name in known]
    words = [word for word in features.words(text) if f"word:{word}" in known]
    share = WORD_SHARE / math.sqrt(len(words)) if words else 0.0
    return named + [_Part(f"word:{word}", share, word) for word in words]


def _reasons(text: str, parts: list[_Part], model: Model) -> tuple[Reason, ...]:
    moved = [Reason(p.name, round(p.value * model.weights[p.name][0], 3), p.words) for p in parts]
    named = [reason for reason in moved if not reason.name.startswith("word:")]
    wording = [reason for reason in moved if reason.name.startswith("word:")]
    found = [*named, *_wording(wording)]
    ranked = sorted((r for r in found if abs(r.weight) >= 0.05), key=lambda r: (-abs(r.weight), r.name))
    if not is_english(text):
        ranked.insert(0, Reason("no model for this language", 0.0))
    return tuple(ranked[:_MOST_REASONS])


def _wording(found: list[Reason]) -> list[Reason]:
    """All word weights as one reason, its words the three that moved it most."""
    if not found:
        return []
    strongest = sorted(found, key=lambda reason: (-abs(reason.weight), reason.words))[:3]
    total = round(math.fsum(reason.weight for reason in found), 3)
    return [Reason("wording", total, ", ".join(reason.words for reason in strongest))]


def logistic(value: float) -> float:
    """The share that log-odds of `value` stand for."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
