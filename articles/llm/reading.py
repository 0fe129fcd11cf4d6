"""A story read by a model in three stages, part by part: select, make clear, take apart.

What comes back is anchored after every stage, so a later one can only work on words that are in the text.
A candidate that a later stage passes over is kept and marked for the editor; it is never lost in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from articles.extraction.sentences import paragraphs
from articles.llm.anchoring import Anchor, Haystack, haystack
from articles.llm.prompts import question
from factcheck.core.errors import FactcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from articles.extraction.base import Span, Story
    from articles.llm.ports import Stage
    from articles.llm.schema import Proposed
    from articles.llm.talk import Talk

PART: Final = 3_000
"""Code points a part of a story has at most: some twenty-five sentences, whose claims fit into one answer."""

BEFORE: Final = 600  # code points of the story's beginning, and of what stands before a part, given as context
_NEXT_PART: Final = frozenset({"llm.refused", "llm.truncated"})  # this part is lost, the next may be read


class Placed(NamedTuple):
    """A claim of the model with its place in the text."""

    proposed: Proposed
    anchor: Anchor

    @property
    def span(self) -> Span:
        return self.anchor.start, self.anchor.end


@dataclass(slots=True)
class Counts:
    """What was proposed in all stages, and what became of it."""

    proposed: int = 0
    dropped: int = 0  # the quotation is not in the text
    unverifiable: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """`claims` in text order. `trouble` is why a part could not be read, the last one where there were several."""

    claims: tuple[Placed, ...]
    parts: int
    parts_read: int
    counts: Counts
    trouble: FactcheckError | None = None


def read_story(story: Story, talk: Talk) -> Read:
    """Read what can be read; trouble does not lose the parts before it."""
    return _Reader(story, talk).read()


@dataclass(slots=True)
class _Reader:
    story: Story
    talk: Talk
    counts: Counts = field(default_factory=Counts)

    def read(self) -> Read:
        parts = parts_of(self.story)
        placed: list[Placed] = []
        done, trouble = 0, None
        for part in parts:
            try:
                placed += self._part(part)
                done += 1
            except FactcheckError as error:
                trouble = error
                if error.code not in _NEXT_PART:
                    break
        return Read(self._once(placed), len(parts), done, self.counts, trouble)

    def _part(self, part: Span) -> list[Placed]:
        hay = haystack(self.story.text[slice(*part)], part[0])
        candidates: list[Placed] = []
        for stage in STAGES:
            if stage != STAGES[0] and not candidates:
                break
            candidates = self._stage(stage, hay, part, candidates)
        return candidates

    def _stage(self, stage: Stage, hay: Haystack, part: Span, before: list[Placed]) -> list[Placed]:
        answered = self.talk.ask(
            question(
                stage,
                hay.text,
                written_on=self.story.written_on.isoformat() if self.story.written_on else "",
                context=_context(self.story, part),
                candidates=[one.proposed for one in before],
            )
        )
        placed = list(self._placed(hay, answered, [one.span for one in before]))
        carried = [*placed, *_passed_over(before, placed)]
        checkable = [one for one in carried if _is_checkable(one.proposed)]
        self.counts.unverifiable += len(carried) - len(checkable)
        return sorted(checkable, key=lambda one: one.span)

    def _placed(self, hay: Haystack, answered: Sequence[Proposed], within: Sequence[Span]) -> Iterator[Placed]:
        self.counts.proposed += len(answered)
        after = 0
        for one in answered:
            anchor = hay.find(one.quote, within=within, after=after)
            if anchor is None:
                self.counts.dropped += 1
                continue
            after = anchor.start
            quote = self.story.text[anchor.start : anchor.end]
            yield Placed(replace(one, quote=quote), anchor)

    def _once(self, placed: Sequence[Placed]) -> tuple[Placed, ...]:
        kept: dict[Span, Placed] = {}
        wordings: set[str] = set()
        for one in placed:
            wording = one.proposed.claim.casefold()
            if one.span in kept or wording in wordings:
                self.counts.repeated += 1
                continue
            kept[one.span] = one
            wordings.add(wording)
        return tuple(kept.values())


STAGES: Final[tuple[Stage, ...]] = ("selection", "disambiguation", "decomposition")


def _passed_over(before: Sequence[Placed], placed: Sequence[Placed]) -> Iterator[Placed]:
    for one in before:
        start, end = one.span
        if not any(start < other.anchor.end and other.anchor.start < end for other in placed):
            yield one._replace(proposed=replace(one.proposed, ambiguous=True))


def _is_checkable(proposed: Proposed) -> bool:
    return proposed.verifiable and proposed.kind not in {"prediction", "opinion"}


def _context(story: Story, part: Span) -> str:
    """Title, beginning, and what stands right before the part: where names and dates are said in full."""
    pieces = [story.title] if story.title else []
    if part[0]:
        pieces += [story.text[: min(BEFORE, part[0])], story.text[max(0, part[0] - BEFORE) : part[0]]]
    return "\n".join(piece.strip() for piece in pieces)


def parts_of(story: Story) -> list[Span]:
    """Runs of whole paragraphs of at most `PART` code points; a longer paragraph is cut between words."""
    blocks = [(block.start, block.end) for block in story.blocks] or paragraphs(story.text)
    parts: list[Span] = []
    for start, end in (piece for block in blocks for piece in _pieces(story.text, block)):
        if parts and end - parts[-1][0] <= PART:
            parts[-1] = parts[-1][0], end
        else:
            parts.append((start, end))
    return parts


def _pieces(text: str, block: Span) -> Iterator[Span]:
    start, end = block
    while end - start > PART:
        cut = max(text.rfind(". ", start, start + PART) + 1, text.rfind(" ", start + PART // 2, start + PART))
        cut = cut if cut > start else start + PART
        yield start, cut
        start = cut
    yield start, end
