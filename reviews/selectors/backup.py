"""The backup file of an article: what every claim of it rests on. A constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from articles.choices import EvidenceState
from articles.models import Claim, Evidence
from articles.workflow import ClaimState
from reviews.models import Annotation, Review, SignOff, Verdict
from reviews.selectors.changes_asked import Change, changes_asked
from reviews.selectors.sealed import notes_open_to

if TYPE_CHECKING:
    from articles.models import Article


@dataclass(frozen=True, slots=True)
class BackupClaim:
    claim: Claim
    evidence: list[Evidence]
    verdicts: list[Verdict]
    notes: list[Annotation]
    sealed: bool = False  # a second person judges it blind just now, and the file may be in their hands


@dataclass(frozen=True, slots=True)
class Backup:
    claims: list[BackupClaim]
    notes: list[Annotation]
    signatures: list[SignOff]
    changes: list[Change]


def backup_of(article: Article) -> Backup:
    """Confirmed and dismissed claims in the order of the text; evidence that was kept.

    The page names confidential evidence and does not print what it says.
    """
    kept = Evidence.objects.filter(state=EvidenceState.KEPT).select_related("snapshot").defer("snapshot__content")
    reviews = Review.objects.order_by("pk").prefetch_related(
        Prefetch("verdicts", Verdict.objects.select_related("label", "proposed_by", "approved_by").order_by("number"))
    )
    claims = (
        article.claims.filter(state__in=[ClaimState.CONFIRMED, ClaimState.DISMISSED])
        .order_by("start", "end", "pk")
        .prefetch_related(Prefetch("evidence", kept, "kept"), Prefetch("reviews", reviews, "judged"), "annotations")
    )
    on_words = notes_open_to(None, Annotation.objects.filter(revision__article=article))
    return Backup(
        claims=[_of_claim(claim) for claim in claims],
        notes=list(on_words.order_by("created_at", "pk")),
        changes=changes_asked(article),
        signatures=list(article.sign_offs.select_related("revision").order_by("pk")),
    )


def _of_claim(claim: Any) -> BackupClaim:
    sealed = {review.verdict_id for review in claim.judged if review.sealed}
    verdicts = [one for review in claim.judged for one in review.verdicts.all() if one.pk not in sealed]
    if sealed:
        return BackupClaim(claim, [], verdicts, [], sealed=True)
    return BackupClaim(claim, list(claim.kept), verdicts, list(claim.annotations.all()))
