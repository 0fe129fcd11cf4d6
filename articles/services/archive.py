"""Claim memory: what was published, by us or others, becomes findable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.choices import ArchiveOrigin
from articles.models import CheckedClaim

if TYPE_CHECKING:
    from datetime import date


def checked_claim_save(
    *, identity: str, claim: str, rating: str, claimant: str = "", rating_value: float | None = None,
    best: float | None = None, worst: float | None = None, summary: str = "", url: str = "", publisher: str = "",
    reviewed_on: date | None = None, language: str = "", origin: ArchiveOrigin = ArchiveOrigin.IMPORTED,
    raw: dict[str, Any] | None = None, withdrawn: bool = False,
) -> CheckedClaim:  # fmt: skip
    """Add one published claim review to the archive, or bring the known one up to date."""
    return CheckedClaim.objects.update_or_create(
        identity=identity[:700],
        defaults={
            "claim": claim, "claimant": claimant[:300], "rating": rating[:300], "rating_value": rating_value,
            "best_rating": best, "worst_rating": worst, "summary": summary, "url": url[:1000],
            "publisher": publisher[:200], "reviewed_on": reviewed_on, "language": language[:20], "origin": origin,
            "withdrawn": withdrawn, "raw": raw or {},
        },
    )[0]  # fmt: skip
