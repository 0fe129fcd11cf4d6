"""The books kept on language models: answers, requests, tokens. Their only writer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from articles.llm.talk import RUNGS
from articles.models import LlmAnswer, LlmCall, LlmDay, LlmReading, LlmServer
from factcheck.core.errors import Permanent

if TYPE_CHECKING:
    from articles.llm.config import Config
    from articles.llm.ports import Rung, Stage

REMEMBERED: Final = timedelta(days=7)
"""How long a server's form of request is taken as known; it may have been updated since."""


@dataclass(slots=True)
class DeskBooks:
    """`articles.llm.ports.Books` in the desk's database, for one reading."""

    config: Config
    reading: LlmReading
    _open: dict[int, tuple[date, int]] = field(default_factory=dict)

    def recall(self, key: str) -> str | None:
        return LlmAnswer.objects.filter(key=key).values_list("content", flat=True).first()

    def keep(self, key: str, content: str, *, stage: Stage) -> None:
        answer = LlmAnswer(
            key=key, model=self.config.model, stage=stage, content=content,
            text_sha256=self.reading.revision.sha256,
        )  # fmt: skip
        LlmAnswer.objects.bulk_create([answer], ignore_conflicts=True)

    def rung(self) -> Rung:
        known = self._server()
        return known.rung if known and known.rung in RUNGS else RUNGS[0]

    def learn(self, rung: Rung) -> None:
        known = self._server()
        if known is None or known.rung != rung:
            LlmServer.objects.update_or_create(
                place=self.config.place,
                model=self.config.model,
                defaults={"rung": rung, "learned_at": timezone.now()},
            )

    def _server(self) -> LlmServer | None:
        since = timezone.now() - REMEMBERED
        place = {"place": self.config.place, "model": self.config.model}
        return LlmServer.objects.filter(**place, learned_at__gte=since).first()

    def open(self, *, stage: Stage, rung: Rung, tokens: int) -> int:
        """Compare-and-set on the day's row, so that workers together cannot go over the limit of a day."""
        if article_tokens(self.reading.revision.article_id) + tokens > self.config.tokens_per_article:
            raise Permanent("llm.article_budget", limit=self.config.tokens_per_article)
        today = timezone.now().date()
        LlmDay.objects.get_or_create(day=today)
        with transaction.atomic():
            room = LlmDay.objects.filter(day=today, tokens__lte=self.config.tokens_per_day - tokens)
            if room.update(tokens=F("tokens") + tokens) != 1:
                raise Permanent("llm.day_budget", limit=self.config.tokens_per_day)
            call = LlmCall.objects.create(reading=self.reading, stage=stage, rung=rung, tokens=tokens)
        self._open[call.pk] = today, tokens
        return call.pk

    def close(self, call: int, *, tokens: int, outcome: str, seconds: float) -> None:
        day, set_aside = self._open.pop(call)
        with transaction.atomic():
            LlmDay.objects.filter(day=day).update(tokens=F("tokens") + (tokens - set_aside))
            LlmCall.objects.filter(pk=call).update(tokens=tokens, outcome=outcome[:60], seconds=round(seconds, 3))


def article_tokens(article_id: int) -> int:
    """Tokens spent on an article and set aside for it, over all its revisions."""
    calls = LlmCall.objects.filter(reading__revision__article=article_id)
    return int(calls.aggregate(total=Sum("tokens"))["total"] or 0)
