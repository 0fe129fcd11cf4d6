"""Which claims of an article say the same, repeat, contradict or deny each other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import ExtractedClaim, RelationKind

WINDOW: Final = 24
"""A claim is compared with so many before it, which keeps the work linear in the length of the story."""

_ALIKE: Final = 0.6
_ALIKE_LONGER: Final = 0.4
_NEARLY_ALL: Final = 0.75
"""Least shares of the words of the shorter and of the longer statement that both have, names and numbers left out."""

_SAME_WORDS: Final = 2
_NEVER_RELATED: Final = frozenset({"opinion", "other"})
_CONTENT: Final = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR: Final = re.compile(r"(?:1[89]|20)\d\d")
_SAME_PEOPLE: Final = 2
_STOP: Final = word_list(
    "the a an of in on at to for with by from and or but that this was were is are be been has have had it its as"
    " not no only about after before over under than then also more will would could who which january february"
    " march april june july august september october november december around"
    " i we you he she they me us him her them my our your his their there here these those what when where why how"
    " should must may might could can did does do just very so if while because even still yet all any some such"
    " said says say told more most much many other another each every both own same own being having"
)
_LIMITING: Final = re.compile(r"\b(?:only|never|not|no|neither|nobody|none)\b|n't\b", re.IGNORECASE)
_STEM: Final = {"spoke": "speak", "spoken": "speak", "speaks": "speak", "talked": "speak", "talks": "speak",
                "conversation": "speak", "told": "say", "said": "say", "met": "meet", "meeting": "meet",
                "held": "hold", "won": "win", "lost": "lose", "fell": "fall", "rose": "rise"}  # fmt: skip
_ACTS: Final = frozenset(_STEM.values())
_DENIES: Final = re.compile(r"\b(?:den(?:y|ie[sd])|reject|refute)")
_DENIES_THE_LAST: Final = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)) (?:the|these|those|such|all) \w+(?: (?:on|in|late|early|last) .{1,40})?$"
)
_FEWEST_WORDS: Final = 4
_NEAR: Final = 400
"""So many characters at most lie between a report and the bare denial that answers it."""


class _View(NamedTuple):
    """What a claim is compared by, read off it once."""

    claim: ExtractedClaim
    words: frozenset[str]
    names: frozenset[str]
    people: frozenset[str]
    times: frozenset[str]
    numbers: frozenset[str]
    about: str
    limited: bool
    denies: bool
    denies_the_last: bool


def relate(claims: Sequence[ExtractedClaim]) -> tuple[ExtractedClaim, ...]:
    """The claims with `related` filled in, on both sides of each pair."""
    found: dict[int, list[tuple[RelationKind, int]]] = {claim.number: [] for claim in claims}
    views = [_view(claim) for claim in claims]
    for i, view in enumerate(views):
        for other in views[max(0, i - WINDOW) : i]:
            kind = _relation(other, view)
            if kind is not None:
                found[view.claim.number].append((kind, other.claim.number))
                found[other.claim.number].append((kind, view.claim.number))
    return tuple(replace(c, related=tuple(found[c.number])) if found[c.number] else c for c in claims)


def _view(claim: ExtractedClaim) -> _View:
    told = claim.kind == "quote"
    return _View(
        claim,
        frozenset(word for word in content_words(claim.statement) if not word[0].isdigit()),
        _name_words(claim),
        _people(claim),
        _times(claim),
        figures(claim.statement),
        _about(claim.statement),
        is_limited(claim.quote),
        told and bool(_DENIES.search(claim.quote)),
        told and bool(_DENIES_THE_LAST.search(claim.quote)),
    )


def _relation(a: _View, b: _View) -> RelationKind | None:
    if _contains(a.claim, b.claim):
        return "denies" if a.denies or b.denies else None
    if _answers(a, b):
        return "denies"
    if "quote" in {a.claim.kind, b.claim.kind}:
        return None
    is_same_pair = len(a.people & b.people) >= _SAME_PEOPLE
    if not is_same_pair and len(a.words & b.words) < _FEWEST_WORDS * _ALIKE:
        return None  # most pairs have too little in common, whatever their words are
    if _NEVER_RELATED & {a.claim.kind, b.claim.kind} or (a.names and b.names and not a.names & b.names):
        return None
    return _by_words(a, b, is_same_pair=is_same_pair)


def _by_words(a: _View, b: _View, *, is_same_pair: bool) -> RelationKind | None:
    names = a.names | b.names
    in_a, in_b = a.words - names, b.words - names
    if is_same_pair and _is_same_act(a, b, in_a & in_b):
        return _how_they_agree(a, b)
    if not _are_alike(in_a, in_b, named=bool(a.names & b.names)):
        return None
    if _numbers_clash(a, b) and a.about != b.about:
        return None  # "Lorne holds 5 million", "Meral holds 7 million": the numbers are those of two things
    found = _how_they_agree(a, b)
    is_sure = found != "contradicts" or _are_alike(in_a, in_b, named=False)
    return found if is_sure else None


def _is_same_act(a: _View, b: _View, both: frozenset[str]) -> bool:
    if a.times & b.times and len(both) >= _SAME_WORDS:
        return True
    return bool(both & _ACTS) and (a.limited != b.limited or a.times == b.times)


def _are_alike(in_a: frozenset[str], in_b: frozenset[str], *, named: bool) -> bool:
    """Most words of the shorter in the longer, and not lost in it: nearly all of them where that is much longer."""
    fewest, most = sorted((len(in_a), len(in_b)))
    both = len(in_a & in_b)
    if fewest < _FEWEST_WORDS or both < _ALIKE * fewest:
        return False
    return both >= _ALIKE_LONGER * most or (named and both >= _NEARLY_ALL * fewest)


def _how_they_agree(a: _View, b: _View) -> RelationKind:
    opposed = {a.claim.stance_of_speaker, b.claim.stance_of_speaker} == {"asserts", "denies"}
    if opposed or (a.limited != b.limited and not a.times & b.times):
        return "contradicts"
    if _numbers_clash(a, b):
        return "repeats"
    return "same" if a.claim.speaker != b.claim.speaker or a.claim.speech != b.claim.speech else "repeats"


def _numbers_clash(a: _View, b: _View) -> bool:
    return bool(a.numbers and b.numbers) and not (a.numbers <= b.numbers or b.numbers <= a.numbers)


def _contains(a: ExtractedClaim, b: ExtractedClaim) -> bool:
    return (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)


def _answers(a: _View, b: _View) -> bool:
    """`Musk later denied the reports` answers what was reported just before."""
    near = a.claim.start < b.claim.start and b.claim.start - a.claim.end < _NEAR
    return b.denies_the_last and a.claim.speech == "indirect" and near


def content_words(statement: str) -> frozenset[str]:
    """Words that carry meaning and numbers, small, a few verbs by their stem."""
    found = _CONTENT.findall(statement.lower())
    return frozenset(_STEM.get(word, word) for word in found if word not in _STOP)


def _about(statement: str) -> str:
    """The first word that carries meaning, mostly of the subject."""
    found = (word for word in _CONTENT.findall(statement.lower()) if word not in _STOP and word.isalpha())
    return next(found, "")


def figures(statement: str) -> frozenset[str]:
    """Numbers as written but for the commas between thousands; years are no figures."""
    found = (number.replace(",", "") for number in _NUMBER.findall(statement))
    return frozenset(number for number in found if not _YEAR.fullmatch(number))


def is_limited(statement: str) -> bool:
    """Whether it says "not", "never", "only" or the like."""
    return bool(_LIMITING.search(statement))


def _people(claim: ExtractedClaim) -> frozenset[str]:
    """Names in full: the statement spells out whom the quote calls by surname."""
    return frozenset(re.findall(r"\b[A-Z]\w+(?: [A-Z]\w+)+", claim.statement)) | _surnames(claim)


def _surnames(claim: ExtractedClaim) -> frozenset[str]:
    return frozenset(entity.words.split()[-1] for entity in claim.entities if entity.kind == "person")


def _name_words(claim: ExtractedClaim) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z]\w+", claim.statement[1:]))


def _times(claim: ExtractedClaim) -> frozenset[str]:
    """What the claim itself dates; the day it was said on is no part of it."""
    return frozenset(d.value for d in claim.dates if claim.start <= d.start < claim.end)
