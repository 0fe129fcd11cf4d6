"""Fit the weights of `articles/ranking/weights.py` on rows of {"claim", "passage", "label"} (JSON Lines, .gz).

    python -m benchmarks.fit_stance [--part FILE]... [--held HELD.jsonl] FILE... > articles/ranking/weights.py

Multinomial logistic regression with neutral as the base, each class of each file weighing the same, by
gradient descent with momentum: the same files give the same weights. Of a file after --part a quarter is held
back and written to HELD. It is divided by subject: claims that share a passage or a name of two words stay
together, so that nothing fitted has seen the subjects it is measured on.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from articles.ranking.stance import compare, signs

SIDES = ("supports", "refutes")
STEPS, RATE, MOMENTUM, SHRINK = 600, 0.5, 0.9, 10.0
HELD_PERCENT = 25
# A name that so many rows share is no subject ("United States").
COMMON = 40
NAME = re.compile(r"\b[A-Z][\w'’-]+(?: (?:of |the )?[A-Z][\w'’-]+)+")

Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def divided(rows: Rows) -> tuple[Rows, Rows]:
    """Rows to fit on and rows held back, no subject in both."""
    first = subjects(rows)
    held = [int(hashlib.md5(rows[at]["claim"].encode()).hexdigest(), 16) % 100 < HELD_PERCENT for at in first]
    keep = [row for row, out in zip(rows, held, strict=True) if not out]
    return keep, [row for row, out in zip(rows, held, strict=True) if out]


def subjects(rows: Rows) -> list[int]:
    """For each row a row that stands for its subject."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    marks = [{row["claim"], row["passage"][:200], *NAME.findall(row["claim"])} for row in rows]
    times = Counter(mark for found in marks for mark in found)
    seen: dict[str, int] = {}
    for at, found in enumerate(marks):
        for mark in found:
            if times[mark] > COMMON:
                continue
            parent[root(at)] = root(seen.setdefault(mark, at))
    return [root(at) for at in range(len(rows))]


def fit(files: list[Rows]) -> tuple[list[str], np.ndarray]:
    """Names of the signs, and a row of weights a side."""
    found = [signs(compare(row["claim"], row["passage"])) for rows in files for row in rows]
    names = list(found[0])
    values = np.array([[one[name] for name in names] for one in found])
    wanted = np.array([[row["label"] == side for side in SIDES] for rows in files for row in rows], float)
    share = np.concatenate([shares(rows) for rows in files])[:, None]
    share /= share.sum()
    weights = np.zeros((len(SIDES), len(names)))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        votes = np.exp(values @ weights.T)
        error = (votes / (1 + votes.sum(axis=1, keepdims=True)) - wanted) * share
        speed = MOMENTUM * speed - RATE * (error.T @ values + SHRINK * weights / len(values))
        weights = weights + speed
    return names, weights


def shares(rows: Rows) -> np.ndarray:
    counts = Counter(row["label"] for row in rows)
    return np.array([1 / counts[row["label"]] for row in rows])


def written(names: list[str], weights: np.ndarray) -> str:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--part", action="append", default=[], type=Path)
    parser.add_argument("--held", type=Path)
    options = parser.parse_args()
    files, held = [rows_of(path) for path in options.files], []
    for path in options.part:
        keep, out = divided(rows_of(path))
        files.append(keep)
        held += out
    if options.held:
        options.held.write_text("".join(json.dumps(row) + "\n" for row in held), encoding="utf-8")
    sys.stdout.write(written(*fit(files)))


if __name__ == "__main__":
    main()
