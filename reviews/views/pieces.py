"""The evidence of a card: which pieces are drawn at once, and the words of each, made here and not in the template.

A claim may have hundreds of pieces, and a template that looks up thirty values in each of them takes a tenth of a
second. So a card begins with what was kept and the best ten of the rest; the others come when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext

from articles.choices import EvidenceState, Stance, Visibility
from reviews.templatetags.desk import (
    clock,
    icon,
    moment,
    reliability,
    short_hash,
    stance_icon,
    stance_word,
    web_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from articles.models import Evidence, Page
    from articles.selectors.weighed import Gap, Piece
    from reviews.selectors.claim_card import Card

FIRST: Final = 10
# `?pieces=` in an address or a form: what is drawn beside the first ones.
ALL, DROPPED = "all", "dropped"


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence in words. `key` is its id and `number` what a rationale cites, both as text."""

    key: str
    number: str
    version: str
    title: str
    short: str
    link: str
    state: str
    stance: str
    held: str  # the stance that was given, else the one that is suggested
    mark: SafeString
    word: str
    passage: str
    source: str
    rated: SafeString | str
    publisher: str
    locator: str
    published: str
    saved: str
    snapshot: str
    snapshot_short: str
    snapshot_at: str
    page: Page | None
    reason: str
    kept_by: str
    visibility: str
    visible: str
    decide: str
    show: str
    like: str  # the number of the stronger piece that it is folded under, else nothing


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line of the list of weights: `why` has every point."""

    key: str
    title: str
    weight: str
    why: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The evidence section: `rows` of `total` pieces that were not dropped, what they weigh, what is missing."""

    rows: list[Row]
    total: int
    weighed: list[Weighed]
    gaps: Sequence[Gap]
    dropped: int
    dropped_rows: list[Row]
    all: bool

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def asked_of(request: HttpRequest) -> str:
    return request.POST.get("pieces") or request.GET.get("pieces", "")


def shelf_of(card: Card, pieces: str = "") -> Shelf:
    """In the order of their weight, the best of each side in front; nothing that was kept is left out."""
    picture = card.picture
    shown = picture.pieces if pieces == ALL else _first(picture.pieces)
    dropped = [one for one in card.evidence if one.state == EvidenceState.DROPPED]
    return Shelf(
        rows=rows_of(card, (piece.evidence for piece in shown), likes_of(card, picture.pieces)),
        total=len(picture.pieces),
        weighed=[_weighed(piece) for piece in shown],
        gaps=picture.gaps,
        dropped=len(dropped),
        dropped_rows=rows_of(card, dropped) if pieces == DROPPED else [],
        all=pieces == ALL,
    )


def _first(pieces: Sequence[Piece]) -> list[Piece]:
    others = [one.evidence.pk for one in pieces if one.evidence.state != EvidenceState.KEPT][:FIRST]
    wanted = frozenset(others)
    return [one for one in pieces if one.evidence.state == EvidenceState.KEPT or one.evidence.pk in wanted]


def likes_of(card: Card, pieces: Iterable[Piece]) -> dict[int, str]:
    """Suggestions that say nearly what a stronger piece says: the number of that one. Both stay on the card.

    One that is taken for another stance than the stronger piece is a question for an editor, and is not folded.
    """
    numbers, every = card.numbers, list(pieces)
    stance_of = {piece.evidence.pk: piece.stance for piece in every}
    return {
        piece.evidence.pk: str(numbers[piece.like])
        for piece in every
        if piece.like is not None
        and piece.evidence.state == EvidenceState.SUGGESTED
        and stance_of[piece.like] == piece.stance
    }


def rows_of(card: Card, evidence: Iterable[Evidence], likes: Mapping[int, str] | None = None) -> list[Row]:
    numbers = card.numbers
    # One look at the table of addresses for all of them.
    at = {name: reverse(f"reviews:{name}", args=[0]).rsplit("0", 1) for name in ("decide", "visibility", "snapshot")}
    return [_row(one, numbers[one.pk], at, (likes or {}).get(one.pk, "")) for one in evidence]


def fresh_rows(card: Card, newest: int, *, sealed: bool) -> list[Row]:
    """What came in behind the piece `newest`, in the order it came, so that nothing moves.

    Whoever judges blind sees the dropped ones too, as on the whole card.
    """
    came = [one for one in card.evidence if one.pk > newest and (sealed or one.state != EvidenceState.DROPPED)]
    return rows_of(card, sorted(came, key=lambda one: one.pk))


def _row(one: Evidence, number: int, at: Mapping[str, Sequence[str]], like: str = "") -> Row:
    key, suggested = str(one.pk), one.state == EvidenceState.SUGGESTED
    digest = one.snapshot.sha256 if one.snapshot else ""
    return Row(
        key=key,
        number=str(number),
        version=str(one.version),
        title=one.title,
        short=_shortened(one.title),
        link=web_address(one.url),
        state=one.state,
        stance="" if suggested else one.stance,
        held=one.stance or one.suggested_stance,
        mark=icon("dash" if suggested else stance_icon(one.stance)),
        word=stance_word("" if suggested else one.stance),
        passage=one.passage,
        source=one.source_name,
        rated=reliability(one.source.reliability) if one.source else "",
        publisher=one.publisher if one.publisher != one.source_name else "",
        locator=one.locator,
        published=clock(one.published_at),
        saved=moment(one.retrieved_at),
        snapshot=digest,
        snapshot_short=short_hash(digest) if digest else "",
        snapshot_at=key.join(at["snapshot"]),
        page=one.page,
        reason=_reason(one) if suggested and one.stance_reason else "",
        kept_by=(one.decided_by.first_name or one.decided_by.username) if one.decided_by else "",
        visibility=one.visibility,
        visible="" if one.visibility == Visibility.PUBLIC else one.get_visibility_display(),
        decide=key.join(at["decide"]),
        show=key.join(at["visibility"]),
        like=like,
    )


def _reason(one: Evidence) -> str:
    words = {"stance": stance_word(one.suggested_stance), "reason": one.stance_reason}
    return gettext("%(stance)s suggested: %(reason)s") % words


def _weighed(piece: Piece) -> Weighed:
    why = "; ".join(f"{point.words} ({point.points:+d})" for point in piece.points)
    return Weighed(str(piece.evidence.pk), _shortened(piece.evidence.title), str(piece.weight), why)


def _shortened(title: str, most: int = 80) -> str:
    return title if len(title) <= most else f"{title[: most - 1].rstrip()}…"


def stances() -> list[tuple[str, SafeString, str]]:
    """The stances with their icons, for the radios of every row."""
    return [(value, icon(stance_icon(value)), str(word)) for value, word in Stance.choices]
