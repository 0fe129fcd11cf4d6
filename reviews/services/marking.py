"""Claims that a person marks in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from articles.services.claim import claim_add
from factcheck.audit.services import one_act
from reviews.services.review import review_for
from reviews.services.transition import require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim, Revision


def claim_mark(
    *, revision: Revision, actor: User, start: int, end: int, statement: str = "", speaker: str = ""
) -> Claim:
    """Make a claim of words a person selected, confirmed and queued for review at once. One act.

    `start` and `end` count code points in the revision's text. Raises NotAllowed, Invalid (claim.bad_span).
    """
    require(actor, "edit_claims", _("mark claims"), revision)
    with transaction.atomic(), one_act():
        claim = claim_add(revision=revision, actor=actor, start=start, end=end, statement=statement, speaker=speaker)
        review_for(claim=claim, actor=actor)
    return claim
