"""Sources: saved with checked settings, tested by really asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from articles.models import Source
from articles.services.local import outbound_client, source_context
from articles.services.prefill import prefill_clear, prefill_revive
from articles.sources.registry import connector
from factcheck.audit.services import record
from factcheck.core.errors import FactcheckError

if TYPE_CHECKING:
    from django.contrib.auth.models import User


_SET_BY_PEOPLE: Final = ("name", "kind", "settings", "reliability", "enabled", "rate_per_minute", "at_once", "notes")


@dataclass(frozen=True, slots=True)
class Probe:
    """What came back when the source was tested, as a sentence."""

    ok: bool
    said: str


def source_save(*, source: Source, actor: User | None) -> Source:
    """Store a source whose settings its connector accepts; raises Invalid (source.*)."""
    connector(source.kind, source.settings)
    with transaction.atomic():
        # How it has been answering belongs to the workers and may have changed since the source was read.
        source.save(update_fields=_SET_BY_PEOPLE if source.pk else None)
        after = {"kind": source.kind, "enabled": source.enabled, "reliability": source.reliability}
        record("source.saved", source, actor=actor, after=after)
    return source


def source_ask_again(*, source: Source, actor: User | None) -> int:
    """Ask again whatever it was not consulted about and is still open, and let it rest no longer; how many."""
    with transaction.atomic():
        count = prefill_revive(source=source)
        record("source.revived", source, actor=actor, after={"questions": count})
    return count


def source_clear(*, source: Source, actor: User | None) -> int:
    """Ask it none of what waits for it now; how many. Each can be asked again from its claim."""
    with transaction.atomic():
        count = prefill_clear(source=source)
        record("source.cleared", source, actor=actor, after={"questions": count})
    return count


def source_probe(*, source: Source, actor: User | None) -> Probe:
    """Ask the source a harmless question now and note how it went."""
    try:
        context = source_context(source, outbound_client())
        probe = Probe(ok=True, said=connector(source.kind, source.settings).probe(context))
    except FactcheckError as error:
        probe = Probe(ok=False, said=error.detail)
    now = timezone.now()
    with transaction.atomic():
        if probe.ok:
            Source.objects.filter(pk=source.pk).update(failures_in_row=0, paused_until=None, last_answer_at=now)
        else:
            Source.objects.filter(pk=source.pk).update(last_error_at=now, last_error=probe.said)
        record("source.tested", source, actor=actor, after={"ok": probe.ok, "said": probe.said})
    return probe
