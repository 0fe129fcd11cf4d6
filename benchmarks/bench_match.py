"""How fast an archive is imported and matched, and, given gold data, how well.

    .venv/bin/python benchmarks/bench_match.py [--reviews 60000] [--archive FILE] [--questions FILE]

Without files it makes an archive of its own from word lists, on a database of its own in a temporary folder
(or on the one in DATABASE_URL_BENCH). ARCHIVE is anything `import_claimreviews` reads; QUESTIONS are JSON Lines
with "text" and, for MAP@5, "relevant" (ids of reviews). One process, one thread.
"""

# ruff: noqa: PLC0415  (Django may be imported only once its settings are in the environment)
from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("Veldt", "Holm", "Ellis", "Norrby", "Castra", "Lindau", "Perth", "Osk", "Brenn", "Tarn")
WHO = ("mayor", "minister", "army", "union", "hospital", "school", "court", "bank", "harbour", "museum")
DID = ("sold", "closed", "doubled", "cut", "built", "lost", "found", "banned", "taxed", "paid")
WHAT = (
    "bridges",
    "drones",
    "rents",
    "schools",
    "ferries",
    "vaccines",
    "pensions",
    "ballots",
    "trains",
    "forests",
    "wells",
    "roads",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviews", type=int, default=60_000)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--questions", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = options.archive or made_archive(Path(folder) / "archive.jsonl", options.reviews)
        environment = os.environ | {
            "DATA_DIR": folder,
            "DATABASE_URL": os.environ.get("DATABASE_URL_BENCH", f"sqlite:///{folder}/bench.sqlite3"),
            "OPENBLAS_NUM_THREADS": "1",
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, __file__, "--inside", str(archive), str(options.questions or "")]
        subprocess.run(command, env=environment, check=True, cwd=ROOT)


def made_archive(path: Path, number: int) -> Path:
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as out:
        for at in range(number):
            review = {
                "@type": "ClaimReview", "@id": f"urn:bench:{at}", "claimReviewed": statement(chance),
                "author": {"name": "Bench"}, "datePublished": f"{chance.randint(2010, 2025)}-05-11",
                "reviewBody": " ".join(statement(chance) for _ in range(8)),
                "reviewRating": {"alternateName": chance.choice(["True", "False", "Mixed"])},
            }  # fmt: skip
            out.write(json.dumps(review) + "\n")
    return path


def statement(chance: random.Random) -> str:
    pick = chance.choice
    who, number, year = f"The {pick(WHO)} of {pick(PLACES)}", chance.randint(2, 900), chance.randint(1990, 2025)
    return f"{who} {pick(DID)} {number} {pick(WHAT)} in {year}."


def inside(archive: str, questions: str) -> None:
    """In a process whose settings point at the bench database."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "factcheck.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from articles.models import CheckedClaim
    from articles.selectors.matching import Query, current_index, matching_claims
    from articles.services.matching import claims_index

    call_command("migrate", verbosity=0)
    begin, used = time.perf_counter(), time.process_time()
    call_command("import_claimreviews", archive)
    wall, cpu = time.perf_counter() - begin, time.process_time() - used
    total = CheckedClaim.objects.count()
    show("import", reviews=total, seconds=wall, a_second=total / wall, a_processor_second=total / cpu)
    begin, used = time.perf_counter(), time.process_time()
    claims_index()
    wall, cpu = time.perf_counter() - begin, time.process_time() - used
    show("index", reviews=total, seconds=wall, a_second=total / wall, a_processor_second=total / cpu)
    begin = time.perf_counter()
    current_index()
    show("load", seconds=time.perf_counter() - begin)
    chance = random.Random(2)
    rows: list[dict[str, Any]] = [{"text": statement(chance)} for _ in range(300)]
    if questions:
        rows = [json.loads(line) for line in Path(questions).read_text(encoding="utf-8").splitlines()]
    matching_claims(Query("warm up"))
    took, took_cpu, points = [], [], 0.0
    for row in rows:
        begin, used = time.perf_counter(), time.process_time()
        found = matching_claims(Query(row["text"]))
        took.append(time.perf_counter() - begin)
        took_cpu.append(time.process_time() - used)
        points += average_precision(set(row.get("relevant", [])), [one.claim.reference for one in found[:5]])
    show(
        "match", questions=len(rows), p50_ms=at(took, 0.5), p95_ms=at(took, 0.95), p95_processor_ms=at(took_cpu, 0.95)
    )
    if questions:
        show("quality", map_at_5=points / len(rows))


def at(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))] * 1000


def average_precision(wanted: set[str], got: list[str]) -> float:
    hits, total = 0, 0.0
    for rank, one in enumerate(got, start=1):
        if one in wanted:
            hits += 1
            total += hits / rank
    return total / min(len(wanted), 5) if wanted else 0.0


def show(what: str, **figures: float) -> None:
    print(what, json.dumps({name: round(value, 4) for name, value in figures.items()}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(*sys.argv[2:4])
    else:
        main()
