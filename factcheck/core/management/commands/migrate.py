"""`manage.py migrate`, which also mends the search indexes that a rebuilt table has lost."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from factcheck.core.textindex import text_indexes_mend


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        text_indexes_mend(using=options["database"])
