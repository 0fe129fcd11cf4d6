"""Waiting for an article's evidence with a progress bar, helping the workers meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from articles.models import Revision
from articles.services.extraction import revision_extract
from articles.services.prefill import Progress, prefill_help, prefill_progress, prefill_sweep

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

    from articles.models import Article

_LOOK_EVERY: Final = 0.2
_BAR: Final = 30


def wait_for_evidence(article: Article, out: OutputWrapper) -> Progress:
    """Return when every source was consulted or is resting.

    This process works on the article's own questions too, so it ends with no worker and no broker. What a
    worker holds is waited for until its lease ends; then the sweep gives it back.
    """
    assert article.current_id is not None
    _wait_for_claims(article.current_id)
    while not (progress := prefill_progress(article_id=article.pk)).settled:
        _draw(article, progress, out)
        if prefill_help(article_id=article.pk) == 0:
            prefill_sweep()
            time.sleep(_LOOK_EVERY)
    _draw(article, progress, out)
    out.write("")
    return progress


def _wait_for_claims(revision_id: int) -> None:
    """A worker may be having the story read by a language model, or the model may have asked for time."""
    waiting = Revision.objects.filter(pk=revision_id, extracted_at=None)
    while revision_extract(revision_id=revision_id) == 0 and waiting.exists():
        time.sleep(_LOOK_EVERY)


def _draw(article: Article, progress: Progress, out: OutputWrapper) -> None:
    done = progress.ended + progress.put_off
    filled = _BAR * done // progress.runs if progress.runs else _BAR
    bar = "#" * filled + "." * (_BAR - filled)
    line = f"[{bar}] {done}/{progress.runs} questions  {article.title[:50]}"
    # A terminal sees one moving line; a log file only where it ends.
    if out.isatty():
        out.write(f"\r{line}", ending="")
        out.flush()
    elif progress.settled:
        out.write(line, ending="")
