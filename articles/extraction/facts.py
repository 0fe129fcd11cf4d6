"""Does a sentence state something that could be found true or false at all?

The words' own logit (`checkworthy`) is moved by the sentence vector of the claim memory, which knows what sentences
mean that no weight was fitted to. Only `score_sentences` asks this, so extraction pays nothing for the vectors;
where the encoder is not installed the words decide alone.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from articles.extraction.checkworthy import VERIFIABLE, fact_logit, is_english, logistic
from articles.matching.embed import embedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SENSE_FILE: Final = Path(__file__).with_name("sense.json")

FACT: Final = 0.32
"""Threshold with the vectors: the best accuracy and F1 on our own sentences, each genre judged by the others."""

OWN_WEIGHT: Final = 30.0
"""How much one of our own sentences counts beside one of ClaimBuster's, which are twenty times as many."""

L2: Final = 2.0


class Sense(NamedTuple):
    encoder: str
    bias: float
    weights: Numbers


@cache
def shipped_sense() -> Sense:
    """The weights of `sense.json`, one for each dimension of the vectors of the encoder it names."""
    raw = json.loads(SENSE_FILE.read_text(encoding="utf-8"))
    return Sense(raw["encoder"], raw["bias"], np.array(raw["weights"]))


def states_fact(text: str) -> bool:
    """Whether the sentence states something that could be checked; in other languages than English by words only."""
    encoder, sense = embedder(), shipped_sense()
    if encoder is None or encoder.name != sense.encoder or not is_english(text):
        return logistic(fact_logit(text)) >= VERIFIABLE
    vector = encoder.encode([text])[0].astype(np.float64)
    return logistic(fact_logit(text) + sense.bias + float(vector @ sense.weights)) >= FACT


def fit_sense(
    vectors: Numbers, offsets: Sequence[float], labels: Sequence[bool], counts: Sequence[float]
) -> tuple[float, Numbers]:
    """Bias and weights that move the logits `offsets`; row i counts `counts[i]` times. Newton's method.

    The loss is convex and its Hessian positive definite, so a dozen steps end at the one minimum.
    """
    rows = np.hstack([vectors, np.ones((len(vectors), 1))])
    held = np.full(rows.shape[1], L2)
    held[-1] = 1e-6
    base, wanted, weight = np.array(offsets), np.array(labels, float), np.array(counts)
    point = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        share = 1 / (1 + np.exp(-(base + rows @ point)))
        slope = rows.T @ (weight * (share - wanted)) + held * point
        bend = (rows * (weight * share * (1 - share))[:, None]).T @ rows + np.diag(held)
        step = np.linalg.solve(bend, slope)
        point -= step
        if np.abs(step).max() < _SMALL:
            break
    return float(point[-1]), point[:-1]


_STEPS: Final = 50
_SMALL: Final = 1e-7
