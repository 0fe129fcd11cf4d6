"""Random edits of stories in which every character knows where it came from, and what became of the claims.

    python -m tests.articles.edits [FILE_OR_FOLDER ...] [--edits 10000] [--seed 1]

Without files it takes a hundred made-up stories. It prints what was done and what came of it, and ends with 1 if a
claim was lost, or put on other words, or moved away from its own.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from articles.anchoring.reanchor import Anchor, State, reanchor
from articles.extraction.base import Story
from articles.extraction.pipeline import extract
from articles.ingest.readers import READERS, read_bytes
from factcheck.core.errors import FactcheckError
from tests.made_up import story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from articles.anchoring.reanchor import Outcome

Told = tuple[str, list[Anchor]]
FOREIGN: Final = (
    "The harbour tram carries 30,200 people on working days. ",
    "Fares rose by five percent in March. ",
    "The council voted for it in May, the mayor said. ",
    "Nobody had expected so many riders so soon after the repair. ",
)
HEADLINES: Final = ("Kestria: a year on", "Output rises again")


@dataclass
class Draft:
    """A text under edit in which every character knows where in the first text it came from."""

    text: str
    origins: list[int | None]
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)

    def replace(self, start: int, end: int, words: str) -> None:
        self.text = self.text[:start] + words + self.text[end:]
        self.origins[start:end] = [None] * len(words)

    def sentences(self) -> list[tuple[int, int]]:
        return [one.span() for one in re.finditer(r"[^\s][^\n]*?(?:[.!?]”?\"?(?=\s)|(?=\n|\Z))", self.text)]

    def insert(self) -> None:
        words = self.rng.choice([*FOREIGN, self._copied()])
        self.replace(at := self.rng.choice(self.sentences())[0], at, words.strip() + " ")

    def _copied(self) -> str:
        start, end = self.rng.choice(self.sentences())
        return self.text[start:end]

    def delete(self) -> None:
        start, end = self.rng.choice(self.sentences())
        self.replace(start, end, "")

    def move(self) -> None:
        start, end = self.rng.choice(self.sentences())
        words, origins = self.text[start:end], self.origins[start:end]
        self.replace(start, end, "")
        at = self.rng.choice([*(one[0] for one in self.sentences()), len(self.text)])
        self.replace(at, at, " ")
        self.text = self.text[:at] + words + self.text[at:]
        self.origins[at:at] = origins

    def reword(self) -> None:
        start, end = self.rng.choice([one.span() for one in re.finditer(r"\w+", self.text)])
        word = self.text[start:end]
        other = (
            f"{self.rng.randint(2, 9)}{word}" if word.isdigit() else self.rng.choice(["about", "not", "today", ""])
        )
        self.replace(start, end, other)

    def retitle(self) -> None:
        end = self.text.find("\n")
        lead = self.rng.choice(self.sentences())
        words = self.rng.choice([*HEADLINES, self.text[lead[0] : lead[1]][:70]])
        self.replace(0, max(end, 0), words)

    def edit(self) -> None:
        names = ["insert", "delete", "move", "reword", "retitle"] if re.search(r"\w", self.text) else []
        if not names:  # everything was deleted
            return
        name = self.rng.choice(names)
        self.done[name] += 1
        getattr(self, name)()

    def place_of(self, start: int, end: int) -> int | None:
        """Where the characters from `start` to `end` of the first text stand, if still side by side."""
        if start not in self._where:
            return None
        at = self._where[start]
        return at if self.origins[at : at + end - start] == list(range(start, end)) else None

    @property
    def _where(self) -> dict[int, int]:
        return {origin: at for at, origin in enumerate(self.origins) if origin is not None}


def claims_in(text: str) -> list[Anchor]:
    """The claims of a text as the desk would keep them."""
    return [
        Anchor(one.start, one.end, one.quote, text[max(0, one.start - 32) : one.start], text[one.end :][:32])
        for one in extract(Story(text=text)).claims
    ]


def made_up(count: int) -> list[Told]:
    return [(text, claims_in(text)) for text in (_read(story(number).encode(), "a.txt") for number in range(count))]


def from_files(paths: Iterable[Path]) -> list[Told]:
    """The stories of the files; what cannot be read, and what makes no claim, is left out."""
    found = []
    for path in paths:
        try:
            text = _read(path.read_bytes(), path.name)
        except FactcheckError:
            continue
        found.append((text, claims_in(text)))
    return [one for one in found if one[1]]


def _read(data: bytes, name: str) -> str:
    return read_bytes(data, name=name).text


@dataclass
class Tally:
    """What was done to the stories, and what became of their claims."""

    edits: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    stories: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def untouched(self) -> int:
        return sum(count for name, count in self.claims.items() if name.startswith("untouched"))

    @property
    def kept(self) -> float:
        """The share of the untouched claims that were kept in their place without asking."""
        return self.claims["untouched kept"] / self.untouched if self.untouched else 1.0

    def __str__(self) -> str:
        return (
            f"{self.edits.total()} edits of {self.stories} stories: {dict(self.edits)}\n{dict(self.claims)}\n"
            f"untouched claims kept without asking: {self.kept:.2%} of {self.untouched}"
        )


def edited(stories: Sequence[Told], *, edits: int, seed: int) -> Tally:
    """Edit the stories in turn, one to four edits at a time, until there were `edits`."""
    tally, rng = Tally(stories=len(stories)), random.Random(seed)
    turn = 0
    while tally.edits.total() < edits:
        text, anchors = stories[turn % len(stories)]
        turn += 1
        draft = Draft(text, list(range(len(text))), rng)
        for _ in range(rng.randint(1, 4)):
            draft.edit()
        tally.edits += draft.done
        outcomes = reanchor(text, draft.text, anchors)
        if len(outcomes) != len(anchors):
            tally.wrong.append(f"{len(anchors) - len(outcomes)} claims lost")
        for one, outcome in zip(anchors, outcomes, strict=False):
            fate = judged(one, outcome, draft)
            tally.claims[fate] += 1
            if fate in WRONG:
                tally.wrong.append(f"{fate}: {one.quote!r}")
    return tally


OTHER_WORDS: Final = "kept on other words"
NOT_ITS_QUOTE: Final = "shown on other words than it says"
MISPLACED: Final = "untouched misplaced"
WRONG: Final = (OTHER_WORDS, NOT_ITS_QUOTE, MISPLACED)


def judged(one: Anchor, outcome: Outcome, draft: Draft) -> str:
    """What became of a claim, in words."""
    if outcome.state is not State.ORPHAN and outcome.quote != draft.text[outcome.start : outcome.end]:
        return NOT_ITS_QUOTE
    if outcome.state is State.KEPT and outcome.quote != one.quote:
        return OTHER_WORDS
    true = draft.place_of(one.start, one.end)
    if true is None:
        return f"touched {outcome.state}"
    if outcome.state is State.KEPT and outcome.start != true:
        # A copy was put where the words had been, with what stood before or behind them: the text cannot tell.
        # White space is not told apart: where one paragraph ends is nothing a reader would go by.
        before = _words(draft.text[: outcome.start])[-15:] == _words(one.prefix)[-15:]
        behind = _words(draft.text[outcome.end :])[:15] == _words(one.suffix)[:15]
        return "untouched kept, on a copy in its place" if before or behind else MISPLACED
    return f"untouched {outcome.state}"


def _words(text: str) -> str:
    return "".join(text.split())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--stories", type=int, default=100)
    parser.add_argument("--edits", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    files = [file for path in options.paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix in READERS and file.is_file()]
    stories = from_files(files[: options.stories]) if options.paths else made_up(options.stories)
    tally = edited(stories, edits=options.edits, seed=options.seed)
    sys.stdout.write("\n".join([str(tally), *tally.wrong]) + "\n")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
