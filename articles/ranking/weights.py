"""Written by `benchmarks/fit_stance.py`; not by hand."""

from __future__ import annotations

from typing import Final, Literal

WEIGHTS: Final[dict[Literal["supports", "refutes"], dict[str, float]]] = {
    "supports": {
        "always": -1.015,
        "words_shared": 2.088,
        "nearest_sentence": 1.174,
        "nearly_all_words": 0.969,
        "long_claim": 1.175,
        "new_words": -0.854,
        "negation_differs": -0.271,
        "same_words_negated": -0.148,
        "denial": 0.531,
        "denies_same_words": 0.065,
        "absolute_claim": 0.282,
        "absolute_only_in_claim": -0.457,
        "opposite_words": -0.213,
        "numbers_clash": 0.044,
        "numbers_missing": -0.583,
        "other_numbers": 0.740,
        "years_missing": -0.703,
        "other_years": -0.135,
    },
    "refutes": {
        "always": -0.568,
        "words_shared": 2.264,
        "nearest_sentence": 0.463,
        "nearly_all_words": 0.483,
        "long_claim": 0.211,
        "new_words": -0.966,
        "negation_differs": 0.302,
        "same_words_negated": 0.593,
        "denial": 0.412,
        "denies_same_words": 0.230,
        "absolute_claim": 0.818,
        "absolute_only_in_claim": -0.559,
        "opposite_words": 0.661,
        "numbers_clash": 1.222,
        "numbers_missing": -0.574,
        "other_numbers": 0.888,
        "years_missing": -0.263,
        "other_years": 0.224,
    },
}
