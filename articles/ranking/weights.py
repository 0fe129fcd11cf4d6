"""Written by `benchmarks/fit_stance.py`; not by hand."""

from __future__ import annotations

from typing import Final, Literal

WEIGHTS: Final[dict[Literal["supports", "refutes"], dict[str, float]]] = {
    "supports": {
        "always": -1.016,
        "words_shared": 2.088,
        "nearest_sentence": 1.174,
        "nearly_all_words": 0.969,
        "long_claim": 1.176,
        "new_words": -0.854,
        "negation_differs": -0.271,
        "same_words_negated": -0.149,
        "denial": 0.538,
        "denies_same_words": 0.067,
        "absolute_claim": 0.281,
        "absolute_only_in_claim": -0.457,
        "opposite_words": -0.228,
        "numbers_clash": 0.043,
        "numbers_missing": -0.583,
        "other_numbers": 0.741,
        "years_missing": -0.704,
        "other_years": -0.135,
    },
    "refutes": {
        "always": -0.567,
        "words_shared": 2.263,
        "nearest_sentence": 0.462,
        "nearly_all_words": 0.484,
        "long_claim": 0.210,
        "new_words": -0.966,
        "negation_differs": 0.302,
        "same_words_negated": 0.594,
        "denial": 0.402,
        "denies_same_words": 0.228,
        "absolute_claim": 0.818,
        "absolute_only_in_claim": -0.559,
        "opposite_words": 0.684,
        "numbers_clash": 1.223,
        "numbers_missing": -0.575,
        "other_numbers": 0.887,
        "years_missing": -0.263,
        "other_years": 0.225,
    },
}
