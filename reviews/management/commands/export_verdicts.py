"""`manage.py export_verdicts --format claimreview|datacommons|csv|jsonl`: everything published."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

from factcheck.core.commands import FactcheckCommand, to_json_line, use_utf8
from reviews.selectors.dump import COLUMNS, cell
from reviews.selectors.page import all_rows, data_feed_parts, flat_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser, OutputWrapper


def write_claimreview(out: OutputWrapper) -> None:
    """One ClaimReview a line; what was retracted is left out."""
    for row in all_rows():
        if row.document:
            out.write(to_json_line(row.document))


def write_datacommons(out: OutputWrapper) -> None:
    for part in data_feed_parts():
        out.write(part, ending="")


def write_csv(out: OutputWrapper) -> None:
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in all_rows():
        table.writerow({name: cell(value) for name, value in flat_values(row).items()})


def write_jsonl(out: OutputWrapper) -> None:
    for row in all_rows():
        out.write(to_json_line(flat_values(row)))


FORMATS: dict[str, Callable[[OutputWrapper], None]] = {
    "claimreview": write_claimreview,
    "datacommons": write_datacommons,
    "csv": write_csv,
    "jsonl": write_jsonl,
}


class Command(FactcheckCommand):
    help = "Write everything published to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="claimreview")

    def handle(self, *args: Any, **options: Any) -> None:
        use_utf8(sys.stdout)
        # The csv writer ends its own lines.
        self.stdout.ending = "" if options["format"] == "csv" else "\n"
        FORMATS[options["format"]](self.stdout)
