"""Where a claim was made and carried, and by whom besides the speaker. Values of a claim, kept as JSON. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from articles.choices import AppearanceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What shows or sounds: a claim may be about the picture itself.
MEDIA: Final = frozenset({AppearanceKind.IMAGE, AppearanceKind.VIDEO, AppearanceKind.AUDIO})
MOST_CLAIMANTS: Final = 10
MOST_APPEARANCES: Final = 50


@dataclass(frozen=True, slots=True)
class Claimant:
    """Somebody who made the claim. `kind` is person, organization or "" where the name tells.

    `same_as` is the address of their own page, or of the one at Wikipedia or Wikidata.
    """

    name: str
    kind: str = ""
    role: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """One place where the claim stood. `published_on` is an ISO date or ""; the clip runs in whole seconds."""

    url: str
    kind: str = AppearanceKind.ARTICLE.value
    title: str = ""
    publisher: str = ""
    published_on: str = ""
    archived_url: str = ""
    first: bool = False
    starts_at: int | None = None
    ends_at: int | None = None

    @property
    def is_media(self) -> bool:
        return self.kind in MEDIA

    @property
    def kind_name(self) -> str:
        return str(AppearanceKind(self.kind).label)


def claimants_of(held: Iterable[Mapping[str, Any]]) -> tuple[Claimant, ...]:
    """The values as they are kept in `claimants` of a claim or a verdict."""
    return tuple(Claimant(**one) for one in held)


def appearances_of(held: Iterable[Mapping[str, Any]]) -> tuple[Appearance, ...]:
    """The values as they are kept in `appearances` of a claim or a verdict."""
    return tuple(Appearance(**one) for one in held)


def kept(values: Iterable[Claimant | Appearance]) -> list[dict[str, Any]]:
    """As they are stored."""
    return [asdict(value) for value in values]
