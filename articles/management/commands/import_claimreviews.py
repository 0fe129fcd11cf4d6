"""`manage.py import_claimreviews`: archives of claim reviews, ours to find claims in that were checked before."""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management.base import CommandError
from django.utils import timezone

from articles.claimreview_import import reviews_in
from articles.claimreview_import.review import REASONS
from articles.services.archive import ImportCounts, claimreviews_import
from factcheck.core.commands import FactcheckCommand, to_json_line, use_utf8
from factcheck.core.errors import FactcheckError
from factcheck.core.inputs import STDIN, open_bytes

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from articles.claimreview_import import Refusal

SHOWN = 5


class Command(FactcheckCommand):
    help = (
        "Import ClaimReview archives: JSON Lines, a JSON array, JSON-LD with @graph, an HTML page, a Data Commons "
        "DataFeed or a CSV table; unpacked when the name ends in .gz. Safe to run again. Prints the counts as JSON."
    )
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]  # Django sets it on the instance

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="files to import; - is standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        use_utf8(sys.stdout)
        counts = ImportCounts()
        failed = [path for path in options["paths"] if not self._import(path, counts)]
        self.stdout.write(to_json_line(counts.to_json()))
        if failed:
            raise CommandError(f"{len(failed)} of {len(options['paths'])} files could not be read to the end.")

    def _import(self, path: str, counts: ImportCounts) -> bool:
        """Whether the file could be read; what was read before it failed stays imported."""
        shown: Counter[str] = Counter()

        def refuse(refusal: Refusal) -> None:
            shown[refusal.reason] += 1
            if shown[refusal.reason] <= SHOWN:
                self.stderr.write(f"{path}: not taken: {REASONS[refusal.reason]} {refusal.detail}".rstrip())

        try:
            with open_bytes(path, sys.stdin.buffer) as stream:
                found = reviews_in(stream, "" if path == STDIN else path)
                claimreviews_import(found=found, today=timezone.now().date(), refuse=refuse, counts=counts)
        except FactcheckError as error:
            self.stderr.write(f"{error.detail} ({error.code})")
            return False
        except (OSError, EOFError, zlib.error) as error:
            self.stderr.write(f"{path}: {error}")
            return False
        for reason, number in shown.items():
            if number > SHOWN:
                self.stderr.write(f"{path}: {number - SHOWN} more not taken: {REASONS[reason]}")
        return True
