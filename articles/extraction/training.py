"""Fits the weights of check-worthiness on labelled sentences. Plain Python, the same digits every time.

Two logistic models over the same features: worth checking or not, and stating a fact or not. L2-regularised
maximum likelihood by L-BFGS (Nocedal 1980, two-loop recursion; Armijo back-tracking), sums in a fixed order.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from articles.extraction import features
from articles.extraction.checkworthy import Model, Row, sentence_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

L2: Final = 2.5
RAREST: Final = 8
"""A word, pair or triple must occur in this many training sentences to get a weight."""

PLANS: Final = frozenset({"will or would", "should or must", "own wish or plan"})
"""Sentences with one of these teach the second model nothing: a debater's promise is labelled no fact, while
prose announces plans as facts ("the road will open in May"). Left out, accuracy on speeches rises by 1 point."""

_ROUNDS: Final = 300
_MEMORY: Final = 8
_ENOUGH: Final = 1e-5

Vector = list[float]


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    check_worthy: bool
    verifiable: bool


TAUGHT_FILE: Final = Path(__file__).with_name("taught.txt")
_LABELS: Final = {"f": (True, True), "u": (False, True), "n": (False, False)}


def read_taught() -> list[Example]:
    """Our own labelled sentences; raises KeyError for a line that begins with no known label."""
    lines = (line for line in TAUGHT_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [Example(line[2:], *_LABELS[line[0]]) for line in lines]


def vocabulary(texts: Sequence[str]) -> list[str]:
    """Names of all features: the hand-made ones first, then the words that are frequent enough."""
    counts = Counter(word for text in texts for word in features.words(text))
    named = [*features.NAMES, *(f"{label} sentence" for _, label in features.LENGTHS)]
    return named + sorted(f"word:{word}" for word, count in counts.items() if count >= RAREST)


def train(examples: Sequence[Example], taught: Sequence[Example] = ()) -> dict[str, dict[str, list[float]]]:
    """`{"bias": {"": [a, b]}, "weights": {feature: [a, b]}}`, a for check-worthy, b for verifiable.

    `taught` are our own sentences: they teach what is a fact, and nothing about what is worth a desk's time: for that
    ClaimBuster's labels are the better teacher.
    """
    names = vocabulary([example.text for example in [*examples, *taught]])
    index = {name: place for place, name in enumerate(names)}
    rows = [sentence_row(example.text, index) for example in examples]
    worthy = fit(rows, [float(example.check_worthy) for example in examples], len(names))
    facts = [(row, float(e.verifiable)) for row, e in zip(rows, examples, strict=True) if not plans(e.text)]
    facts += [(sentence_row(example.text, index), float(example.verifiable)) for example in taught]
    stated = fit([row for row, _ in facts], [label for _, label in facts], len(names))
    pairs = [[round(a, 3), round(b, 3)] for a, b in zip(worthy, stated, strict=True)]
    weights = {name: pair for name, pair in zip(names, pairs, strict=False) if any(pair)}
    return {"bias": {"": pairs[-1]}, "weights": weights}


ADAPT_L2: Final = 10.0
"""How firmly a desk's examples are held to the weights they start from: a few dozen move a score by little."""


def adapt(examples: Sequence[Example], start: Model, name: str) -> Model:
    """`start`, moved by the examples only as far as they ask for.

    Maximum a posteriori with the weights of `start` as the mean of the prior; the bias is held like every weight, so
    that a desk which decides little but sure claims does not lift all scores. Features without an example stay.
    """
    names = list(start.weights)
    known = {feature: at for at, feature in enumerate(names)}
    rows = [sentence_row(example.text, known) for example in examples]
    used = sorted({at for row in rows for at, _ in row})
    places = {at: place for place, at in enumerate(used)}
    small = [[*((places[at], value) for at, value in row), (len(used), 1.0)] for row in rows]

    def moved(side: int, labels: Sequence[bool]) -> Vector:
        held = [start.weights[name][side] for name in names]
        offsets = [start.bias[side] + math.fsum(held[at] * value for at, value in row) for row in rows]
        return _shift(small, [float(label) for label in labels], offsets, len(used) + 1)

    worthy = moved(0, [example.check_worthy for example in examples])
    stated = moved(1, [example.verifiable for example in examples])
    weights = dict(start.weights)
    for place, at in enumerate(used):
        a, b = weights[names[at]]
        weights[names[at]] = (round(a + worthy[place], 4), round(b + stated[place], 4))
    bias = (round(start.bias[0] + worthy[-1], 4), round(start.bias[1] + stated[-1], 4))
    return Model(bias, weights, name)


