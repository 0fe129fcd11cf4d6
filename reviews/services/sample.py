"""A random sample of verdicts for an assessor: everything the desk did for them, in one ZIP."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import Visibility
from factcheck.audit.actions import ACTIONS
from factcheck.audit.selectors import timeline
from factcheck.audit.services import person_name, record
from factcheck.core.errors import Invalid, NotAllowed
from reviews.models import Publication, Review, Verdict
from reviews.policies import may, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User

    from articles.models import Evidence

MOST: Final = 100
_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # no clock in the file: the same sample is the same bytes
_COLUMNS: Final = ("verdict", "claim", "label", "speaker", "proposed by", "approved by", "approved at", "override")
_README: Final = """A random sample of approved verdicts.

{size} of {of} verdicts that were approved in the {days} days before {until} UTC, drawn with the seed {seed!r}:
whoever draws again with this seed from the same verdicts gets the same ones.

sample.csv            one line a verdict
verdicts/NUMBER.json  the claim and its words, the verdict, its evidence, every version that was published
                      with corrections and their notes, and the trail: who did what, and when

Evidence marked confidential is counted, not shown.
"""


def sample_export(*, actor: User, seed: str, size: int, days: int) -> bytes:
    """The ZIP; the trail tells who took it, with seed and numbers.

    Only verdicts of desks the person reads. Raises NotAllowed without `read_audit`, Invalid (sample.size).
    """
    held = may(actor, "read_audit")
    if not held.allowed:
        raise NotAllowed(held.code, action=_("export samples"), needs=held.needs)
    if not 1 <= size <= MOST:
        raise Invalid("sample.size", most=MOST)
    until = timezone.now()
    among = Verdict.objects.filter(
        visible(actor, "review__claim__article__"), approved_at__gt=until - timedelta(days=days)
    )
    keys = sorted(among.values_list("pk", flat=True))
    chosen = sorted(random.Random(seed).sample(keys, min(size, len(keys))))  # noqa: S311  (repeatable on purpose)
    readme = _README.format(size=len(chosen), of=len(keys), days=days, until=f"{until:%Y-%m-%d %H:%M}", seed=seed)
    with transaction.atomic():
        record("sample.exported", actor, actor=actor, after={"seed": seed, "verdicts": chosen, "of": len(keys)})
    return _zip(readme, _verdicts(chosen))


def _verdicts(keys: Sequence[int]) -> list[Verdict]:
    found = Verdict.objects.filter(pk__in=keys).select_related(
        "label", "proposed_by", "approved_by", "review__claim__article"
    ).prefetch_related("cited__evidence__snapshot")  # fmt: skip
    return list(found.order_by("pk"))


def _zip(readme: str, verdicts: Sequence[Verdict]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "README.txt", readme)
        _put(archive, "sample.csv", _table(verdicts))
        for verdict in verdicts:
            text = json.dumps(_document(verdict), ensure_ascii=False, indent=1, default=str)
            _put(archive, f"verdicts/{verdict.pk}.json", text)
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, _STAMP), text, zipfile.ZIP_DEFLATED)


def _table(verdicts: Sequence[Verdict]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in verdicts:
        row = [one.pk, one.statement, one.label.name, one.speaker, person_name(one.proposed_by),
               person_name(one.approved_by), one.approved_at, one.override_reason]  # fmt: skip
        # What a spreadsheet would run as a formula is text.
        writer.writerow([f"'{cell}" if str(cell)[:1] in ("=", "+", "-", "@") else cell for cell in row])
    return out.getvalue()


def _document(verdict: Verdict) -> dict[str, Any]:
    cited = [one.evidence for one in verdict.cited.all()]
    shown = [one for one in cited if one.visibility != Visibility.CONFIDENTIAL]
    publication = Publication.objects.filter(claim=verdict.review.claim_id).first()
    things = [verdict.review, verdict.review.claim, *([publication] if publication else [])]
    return {
        "verdict": {
            "label": verdict.label.name, "statement": verdict.statement, "quote": verdict.quote,
            "speaker": verdict.speaker, "quote_check": verdict.quote_check, "summary": verdict.summary,
            "rationale": verdict.rationale, "gaps": verdict.gaps, "number": verdict.number,
            "proposed_by": person_name(verdict.proposed_by), "proposed_at": verdict.proposed_at,
            "approved_by": person_name(verdict.approved_by), "approved_at": verdict.approved_at,
            "approved_alone_because": verdict.override_reason,
        },
        "carried": {"title": verdict.carried_title, "by": verdict.carried_by, "url": verdict.carried_url},
        "evidence": [_evidence(one) for one in shown],
        "confidential_evidence": len(cited) - len(shown),
        "versions": _versions(publication),
        "trail": _trail(things),
    }  # fmt: skip


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "source": one.source_name, "title": one.title, "publisher": one.publisher, "url": one.url,
        "published_at": one.published_at, "retrieved_at": one.retrieved_at, "passage": one.passage,
        "locator": one.locator, "stance": one.stance, "snapshot_sha256": one.snapshot.sha256 if one.snapshot else "",
    }  # fmt: skip


def _versions(publication: Publication | None) -> list[dict[str, Any]]:
    if publication is None:
        return []
    return [
        {"number": one.number, "change": one.change, "note": one.note, "published_at": one.published_at}
        for one in publication.versions.order_by("number")
    ]


def _trail(things: Sequence[Review | Any]) -> list[dict[str, Any]]:
    return [
        {"at": event.at, "who": event.actor_name, "did": ACTIONS[event.action], "note": event.note,
         "sequence": event.sequence, "hash": event.hash}
        for event in timeline(*things)
    ]  # fmt: skip
