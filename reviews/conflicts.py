"""Two people were at the same thing: what each has of every field, side by side. Asks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# The fields of each form that two people can differ in, in the order of the form.
TITLES: Final[dict[str, dict[str, str]]] = {
    "verdict": {
        "label": "Verdict",
        "quote_check": "Quote check",
        "media_check": "Picture or recording",
        "media_context": "What it really shows",
        "media_original": "Where the original is",
        "summary": "Why, in one sentence",
        "rationale": "Rationale",
        "gaps": "What we could not establish",
    },
    "reword": {"statement": "The claim", "speaker": "Who says it"},
}


@dataclass(frozen=True, slots=True)
class Both:
    """One field as both have it; `mine_shown` and `theirs_shown` are the words of the page for a key."""

    name: str
    title: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str

    @property
    def same(self) -> bool:
        return self.mine.strip() == self.theirs.strip()


@dataclass(frozen=True, slots=True)
class Moved:
    """What somebody sent about a version that is no more. `form` names what can be chosen from, "" for nothing."""

    form: str
    fields: list[Both]
    title: str
    mine: str = "Yours"
    theirs: str = "As it is now"
    written: str = ""  # what this person wrote, where the card has no field for it any more

    @property
    def differ(self) -> list[Both]:
        return [one for one in self.fields if not one.same]

    @property
    def equal(self) -> list[Both]:
        return [one for one in self.fields if one.same and one.mine.strip()]


def side_by_side(
    form: str, mine: Mapping[str, str], theirs: Mapping[str, str], words: Mapping[tuple[str, str], str] | None = None
) -> list[Both]:
    """Every field of the form; `words` are those of keys, by field and key."""
    known = words or {}
    return [
        Both(name, title, own, other, known.get((name, own), own), known.get((name, other), other))
        for name, title in TITLES[form].items()
        for own, other in [(mine.get(name) or "", theirs.get(name) or "")]
    ]


def chosen(form: str, sent: Mapping[str, str]) -> dict[str, str]:
    """What somebody chose, field by field: theirs where they said so, else their own."""
    return {
        name: sent.get(f"{'theirs' if sent.get(f'choice-{name}') == 'theirs' else 'mine'}-{name}", "")
        for name in TITLES[form]
    }
