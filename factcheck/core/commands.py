"""Base classes of the commands: errors become clean messages, JSON Lines go in and out."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Final

from django.core.management.base import BaseCommand, CommandError

from factcheck.core.errors import FactcheckError
from factcheck.core.inputs import STDIN, Row, read_bytes, read_lines, read_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from django.core.management.base import CommandParser

    from factcheck.core.inputs import Line

SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Question:
    """Something to answer with one line. `key()` names it ("id" or "path") where answering it fails."""

    key: Callable[[], Mapping[str, object]]
    answer: Callable[[], Mapping[str, object]]


class FactcheckCommand(BaseCommand):
    """A command whose broken rules reach the terminal as one sentence and its code, with exit status 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except FactcheckError as error:
            raise CommandError(f"{error.detail} ({error.code})") from error


class JsonLinesCommand(FactcheckCommand):
    """Answers each question with one JSON object a line and touches no database.

    A subclass says in `questions` what there is to answer, mostly with `line_questions` (JSON Lines in) or
    `document_questions` (every path is one document). A question that raises a `FactcheckError` is answered
    with its key and `{"error": {"code", "detail"}}`; the rest goes on and the exit status is 1.
    """

    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]  # Django sets it on the instance
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            default=[STDIN],
            metavar="PATH",
            help="files to read, unpacked when the name ends in .gz; - or nothing is standard input",
        )

    def questions(self, options: dict[str, Any]) -> Iterable[Question]:
        """What to answer, in order; lazily, so that a large input is never held whole."""
        raise NotImplementedError

    @property
    def stdin(self) -> BinaryIO:
        """Standard input as bytes."""
        return sys.stdin.buffer

    def handle(self, *args: Any, **options: Any) -> None:
        use_utf8(sys.stdout)
        try:
            failed, total = self._answer_all(self.questions(options))
        except BrokenPipeError:
            # The reader went away (`| head`). Python would complain once more on closing the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if failed:
            raise CommandError(f"{failed} of {total} could not be answered.", returncode=1)

    def _answer_all(self, questions: Iterable[Question]) -> tuple[int, int]:
        failed = total = 0
        for question in questions:
            total += 1
            answer, ok = answer_question(question)
            failed += not ok
            self.stdout.write(to_json_line(answer))
            self.stdout.flush()
        return failed, total


def answer_question(question: Question) -> tuple[Mapping[str, object], bool]:
    """The answer, or the key with the error; and whether it was answered."""
    try:
        return question.answer(), True
    except FactcheckError as error:
        return {**question.key(), "error": {"code": error.code, "detail": error.detail}}, False


def line_questions(
    paths: Iterable[str], stdin: BinaryIO, answer: Callable[[Row], Mapping[str, object]]
) -> Iterator[Question]:
    """One question a line of JSON; `answer(row)` gets the object and gives the answer without its "id"."""
    for line in read_lines(paths, stdin):
        yield _line_question(line, answer)


def document_questions(
    paths: Iterable[str], stdin: BinaryIO, answer: Callable[[bytes, str], Mapping[str, object]], *, limit: int
) -> Iterator[Question]:
    """One question a path; `answer(data, path)` gets at most `limit` + 1 bytes and gives the whole answer."""
    for path in paths:
        yield _document_question(path, stdin, answer, limit)


def to_json_line(answer: Mapping[str, object]) -> str:
    """JSON on one line, characters as they are; a lone surrogate stays escaped, since UTF-8 has none."""
    line = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    return SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", line)


def use_utf8(stream: object) -> None:
    """Answers are UTF-8 whatever the terminal's locale says; a stream that cannot change is left alone."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", newline="\n")


def _line_question(line: Line, answer: Callable[[Row], Mapping[str, object]]) -> Question:
    row: Row = {}

    def work() -> Mapping[str, object]:
        row.update(read_row(line))
        return {"id": row.get("id"), **answer(row)}

    return Question(key=lambda: {"id": row.get("id")}, answer=work)


def _document_question(
    path: str, stdin: BinaryIO, answer: Callable[[bytes, str], Mapping[str, object]], limit: int
) -> Question:
    return Question(
        key=lambda: {"path": path},
        answer=lambda: answer(read_bytes(path, stdin, limit=limit), path),
    )
