"""Where a claim appeared and who else made it: written as a whole, so that nobody mends half of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F

from articles.choices import AppearanceKind, ClaimantKind
from articles.models import Claim
from articles.origins import MOST_APPEARANCES, MOST_CLAIMANTS, Appearance, Claimant, kept
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import User

_LONGEST_URL: Final = 1000


def claim_origins_set(
    *, claim: Claim, actor: User, claimants: Sequence[Claimant], appearances: Sequence[Appearance]
) -> None:
    """Replace both lists of a claim. A verdict that was proposed before keeps its own copy.

    Raises Invalid (origin.*), WrongState (workflow.changed).
    """
    _check_claimants(claimants)
    _check_appearances(appearances)
    changes: dict[str, Any] = {"claimants": kept(claimants), "appearances": kept(appearances)}
    before = {"claimants": claim.claimants, "appearances": claim.appearances}
    if changes == before:
        return
    with transaction.atomic():
        moved = Claim.objects.filter(pk=claim.pk, version=claim.version).update(version=F("version") + 1, **changes)
        if moved != 1:
            raise WrongState("workflow.changed")
        claim.claimants, claim.appearances = changes["claimants"], changes["appearances"]
        claim.version += 1
        record("claim.origins", claim, actor=actor, before=before, after=changes)


def _check_claimants(claimants: Sequence[Claimant]) -> None:
    if len(claimants) > MOST_CLAIMANTS:
        raise Invalid("origin.too_many", what="people", most=MOST_CLAIMANTS)
    if not all(one.name.strip() for one in claimants):
        raise Invalid("origin.nameless")
    _once((one.name.casefold() for one in claimants), "person")
    for one in claimants:
        if one.kind and one.kind not in ClaimantKind.values:
            raise Invalid("origin.bad_kind", value=one.kind, known=", ".join(ClaimantKind.values))
        url_check(one.same_as)


def _check_appearances(appearances: Sequence[Appearance]) -> None:
    if len(appearances) > MOST_APPEARANCES:
        raise Invalid("origin.too_many", what="places", most=MOST_APPEARANCES)
    _once((one.url for one in appearances), "address")
    if sum(one.first for one in appearances) > 1:
        raise Invalid("origin.two_firsts")
    for one in appearances:
        if one.kind not in AppearanceKind.values:
            raise Invalid("origin.bad_kind", value=one.kind, known=", ".join(AppearanceKind.values))
        if not one.url:
            raise Invalid("origin.bad_url", url=one.url)
        url_check(one.url)
        url_check(one.archived_url)
        _check_clip(one)


def _once(values: Iterable[str], what: str) -> None:
    held = list(values)
    if len(set(held)) != len(held):
        raise Invalid("origin.twice", what=what)


def url_check(url: str) -> None:
    """An address readers can open. Nothing is fetched from it."""
    if not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Invalid("origin.bad_url", url=url[:100]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > _LONGEST_URL or " " in url:
        raise Invalid("origin.bad_url", url=url[:100])


def _check_clip(one: Appearance) -> None:
    if one.starts_at is None and one.ends_at is None:
        return
    if one.kind not in (AppearanceKind.VIDEO, AppearanceKind.AUDIO):
        raise Invalid("origin.clip_of_what")
    if one.starts_at is None or (one.ends_at is not None and one.ends_at <= one.starts_at):
        raise Invalid("origin.bad_clip")
