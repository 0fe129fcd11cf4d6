"""`manage.py train_checkworthiness`: fits the shipped weights again; the same rows give the same file.

With `--from-desk` a version of the desk's own, which scores nothing before an administrator switches to it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.management.base import CommandError

from articles.extraction.checkworthy import WEIGHTS_FILE, Model, fact_logit, scored_with
from articles.extraction.facts import OWN_WEIGHT, fit_sense
from articles.extraction.training import Example, plans, read_taught, train
from articles.matching.embed import embedder
from articles.services.scoring import scoring_learn
from factcheck.core.commands import FactcheckCommand
from factcheck.core.inputs import read_lines, read_row, text_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.management.base import CommandParser

NEEDS = '"text", "label" and "class"'
NOT_FACTUAL = "non-factual"


class Command(FactcheckCommand):
    help = "Fit the weights of check-worthiness on labelled sentences (about half a minute for 22,000)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "rows", nargs="?", help='JSON Lines of {"text", "label": 0 or 1, "class"}, .gz is unpacked'
        )
        parser.add_argument("--from-desk", action="store_true", help="learn from this desk's decisions instead")
        parser.add_argument("--without", help="leave out sentences that this file of rows holds, to measure on it")
        parser.add_argument("--sense", type=Path, help="where the weights of the sentence vectors go; else untouched")
        parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="where the weights go")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["from_desk"] == bool(options["rows"]):
            raise CommandError("Give either a file of rows or --from-desk.")
        if options["from_desk"]:
            made = scoring_learn(actor=None, note="train_checkworthiness --from-desk")
            self.stderr.write(f"{made} learned from {made.examples} texts. The admin compares and switches it.")
        else:
            self._shipped(options)

    def _shipped(self, options: dict[str, Any]) -> None:
        held_out = {_key(example) for example in read_examples([options["without"]] if options["without"] else [])}
        examples = [example for example in read_examples([options["rows"]]) if _key(example) not in held_out]
        taught = read_taught()
        weights = train(examples, taught)
        text = json.dumps(weights, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        options["out"].write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
        self.stderr.write(f"{len(examples)} sentences, {len(weights['weights'])} weights in {options['out']}")
        if options["sense"]:
            bias = weights["bias"][""]
            pairs = {name: (pair[0], pair[1]) for name, pair in weights["weights"].items()}
            with scored_with(Model((bias[0], bias[1]), pairs)):
                options["sense"].write_text(json.dumps(_sense(examples, taught)) + "\n", encoding="utf-8")


def _sense(examples: list[Example], taught: list[Example]) -> dict[str, object]:
    """What the sentence vectors add to the words that score now."""
    encoder = embedder()
    if encoder is None:
        raise CommandError("The sentence encoder is not installed, so its vectors cannot be weighed.")
    used = [*(example for example in examples if not plans(example.text)), *taught]
    vectors = encoder.encode([example.text for example in used]).astype(np.float64)
    offsets = [fact_logit(example.text) for example in used]
    counts = [1.0] * (len(used) - len(taught)) + [OWN_WEIGHT] * len(taught)
    bias, weights = fit_sense(vectors, offsets, [example.verifiable for example in used], counts)
    return {"encoder": encoder.name, "bias": round(bias, 3), "weights": [round(float(w), 3) for w in weights]}


def read_examples(paths: Sequence[str]) -> Iterator[Example]:
    """The labelled sentences of JSON Lines files; raises `Invalid` or `NotFound` on the first bad line."""
    for line in read_lines(paths, sys.stdin.buffer):
        row = read_row(line)
        label = text_field(row, "class", needs=NEEDS)
        yield Example(text_field(row, "text", needs=NEEDS), bool(row.get("label")), label != NOT_FACTUAL)


def _key(example: Example) -> str:
    return " ".join(example.text.lower().split())
