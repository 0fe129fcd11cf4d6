"""Claims of other articles that may say the same as one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q, Subquery

from articles.extraction.kin import Stated
from articles.models import Article, Claim
from articles.workflow import ClaimState

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CANDIDATES: Final = 400
RECENT: Final = 5_000
"""Claims that are looked through, the newest: reading all of an archive for each story would cost more with each."""


def stated_of(claim: Claim) -> Stated:
    """What is compared of a claim."""
    return Stated(claim.statement, claim.speaker, claim.stance_of_speaker)


def claims_naming(names: Sequence[str], *, beside: Article) -> list[Claim]:
    """The newest claims of the article's desk that hold one of the names, its own and dismissed ones left out.

    What is older is the matter of the claim memory, which has an index. Keys are given out in order, so the newest
    claims are those with the highest, give or take what was rolled back.
    """
    newest = Subquery(Claim.objects.order_by("-pk").values("pk")[:1])
    holds = Q()
    for name in names:
        holds |= Q(statement__icontains=name)
    found = Claim.objects.filter(holds, pk__gt=newest - RECENT, article__desk=beside.desk_id).exclude(article=beside)
    return list(found.exclude(state=ClaimState.DISMISSED).order_by("-pk")[:MOST_CANDIDATES])
