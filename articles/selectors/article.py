"""Reading an article with what hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count

from articles.choices import RUN_ENDED, RunState
from articles.models import Claim, Evidence, PrefillRun

if TYPE_CHECKING:
    from articles.models import Article

_SAID = {
    RunState.OK: "answered",
    RunState.EMPTY: "nothing found",
    RunState.THROTTLED: "not consulted",
    RunState.FAILED: "not consulted",
    RunState.CANCELLED: "not consulted",
}


def article_summary(article: Article) -> dict[str, Any]:
    """Counts of claims and evidence, and what each source did, as JSON values; three queries."""
    return {
        "claims": Claim.objects.filter(article=article).count(),
        "evidence": Evidence.objects.filter(claim__article=article).count(),
        "sources": source_answers(article),
    }


def source_answers(article: Article) -> list[dict[str, Any]]:
    """For each source how many questions were answered, found nothing, or were not put to it, and why not."""
    rows = (
        PrefillRun.objects.filter(claim__article=article)
        .values("source__name", "state", "error_detail")
        .annotate(count=Count("pk"))
        .order_by("source__name", "state")
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        source = found.setdefault(
            row["source__name"],
            {"source": row["source__name"], "answered": 0, "nothing found": 0, "not consulted": 0, "reasons": []},
        )
        said = _SAID[RunState(row["state"])] if row["state"] in RUN_ENDED else "not consulted"
        source[said] += row["count"]
        reason = row["error_detail"] or ("" if row["state"] in RUN_ENDED else "still waiting")
        if said == "not consulted" and reason not in source["reasons"]:
            source["reasons"].append(reason)
    return list(found.values())
