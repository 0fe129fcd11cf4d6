"""The pages of the desk beside an empty view, at a thousand and at a million claims, on a PostgreSQL of its own.

    nice -n 10 python benchmarks/bench_desk.py [--claims 1000 1000000] [--rounds 60]

One run measures everything in turns, so that what else the machine does falls on all alike. The empty view is /healthz
through the same middleware. Times are those of the whole answer without a socket: p50, p95 and the process's own.
"""

# ruff: noqa: E501  (statements in SQL are read as they are run)
from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from factcheck.launch import postgres

if TYPE_CHECKING:
    from collections.abc import Callable

PER_ARTICLE = 50
MANY_CLAIMS, MUCH_EVIDENCE = 300, 100
TEXT = "The Ostrel plant supplied 1,371 gigawatt-hours. " * 20
# A third each: drafts, confirmed with a review, dismissed; one question a claim.
FILL = (
    """INSERT INTO articles_article (desk_id, identity, state, version, mode, origin, url, title, publisher, authors,
         language, dateline_place, dateline_agency, received_at, held_for)
       SELECT 1, 'bench:' || n, 'in_check', 1, 'published', 'file', '', 'Story ' || n, 'Tessel Wire', '[]', 'en', '', '',
         now() - n * interval '1 minute', '' FROM generate_series(%(first)s, %(last)s) n""",
    """INSERT INTO articles_claim (article_id, revision_id, number, state, version, quote, start, "end", prefix, suffix,
         statement, needs_context, speaker, speech, stance_of_speaker, kind, dates, entities, score, reasons, priority,
         origin, extractor, dismiss_reason, stale_anchor, settled, created_at, priority_parts, ranked{more})
       SELECT a.id, a.current_id, k, (array['proposed','confirmed','dismissed'])[1 + (a.id + k) %% 3], 1,
         substr(r.text, k, 40), k, k + 40, '', '', 'The Ostrel plant supplied ' || k || ' gigawatt-hours in ' || a.title,
         false, 'Ilva Torrent', 'indirect', 'asserts', 'quantity', '[]', '[]', 0.5,
         '[{{"name": "exact number", "weight": 1.2, "words": "1,371"}}]', 15 + (a.id * 7 + k * 13) %% 85, 'machine', 'bench',
         CASE WHEN (a.id + k) %% 3 = 2 THEN 'opinion' ELSE '' END, false, (a.id + k) %% 3 = 2, now(), '[]', true{values}
       FROM articles_article a JOIN articles_revision r ON r.id = a.current_id
         CROSS JOIN generate_series(1, %(per)s) k WHERE a.identity LIKE 'bench:%%'""",
    """INSERT INTO reviews_review (claim_id, active, state, version, assignee_id, wait_kind, wait_note, created_at,
         changed_at{review_more})
       SELECT id, true, CASE WHEN id %% 7 = 0 THEN 'in_progress' ELSE 'queued' END, 1,
         CASE WHEN id %% 7 = 0 THEN %(person)s END, '', '', now(), now(){review_values}
       FROM articles_claim WHERE state = 'confirmed' AND extractor = 'bench'""",
    """INSERT INTO articles_prefillrun (claim_id, source_id, query_digest, query, state, tries, not_before, urgency, turn,
         queued_at, created_at, found, error_code, error_detail, request_url{run_more})
       SELECT id, %(source)s, 'x', '{{}}', 'ok', 1, now(), 2, 0, now(), now(), 0, '', '', ''{run_values}
       FROM articles_claim WHERE extractor = 'bench'""",
)


def percentile(values: list[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def in_turns(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, dict[str, float]]:
    """Every work once a round; milliseconds: median, 95th percentile, and processor time of this process."""
    wall: dict[str, list[float]] = {name: [] for name in works}
    own: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 3):
        for name, work in works.items():
            began, ran = time.perf_counter(), time.process_time()
            work()
            if number >= 3:  # the first ones fill caches
                wall[name].append((time.perf_counter() - began) * 1000)
                own[name].append((time.process_time() - ran) * 1000)
    return {
        name: {
            "p50": round(percentile(wall[name], 0.5), 2), "p95": round(percentile(wall[name], 0.95), 2),
            "own p50": round(percentile(own[name], 0.5), 2),
        }
        for name in works
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as scratch, postgres.server() as url:
        os.environ |= {"DATA_DIR": scratch, "DATABASE_URL": url, "LOG_LEVEL": "ERROR",
                       "DJANGO_SETTINGS_MODULE": "factcheck.settings"}  # fmt: skip
        Path(scratch, "static").mkdir()
        measure(asked.claims, asked.rounds)


def measure(sizes: list[int], rounds: int) -> None:
    import django  # noqa: PLC0415  (the database is known only now)

    django.setup()
    from benchmarks.desk_filled import Filled  # noqa: PLC0415
    from benchmarks.report import write  # noqa: PLC0415

    desk = Filled()
    figures: dict[str, Any] = {"database": "postgresql", "rounds": rounds}
    for size in sorted(sizes):
        seconds = desk.grow(size)
        found = in_turns(desk.works(), rounds)
        empty = found["empty view"]["p95"]
        for each in found.values():
            each["times the empty view's p95"] = round(each["p95"] / empty, 1)
        figures[f"{size:,} claims"] = {"filled in s": seconds, **desk.counted(), "ms": found}
    small, large = (figures[f"{size:,} claims"]["ms"] for size in (min(sizes), max(sizes)))
    figures["large to small, p50"] = {name: round(large[name]["p50"] / small[name]["p50"], 2) for name in small}
    write("desk-postgresql", figures)


if __name__ == "__main__":
    main()
