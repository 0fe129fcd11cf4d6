"""`manage.py match_claims`: was it checked before? JSON Lines in and out, over imported and own reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from articles.claimreview_import.values import day
from articles.matching import embedder
from articles.selectors.matching import FoundMatch, Query, matching_claims
from articles.services.matching import claims_index, outdated_mark
from factcheck.core.commands import JsonLinesCommand, line_questions
from factcheck.core.errors import Invalid
from factcheck.core.inputs import text_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.core.management.base import CommandParser

    from factcheck.core.commands import Question
    from factcheck.core.inputs import Row

NEEDS: Final = '"id" and "text"'


class Command(JsonLinesCommand):
    help = "Find the checked claims most like each statement given as JSON Lines, with a score and why."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--top", type=int, default=20, help="matches a statement (default 20)")

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        if options["top"] < 1:
            raise Invalid("input.wrong_type", field="--top", needs="a number from 1 up")
        self._catch_up()
        return line_questions(options["paths"], self.stdin, lambda row: answer_row(row, options["top"]))

    def _catch_up(self) -> None:
        """Reviews imported a moment ago have no signature yet; here nobody waits at a screen, so make them."""
        if embedder() is None:
            self.stderr.write("The sentence encoder is not installed: matching by words only.")
        outdated_mark()
        claims_index(progress=lambda done: self.stderr.write(f"indexed {done} new reviews"))


def answer_row(row: Row, top: int) -> Mapping[str, object]:
    """The matches of one statement, best first. Raises `Invalid` for a missing text or an unreadable date."""
    query = Query(
        text=text_field(row, "text", needs=NEEDS),
        speaker=text_field(row, "speaker", needs=NEEDS, default=""),
        said_on=_said_on(text_field(row, "date", needs=NEEDS, default="")),
    )
    return {"matches": [_match_to_json(found) for found in matching_claims(query, top=top)]}


def _said_on(given: str) -> date | None:
    found = day(given, today=timezone.now().date())
    if given and found is None:
        raise Invalid("input.wrong_type", field="date", needs="a day such as 2026-05-13")
    return found


def _match_to_json(found: FoundMatch) -> dict[str, object]:
    claim = found.claim
    return {
        "id": claim.reference,
        "claim": claim.claim,
        "rating": claim.rating,
        "url": claim.url,
        "score": found.match.score,
        "why": list(found.match.why),
    }
