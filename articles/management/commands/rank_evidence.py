"""`manage.py rank_evidence`: which passages speak to a claim, best first, and which way, as JSON Lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from articles.ranking import rank
from factcheck.core.commands import JsonLinesCommand, line_questions
from factcheck.core.errors import Invalid
from factcheck.core.inputs import text_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factcheck.core.commands import Question
    from factcheck.core.inputs import Row

NEEDS = '"id", "claim" and "passages"'


class Command(JsonLinesCommand):
    help = "Rank passages against claims given as JSON Lines. Touches no database."

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        return line_questions(options["paths"], self.stdin, answer_row)


def answer_row(row: Row) -> Mapping[str, object]:
    """Ranking, scores and stances of one row; scores and stances are by passage index.

    Raises `Invalid` when "claim" is missing or no string, or "passages" is no list of strings.
    """
    ranking = rank(text_field(row, "claim", needs=NEEDS), passages_of(row))
    return {
        "ranking": list(ranking.order),
        "scores": list(ranking.scores),
        "stances": list(ranking.stances),
        "reasons": list(ranking.reasons),
    }


def passages_of(row: Row) -> list[str]:
    """The passages; `Invalid` input.missing_field or input.wrong_type otherwise."""
    passages = row.get("passages")
    if passages is None:
        raise Invalid("input.missing_field", field="passages", needs=NEEDS)
    if not isinstance(passages, list) or not all(isinstance(passage, str) for passage in passages):
        raise Invalid("input.wrong_type", field="passages", needs="a list of strings")
    return passages
