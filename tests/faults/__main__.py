"""Everything dies while claims are asked about: `python -m tests.faults 500` (`make faults`, CLAIMS=10000).

A PostgreSQL, a Valkey and two workers of its own; five sources on loopback, of which one is quiet, one slow, one
lies, one cuts its answers and one is the desk's own shelf. While they are asked, first a worker is killed, then the
broker, then the database, then all three at once. In the end every question to a sound source is answered exactly
once, and every other one says why it is not. Exits with 1 and says what was lost where that is not so.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import django

from factcheck.launch import postgres

SETTINGS: Final = {
    "BROKER_VISIBILITY_SECONDS": "5", "PREFILL_LEASE_SECONDS": "6", "SWEEP_SECONDS": "1", "LOG_LEVEL": "INFO",
    "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "factcheck.settings",
}  # fmt: skip


def main() -> None:
    asked = sys.argv[1:] or ["500"]
    if len(asked) != 1 or not asked[0].isdecimal() or int(asked[0]) < 1:
        sys.exit("Say how many claims: python -m tests.faults 500")
    with postgres.cluster() as database, tempfile.TemporaryDirectory(prefix="factcheck-faults-") as folder:
        os.environ |= SETTINGS | {"DATABASE_URL": database.url}
        django.setup()
        from tests.faults.scenario import everything_dies  # noqa: PLC0415 - it reads models, which want the settings

        everything_dies(database, int(asked[0]), Path(folder))


main()
