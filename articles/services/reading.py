"""Which extractor reads a revision: the built-in rules always, a language model as well where one is set.

Whatever the model does, the desk gets its claims: at once when the model cannot be reached or its answers are of
no use, after one more try when it only asked for time, and with a note that says so.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from articles.extraction.pipeline import EXTRACTOR
from articles.llm.client import ChatClient
from articles.llm.config import Config
from articles.llm.merging import Merged, merge
from articles.llm.reading import Read, read_story
from articles.llm.talk import Talk
from articles.models import LlmReading, Revision
from articles.services.llm import DeskBooks
from factcheck.core.errors import FactcheckError, Invalid, Transient

if TYPE_CHECKING:
    from articles.extraction.base import Extraction, Story

logger: Final = logging.getLogger(__name__)

TRIES_WITH_MODEL: Final = 2
"""A revision is sent out at most three times; the last time is the rules' alone, whatever took the others down."""

PATIENCE: Final = timedelta(minutes=2)  # a model that asks for more is not waited for
PAUSE: Final = timedelta(seconds=10)  # before the next try where the model names no time
LEASE_MARGIN: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, the name of who found it, and why it is not who should have."""

    extraction: Extraction
    extractor: str = EXTRACTOR
    note: str = ""


def with_scoring(reading: Reading, version: str) -> Reading:
    """The reading, signed with the desk's version of the scoring too; "" are the shipped weights."""
    return replace(reading, extractor=f"{reading.extractor[:45]}/{version}") if version else reading


def model_config() -> Config:
    """The language model of the settings; raises Invalid (llm.bad_settings)."""
    return Config(
        base_url=settings.LLM_BASE_URL,
        model=settings.LLM_MODEL,
        key=settings.LLM_API_KEY,
        tokens_per_article=settings.LLM_TOKENS_PER_ARTICLE,
        tokens_per_day=settings.LLM_TOKENS_PER_DAY,
        tokens_per_answer=settings.LLM_TOKENS_PER_ANSWER,
        seconds_per_call=settings.LLM_SECONDS_PER_CALL,
        seconds_per_article=settings.LLM_SECONDS_PER_ARTICLE,
    )


def free_revisions() -> Q:
    """Revisions that wait to be read and that nobody is at."""
    free = Q(extraction_not_before=None) | Q(extraction_not_before__lte=timezone.now())
    return Q(extracted_at=None) & free


def revision_take(*, revision_id: int) -> Revision | None:
    """The revision to read now, one more try counted; None when it is read, put off, or with another worker.

    Only a model's slow and paid answers are kept from being asked for twice at a time; the rules may run twice.
    """
    lease = None
    if settings.LLM_BASE_URL:
        lease = timezone.now() + timedelta(seconds=settings.LLM_SECONDS_PER_ARTICLE) + LEASE_MARGIN
    taken = Revision.objects.filter(free_revisions(), pk=revision_id).update(
        extraction_tries=F("extraction_tries") + 1, extraction_not_before=lease
    )
    return Revision.objects.select_related("article").get(pk=revision_id) if taken == 1 else None


def revision_read(*, revision: Revision, story: Story, extraction: Extraction) -> Reading | None:
    """What a taken revision holds, given what the rules found in it; None when it was put off.

    Raises nothing for what a model or its server does; that becomes the note.
    """
    if not settings.LLM_BASE_URL:
        return Reading(extraction)
    if revision.extraction_tries > TRIES_WITH_MODEL:
        return _rules_alone(extraction, f"It did not come to an end in {TRIES_WITH_MODEL} tries.")
    try:
        config = model_config()
    except Invalid as error:
        return _rules_alone(extraction, error.detail)
    return _ModelReading(revision, story, extraction, config).run()


@dataclass(slots=True)
class _ModelReading:
    revision: Revision
    story: Story
    extraction: Extraction
    config: Config

    def run(self) -> Reading | None:
        row = LlmReading.objects.create(revision=self.revision, place=self.config.place, model=self.config.model)
        with ChatClient(self.config, version=settings.VERSION, contact=settings.CONTACT) as client:
            deadline = time.monotonic() + self.config.seconds_per_article
            talk = Talk(self.config, client, DeskBooks(self.config, row), deadline)
            read = read_story(self.story, talk)
        figures = {"recalled": talk.recalled, "proposed": read.counts.proposed, "dropped": read.counts.dropped,
                   "unverifiable": read.counts.unverifiable, "repeated": read.counts.repeated}  # fmt: skip
        return self._settle(row, read, figures)

    def _settle(self, row: LlmReading, read: Read, figures: dict[str, Any]) -> Reading | None:
        until = _put_off_until(read.trouble, self.revision.extraction_tries)
        said = read.trouble.detail if read.trouble else ""
        if until is not None:
            Revision.objects.filter(pk=self.revision.pk, extracted_at=None).update(extraction_not_before=until)
            _close(row, LlmReading.Outcome.PUT_OFF, said, figures)
            return None
        if read.trouble is not None and read.parts_read == 0:
            reading = _rules_alone(self.extraction, said)
            _close(row, LlmReading.Outcome.FELL_BACK, said, figures)
            return reading
        merged = merge(self.story, self.extraction, read.claims)
        outcome = LlmReading.Outcome.PARTLY if read.trouble else LlmReading.Outcome.READ
        _close(row, outcome, said, figures | _figures(merged))
        note = f"The language model read {read.parts_read} of the {read.parts} parts of this text. {said}"
        return Reading(
            merged.extraction, f"{EXTRACTOR}+{self.config.model}"[:60], note if read.trouble is not None else ""
        )


def _figures(merged: Merged) -> dict[str, int]:
    return {"both": merged.both, "added": merged.added, "reworded": merged.reworded}


def _close(row: LlmReading, outcome: LlmReading.Outcome, note: str, figures: dict[str, Any]) -> None:
    LlmReading.objects.filter(pk=row.pk).update(outcome=outcome, note=note, ended_at=timezone.now(), **figures)
    logger.info("Language model, revision %s: %s %s", row.revision_id, outcome.label, note)


def _rules_alone(extraction: Extraction, why: str) -> Reading:
    return Reading(extraction, note=f"The built-in rules alone read this text. {why}")


def _put_off_until(trouble: FactcheckError | None, tries: int) -> datetime | None:
    """When to try again; None where trying again is of no use, or was tried."""
    if not isinstance(trouble, Transient) or tries >= TRIES_WITH_MODEL or trouble.code == "http.unreachable":
        return None
    now = timezone.now()
    until = max(trouble.retry_at or now, now + PAUSE)
    return until if until <= now + PATIENCE else None
