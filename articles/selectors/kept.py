"""What was kept behind a piece of evidence: its words with the quotation marked, and everything for a WARC file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from articles.choices import EvidenceState, Visibility
from articles.keeping.quotes import marked, places_of
from articles.keeping.warc import Kept
from articles.keeping.words import words_of
from articles.models import Capture, Evidence, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

MOST_SHOWN: Final = 200_000
"""Characters of a page that are shown; the file has all of it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees of it. `found` is whether the quotation stands in it word for word, or part by part."""

    snapshot: Snapshot
    url: str
    at: datetime
    pieces: tuple[tuple[str, bool], ...]
    found: bool
    is_page: bool  # the page itself, not what a search said of it
    cut: bool

    @property
    def first(self) -> int:
        """The place of the first marked piece; -1 where none is."""
        return next((at for at, (_, quoted) in enumerate(self.pieces) if quoted), -1)


def kept_for(evidence: Evidence) -> Shown | None:
    """The page as it was kept, where the quotation stands in it; else what the source answered."""
    captures = _captures(evidence)
    for capture in captures:
        shown = _of_capture(capture, evidence.passage)
        if shown.found:
            return shown
    answer = _of_answer(evidence) if evidence.snapshot else None
    if answer is not None and (answer.found or not captures):
        return answer
    return _of_capture(captures[0], evidence.passage) if captures else answer


def _captures(evidence: Evidence) -> list[Capture]:
    if evidence.page_id is None:
        return []
    return list(Capture.objects.filter(page=evidence.page_id).select_related("body", "words"))


def _of_capture(capture: Capture, passage: str) -> Shown:
    words = bytes(capture.words.content).decode("utf-8", errors="replace")
    if not places_of(passage, words):
        body = capture.body
        every = words_of(bytes(body.content), body.content_type, url=capture.url, whole=True)
        words = every if places_of(passage, every) else words
    return _shown(capture.body, words, passage, capture.url, capture.at, is_page=True)


def _of_answer(evidence: Evidence) -> Shown:
    kept = evidence.snapshot
    assert kept is not None
    content = bytes(kept.content)
    words = words_of(content, kept.content_type, url=kept.url) or content.decode("utf-8", errors="replace")
    if not places_of(evidence.passage, words):
        every = words_of(content, kept.content_type, url=kept.url, whole=True)
        words = every if places_of(evidence.passage, every) else words
    return _shown(kept, words, evidence.passage, kept.url or evidence.url, evidence.retrieved_at, is_page=False)


def _shown(snapshot: Snapshot, words: str, passage: str, url: str, at: datetime, *, is_page: bool) -> Shown:
    spans = places_of(passage, words)
    # A quotation far down must not be cut off: the stretch shown ends some way behind it.
    end = max([MOST_SHOWN, *(last + 2_000 for _, last in spans)])
    return Shown(
        snapshot=snapshot, url=url, at=at, pieces=tuple(marked(words[:end], spans)), found=bool(spans),
        is_page=is_page, cut=len(words) > end,
    )  # fmt: skip


# --- files -------------------------------------------------------------------------------------------------
def evidence_kept(evidence: QuerySet[Evidence]) -> Iterator[Kept]:
    """Everything kept behind these pieces, for a WARC file; one thing in memory at a time.

    What is confidential is left out: such a file is made to be handed on.
    """
    wanted = evidence.filter(state=EvidenceState.KEPT).exclude(visibility=Visibility.CONFIDENTIAL).order_by("pk")
    pages: set[int] = set()
    for row in wanted.defer("snapshot__content").select_related("snapshot").iterator(chunk_size=100):
        if row.snapshot is not None and row.snapshot.discarded_at is None:
            yield _answer_kept(row, row.snapshot)
        if row.page_id is not None and row.page_id not in pages:
            pages.add(row.page_id)
            for key in Capture.objects.filter(page=row.page_id).values_list("pk", flat=True):
                yield _capture_kept(Capture.objects.select_related("body", "words").get(pk=key))


def _answer_kept(row: Evidence, snapshot: Snapshot) -> Kept:
    return Kept(
        url=snapshot.url or row.url, at=snapshot.retrieved_at, content=bytes(snapshot.content),
        content_type=snapshot.content_type, sha256=snapshot.sha256,
    )  # fmt: skip


def _capture_kept(capture: Capture) -> Kept:
    return Kept(
        url=capture.url, at=capture.at, content=bytes(capture.body.content), content_type=capture.body.content_type,
        sha256=capture.body.sha256, status=capture.status,
        headers=tuple((str(name), str(value)) for name, value in capture.headers),
        words=bytes(capture.words.content).decode("utf-8", errors="replace"),
    )  # fmt: skip
