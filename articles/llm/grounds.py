"""Whether a wording says only what the story gives: no new number, no new name, no denial turned round."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from articles.extraction.dates import find_dates
from articles.extraction.lists import words as word_list
from articles.extraction.sentences import split_sentences
from articles.llm.anchoring import is_negated, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from articles.extraction.base import Story

LONGEST: Final = 500  # code points of a statement
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OPENERS: Final = word_list(
    "a about according after all among an and around as at because before between both by during each every few for"
    " from he her his if in it its less many more most much nearly no none not of on one only over she since some"
    " that the their there these they this those to two under until up we when where which while who with"
)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a story gives to take words from."""

    words: frozenset[str]
    numbers: frozenset[str]

    def new_in(self, statement: str, quote: str) -> list[str]:
        """What a statement about `quote` has that the story does not give; empty where it may be used.

        Names are words with a capital letter; numbers are those in figures, and those of dates the story's words
        stand for. That a denial was added or lost is said in words.
        """
        if not statement or len(statement) > LONGEST:
            return ["length"]
        strange = [word for word in _names(statement) if word.casefold() not in self.words]
        strange += sorted(numbers(statement) - self.numbers)
        if is_negated(statement) != is_negated(quote):
            strange.append("denied or not")
        return strange


def grounds_of(story: Story) -> Grounds:
    """Words and numbers of text and title, with the days, months and years that its dates resolve to."""
    text = f"{story.title}\n{story.text}"
    days = [
        found.value
        for sentence in split_sentences(story.text, story.blocks)
        for found in find_dates(story.text, *sentence, story.written_on)
    ]
    if story.written_on:
        days.append(story.written_on.isoformat())
    words = {word.casefold() for word in _parts(text)}
    months = {int(month) for day in days for month in re.findall(r"\d{4}-(\d\d)", day)}
    words |= {calendar.month_name[month].casefold() for month in months}
    dated = {str(int(figure)) for day in days for figure in re.findall(r"\d+", day)}
    return Grounds(frozenset(words), frozenset(numbers(text) | dated))


def _names(statement: str) -> Iterator[str]:
    for place, word in enumerate(_parts(statement)):
        if word[0].isupper() and not (place == 0 and word.casefold() in _OPENERS):
            yield word


def _parts(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        yield re.sub(r"['’]s?$", "", match.group()) or match.group()
