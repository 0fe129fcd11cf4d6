"""What came back, and what people make of it. The only writer of evidence."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.choices import EvidenceKind, EvidenceState, Stance, Visibility
from articles.models import Claim, Evidence, PrefillRun, Snapshot, Source
from articles.ranking import rank
from factcheck.audit.services import record
from factcheck.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.contrib.auth.models import User

    from articles.sources.base import EvidenceItem

# What the ranking calls neutral is context to an editor.
_STANCE: Final = {"supports": Stance.SUPPORTS, "refutes": Stance.REFUTES, "neutral": Stance.CONTEXT}


def evidence_store(*, run: PrefillRun, items: Sequence[EvidenceItem]) -> int:
    """Store what a source found for a claim, ranked and with a suggested stance; returns how many are new.

    Runs inside the transaction that ends the run. What is there already stays as the editors left it.
    """
    ranking = rank(run.claim.statement, [item.text for item in items])
    before = run.claim.evidence.filter(source=run.source).count()
    now = timezone.now()
    Evidence.objects.bulk_create(
        [
            Evidence(
                claim=run.claim,
                source=run.source,
                source_name=run.source.name,
                run=run,
                external_id=item.external_id[:400],
                kind=item.kind,
                query=str(run.query.get("text", "")),
                url=item.url[:1000],
                title=item.title[:500],
                publisher=item.publisher[:200],
                licence=item.licence[:120],
                published_at=item.published_at,
                retrieved_at=now,
                passage=item.text,
                locator=item.locator[:200],
                snapshot=snapshot_keep(item.snapshot or item.text.encode(), item.snapshot_type, item.url),
                relevance=round(ranking.scores[index], 4),
                suggested_stance=stance,
                stance_reason=reason,
            )
            for index, item in enumerate(items)
            for stance, reason in [_suggested(item, ranking.stances[index], ranking.reasons[index])]
        ],
        ignore_conflicts=True,
    )
    return run.claim.evidence.filter(source=run.source).count() - before


def _suggested(item: EvidenceItem, stance: str, reason: str) -> tuple[str, str]:
    """A source that gave nothing but a title says what the thing is about, and neither yes nor no."""
    if item.text.strip() == item.title.strip():
        return Stance.CONTEXT, "It is the title alone."
    return _STANCE[stance], reason


def snapshot_keep(content: bytes, content_type: str, url: str) -> Snapshot:
    """The bytes as they were retrieved, kept once."""
    digest = hashlib.sha256(content).hexdigest()
    values = {"content": content, "retrieved_at": timezone.now()}
    about = {"content_type": content_type or "text/plain; charset=utf-8", "url": url}
    kept, made = Snapshot.objects.defer("content").get_or_create(sha256=digest, defaults=values | about)
    if not made and kept.discarded_at is not None:  # thrown away once, and here again
        Snapshot.objects.filter(pk=kept.pk).update(discarded_at=None, **values)
    return kept


def evidence_keep(*, evidence: Evidence, actor: User, stance: str = "", locator: str = "") -> None:
    """Accept a suggestion. Without a stance the suggested one is confirmed.

    Raises Invalid (evidence.bad_stance, evidence.no_place) and WrongState (workflow.changed).
    """
    stance = stance or evidence.stance or evidence.suggested_stance
    if stance not in Stance.values:
        raise Invalid("evidence.bad_stance", stance=stance)
    locator = (locator or evidence.locator).strip()
    if not locator:
        raise Invalid("evidence.no_place")
    changes = {"state": EvidenceState.KEPT, "stance": stance, "locator": locator}
    _decide(evidence, actor, "evidence.kept", changes)


def evidence_drop(*, evidence: Evidence, actor: User, note: str = "") -> None:
    """Put a suggestion aside; it stays visible under "dropped"."""
    _decide(evidence, actor, "evidence.dropped", {"state": EvidenceState.DROPPED}, note)


def evidence_set_stance(*, evidence: Evidence, actor: User, stance: str) -> None:
    """Say what a piece of evidence means for the claim, without keeping or dropping it."""
    if stance not in Stance.values:
        raise Invalid("evidence.bad_stance", stance=stance)
    _decide(evidence, actor, "evidence.stance", {"stance": stance})


def evidence_put_back(*, evidence: Evidence, actor: User, state: str, stance: str, locator: str) -> None:
    """As it was before somebody kept, dropped or weighed it. Raises WrongState (workflow.changed)."""
    changes = {"state": EvidenceState(state).value, "stance": stance, "locator": locator}
    _decide(evidence, actor, "evidence.put_back", changes)


def evidence_set_visibility(*, evidence: Evidence, actor: User, visibility: str, note: str = "") -> None:
    """Say who may see it: `public`, `described` (that it exists, not what it says) or `confidential` (the desk only).

    Public pages, feeds and the API read it live, so what was published is hidden as well.
    Raises Invalid (evidence.bad_visibility) and WrongState (workflow.changed).
    """
    if visibility not in Visibility.values:
        raise Invalid("evidence.bad_visibility", visibility=visibility)
    _change(evidence, actor, "evidence.visibility", {"visibility": visibility}, note)


def _decide(evidence: Evidence, actor: User, code: str, changes: dict[str, str], note: str = "") -> None:
    _change(evidence, actor, code, changes, note, decided_by=actor, decided_at=timezone.now())


def _change(
    evidence: Evidence, actor: User, code: str, changes: dict[str, str], note: str = "", **noted: Any
) -> None:
    before = {name: getattr(evidence, name) for name in changes}
    with transaction.atomic():
        moved = Evidence.objects.filter(pk=evidence.pk, version=evidence.version).update(
            version=F("version") + 1, **noted, **changes
        )
        if moved != 1:
            raise WrongState("workflow.changed")
        evidence.refresh_from_db()
        record(code, evidence, actor=actor, before=before, after=changes, note=note)


def evidence_add(
    *, claim: Claim, actor: User, title: str, passage: str, locator: str, stance: str,
    url: str = "", publisher: str = "", source: Source | None = None, snapshot: Snapshot | None = None,
    published_at: datetime | None = None, retrieved_at: datetime | None = None,
) -> Evidence:  # fmt: skip
    """Evidence a person found, kept at once; the same passage again is the same evidence.

    `snapshot` is what the passage was read from; without one the passage itself is kept.

    Raises Invalid (evidence.bad_stance, evidence.no_place).
    """
    if stance not in Stance.values:
        raise Invalid("evidence.bad_stance", stance=stance)
    if not locator.strip():
        raise Invalid("evidence.no_place")
    name = source.name if source else (publisher or "Added by hand")
    external_id = "hand:" + hashlib.sha256(f"{url}\n{passage}".encode()).hexdigest()
    with transaction.atomic():
        known = claim.evidence.filter(external_id=external_id).first()
        if known is not None:
            return known
        evidence = Evidence.objects.create(
            claim=claim, source=source, source_name=name, external_id=external_id, kind=EvidenceKind.WEB, url=url,
            title=title, publisher=publisher, published_at=published_at, retrieved_at=retrieved_at or timezone.now(),
            passage=passage, locator=locator.strip(),
            snapshot=snapshot or snapshot_keep(passage.encode(), "", url), relevance=1.0,
            suggested_stance=stance, stance=stance,
            stance_reason="", state=EvidenceState.KEPT, decided_by=actor, decided_at=timezone.now(),
        )  # fmt: skip
        record("evidence.added", evidence, actor=actor, after={"url": url, "stance": stance, "locator": locator})
    return evidence
