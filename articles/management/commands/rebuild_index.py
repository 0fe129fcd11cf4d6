"""`manage.py rebuild_index`: everything the matcher knows of the archive, made anew."""

from __future__ import annotations

from typing import Any

from articles.matching import embedder
from articles.services.matching import index_rebuild
from factcheck.core.commands import FactcheckCommand, to_json_line


class Command(FactcheckCommand):
    help = "Make the matcher's signature of every checked claim anew. Matching goes on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        encoder = embedder()
        made = index_rebuild(progress=lambda done: self.stderr.write(f"indexed {done} reviews"))
        self.stdout.write(to_json_line({"indexed": made, "model": encoder.name if encoder else ""}))
