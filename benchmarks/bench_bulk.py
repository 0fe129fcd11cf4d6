"""Ten thousand stories taken in with one `ingest`: does the cost of each grow, does the memory, and beside what else?

    python benchmarks/bench_bulk.py [--articles 10000] [--postgres] [--extract] [--pages 500]

1. A JSON Lines file of made-up stories (`tests/made_up.py`) is taken into an empty database. Processor time (of the
   database server too) is taken every thousand stories; memory is the largest that was seen after every fifty.
2. With `--extract` the claims of all of them are found as well, again by the thousand.
3. A folder of made-up pages is taken in, and read by trafilatura's own command for folders, which stores nothing in a
   database: what somebody would use who only wants the texts.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from factcheck.launch import postgres  # noqa: E402

STACK = ExitStack()
FOLDER = Path(STACK.enter_context(tempfile.TemporaryDirectory(prefix="bench-bulk-")))
ON_POSTGRES = "--postgres" in sys.argv
os.environ["DATABASE_URL"] = (
    STACK.enter_context(postgres.server()) if ON_POSTGRES else f"sqlite:///{FOLDER / 'bench.sqlite3'}"
)
os.environ["DATA_DIR"] = str(FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

import django  # noqa: E402

django.setup()

from bench_ingest import page  # noqa: E402
from django.core.management import call_command  # noqa: E402
from report import write  # noqa: E402

from articles.models import Claim, ClaimRelation, Revision, StoryLink  # noqa: E402
from articles.services.extraction import revision_extract  # noqa: E402
from tests.made_up import story  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = 1_000
MEGABYTE = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--extract", action="store_true", help="find the claims too")
    options = parser.parse_args()
    with STACK:
        write(f"bulk-{'postgres' if ON_POSTGRES else 'sqlite'}", measure(FOLDER, options))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    figures: dict[str, Any] = {"articles": options.articles, "taking in": taking_in(folder, options.articles)}
    if options.extract:
        figures["finding claims"] = finding_claims()
    figures["a folder of pages"] = beside_trafilatura(folder, options.pages)
    return figures


# --- ten thousand stories -------------------------------------------------------------------------------
class Clock(io.StringIO):
    """Standard output of the command: an answer a line, and a look at the clock every thousand."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        self.largest = memory()
        self.marks = [spent()]

    def write(self, text: str, /) -> int:
        self.lines += 1
        if self.lines % 50 == 0:
            self.largest = max(self.largest, memory())
        if self.lines % STEP == 0:
            self.marks.append(spent())
        return len(text)


def taking_in(folder: Path, count: int) -> dict[str, Any]:
    path = folder / "stories.jsonl"
    write_stories(path, count)
    before = memory()
    call_command("ingest", str(warm_up(folder)), stdout=io.StringIO(), stderr=io.StringIO())
    clock = Clock()
    call_command("ingest", str(path), stdout=clock, stderr=sys.stderr)
    return by_thousand(clock.marks) | {"megabytes above the start": round(clock.largest - before, 1)}


def write_stories(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            # Every fourth is another outlet's report of the event before.
            event, outlet = (number - 1, 2) if number % 4 == 3 else (number, number % 2)
            text = story(event, outlet=outlet)
            file.write(json.dumps({"text": text, "url": f"https://outlet{outlet}.example/{event}"}) + "\n")


def warm_up(folder: Path) -> Path:
    path = folder / "warm.jsonl"
    path.write_text("".join(json.dumps({"text": story(10**6 + number)}) + "\n" for number in range(50)))
    return path


def finding_claims() -> dict[str, Any]:
    keys = list(Revision.objects.order_by("pk").values_list("pk", flat=True))
    marks, before, largest = [spent()], memory(), 0.0
    for number, pk in enumerate(keys, start=1):
        revision_extract(revision_id=pk)
        if number % STEP == 0:
            marks.append(spent())
            largest = max(largest, memory())
            sys.stderr.write(f"claims of {number:,} stories found\n")
    counts = {"claims": Claim.objects.count(), "pairs of articles": StoryLink.objects.count() // 2}
    counts["pairs of claims"] = ClaimRelation.objects.filter(kind="twin").count() // 2
    return by_thousand(marks) | {"megabytes above the start": round(largest - before, 1)} | counts


def by_thousand(marks: list[float]) -> dict[str, Any]:
    each = [1000 * (after - before) / STEP for before, after in pairwise(marks)]
    return {
        "milliseconds of processor time a story, by the thousand": [round(ms, 2) for ms in each],
        "last thousand against the first": round(each[-1] / each[0], 3),
    }


# --- beside something else ------------------------------------------------------------------------------
def beside_trafilatura(folder: Path, count: int) -> dict[str, Any]:
    pages, chance = folder / "pages", random.Random(11)
    pages.mkdir()
    for number in range(count):
        (pages / f"{number:05d}.html").write_text(page(chance), encoding="utf-8")
    began = spent()
    call_command("ingest", str(pages), stdout=io.StringIO(), stderr=sys.stderr)
    ours = spent() - began
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    argv = [Path(sys.executable).with_name("trafilatura"), "--input-dir", pages, "--output-dir", folder / "out"]
    subprocess.run([*argv, "--output-format", "json", "--no-comments"], check=True, capture_output=True)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    theirs = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    return {
        "pages": count,
        "ingest, milliseconds of processor time a page": round(1000 * ours / count, 2),
        "trafilatura on the folder": round(1000 * theirs / count, 2),
        "times as fast": round(theirs / ours, 2),
    }


# --- clocks ---------------------------------------------------------------------------------------------
def spent() -> float:
    """Processor seconds of this process and of what it has started and is still running, such as PostgreSQL."""
    return time.process_time() + sum(of_server())


def of_server() -> Iterator[float]:
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        yield times.user + times.system


def memory() -> float:
    return psutil.Process().memory_info().rss / MEGABYTE


if __name__ == "__main__":
    main()
