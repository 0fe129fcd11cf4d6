"""Weighing evidence, for people who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.services.evidence import (
    evidence_add,
    evidence_drop,
    evidence_keep,
    evidence_put_back,
    evidence_set_stance,
    evidence_set_visibility,
)
from factcheck.core.errors import WrongState
from reviews.selectors.sealed import is_sealed
from reviews.services.transition import require

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Claim, Evidence


def suggestion_keep(*, evidence: Evidence, actor: User, stance: str = "", locator: str = "") -> None:
    """Keep a suggestion; raises NotAllowed, Invalid (evidence.*), WrongState."""
    require(actor, "add_evidence", _("keep evidence"), evidence)
    _not_sealed(evidence, actor)
    evidence_keep(evidence=evidence, actor=actor, stance=stance, locator=locator)


def suggestion_drop(*, evidence: Evidence, actor: User, note: str = "") -> None:
    """Drop a suggestion; raises NotAllowed, WrongState."""
    require(actor, "add_evidence", _("drop evidence"), evidence)
    _not_sealed(evidence, actor)
    evidence_drop(evidence=evidence, actor=actor, note=note)


def suggestion_stance(*, evidence: Evidence, actor: User, stance: str) -> None:
    """Say what a piece of evidence means for the claim; raises NotAllowed, Invalid, WrongState."""
    require(actor, "add_evidence", _("weigh evidence"), evidence)
    _not_sealed(evidence, actor)
    evidence_set_stance(evidence=evidence, actor=actor, stance=stance)


def suggestion_put_back(*, evidence: Evidence, actor: User, state: str, stance: str, locator: str) -> None:
    """Undo what somebody made of a piece of evidence; raises NotAllowed, WrongState."""
    require(actor, "add_evidence", _("weigh evidence"), evidence)
    _not_sealed(evidence, actor)
    evidence_put_back(evidence=evidence, actor=actor, state=state, stance=stance, locator=locator)


def finding_show(*, evidence: Evidence, actor: User, visibility: str, note: str = "") -> None:
    """Say who may see a piece of evidence; raises NotAllowed, Invalid, WrongState."""
    require(actor, "add_evidence", _("say who may see evidence"), evidence)
    _not_sealed(evidence, actor)
    evidence_set_visibility(evidence=evidence, actor=actor, visibility=visibility, note=note)


def _not_sealed(evidence: Evidence, actor: User) -> None:
    """Whoever is to judge blind weighs nothing: they would not see what they change under the first verdict."""
    if is_sealed(actor, evidence.claim):
        raise WrongState("review.sealed")


def finding_add(
    *, claim: Claim, actor: User, title: str, passage: str, locator: str, stance: str, url: str = "",
    publisher: str = "",
) -> Evidence:  # fmt: skip
    """Add evidence a person found, kept at once; raises NotAllowed, Invalid (evidence.*)."""
    require(actor, "add_evidence", _("add evidence"), claim)
    return evidence_add(
        claim=claim, actor=actor, title=title, passage=passage, locator=locator, stance=stance, url=url,
        publisher=publisher,
    )  # fmt: skip
