"""Fit the weights of `articles/ranking/weights.py` on rows of {"claim", "passage", "label"} (JSON Lines, .gz).

    python -m benchmarks.fit_stance FILE... > articles/ranking/weights.py

Multinomial logistic regression with neutral as the base, each class of each file weighing the same, by
gradient descent with momentum: the same files give the same weights. Standard library only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
from collections import Counter
from pathlib import Path

from articles.ranking.stance import compare, signs

SIDES = ("supports", "refutes")
STEPS, RATE, MOMENTUM, SHRINK = 300, 0.5, 0.9, 1.0


def rows_of(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def examples(paths: list[Path]) -> tuple[list[str], list[tuple[list[float], str, float]]]:
    """Names of the signs, and (values, label, weight) a row."""
    found: list[tuple[list[float], str, float]] = []
    names: list[str] = []
    for path in paths:
        rows = rows_of(path)
        counts = Counter(row["label"] for row in rows)
        for row in rows:
            values = signs(compare(row["claim"], row["passage"]))
            names = list(values)
            found.append((list(values.values()), row["label"], 1 / counts[row["label"]]))
    return names, found


def fit(rows: list[tuple[list[float], str, float]]) -> list[list[float]]:
    size = len(rows[0][0])
    total = sum(weight for _, _, weight in rows)
    weights = [[0.0] * size for _ in SIDES]
    speed = [[0.0] * size for _ in SIDES]
    for _ in range(STEPS):
        slope = [[SHRINK * value / len(rows) for value in side] for side in weights]
        for values, label, weight in rows:
            votes = [math.exp(sum(w * v for w, v in zip(side, values, strict=True))) for side in weights]
            for at, side in enumerate(SIDES):
                error = (votes[at] / (1 + sum(votes)) - (label == side)) * weight / total
                for index, value in enumerate(values):
                    if value:
                        slope[at][index] += error * value
        for at in range(len(SIDES)):
            for index in range(size):
                speed[at][index] = MOMENTUM * speed[at][index] - RATE * slope[at][index]
                weights[at][index] += speed[at][index]
    return weights


def written(names: list[str], weights: list[list[float]]) -> str:
    sides = [
        f'    "{side}": {{\n'
        + "".join(f'        "{name}": {value:.3f},\n' for name, value in zip(names, values, strict=True))
        + "    },\n"
        for side, values in zip(SIDES, weights, strict=True)
    ]
    return (
        '"""Written by `benchmarks/fit_stance.py`; not by hand."""\n\nfrom __future__ import annotations\n\n'
        "from typing import Final, Literal\n\n"
        'WEIGHTS: Final[dict[Literal["supports", "refutes"], dict[str, float]]] = {\n' + "".join(sides) + "}\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    found_names, found_rows = examples(parser.parse_args().files)
    sys.stdout.write(written(found_names, fit(found_rows)))
