"""Walk the audit trail and say whether every link holds."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from factcheck.audit.selectors import chain_check


class Command(BaseCommand):
    help = "Walk the hash chain of the audit trail; exit status 1 and the first broken link if it does not hold."

    def handle(self, *_args: Any, **_options: Any) -> None:
        report = chain_check()
        self.stdout.write(
            json.dumps(
                {"walked": report.walked, "ok": report.broken_at is None, "broken_at": report.broken_at,
                 "problem": report.problem}
            )
        )  # fmt: skip
        if report.broken_at is not None:
            sys.exit(1)
