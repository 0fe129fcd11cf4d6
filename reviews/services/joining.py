"""Merging and splitting claims, with the reviews that hang on them. Each act can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles.services.joining import claim_merge, claim_split, claim_unmerge, claim_unsplit, parts_of
from factcheck.audit.services import one_act
from factcheck.core.errors import Invalid
from reviews.policies import desk_of
from reviews.services.review import review_for
from reviews.services.transition import require, require_not_held, review_retire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from articles.models import Claim


def claim_join(*, claim: Claim, into: Claim, actor: User, note: str = "") -> None:
    """Merge a claim into another of the same desk; its unfinished review becomes history.

    Raises NotAllowed, Invalid (claim.merge_itself, claim.merge_desk), WrongState (a verdict was proposed already).
    """
    require(actor, "edit_claims", _("merge claims"), claim)
    require_not_held(claim)
    if desk_of(claim) != desk_of(into):
        raise Invalid("claim.merge_desk")
    with transaction.atomic(), one_act():
        claim_merge(claim=claim, into=into, actor=actor, note=note)
        review_retire(claim=claim, actor=actor)


def claim_part(*, claim: Claim, actor: User) -> None:
    """Take a merged claim out again and queue it. Raises NotAllowed, WrongState."""
    require(actor, "edit_claims", _("take merged claims out"), claim)
    with transaction.atomic(), one_act():
        claim_unmerge(claim=claim, actor=actor)
        review_for(claim=claim, actor=actor)


def claim_divide(*, claim: Claim, statements: Sequence[str], actor: User) -> list[Claim]:
    """Make one claim of each statement and queue them. Raises NotAllowed, Invalid (claim.split_*), WrongState."""
    require(actor, "edit_claims", _("split claims"), claim)
    require_not_held(claim)
    parts = parts_of(claim, statements)
    with transaction.atomic(), one_act():
        made = claim_split(claim=claim, parts=parts, actor=actor)
        review_retire(claim=claim, actor=actor)
        for one in made:
            review_for(claim=one, actor=actor)
    return made


def claim_undivide(*, claim: Claim, actor: User) -> None:
    """Put a split claim together again. Raises NotAllowed, WrongState once a part has a proposed verdict."""
    require(actor, "edit_claims", _("put claims together"), claim)
    with transaction.atomic(), one_act():
        for part in claim_unsplit(claim=claim, actor=actor):
            review_retire(claim=part, actor=actor)
        review_for(claim=claim, actor=actor)
