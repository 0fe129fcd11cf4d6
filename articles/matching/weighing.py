"""From candidates to matches: both channels and the evidence weighed together, with the reasons in words.

The weights are round numbers set by hand. They were looked at on public matching data that may be measured on
but not trained on; nothing was fitted (see docs/claim-memory.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date  # noqa: TC003  (dataclasses keep it as a value)
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from articles.claimreview_import.values import day
from articles.matching.evidence import NOTHING, Evidence, compare
from articles.matching.words import bare, claim_proper, signature, words_of
from articles.ranking.embed import embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Rarity = Callable[[Iterable[str]], Mapping[str, float]]

# What each sign adds to the words channel, whose own weight is 1. All signs run from 0 to 1.
WEIGHTS: Final[Mapping[str, float]] = {
    "meaning": 0.5,
    "claim_covered": 0.15,
    "wording": 0.15,
    "phrases": 0.3,
    "quoted": 0.3,
    "near_in_time": 0.2,
    "same_speaker": 0.2,
    "same_number": 0.05,
    "other_number": -0.1,
    "other_way": -0.1,
}
# The weight of meaning while candidates are chosen, and how many are looked at closely.
FIRST_MEANING: Final = 0.3
CANDIDATES: Final = 60
# Half of the closeness in time is gone after so many days.
HALF_LIFE_DAYS: Final = 45.0
# The sum at which a match is as likely as not, with and without vectors, and how steep the score is there.
EVEN: Final = 1.15
EVEN_BY_WORDS: Final = 0.85
STEEP: Final = 4.0
# With another number, direction or a negation a claim may be related, but is not taken for the same.
MOST_IF_DIFFERENT: Final = 0.6
_LEAST_MEANING: Final = 0.55
_CLOSE_MEANING: Final = 0.75
_NAMED_WORDS: Final = 5
_MOSTLY: Final = 0.5
_MARGIN: Final = 15


# Moves with every change of the weights above, so that a decision can say what it was made on.
VERSION: Final = "weighing 1"


def version() -> str:
    """Who says that two claims are alike: the version of the weights and the sentence encoder in use."""
    encoder = embedder()
    return f"{VERSION}, {encoder.name if encoder else 'words only'}"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement to look for. Who made it and when are used where given."""

    text: str
    speaker: str = ""
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A checked claim as the channels hand it over: `words` is its share of BM25, `meaning` the cosine."""

    key: int
    claim: str
    title: str = ""
    body: str = ""
    claimant: str = ""
    reviewed_on: date | None = None
    claimed_on: date | None = None
    words: float = 0.0
    meaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """`score` runs from 0 to 1; `why` says in words what speaks for it and, after that, against it."""

    key: int
    score: float
    why: tuple[str, ...]
    signs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query taken apart once."""

    text: str
    words: tuple[str, ...]
    speaker: frozenset[str]
    said_on: date | None

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.words))


def asked(query: Query, *, today: date) -> Asked:
    """Taken apart; what an embedded post is signed with stands in for a speaker and date that were not given."""
    name, written = signature(query.text)
    text = bare(query.text) or query.text
    return Asked(
        text=text,
        words=tuple(words_of(text)),
        speaker=frozenset(words_of(query.speaker or name)),
        said_on=query.said_on or (day(written, today=today) if written else None),
    )


def text_to_index(claim: str, title: str, body: str, claimant: str) -> list[str]:
    """The words a checked claim is found by."""
    return words_of(" ".join((claim, "" if title == claim else title, body, claimant)))


def rank(
    question: Asked, candidates: Iterable[Candidate], rarity: Rarity, *, top: int, by_meaning: bool = True
) -> list[Match]:
    """The `top` best matches in order; `rarity` tells how much words tell in this archive.

    `by_meaning` is False where there are no vectors, and scores are read accordingly.
    """
    known: dict[str, float] = {}

    def tells(words: Iterable[str]) -> dict[str, float]:
        wanted = set(words)
        known.update(rarity(wanted - known.keys()))
        return {word: known[word] for word in wanted}

    first = sorted((_weighed(question, candidate, tells) for candidate in candidates), key=_order)
    # The costly signs move a match a little, so what lies well below the top is spared them.
    second = sorted((one.with_evidence(question, tells) for one in first[: top + _MARGIN]), key=_order)
    even = EVEN if by_meaning else EVEN_BY_WORDS
    matches = [_match(question, one, tells, even) for one in second[:top]]
    return sorted(matches, key=lambda match: -match.score)  # stable: those held down equally keep their order


@dataclass(frozen=True, slots=True)
class _Weighed:
    candidate: Candidate
    proper: str
    signs: Mapping[str, float]
    evidence: Evidence = NOTHING

    @property
    def total(self) -> float:
        return self.signs["words"] + sum(weight * self.signs.get(name, 0.0) for name, weight in WEIGHTS.items())

    @property
    def alike(self) -> bool:
        return self.signs["meaning"] >= _CLOSE_MEANING or self.signs["claim_covered"] >= _MOSTLY

    def with_evidence(self, question: Asked, tells: Rarity) -> _Weighed:
        evidence = compare(question.text, self.proper)
        if not self.alike:  # between unlike statements a "not" more or less means nothing
            evidence = replace(evidence, negation=False)
        more = {
            "phrases": _phrases(question, words_of(self.candidate.body), tells),
            "quoted": _quoted(question.text, self.candidate.body),
            "same_number": float(bool(evidence.numbers)),
            "other_number": float(bool(evidence.other_numbers)),
            "other_way": float(bool(evidence.directions)),
        }
        return replace(self, evidence=evidence, signs={**self.signs, **more})


