"""`manage.py dump_archive FILE`: everything published as a ZIP with its licence; `-` is standard output."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.core.commands import FactcheckCommand
from factcheck.core.inputs import STDIN
from reviews.selectors.dump import dump_parts

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(FactcheckCommand):
    help = "Write everything published as one ZIP: ClaimReviews, tables, licence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The ZIP to write; - for standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] == STDIN:
            for part in dump_parts():
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
            return
        path = Path(options["file"])
        beside = path.with_name(f"{path.name}.part")
        try:
            with beside.open("wb") as file:
                for part in dump_parts():
                    file.write(part)
                os.fsync(file.fileno())
            beside.replace(path)  # whole, or not there
        finally:
            beside.unlink(missing_ok=True)
        self.stderr.write(f"{path}: {path.stat().st_size} bytes")
