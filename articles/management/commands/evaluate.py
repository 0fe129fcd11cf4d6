"""`manage.py evaluate --data DIR`: every figure of the quality table, against its recorded floor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import CommandError

from articles.quality.floors import FLOORS_FILE, bound_of, broken, read_floors
from articles.quality.speed import measure_speed, peak_memory, story_of_words
from articles.quality.tasks import TASKS
from factcheck.core.commands import FactcheckCommand
from factcheck.core.inputs import read_lines, read_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.core.management.base import CommandParser

    from articles.quality.floors import Floors
    from articles.quality.tasks import Task

SAMPLE: Path = Path(__file__).parents[2] / "sample"


class Command(FactcheckCommand):
    # The checks would load every page of the desk, and the memory of the command stands for that of a worker.
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]  # Django sets it on the instance
    help = "Measure extraction on labelled data; exit status 1 when a figure misses its recorded floor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, help="the folder of the labelled files")
        parser.add_argument("--floors", type=Path, default=FLOORS_FILE, help="TOML with [at_least] and [at_most]")
        parser.add_argument(
            "--only", action="append", choices=[task.name for task in TASKS], help="measure just this"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        floors = read_floors(options["floors"])
        figures: dict[str, float] = {}
        chosen = [task for task in TASKS if not options["only"] or task.name in options["only"]]
        for task in chosen:
            path = options["data"] / task.file
            if not path.is_file():
                self.stderr.write(f"{task.name}: {task.file} is not there, not measured")
                continue
            figures |= self._shown(measured(task, path), floors)
        if not figures:
            raise CommandError("None of the files is in that folder, nothing was measured.")
        if not options["only"]:
            figures |= self._shown(costs(), floors)
        missed = list(broken(figures, floors))
        if missed:
            raise CommandError(f"Under the recorded floor: {', '.join(missed)}")

    def _shown(self, figures: Mapping[str, float], floors: Floors) -> Mapping[str, float]:
        for name, value in figures.items():
            self.stdout.write(f"{name:32} {value:9.4f}  {bound_of(name, floors)}".rstrip())
        return figures


def measured(task: Task, path: Path) -> dict[str, float]:
    """The figures of one task by "task.figure"; raises `Invalid` on the first line that is no JSON object."""
    rows: Iterator[Mapping[str, Any]] = (read_row(line) for line in read_lines([str(path)], sys.stdin.buffer))
    return {f"{task.name}.{name}": value for name, value in task.measure(rows).items()}


def costs() -> dict[str, float]:
    """Time and memory, measured on the sample stories that are shipped."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.rglob("*.txt"))]
    speed = {f"speed.{name}": value for name, value in measure_speed(story_of_words(texts)).items()}
    return {**speed, "memory.mb": peak_memory()}
