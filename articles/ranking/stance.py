"""Which way a passage points, with the reason in words: a suggestion for an editor, never a verdict.

Three rules speak first (another number for the same thing; a word of denial; the same words negated). Where
none does, named signs are weighed, with the closeness of the sentence vectors among them; `WEIGHTS` holds how
much each speaks for supports and for refutes, as against neutral. They were fitted by `benchmarks/fit_stance.py`
on the three sets credited in `NOTICE`; docs/evidence.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from articles.ranking import signals
from articles.ranking.embed import meaning_of
from articles.ranking.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from articles.ranking.signals import Reading

Stance = Literal["supports", "refutes", "neutral"]

SAME_WORDS: Final = 0.6
ALMOST_ALL_WORDS: Final = 0.9
FEW_NEW_WORDS: Final = 0.34
NOTHING_SHARED: Final = 0.15
# So few words (with synonyms) are a title; "supports" was right for one in five of them on the fitted rows.
FEW_WORDS: Final = 10
_MUCH: Final = 0.8
_LONG_CLAIM: Final = 20
_LONG_PASSAGE: Final = 12_000
_MANY_WORDS: Final = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A stance, why, and the sentence of the passage that it was read from (verbatim)."""

    stance: Stance
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim beside a passage and the passage's nearest sentence."""

    claim: Reading
    passage: Reading
    nearest: Reading

    @property
    def nearness(self) -> float:
        return signals.covered(self.claim, self.nearest.words)

    @property
    def new_words(self) -> float:
        """The share of the nearest sentence's words that the claim does not have."""
        return len(self.nearest.words - self.claim.words) / max(1, len(self.nearest.words))

    @property
    def negation_differs(self) -> bool:
        return signals.negated(self.claim.text) != signals.negated(self.nearest.text)

    @property
    def is_denial(self) -> bool:
        denies = signals.DENIALS.search(self.nearest.text)
        return bool(denies) and not signals.DENIALS.search(self.claim.text)


def suggest(claim: str, passage: str) -> Suggestion:
    """The suggested stance of one passage towards one claim; neutral where nothing speaks clearly."""
    compared = compare(claim, passage)
    stance, reason = _ruled(compared) or _weighed(compared)
    return Suggestion(stance, reason, compared.nearest.text)


def compare(claim: str, passage: str) -> Comparison:
    """Take both apart and find the sentence of the passage that has most of the claim's words."""
    asked = signals.read(claim)
    sentences = [signals.read(sentence) for sentence in signals.sentences_of(passage[:_LONG_PASSAGE])]
    nearest = max(sentences, key=lambda sentence: signals.covered(asked, sentence.words))
    return Comparison(asked, _joined(passage[:_LONG_PASSAGE], sentences), nearest)


def _joined(passage: str, sentences: list[Reading]) -> Reading:
    return sentences[0] if len(sentences) == 1 else signals.read(passage)


def _ruled(compared: Comparison) -> tuple[Stance, str] | None:
    near = compared.nearness
    if not compared.claim.words or near == 0:
        return "neutral", "It shares no word with the claim."
    clash = signals.clashing_numbers(compared.claim, compared.nearest)
    if clash and near >= SAME_WORDS:
        mine, theirs = clash[0]
        return "refutes", f"It gives {theirs} where the claim has {mine}."
    denial = signals.DENIALS.search(compared.nearest.text)
    if denial and compared.is_denial and near >= SAME_WORDS:
        return "refutes", f"It is about the same thing and has a word of denial: “{denial.group()}”."
    if near >= ALMOST_ALL_WORDS and compared.new_words <= FEW_NEW_WORDS and compared.negation_differs:
        return "refutes", "It says the same with a negation that the claim does not have, or the other way round."
    return None


def signs(compared: Comparison) -> dict[str, float]:
    """The named signs, each 0 to 1; `always` is 1 so that the weights have a base."""
    claim, passage, nearest = compared.claim, compared.passage, compared.nearest
    near = compared.nearness
    opposite = signals.clashing_sides(claim, nearest)
    return {
        "always": 1.0,
        "words_shared": signals.covered(claim, passage.words),
        "nearest_sentence": near,
        "nearly_all_words": float(near > _MUCH),
        "long_claim": min(1.0, len(claim.words) / _LONG_CLAIM),
        "new_words": compared.new_words,
        "negation_differs": float(compared.negation_differs),
        "same_words_negated": float(compared.negation_differs) * near,
        "denial": float(bool(signals.DENIALS.search(nearest.text))),
        "denies_same_words": float(compared.is_denial) * near,
        "absolute_claim": float(bool(signals.ABSOLUTES.search(claim.text))),
        "absolute_only_in_claim": float(_has_absolute(claim) and not _has_absolute(nearest)),
        "opposite_words": float(opposite) * near,
        "claim_negated": float(signals.negated(claim.text)),
        "sentence_negated": float(signals.negated(nearest.text)),
        "contrast": float(bool(signals.CONTRASTS.search(nearest.text))),
        "hedge": float(bool(signals.HEDGES.search(nearest.text))),
        "hedge_in_claim": float(bool(signals.HEDGES.search(claim.text))),
        "long_passage": min(1.0, len(passage.words) / _MANY_WORDS),
        **_name_signs(claim, passage),
        **_figure_signs(claim, passage),
        **_meaning_signs(compared),
    }


