"""`manage.py score_sentences`: how much each sentence is worth checking, and why, as JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.extraction.checkworthy import score_sentence
from articles.extraction.facts import states_fact
from articles.extraction.serialise import reason_to_json
from factcheck.core.commands import JsonLinesCommand, line_questions
from factcheck.core.inputs import text_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factcheck.core.commands import Question
    from factcheck.core.inputs import Row

NEEDS = '"id" and "text"'


class Command(JsonLinesCommand):
    help = "Score sentences given as JSON Lines. Touches no database."

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        return line_questions(options["paths"], self.stdin, answer_row)


def answer_row(row: Row) -> Mapping[str, object]:
    """Score, verdicts and reasons of one sentence. Raises `Invalid` when "text" is missing or no string."""
    before, after, speaker = (
        text_field(row, name, needs=NEEDS, default="") for name in ("before", "after", "speaker")
    )
    text = text_field(row, "text", needs=NEEDS)
    scored = score_sentence(text, before, after, speaker)
    return {
        "score": scored.score,
        "check_worthy": scored.check_worthy,
        "verifiable": states_fact(text),
        "reasons": [reason_to_json(reason) for reason in scored.reasons],
    }
