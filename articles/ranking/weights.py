"""Written by `benchmarks/fit_stance.py`; not by hand."""

from __future__ import annotations

from typing import Final, Literal

WEIGHTS: Final[dict[Literal["supports", "refutes"], dict[str, float]]] = {
    "supports": {
        "always": -1.018,
        "words_shared": 2.102,
        "nearest_sentence": 1.162,
        "nearly_all_words": 0.971,
        "long_claim": 1.168,
        "new_words": -0.859,
        "negation_differs": -0.329,
        "same_words_negated": -0.182,
        "denial": 0.775,
        "denies_same_words": -0.238,
        "absolute_claim": 0.276,
        "absolute_only_in_claim": -0.436,
        "opposite_words": -0.245,
        "numbers_clash": 0.039,
        "numbers_missing": -0.587,
        "other_numbers": 0.743,
        "years_missing": -0.710,
        "other_years": -0.126,
    },
    "refutes": {
        "always": -0.568,
        "words_shared": 2.258,
        "nearest_sentence": 0.468,
        "nearly_all_words": 0.480,
        "long_claim": 0.208,
        "new_words": -0.960,
        "negation_differs": 0.294,
        "same_words_negated": 0.598,
        "denial": 0.217,
        "denies_same_words": -0.169,
        "absolute_claim": 0.817,
        "absolute_only_in_claim": -0.558,
        "opposite_words": 0.698,
        "numbers_clash": 1.226,
        "numbers_missing": -0.579,
        "other_numbers": 0.886,
        "years_missing": -0.268,
        "other_years": 0.226,
    },
}
