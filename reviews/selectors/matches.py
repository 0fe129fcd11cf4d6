"""Earlier reviews beside a claim, as its card and the API show them; one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from articles.choices import MatchState
from articles.matching import Piece, claim_proper, differences
from articles.models import ClaimMatch
from articles.workflow import ClaimState
from reviews.models import Review
from reviews.workflow import ReviewState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from articles.models import CheckedClaim, Claim

# From here on a verdict stands that a merge would make history of.
_JUDGED = (ReviewState.PROPOSED, ReviewState.SECOND_REVIEW, ReviewState.APPROVED, ReviewState.CLOSED)
_ORDER = {MatchState.ACCEPTED: 0, MatchState.SUGGESTED: 1, MatchState.REJECTED: 2}


@dataclass(frozen=True)
class MatchShown:
    """One earlier review; `merge_into` is the claim of this desk whose verdict may answer for this one too."""

    match: ClaimMatch
    merge_into: Claim | None = None

    @property
    def review(self) -> CheckedClaim:
        return self.match.review

    @property
    def version(self) -> int:
        return self.match.version

    @property
    def alike(self) -> int:
        """In percent."""
        return round(self.match.score * 100)

    @property
    def decided_by(self) -> str:
        person = self.match.decided_by
        return (person.get_full_name() or person.username) if person else ""

    @cached_property
    def _pieces(self) -> tuple[list[Piece], list[Piece]]:
        return differences(self.match.claim.statement, claim_proper(self.review.claim))

    @property
    def here(self) -> list[Piece]:
        return self._pieces[0]

    @property
    def there(self) -> list[Piece]:
        return self._pieces[1]


@dataclass(frozen=True)
class Before:
    """What the section "Checked before" of a card shows."""

    rows: list[MatchShown]
    looked: bool

    @property
    def standing(self) -> list[MatchShown]:
        return [one for one in self.rows if one.match.state != MatchState.REJECTED]

    @property
    def rejected(self) -> list[MatchShown]:
        return [one for one in self.rows if one.match.state == MatchState.REJECTED]


def matches_of(claim: Claim, review: Review | None) -> Before:
    """Accepted ones first, rejected ones last. A withdrawn review is not shown, whatever was decided on it."""
    found = ClaimMatch.objects.filter(claim=claim, review__withdrawn=False).select_related(
        "review__of_claim__article", "decided_by"
    )
    found = found.defer("review__raw", "review__body", "review__summary")
    return Before(_shown(found, claim, review), claim.matched_at is not None)


def match_shown(match: ClaimMatch) -> MatchShown:
    """One match as `access.match` reads it; one query."""
    review = Review.objects.filter(claim=match.claim, active=True).first()
    return MatchShown(match, _mergeable(match, match.claim, review))


def _shown(found: Iterable[ClaimMatch], claim: Claim, review: Review | None) -> list[MatchShown]:
    rows = []
    for match in sorted(found, key=lambda one: (_ORDER[MatchState(one.state)], -one.score, one.pk)):
        match.claim = claim
        rows.append(MatchShown(match, _mergeable(match, claim, review)))
    return rows


def _mergeable(match: ClaimMatch, claim: Claim, review: Review | None) -> Claim | None:
    earlier = match.review.of_claim
    if earlier is None or earlier.pk == claim.pk or earlier.article.desk_id != claim.article.desk_id:
        return None
    open_here = claim.state == ClaimState.CONFIRMED and (review is None or review.state not in _JUDGED)
    return earlier if open_here and earlier.state == ClaimState.CONFIRMED else None
