"""Which claims of an article say the same, repeat, contradict or deny each other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from articles.extraction.lists import words as word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import ExtractedClaim, RelationKind

WINDOW: Final = 24
"""A claim is compared with so many before it, which keeps the work linear in the length of the story."""

_ALIKE: Final = 0.6
_SAME_PEOPLE: Final = 2
_STOP: Final = word_list(
    "the a an of in on at to for with by from and or but that this was were is are be been has have had it its as"
    " not no only about after before over under than then also more will would could who which january february"
    " march april june july august september october november december around"
)
_LIMITING: Final = re.compile(r"\b(?:only|never|not|no|neither|nobody|none)\b|n't\b", re.IGNORECASE)
_STEM: Final = {"spoke": "speak", "spoken": "speak", "speaks": "speak", "talked": "speak", "talks": "speak",
                "conversation": "speak", "told": "say", "said": "say", "met": "meet", "meeting": "meet",
                "held": "hold", "won": "win", "lost": "lose", "fell": "fall", "rose": "rise"}  # fmt: skip


def relate(claims: Sequence[ExtractedClaim]) -> tuple[ExtractedClaim, ...]:
    """The claims with `related` filled in, on both sides of each pair."""
    found: dict[int, list[tuple[RelationKind, int]]] = {claim.number: [] for claim in claims}
    words = [_words(claim) for claim in claims]
    people = [_people(claim) for claim in claims]
    for i, claim in enumerate(claims):
        for j in range(max(0, i - WINDOW), i):
            kind = _relation(claims[j], claim, words[j], words[i], people[j] & people[i])
            if kind is not None:
                found[claim.number].append((kind, claims[j].number))
                found[claims[j].number].append((kind, claim.number))
    return tuple(replace(claim, related=tuple(found[claim.number])) for claim in claims)


def _relation(
    a: ExtractedClaim, b: ExtractedClaim, in_a: frozenset[str], in_b: frozenset[str], shared: frozenset[str]
) -> RelationKind | None:
    if _contains(a, b):
        return "denies" if "denies" in {_denial(a), _denial(b)} else None
    if _answers(a, b):
        return "denies"
    if "quote" in {a.kind, b.kind}:
        return None
    names = _name_words(a) | _name_words(b)
    in_a, in_b = in_a - names, in_b - names
    alike = len(in_a & in_b) / max(1, min(len(in_a), len(in_b)))
    limits = bool(_LIMITING.search(a.quote)) != bool(_LIMITING.search(b.quote))
    acts = _same_time(a, b) or (_acts(in_a, in_b) and (limits or _times(a) == _times(b)))
    same_act = len(shared) >= _SAME_PEOPLE and acts
    if not same_act and (alike < _ALIKE or min(len(in_a), len(in_b)) < 4):
        return None
    return _how_they_agree(a, b)


def _how_they_agree(a: ExtractedClaim, b: ExtractedClaim) -> RelationKind:
    limits = bool(_LIMITING.search(a.quote)) != bool(_LIMITING.search(b.quote))
    opposed = {a.stance_of_speaker, b.stance_of_speaker} == {"asserts", "denies"}
    if opposed or (limits and not _same_time(a, b)):
        return "contradicts"
    return "same" if a.speaker != b.speaker or a.speech != b.speech else "repeats"


def _contains(a: ExtractedClaim, b: ExtractedClaim) -> bool:
    return (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)


def _denial(claim: ExtractedClaim) -> str:
    return (
        "denies" if claim.kind == "quote" and re.search(r"\b(?:den(?:y|ie[sd])|reject|refute)", claim.quote) else ""
    )


def _answers(a: ExtractedClaim, b: ExtractedClaim) -> bool:
    """`Musk later denied the reports` answers what was reported just before."""
    bare = b.kind == "quote" and re.search(
        r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)) (?:the|these|those|such|all) \w+$", b.quote
    )
    return bool(bare) and a.speech == "indirect" and a.start < b.start and b.start - a.end < 400


def _words(claim: ExtractedClaim) -> frozenset[str]:
    return content_words(claim.statement)


def content_words(statement: str) -> frozenset[str]:
    """Words that carry meaning and numbers, small, a few verbs by their stem."""
    found = re.findall(r"[^\W\d_]{3,}|\d[\d.,]*", statement.lower())
    return frozenset(_STEM.get(word, word) for word in found if word not in _STOP)


def is_limited(statement: str) -> bool:
    """Whether it says "not", "never", "only" or the like."""
    return bool(_LIMITING.search(statement))


def _people(claim: ExtractedClaim) -> frozenset[str]:
    """Names in full: the statement spells out whom the quote calls by surname."""
    return frozenset(re.findall(r"\b[A-Z]\w+(?: [A-Z]\w+)+", claim.statement)) | _surnames(claim)


def _surnames(claim: ExtractedClaim) -> frozenset[str]:
    return frozenset(entity.words.split()[-1] for entity in claim.entities if entity.kind == "person")


def _acts(in_a: frozenset[str], in_b: frozenset[str]) -> bool:
    return bool(in_a & in_b & frozenset(_STEM.values()))


def _name_words(claim: ExtractedClaim) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z]\w+", claim.statement[1:]))


def _same_time(a: ExtractedClaim, b: ExtractedClaim) -> bool:
    return bool(_times(a) & _times(b))


def _times(claim: ExtractedClaim) -> frozenset[str]:
    """What the claim itself dates; the day it was said on is no part of it."""
    return frozenset(d.value for d in claim.dates if claim.start <= d.start < claim.end)
