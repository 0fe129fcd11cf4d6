"""Claims out of a revision: found, stored, swept. The only writer of extracted claims."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from articles.choices import ClaimOrigin, Origin
from articles.extraction.base import Story
from articles.extraction.checkworthy import model_name
from articles.extraction.pipeline import CLAIM_THRESHOLD, EXTRACTOR, extract
from articles.ingest.model import Block
from articles.models import Article, Claim, ClaimRelation, Revision
from articles.selectors.alike import stories_near
from articles.services import prefill, reading
from articles.services.alike import stories_link
from articles.services.article import article_move
from articles.services.kin import claims_relate
from articles.services.revision import AROUND, Carried, claims_carry, is_overtaken, known_claims
from articles.services.scoring import scoring
from articles.workflow import ArticleAction, ArticleState
from factcheck.audit.services import one_act, record
from factcheck.core.queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from articles.extraction.base import Extraction

MAX_EXTRACTION_TRIES: Final = 3


def revision_extract(*, revision_id: int) -> int:
    """Find the claims of a revision and store them; returns how many were stored now.

    Runs at least once and may run twice at the same time: the claims are computed outside of any
    transaction, and only the first to set `extracted_at` stores them. Who finds them: `articles.services.reading`.
    """
    revision = reading.revision_take(revision_id=revision_id)
    if revision is None:
        return 0
    try:
        story = story_of(revision)
        with scoring(revision.article.desk_id):
            found = reading.revision_read(revision=revision, story=story, extraction=extract(story))
            found = found and reading.with_scoring(found, model_name())
    except Exception as error:
        # Kept on the row for the editor, and raised for the log: a bug in a rule must be seen by both.
        Revision.objects.filter(pk=revision_id).update(
            extraction_error=f"{type(error).__name__}: {error}", extraction_not_before=None
        )
        raise
    return _extraction_store(revision, found, stories_near(revision.article, revision.text)) if found else 0


def story_of(revision: Revision) -> Story:
    """What the extractor may know of a revision."""
    article = revision.article
    return Story(
        text=revision.text,
        blocks=tuple(Block(**block) for block in revision.blocks),
        title=article.title,
        written_on=article.published_at.date() if article.published_at else None,
        place=article.dateline_place,
        agency=article.dateline_agency,
        language=article.language or "en",
    )


def _extraction_store(revision: Revision, found: reading.Reading, near: Sequence[tuple[int, float]]) -> int:
    extraction = found.extraction
    with transaction.atomic(), one_act():
        # Two revisions of an article are stored one after the other, whoever reads them.
        revision.article = Article.objects.select_for_update(no_key=True).get(pk=revision.article_id)
        first = Revision.objects.filter(pk=revision.pk, extracted_at=None).update(
            extracted_at=timezone.now(),
            extractor=found.extractor,
            extraction_error="",
            extraction_note=found.note,
            extraction_not_before=None,
            sentences=[list(span) for span in extraction.sentences],
            attributions=[asdict(found) for found in extraction.attributions],
        )
        if first != 1:
            return 0
        if is_overtaken(revision):
            _extraction_record(revision, found, {"claims": 0}, note="A later revision was read before this one.")
            return 0
        carried = claims_carry(revision=revision) if revision.number > 1 else None
        claims = _claims_create(revision, extraction, found.extractor, carried)
        _extraction_record(revision, found, {"claims": len(claims), **_counted(carried)}, note=found.note)
        if near or revision.number > 1:
            stories_link(revision.article, near)
        article_move(revision.article, ArticleAction.OPEN, actor=None)
        # A signature is for the words that were signed, not for others.
        signed = revision.article.state == ArticleState.SIGNED_OFF
        if signed or claims or (carried and carried.changed + carried.orphaned):
            article_move(revision.article, ArticleAction.RESUME_CHECK, actor=None)
        prefill.prefill_plan([claim for claim in claims if claim.score >= CLAIM_THRESHOLD])
        if revision.number > 1:
            enqueue("reviews.carry_ticks", revision.article_id)
    return len(claims)


def _extraction_record(revision: Revision, found: reading.Reading, counts: dict[str, int], *, note: str) -> None:
    after = {"revision": revision.number, "extractor": found.extractor, **counts}
    record("article.extracted", revision.article, actor=None, after=after, note=note)


def _counted(carried: Carried | None) -> dict[str, int]:
    if carried is None:
        return {}
    return {"kept": carried.kept, "changed": carried.changed, "orphaned": carried.orphaned}


def _claims_create(
    revision: Revision, extraction: Extraction, extractor: str, carried: Carried | None
) -> list[Claim]:
    """The claims that the desk does not have yet, and the relations of all."""
    known = known_claims([(one.start, one.end) for one in extraction.claims], carried.places if carried else {})
    fresh = [one for one in extraction.claims if (one.start, one.end) not in known]
    claims = [claim_row(revision, asdict(one), extractor) for one in fresh]
    # People may have marked words before the extractor was through; its claims are numbered on from theirs.
    last = Claim.objects.filter(article=revision.article_id).aggregate(last=Max("number"))["last"] or 0
    for number, claim in enumerate(claims, last + 1):
        claim.number = number
    Claim.objects.bulk_create(claims, batch_size=500)
    by_number = {one.number: known[one.start, one.end] for one in extraction.claims if (one.start, one.end) in known}
    by_number |= {one.number: claim.pk for one, claim in zip(fresh, claims, strict=True)}
    ClaimRelation.objects.bulk_create(
        [
            ClaimRelation(claim_id=by_number[found.number], other_id=by_number[other], kind=kind)
            for found in extraction.claims
            for kind, other in found.related
            if other in by_number and by_number[other] != by_number[found.number]
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    claims_relate(claims)
    return claims


def claim_row(revision: Revision, found: dict[str, Any], extractor: str = EXTRACTOR) -> Claim:
    """A machine claim as a row; `found` is an `ExtractedClaim` as a dictionary."""
    start, end = found["start"], found["end"]
    return Claim(
        article=revision.article,
        revision=revision,
        number=found["number"],
        quote=found["quote"],
        start=start,
        end=end,
        prefix=revision.text[max(0, start - AROUND) : start],
        suffix=revision.text[end : end + AROUND],
        statement=found["statement"],
        needs_context=found["needs_context"],
        speaker=found["speaker"][:200],
        speech=found["speech"],
        stance_of_speaker=found["stance_of_speaker"],
        kind=found["kind"],
        dates=found["dates"],
        entities=found["entities"],
        score=found["score"],
        reasons=found["reasons"],
        priority=round(found["score"] * 100),
        origin=ClaimOrigin.MACHINE,
        extractor=extractor,
    )


def extraction_sweep(*, older_than_seconds: int = 20, most: int = 200) -> int:
    """Send what was not extracted: taken in with many others, or the broker was gone, or the worker died.

    Returns how many were sent. What came by itself goes before what came with many, however long that waits.
    """
    before = timezone.now() - timedelta(seconds=older_than_seconds)
    waiting = Revision.objects.filter(reading.free_revisions(), extraction_tries__lt=MAX_EXTRACTION_TRIES).order_by(
        "received_at"
    )
    alone = waiting.filter(received_at__lt=before).exclude(article__origin=Origin.BULK)
    found = list(alone.values_list("pk", flat=True)[:most])
    found += waiting.filter(article__origin=Origin.BULK).values_list("pk", flat=True)[: most - len(found)]
    for pk in found:
        enqueue("articles.extract", pk)
    return len(found)