def _order(one: _Weighed) -> tuple[float, int]:
    return -one.total, one.candidate.key


def _weighed(question: Asked, candidate: Candidate, tells: Rarity) -> _Weighed:
    proper = claim_proper(candidate.claim)
    return _Weighed(candidate, proper, _signs(question, candidate, proper, tells))


def _match(question: Asked, one: _Weighed, tells: Rarity, even: float) -> Match:
    score = 1 / (1 + math.exp(-STEEP * (one.total - even)))
    if one.evidence.differs:
        score = min(score, MOST_IF_DIFFERENT)
    why = tuple(_why(question, one.candidate, one.signs, one.evidence, tells))
    return Match(one.candidate.key, round(score, 4), why, one.signs)


def _signs(question: Asked, candidate: Candidate, proper: str, tells: Rarity) -> dict[str, float]:
    own, title = words_of(proper), words_of(candidate.title) if candidate.title != candidate.claim else []
    mine = set(question.words)
    return {
        "words": candidate.words,
        "meaning": max(0.0, candidate.meaning),
        "claim_covered": max(_covered(own, mine, tells), _covered(title, mine, tells)),
        "wording": fuzz.partial_ratio(question.text.lower(), proper.lower()) / 100,
        "near_in_time": _near(question.said_on, candidate.claimed_on or candidate.reviewed_on),
        "same_speaker": _same(question.speaker, frozenset(words_of(candidate.claimant))),
    }


def _covered(claim: Sequence[str], mine: set[str], tells: Rarity) -> float:
    """How much of what the claim says, the question says too; by rarity."""
    weights = tells(claim)
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in mine) / total if total else 0.0


def _phrases(question: Asked, body: Sequence[str], tells: Rarity) -> float:
    """The share of the question's pairs of neighbouring words that the review's text quotes; by rarity."""
    rare = tells(question.words)
    weights = {pair: min(rare[pair[0]], rare[pair[1]]) for pair in question.pairs}
    total = sum(weights.values())
    theirs = set(pairwise(body))
    return sum(weight for pair, weight in weights.items() if pair in theirs) / total if total else 0.0


def _quoted(text: str, body: str) -> float:
    """How nearly the review's text quotes the question, letter by letter; 0 below a similarity of one half."""
    similar = fuzz.partial_ratio(text.lower(), body.lower(), score_cutoff=50) if body else 0.0
    return max(0.0, similar / 50 - 1)


def _near(said: date | None, other: date | None) -> float:
    if said is None or other is None:
        return 0.0
    return math.pow(0.5, abs((said - other).days) / HALF_LIFE_DAYS)


def _same(speaker: frozenset[str], claimant: frozenset[str]) -> float:
    return len(speaker & claimant) / min(len(speaker), len(claimant)) if speaker and claimant else 0.0


def _why(
    question: Asked,
    candidate: Candidate,
    signs: Mapping[str, float],
    evidence: Evidence,
    tells: Rarity,
) -> Iterable[str]:
    shared = set(question.words) & set(words_of(f"{candidate.claim} {candidate.title}"))
    if shared:
        rare = tells(shared)
        rarest = sorted(shared, key=lambda word: (-rare[word], word))[:_NAMED_WORDS]
        yield f"Words in both: {', '.join(_spelt(question.text, rarest))}."
    if signs["meaning"] >= _LEAST_MEANING:
        near = "Means nearly the same" if signs["meaning"] >= _CLOSE_MEANING else "Close in meaning"
        yield f"{near} ({signs['meaning']:.2f})."
    if signs["phrases"] > _MOSTLY:
        yield "The review quotes the same words."
    yield from _why_agreed(question, candidate, signs, evidence)
    yield from _why_not(evidence)


def _why_agreed(
    question: Asked, candidate: Candidate, signs: Mapping[str, float], evidence: Evidence
) -> Iterable[str]:
    if evidence.numbers:
        yield f"The same number: {', '.join(evidence.numbers)}."
    if evidence.names:
        yield f"Names in both: {', '.join(evidence.names)}."
    if signs["same_speaker"] == 1.0:
        yield f"Said by {candidate.claimant} in both."
    other = candidate.claimed_on or candidate.reviewed_on
    if signs["near_in_time"] > _MOSTLY and question.said_on and other:
        yield f"{abs((question.said_on - other).days)} days apart."


def _why_not(evidence: Evidence) -> Iterable[str]:
    if evidence.other_numbers:
        yield "But another number: {} here, {} there.".format(*evidence.other_numbers)
    if evidence.directions:
        yield "But the other way round: {} here, {} there.".format(*evidence.directions)
    if evidence.negation:
        yield "But one of the two is negated."
    if evidence.other_years:
        yield "But another year: {} here, {} there.".format(*evidence.other_years)


def _spelt(text: str, wanted: Sequence[str]) -> list[str]:
    """The words as the question writes them."""
    spelling: dict[str, str] = {}
    for token in text.split():
        for word in words_of(token):
            spelling.setdefault(word, token.strip(".,;:!?\"'“”‘’()[]"))
    return [spelling.get(word, word) for word in wanted]
