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
from articles.extraction.features import Feature
from articles.extraction.lists import words as word_list
from articles.ingest.language import STOP_WORDS

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
_LEAST_WEIGHT: Final = 0.05
_WORD: Final = "word:"
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


_COMMON_ABROAD: Final = tuple(
    common
    - _ENGLISH
    - STOP_WORDS["en"]
    - word_list("no do die am me as son on men also war so an was hat una san los")
    for code, common in STOP_WORDS.items()
    if code != "en"
)
"""The commonest words of other languages that are no English words."""


class Scored(NamedTuple):
    score: float
    check_worthy: bool
    verifiable: bool
    reasons: tuple[Reason, ...]


class Model(NamedTuple):
    """Weights of both models by feature, the first for "worth checking". `name` is "" for those shipped."""

    bias: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]
    name: str = ""


def score_sentence(
    text: str, before: str = "", after: str = "", speaker: str = "", *, english: bool | None = None
) -> Scored:
    """Score one sentence or claim; `reasons` are the strongest features first, weights in log-odds.

    `before`, `after` and `speaker` are taken so that callers need not change when a later model reads the
    surroundings; the shipped weights use the sentence alone. `english` is False where the story is known to be in
    another language; without it the words of the sentence tell.
    """
    model = _model()
    english = is_english(text) if english is None else english
    parts = _parts(text, model, english=english)
    weights = model.weights
    moved = [value * weights[name][0] for name, value, _ in parts]
    score = logistic(model.bias[0] + sum(moved))
    fact = logistic(model.bias[1] + sum([value * weights[name][1] for name, value, _ in parts]))
    reasons = _reasons(parts, [round(weight, 3) for weight in moved], english=english)
    return Scored(round(score, 4), score >= CHECK_WORTHY, fact >= VERIFIABLE, reasons)


def worth_of(text: str) -> float:
    """The score of `score_sentence` alone, without the work of saying why."""
    model = _model()
    parts = _parts(text, model, english=is_english(text))
    total = sum(part.value * model.weights[part.name][0] for part in parts)
    return round(logistic(model.bias[0] + total), 4)


def fact_logit(text: str) -> float:
    """Log-odds of "states something that could be checked" by the words alone."""
    model = _model()
    parts = _parts(text, model, english=is_english(text))
    return model.bias[1] + sum(part.value * model.weights[part.name][1] for part in parts)


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


def _parts(text: str, model: Model, *, english: bool) -> list[Feature]:
    found = _all_parts(text, model.weights)
    return found if english else [part for part in found if part.name in _LANGUAGE_FREE]


def is_english(text: str) -> bool:
    """Whether the weights can say something: short texts get the benefit of the doubt."""
    words = text.lower().split()
    ascii_letters = text.isascii() or len(text.encode("ascii", "ignore")) * 10 >= len(text) * 7
    plain = {word.strip(".,\"'“”") for word in words}
    own = len(plain & _ENGLISH)
    if not ascii_letters or _is_foreign(plain, own):
        return False
    return len(words) < 7 or own > 0 or (text.isascii() and not any(plain & common for common in _COMMON_ABROAD))


def _is_foreign(words: set[str], english: int) -> bool:
    """Whether another language has more of the commonest words in it, three at least."""
    return any(len(words & common) > max(2, english) for common in _COMMON_ABROAD)


def _all_parts(text: str, known: Mapping[str, object]) -> list[Feature]:
    named = [feature for feature in features.named_features(text) if feature.name in known]
    words = [name for word in features.words(text) if (name := _WORD + word) in known]
    share = WORD_SHARE / math.sqrt(len(words)) if words else 0.0
    return named + [Feature(name, share, name[len(_WORD) :]) for name in words]


def _reasons(parts: list[Feature], moved: list[float], *, english: bool) -> tuple[Reason, ...]:
    """The named parts come first in `parts`, the words after them."""
    words = next((i for i, part in enumerate(parts) if part.name.startswith(_WORD)), len(parts))
    named = zip(parts[:words], moved[:words], strict=True)
    found = [Reason(part.name, weight, part.words) for part, weight in named if abs(weight) >= _LEAST_WEIGHT]
    found += _wording([(weight, part.words) for part, weight in zip(parts[words:], moved[words:], strict=True)])
    ranked = sorted(found, key=lambda reason: (-abs(reason.weight), reason.name))
    if not english:
        ranked.insert(0, Reason("no model for this language", 0.0))
    return tuple(ranked[:_MOST_REASONS])


def _wording(found: list[tuple[float, str]]) -> list[Reason]:
    """All word weights as one reason, its words the three that moved it most; nothing where they move little."""
    total = round(math.fsum(weight for weight, _ in found), 3)
    if abs(total) < _LEAST_WEIGHT:
        return []
    strongest = sorted([(-abs(weight), words) for weight, words in found])[:3]
    return [Reason("wording", total, ", ".join(words for _, words in strongest).replace("<number>", "a number"))]


def logistic(value: float) -> float:
    """The share that log-odds of `value` stand for."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