def _name_signs(claim: Reading, passage: Reading) -> dict[str, float]:
    missing = claim.names - passage.words - passage.names
    return {
        "has_names": float(bool(claim.names)),
        "names_missing": len(missing) / max(1, len(claim.names)),
        "other_names": float(bool(passage.names - claim.names)),
    }


def _meaning_signs(compared: Comparison) -> dict[str, float]:
    """Closeness in meaning of the nearest sentence and of the whole passage."""
    sentence = _closeness(compared.claim.text, compared.nearest.text, compared.nearness)
    shared = signals.covered(compared.claim, compared.passage.words)
    passage = _closeness(compared.claim.text, compared.passage.text, shared)
    return {
        "meaning": sentence,
        "meaning_of_passage": passage,
        "same_meaning_negated": float(compared.negation_differs) * sentence,
    }


def _closeness(one: str, other: str, otherwise: float) -> float:
    """The cosine, at least 0; where no encoder is installed the share of words stands in for it."""
    mine, theirs = meaning_of(one), meaning_of(other)
    if mine is None or theirs is None:
        return otherwise
    return min(1.0, max(0.0, float(mine @ theirs)))


def _has_absolute(text: Reading) -> bool:
    return bool(signals.ABSOLUTES.search(text.text))


def _figure_signs(claim: Reading, passage: Reading) -> dict[str, float]:
    numbers_missing = claim.numbers.keys() - passage.numbers.keys()
    years_missing = claim.years - passage.years
    return {
        "numbers_clash": float(bool(signals.clashing_numbers(claim, passage))),
        "has_numbers": float(bool(claim.numbers)),
        "has_years": float(bool(claim.years)),
        "same_number": float(bool(claim.numbers.keys() & passage.numbers.keys())),
        "same_year": float(bool(claim.years & passage.years)),
        "numbers_missing": float(bool(numbers_missing)),
        "other_numbers": float(bool(numbers_missing and passage.numbers.keys() - claim.numbers.keys())),
        "years_missing": float(bool(years_missing)),
        "other_years": float(bool(years_missing and passage.years - claim.years)),
    }


def _weighed(compared: Comparison) -> tuple[Stance, str]:
    if signals.covered(compared.claim, compared.passage.words) < NOTHING_SHARED:
        return "neutral", "It shares hardly a word with the claim."
    found = signs(compared)
    if len(compared.passage.words) < FEW_WORDS and found["words_shared"] < _MUCH:
        return "neutral", "It is too short to tell, as a title is."
    votes = {side: sum(weights[name] * value for name, value in found.items()) for side, weights in WEIGHTS.items()}
    differs = _difference(found)
    if differs and votes["refutes"] > max(0.0, votes["supports"]):
        return "refutes", f"It is about the same thing, but {differs}."
    # What differs in nothing that can be named refutes nothing, whatever the weights add up to.
    if votes["supports"] > 0:
        but = f", but {differs}" if differs else " and nothing in it differs"
        return "supports", f"It shares {found['words_shared']:.0%} of the claim's words{but}."
    return "neutral", f"It shares {found['words_shared']:.0%} of the claim's words, too little to tell."


REFUTING: Final[Mapping[str, str]] = {
    "numbers_clash": "it has another number for the same thing",
    "opposite_words": "it uses an opposite word",
    "same_words_negated": "one of the two is negated",
    "denies_same_words": "it uses a word of denial",
    "other_years": "it names another year",
    "other_numbers": "it has other numbers",
    "years_missing": "the year of the claim is missing",
    "absolute_claim": "the claim is absolute and the passage speaks of it in other words",
}


_OF_NUMBERS: Final = frozenset({"numbers_clash", "other_numbers"})


def _difference(found: Mapping[str, float]) -> str:
    """The first difference that can be named, as half a sentence; empty where there is none.

    A passage that has one of the claim's own numbers agrees with it there; its other numbers count other things.
    """
    agrees = found["same_number"] > 0
    named = (name for name in REFUTING if found[name] > 0 and not (agrees and name in _OF_NUMBERS))
    return next((REFUTING[name] for name in named), "")
