"""Claims of other articles on the same desk that say the same or the contrary; stored when claims are found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from articles.choices import Relation
from articles.extraction.kin import relation_across
from articles.models import ClaimRelation
from articles.selectors.kin import claims_naming, stated_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import RelationKind
    from articles.extraction.kin import Stated
    from articles.models import Claim

MOST_NAMES: Final = 8
MOST_A_CLAIM: Final = 5
_SHORTEST_NAME: Final = 4


def claims_relate(claims: Sequence[Claim]) -> int:
    """Store how `claims`, all of one article, stand to earlier claims of its desk; returns how many pairs.

    Candidates are the newest claims that hold one of the names most used in `claims`, so the cost does not grow
    with the square of the archive. One query and one insert. Dismissed claims are left out. Twice stores nothing new.
    """
    if not claims:
        return 0
    stated = {claim.pk: stated_of(claim) for claim in claims}
    counted = Counter(name for one in stated.values() for name in sorted(one.names) if len(name) >= _SHORTEST_NAME)
    names = [name for name, _ in counted.most_common(MOST_NAMES)]
    if not names:
        return 0
    others = [(other.pk, stated_of(other)) for other in claims_naming(names, beside=claims[0].article)]
    found = [
        ClaimRelation(claim_id=pk, other_id=other, kind=Relation(kind))
        for pk, one in stated.items()
        for other, kind in _kin_of(one, others)
    ]
    ClaimRelation.objects.bulk_create(found, batch_size=500, ignore_conflicts=True)
    return len(found)


def _kin_of(one: Stated, others: list[tuple[int, Stated]]) -> list[tuple[int, RelationKind]]:
    found = ((pk, relation_across(one, other)) for pk, other in others)
    return [(pk, kind) for pk, kind in found if kind is not None][:MOST_A_CLAIM]
