"""`manage.py rebuild_index`: everything the matcher knows of the archive, and the search indexes, made anew."""

from __future__ import annotations

from typing import Any

from articles.matching import embedder
from articles.services.matching import index_rebuild
from factcheck.core.commands import FactcheckCommand, to_json_line
from factcheck.core.textindex import text_indexes_rebuild


class Command(FactcheckCommand):
    help = (
        "Make the search indexes and the matcher's signature of every checked claim anew. Matching goes on meanwhile."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        searched = text_indexes_rebuild()
        encoder = embedder()
        made = index_rebuild(progress=lambda done: self.stderr.write(f"indexed {done} reviews"))
        self.stdout.write(
            to_json_line({"indexed": made, "model": encoder.name if encoder else "", "searched": searched})
        )
