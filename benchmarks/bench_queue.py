"""A page of the queue among many claims: how many queries, how long, and how that compares with OFFSET.

    python benchmarks/bench_queue.py [--claims 100000]

Runs on the database DATABASE_URL names if that is set (it must be empty), else on a new SQLite file.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
SCRATCH = tempfile.TemporaryDirectory(prefix="factcheck-bench-")
os.environ.setdefault("DATA_DIR", SCRATCH.name)
Path(os.environ["DATA_DIR"], "static").mkdir(exist_ok=True)
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from articles.models import Article, Claim, PrefillRun, Revision, Source  # noqa: E402
from benchmarks.report import milliseconds, write  # noqa: E402
from reviews.models import Review  # noqa: E402
from reviews.selectors.queue import Filters, queue_counts, queue_page, with_work  # noqa: E402

NOW = datetime(2026, 11, 19, tzinfo=UTC)
PER_ARTICLE = 50
KINDS = (
    {"state": "proposed"},
    {"state": "confirmed"},
    {"state": "dismissed", "dismiss_reason": "opinion", "settled": True},
)


def fill(count: int) -> User:
    """`count` claims, 50 an article: drafts, confirmed with a review, dismissed by thirds; one run each."""
    chance = random.Random(7)
    person = User.objects.create_user("checker")
    person.groups.add(Group.objects.get(name="Checker"))
    source = Source.objects.create(name="Archive", kind="archive")
    for number in range(count // PER_ARTICLE):
        made = _article(number, chance)
        Review.objects.bulk_create(
            Review(claim=claim, state="in_progress", assignee=person) if claim.pk % 7 == 0 else Review(claim=claim)
            for claim in made
            if claim.state == "confirmed"
        )
        PrefillRun.objects.bulk_create(
            PrefillRun(claim=claim, source=source, query_digest="x", not_before=NOW, state="ok") for claim in made
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


def _article(number: int, chance: random.Random) -> list[Claim]:
    article = Article.objects.create(identity=f"bench:{number}", title=f"Story {number}", state="in_check")
    text = "The Ostrel plant supplied 1,371 gigawatt-hours. " * 20
    revision = Revision.objects.create(
        article=article, number=1, text=text, sha256="0", raw=b"", raw_sha256="0", extracted_at=NOW
    )
    return Claim.objects.bulk_create(
        Claim(
            article=article,
            revision=revision,
            number=place,
            **chance.choice(KINDS),
            quote=text[place : place + 40],
            start=place,
            end=place + 40,
            statement=f"The Ostrel plant supplied {place} gigawatt-hours in story {number}.",
            speaker="Ilva Torrent",
            score=0.5,
            priority=chance.randint(15, 99),
        )
        for place in range(1, PER_ARTICLE + 1)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    count = parser.parse_args().claims
    call_command("migrate", verbosity=0)
    person = fill(count)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/")
    assert page.status_code == 200, page.status_code
    everything = with_work(Claim.objects.exclude(state="dismissed")).order_by("-priority", "-id")
    deep = everything.values_list("priority", "pk")[count // 2]
    last_page = count // 2 // 50
    figures = {
        "claims": count,
        "database": connection.vendor,
        "queries of the page": len(queries),
        "bytes of the page": len(page.content),
        "whole page, ms": milliseconds(lambda: client.get("/")),
        "rows of the first page, ms": milliseconds(lambda: queue_page(person, Filters())),
        "rows in the middle, ms": milliseconds(lambda: queue_page(person, Filters(after=deep))),
        "counts of the rail, ms": milliseconds(lambda: queue_counts(person)),
        "Paginator, first page, ms": milliseconds(lambda: list(Paginator(everything, 50).page(1)), times=5),
        "Paginator, in the middle, ms": milliseconds(
            lambda: list(Paginator(everything, 50).page(last_page)), times=5
        ),
    }
    figures["middle page, times faster than Paginator"] = round(
        figures["Paginator, in the middle, ms"] / figures["rows in the middle, ms"], 1
    )
    write(f"queue-{connection.vendor}", figures)


if __name__ == "__main__":
    main()
