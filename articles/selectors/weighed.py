"""What a claim's evidence amounts to: each piece weighed with reasons, likes folded, and what is missing.

Nothing is stored and nothing is hidden: the numbers are made from what a card has already read, without a query
beyond the article and the sources, so that they follow every decision of an editor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles.choices import EvidenceKind, EvidenceState, Reliability, Stance
from articles.ranking.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from articles.models import Claim, Evidence

# Points of a hundred, by hand: what a source is known for first, then what this passage is.
RELIABILITY: Final = {
    Reliability.LOW: 20,
    Reliability.INTERESTED: 30,
    Reliability.MEDIUM: 50,
    Reliability.HIGH: 70,
}
UNRATED: Final = 40
PRIMARY: Final = 20
OWN_OUTLET: Final = -30
CLAIMANT: Final = -20
CIRCULAR: Final = -30
LIKE_ANOTHER: Final = -20
OLD: Final = -10
UNDATED: Final = -5
OLD_DAYS: Final = 5 * 365
PRIMARY_KINDS: Final = frozenset({EvidenceKind.DATASET, EvidenceKind.PAPER, EvidenceKind.DOCUMENT})
# Two passages are the same text when so much of the shorter one's runs of words stand in the other.
ALIKE: Final = 0.8
_RUN: Final = 4
_SHORTEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One reason of a weight. `mark` names it for programs."""

    mark: str
    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Piece:
    """`weight` runs from 0 to 100 and is the sum of the points, held there. `like` is a stronger piece's id."""

    evidence: Evidence
    points: tuple[Point, ...]
    like: int | None

    @property
    def weight(self) -> int:
        return max(0, min(100, sum(point.points for point in self.points)))

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(point.mark for point in self.points)

    @property
    def stance(self) -> str:
        return self.evidence.stance or self.evidence.suggested_stance


@dataclass(frozen=True, slots=True)
class Gap:
    """Something an editor should look for before a verdict."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`pieces` begin with the best on each side and the best primary source; likes stand last."""

    pieces: tuple[Piece, ...]
    gaps: tuple[Gap, ...]


def weigh(claim: Claim, evidence: Iterable[Evidence]) -> Picture:
    """Weigh what is not dropped. The claim's article and the sources should be read already."""
    live = [one for one in evidence if one.state != EvidenceState.DROPPED]
    live.sort(key=lambda one: (-one.relevance, one.pk))
    runs = [_runs(one.passage) for one in live]
    pieces = [_piece(claim, one, _like(at, live, runs)) for at, one in enumerate(live)]
    return Picture(pieces=tuple(_arranged(pieces)), gaps=tuple(_gaps(claim, pieces)))


# --- one piece --------------------------------------------------------------------------------------------
def _piece(claim: Claim, one: Evidence, like: int | None) -> Piece:
    points = [_reliability(one), *_origin(claim, one), *_age(claim, one)]
    if one.kind in PRIMARY_KINDS:
        points.append(Point("primary", PRIMARY, _("a primary source")))
    if like is not None:
        points.append(Point("like_another", LIKE_ANOTHER, _("nearly the same text as another passage")))
    return Piece(one, tuple(points), like)


def _reliability(one: Evidence) -> Point:
    if one.source is None:
        return Point("reliability", UNRATED, _("a source the desk has not rated"))
    rated = Reliability(one.source.reliability)
    return Point(
        "reliability",
        RELIABILITY[rated],
        _("%(name)s is rated %(label)s") % {"name": one.source.name, "label": rated.label.lower()},
    )


def _origin(claim: Claim, one: Evidence) -> Iterable[Point]:
    article = claim.article
    if (_host(one.url) and _host(one.url) == _host(article.url)) or _same(one.publisher, article.publisher):
        yield Point("own_outlet", OWN_OUTLET, _("from the outlet that published the claim"))
    elif _named(article.publisher, one.passage):
        yield Point(
            "circular", CIRCULAR, _("names %(publisher)s as where it has it from") % {"publisher": article.publisher}
        )
    if _named(claim.speaker, one.publisher):
        yield Point("claimant", CLAIMANT, _("from the side of the person who said it"))


def _age(claim: Claim, one: Evidence) -> Iterable[Point]:
    said = _said_at(claim)
    if one.published_at is None:
        yield Point("undated", UNDATED, _("does not say when it was published"))
    elif said and (said - one.published_at).days > OLD_DAYS:
        years = (said - one.published_at).days // 365
        yield Point("old", OLD, _("%(years)s years older than the claim") % {"years": years})


def _said_at(claim: Claim) -> datetime | None:
    return claim.article.published_at


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()


def _named(name: str, text: str) -> bool:
    return len(name.strip()) >= _SHORTEST_NAME and name.strip().casefold() in text.casefold()


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = words_of(text)
    if len(words) < _RUN:
        return frozenset({words} if words else ())
    return frozenset(words[at : at + _RUN] for at in range(len(words) - _RUN + 1))


def _like(at: int, live: Sequence[Evidence], runs: Sequence[frozenset[tuple[str, ...]]]) -> int | None:
    """The first stronger passage with nearly the same text."""
    mine = runs[at]
    for before in range(at):
        shorter = min(len(mine), len(runs[before]))
        if shorter and len(mine & runs[before]) >= ALIKE * shorter:
            return live[before].pk
    return None


# --- all of them ------------------------------------------------------------------------------------------
def _arranged(pieces: Sequence[Piece]) -> list[Piece]:
    """By weight, with the best of each side and the best primary source in front."""
    ordered = sorted(pieces, key=lambda one: (one.like is not None, -one.weight))
    wanted: tuple[Callable[[Piece], bool], ...] = (
        lambda one: one.stance == Stance.SUPPORTS,
        lambda one: one.stance == Stance.REFUTES,
        lambda one: "primary" in one.marks,
    )
    front = [next((one for one in ordered if want(one)), None) for want in wanted]
    first = list({one.evidence.pk: one for one in front if one is not None}.values())
    return first + [one for one in ordered if one not in first]


def _gaps(claim: Claim, pieces: Sequence[Piece]) -> Iterable[Gap]:
    if not pieces:
        yield Gap("nothing", _("No evidence yet."))
        return
    if not any("primary" in one.marks for one in pieces):
        yield Gap("no_primary", _("No primary source: no data set, paper or document."))
    stances = {one.stance for one in pieces}
    if Stance.SUPPORTS not in stances:
        yield Gap("none_for", _("Nothing that speaks for it."))
    if Stance.REFUTES not in stances:
        yield Gap("none_against", _("Nothing that speaks against it."))
    if all(one.marks & {"own_outlet", "circular", "claimant"} for one in pieces):
        yield Gap("claimant_only", _("Only from the claimant’s side or the outlet that published it."))
    elif len({_origin_of(one.evidence) for one in pieces}) == 1:
        yield Gap("one_source", _("All of it comes from one place."))
    yield from _gaps_in_time(claim, pieces)


def _origin_of(one: Evidence) -> str:
    return _host(one.url) or (one.publisher or one.source_name).casefold()


def _gaps_in_time(claim: Claim, pieces: Sequence[Piece]) -> Iterable[Gap]:
    said = _said_at(claim)
    dates = [one.evidence.published_at for one in pieces if one.evidence.published_at]
    if not dates:
        yield Gap("undated", _("No passage says when it was published."))
    elif said and all(day.date() <= said.date() for day in dates):
        yield Gap("nothing_after", _("Nothing published after the day of the claim."))
