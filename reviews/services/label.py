"""Labels of facts in the desk's own texts, and what their author is asked to change before publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.choices import Mode
from factcheck.audit.services import person_name, record
from factcheck.core.errors import Invalid, NotAllowed, WrongState
from reviews.choices import FactLabel
from reviews.models import ClaimLabel
from reviews.policies import conflict_of
from reviews.services.transition import require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim

# Labels that say in which words the text goes on.
NEEDS_WORDS: Final = frozenset({FactLabel.CONFIRMED_WITH_CHANGE, FactLabel.WRONG_FIXED})


def label_set(
    *, claim: Claim, actor: User, label: str, words: str = "", note: str = "", seen_version: int | None = None
) -> ClaimLabel:  # fmt: skip
    """Say what became of a fact of the desk's own text; the newest counts, the trail has all.

    `words` take the place of the claim's quote. Taking the author's word for it (`on_author`) is for those who sign.
    Raises NotAllowed (also for the author), Invalid (label.not_ours, label.unknown, label.words_needed), WrongState.
    """
    require(actor, "edit_claims", "label facts", claim)
    conflict = conflict_of(actor, claim)
    if not conflict.allowed:
        raise NotAllowed(conflict.code)
    if claim.article.mode != Mode.PRE_PUBLICATION:
        raise Invalid("label.not_ours")
    if label not in FactLabel.values:
        raise Invalid("label.unknown", known=", ".join(FactLabel.values))
    if label == FactLabel.ON_AUTHOR:
        require(actor, "sign_off", "take the author’s word for it", claim)
    words = words.strip() if label in NEEDS_WORDS else ""
    if label in NEEDS_WORDS and (not words or words == claim.quote):
        raise Invalid("label.words_needed")
    with transaction.atomic():
        return _store(claim, actor, label, words, note.strip(), seen_version)


def _store(claim: Claim, actor: User, label: str, words: str, note: str, seen: int | None) -> ClaimLabel:
    said = {"label": label, "words": words, "note": note}
    signed = {"set_by": actor, "set_by_name": person_name(actor), "set_at": timezone.now()}
    held, created = ClaimLabel.objects.get_or_create(claim=claim, defaults=said | signed)
    before = {} if created else {name: getattr(held, name) for name in said}
    if not created:
        same = ClaimLabel.objects.filter(claim=claim, version=seen or held.version)
        if same.update(version=F("version") + 1, **said, **signed) != 1:
            raise WrongState("workflow.changed")
        held.refresh_from_db()
    record("claim.labelled", claim, actor=actor, before=before, after=said)
    return held