def _shift(rows: Sequence[Row], labels: Sequence[float], offsets: Sequence[float], size: int) -> Vector:
    def loss(point: Vector) -> tuple[float, Vector]:
        slope = [ADAPT_L2 * value for value in point]
        total = ADAPT_L2 / 2 * math.fsum(value * value for value in point)
        for row, label, offset in zip(rows, labels, offsets, strict=True):
            score = offset + sum(point[place] * value for place, value in row)
            total += math.log1p(math.exp(-abs(score))) + max(score, 0.0) - label * score
            miss = 1 / (1 + math.exp(-score)) - label
            for place, value in row:
                slope[place] += miss * value
        return total, slope

    return _minimise(loss, [0.0] * size)


def plans(text: str) -> bool:
    """Whether the sentence speaks of `PLANS`."""
    return any(feature.name in PLANS for feature in features.named_features(text))


def fit(rows: Sequence[Row], labels: Sequence[float], size: int) -> Vector:
    """Weights of one logistic model, the bias last. `rows` hold (feature index, value) pairs."""
    return _minimise(lambda point: _loss(point, rows, labels), [0.0] * (size + 1))


def _loss(point: Vector, rows: Sequence[Row], labels: Sequence[float]) -> tuple[float, Vector]:
    slope = [L2 * value for value in point[:-1]] + [0.0]
    total = L2 / 2 * math.fsum(value * value for value in point[:-1])
    bias = point[-1]
    for row, label in zip(rows, labels, strict=True):
        score = bias + sum(point[place] * value for place, value in row)
        total += math.log1p(math.exp(-abs(score))) + max(score, 0.0) - label * score
        miss = 1 / (1 + math.exp(-score)) - label
        for place, value in row:
            slope[place] += miss * value
        slope[-1] += miss
    return total, slope


def _minimise(function: Callable[[Vector], tuple[float, Vector]], point: Vector) -> Vector:
    value, slope = function(point)
    memory: list[tuple[Vector, Vector, float]] = []
    for _ in range(_ROUNDS):
        step = _direction(slope, memory)
        nearer, lower, flatter = _search(function, point, value, slope, step)
        moved = [a - b for a, b in zip(nearer, point, strict=True)]
        bent = [a - b for a, b in zip(flatter, slope, strict=True)]
        curve = _dot(moved, bent)
        if curve > 1e-12:
            memory = [*memory[-_MEMORY + 1 :], (moved, bent, 1 / curve)]
        done = value - lower <= _ENOUGH * abs(value) / 10
        point, value, slope = nearer, lower, flatter
        if done:
            break
    return point


def _direction(slope: Vector, memory: list[tuple[Vector, Vector, float]]) -> Vector:
    step = list(slope)
    shares = []
    for moved, bent, inverse in reversed(memory):
        share = inverse * _dot(moved, step)
        shares.append(share)
        step = [a - share * b for a, b in zip(step, bent, strict=True)]
    scale = 1e-3 if not memory else 1 / (memory[-1][2] * _dot(memory[-1][1], memory[-1][1]))
    step = [scale * a for a in step]
    for (moved, bent, inverse), share in zip(memory, reversed(shares), strict=True):
        change = share - inverse * _dot(bent, step)
        step = [a + change * b for a, b in zip(step, moved, strict=True)]
    return [-a for a in step]


def _search(
    function: Callable[[Vector], tuple[float, Vector]], point: Vector, value: float, slope: Vector, step: Vector
) -> tuple[Vector, float, Vector]:
    length, descent = 1.0, _dot(slope, step)
    while True:
        tried = [a + length * b for a, b in zip(point, step, strict=True)]
        found, steepness = function(tried)
        if found <= value + 1e-4 * length * descent or length < 1e-9:
            return tried, found, steepness
        length /= 2


def _dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
