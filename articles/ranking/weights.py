"""Written by `benchmarks/fit_stance.py`; not by hand."""

from __future__ import annotations

from typing import Final, Literal

WEIGHTS: Final[dict[Literal["supports", "refutes"], dict[str, float]]] = {
    "supports": {
        "always": -1.014,
        "words_shared": 2.088,
        "nearest_sentence": 1.174,
        "nearly_all_words": 0.969,
        "long_claim": 1.175,
        "new_words": -0.855,
        "negation_differs": -0.271,
        "same_words_negated": -0.149,
        "denial": 0.531,
        "denies_same_words": 0.065,
        "absolute_claim": 0.282,
        "absolute_only_in_claim": -0.458,
        "opposite_words": -0.265,
        "numbers_clash": 0.045,
        "numbers_missing": -0.583,
        "other_numbers": 0.739,
        "years_missing": -0.704,
        "other_years": -0.135,
    },
    "refutes": {
        "always": -0.569,
        "words_shared": 2.265,
        "nearest_sentence": 0.463,
        "nearly_all_words": 0.483,
        "long_claim": 0.212,
        "new_words": -0.965,
        "negation_differs": 0.302,
        "same_words_negated": 0.594,
        "denial": 0.412,
        "denies_same_words": 0.230,
        "absolute_claim": 0.818,
        "absolute_only_in_claim": -0.559,
        "opposite_words": 0.580,
        "numbers_clash": 1.220,
        "numbers_missing": -0.574,
        "other_numbers": 0.889,
        "years_missing": -0.263,
        "other_years": 0.224,
    },
}
