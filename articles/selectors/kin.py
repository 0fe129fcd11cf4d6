"""Claims of other articles that may say the same as one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from articles.extraction.kin import Stated
from articles.models import Article, Claim
from articles.workflow import ClaimState

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CANDIDATES: Final = 400


def stated_of(claim: Claim) -> Stated:
    """What is compared of a claim."""
    return Stated(claim.statement, claim.speaker, claim.stance_of_speaker)


def claims_naming(names: Sequence[str], *, beside: Article) -> list[Claim]:
    """The newest claims of the article's desk that hold one of the names, its own and dismissed ones left out."""
    holds = Q()
    for name in names:
        holds |= Q(statement__icontains=name)
    found = Claim.objects.filter(holds, article__desk=beside.desk_id).exclude(article=beside)
    return list(found.exclude(state=ClaimState.DISMISSED).order_by("-pk")[:MOST_CANDIDATES])
