"""What readers and their programs ask for most, against an empty Django view and a plain DRF ModelViewSet.

    python benchmarks/bench_public.py [--few 1000] [--many 1000000]

All in one process and one run, through the WSGI application itself, in processor time of this process (median).
The empty view goes through all middleware of this project, and once more through that of `startproject` alone.
Runs on the database DATABASE_URL names if that is set (it must be empty), else on a new SQLite file; the first
rows are made through the models, each with a verdict, evidence, a version and its line, as the services would have
written them, the many by doubling them in the database.
A broker of its own counts the requests of the API, as in a desk that runs.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
SCRATCH = tempfile.TemporaryDirectory(prefix="factcheck-bench-")
os.environ.setdefault("DATA_DIR", SCRATCH.name)
Path(os.environ["DATA_DIR"], "static").mkdir(exist_ok=True)
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("API_RATE_ADDRESS", "100000000")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model, Prefetch  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import pagination, routers, serializers, viewsets  # noqa: E402
from rest_framework.permissions import AllowAny  # noqa: E402

import factcheck.urls  # noqa: E402
from articles.models import Article, Claim, Evidence, Revision  # noqa: E402
from benchmarks.report import write  # noqa: E402
from factcheck.core import limits  # noqa: E402
from factcheck.launch import broker, places  # noqa: E402
from reviews.claimreview import claim_review  # noqa: E402
from reviews.models import (  # noqa: E402
    KeptPage,
    Publication,
    PublicationVersion,
    Review,
    Verdict,
    VerdictEvidence,
    VerdictLabel,
    WebhookEvent,
)
from reviews.selectors.page import line_of  # noqa: E402
from reviews.selectors.published import claim_review_facts  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

TURN = 50
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


# --- what it is compared with --------------------------------------------------------------------------
def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class PlainVerdict(serializers.ModelSerializer[Publication]):
    """The same fields as a row of `/api/v1/verdicts/`, as one would write it by the book."""

    url = serializers.SerializerMethodField()
    statement = serializers.CharField(source="verdict.statement")
    speaker = serializers.CharField(source="verdict.speaker")
    language = serializers.CharField(source="verdict.language")
    retracted = serializers.SerializerMethodField()
    label = serializers.CharField(source="verdict.label.name")  # type: ignore[assignment]
    label_key = serializers.CharField(source="verdict.label.key")
    value = serializers.IntegerField(source="verdict.label.value")
    summary = serializers.CharField(source="verdict.summary")
    note = serializers.SerializerMethodField()
    published_at = serializers.DateTimeField(source="first_published_at")
    changed_at = serializers.DateTimeField(source="last_published_at")

    class Meta:
        model = Publication
        fields: ClassVar = [
            "slug", "url", "statement", "speaker", "language", "retracted", "label", "label_key", "value", "summary",
            "note", "published_at", "changed_at",
        ]  # fmt: skip

    def get_url(self, page: Publication) -> str:
        return f"http://127.0.0.1:8000{page.get_absolute_url()}"

    def get_retracted(self, page: Publication) -> bool:
        return page.state == "retracted"

    def get_note(self, page: Publication) -> str:
        return page.versions.all()[0].note


class ByTheBook(pagination.CursorPagination):
    page_size = 50
    ordering = "-pk"


class PlainViewSet(viewsets.ModelViewSet[Publication]):
    queryset = (
        Publication.objects.filter(state__in=["live", "retracted"])
        .select_related("verdict__label")
        .prefetch_related(Prefetch("versions", PublicationVersion.objects.order_by("-number")))
    )
    serializer_class = PlainVerdict
    pagination_class = ByTheBook
    lookup_field = "slug"
    authentication_classes: ClassVar = []
    permission_classes: ClassVar = [AllowAny]


def comparisons() -> None:
    router = routers.SimpleRouter()
    router.register("verdicts", PlainViewSet, basename="plain")
    factcheck.urls.urlpatterns[:0] = [path("empty/", empty), path("plain/", include(router.urls))]


# --- rows ----------------------------------------------------------------------------------------------
# What a copy has otherwise than its original; {n} is how many there are. Keys of rows that are copied too move along.
COPIED: dict[type[Model], dict[str, str]] = {
    Claim: {"number": "number + {n}", '"start"': '"start" + {n}', '"end"': '"end" + {n}'},
    Review: {"claim_id": "claim_id + {n}"},
    Verdict: {"review_id": "review_id + {n}"},
    Evidence: {"claim_id": "claim_id + {n}"},
    VerdictEvidence: {"verdict_id": "verdict_id + {n}", "evidence_id": "evidence_id + {n}"},
    Publication: {
        # As long as the first ones, which a list would otherwise be longer for.
        "claim_id": "claim_id + {n}", "verdict_id": "verdict_id + {n}", "slug": "'verdict-' || (id + {n})",
        "line": "replace(line, slug, 'verdict-' || (id + {n}))",
    },
    PublicationVersion: {"publication_id": "publication_id + {n}", "verdict_id": "verdict_id + {n}"},
    WebhookEvent: {"claim_id": "claim_id + {n}", "uid": "'msg_' || (id + {n})"},
}  # fmt: skip


def _copy(model: type[Model], changes: dict[str, str], count: int) -> str:
    quoted = {field.column: connection.ops.quote_name(field.column) for field in model._meta.concrete_fields}
    known = {name.strip('"'): words for name, words in {"id": "id + {n}", **changes}.items()}
    values = [known.get(column, name).replace("{n}", str(count)) for column, name in quoted.items()]
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(quoted.values())}) SELECT {', '.join(values)} FROM {table}"


class Maker:
    """Published verdicts in bulk; the first one is made in full, the others have its shape and words of their own."""

    def __init__(self) -> None:
        self.proposer = User.objects.create_user("checker")
        self.approver = User.objects.create_user("reviewer")
        article = Article.objects.create(
            identity="bench", url="https://tessel.example/1", title="Plant doubles output", publisher="Tessel Wire",
            language="en", published_at=BEGAN, state="in_check",
        )  # fmt: skip
        text = "The Ostrel plant supplied 1,371 gigawatt-hours. " * 20
        self.revision = Revision.objects.create(
            article=article, number=1, text=text, sha256="0", raw=b"", raw_sha256="0", extracted_at=BEGAN
        )
        self.article = article
        self.labels = list(VerdictLabel.objects.filter(scale__active=True).select_related("scale"))
        self.made = 0

    def fill(self, total: int) -> None:
        """The first verdicts, through the models."""
        with transaction.atomic():
            self._part(range(total))
        self.made = total
        self._settle()

    def double(self, total: int) -> float:
        """Copies in the database itself, each time as many as there are, until there are `total`; returns seconds."""
        began = time.perf_counter()
        while self.made < total:
            with transaction.atomic(), connection.cursor() as cursor:
                for model, changes in COPIED.items():
                    cursor.execute(_copy(model, changes, self.made))
            self.made *= 2
        self._settle()
        return round(time.perf_counter() - began, 1)

    def _settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")

    def _part(self, numbers: range) -> None:
        claims = Claim.objects.bulk_create(
            Claim(
                article=self.article, revision=self.revision, number=number + 1, quote="The Ostrel plant",
                start=number, end=number + 16, statement=f"The Ostrel plant supplied {number} gigawatt-hours",
                speaker="Ilva Torrent", score=0.5, priority=50, state="confirmed",
            )
            for number in numbers
        )  # fmt: skip
        reviews = Review.objects.bulk_create(Review(claim=one, active=False) for one in claims)
        verdicts = Verdict.objects.bulk_create(
            Verdict(
                review=review, number=1, label=self.labels[number % len(self.labels)], statement=one.statement,
                summary="The year before was the repair year.", rationale="It delivered 1,371 gigawatt-hours. " * 8,
                speaker="Ilva Torrent", quote=one.quote, language="en", carried_mode="published",
                carried_by="Tessel Wire", carried_url=f"https://tessel.example/{number}", carried_on=BEGAN,
                proposed_by=self.proposer, proposed_at=BEGAN, approved_by=self.approver, approved_at=BEGAN,
            )
            for number, review, one in zip(numbers, reviews, claims, strict=True)
        )  # fmt: skip
        rows = Evidence.objects.bulk_create(
            Evidence(
                claim=one, source_name="Kestrenet", external_id="row", kind="dataset", title="Generation by plant",
                url="https://kestrenet.example/data", retrieved_at=BEGAN, passage="Ostrel: 1,371 GWh",
                locator="Table 4, row 17", suggested_stance="refutes", stance="refutes", state="kept",
            )
            for one in claims
        )  # fmt: skip
        VerdictEvidence.objects.bulk_create(
            VerdictEvidence(verdict=verdict, evidence=row, stance="refutes", locator=row.locator, position=1)
            for verdict, row in zip(verdicts, rows, strict=True)
        )
        self._publish(numbers, claims, verdicts)

    def _publish(self, numbers: range, claims: list[Claim], verdicts: list[Verdict]) -> None:
        pages, versions, events = [], [], []
        for number, one, verdict in zip(numbers, claims, verdicts, strict=True):
            at = BEGAN + timedelta(seconds=number)
            page = Publication(
                claim=one, slug=f"verdict-{number}", state="live", version=2, verdict=verdict, first_published_at=at,
                last_published_at=at,
            )  # fmt: skip
            version = PublicationVersion(
                publication=page, number=1, verdict=verdict, claimreview={}, published_at=at,
                consulted={"asked": 4, "answered": 3, "at": at.isoformat(), "silent": ["Kestrenet"]},
            )  # fmt: skip
            page.line = line_of(page, version)
            pages.append(page)
            versions.append(version)
            events.append(WebhookEvent(uid=f"msg_{number:032x}", kind="verdict.published", claim=one, body="{}"))
        Publication.objects.bulk_create(pages)
        if numbers.start == 0:
            self.document = claim_review(
                claim_review_facts(publication=pages[0], verdict=verdicts[0], published_at=BEGAN)
            )
        for version in versions:
            version.publication_id = version.publication.pk
            version.claimreview = self.document
        PublicationVersion.objects.bulk_create(versions)
        WebhookEvent.objects.bulk_create(events)


# --- measuring -----------------------------------------------------------------------------------------
class Reader:
    """Calls a WSGI application as a server would, reading the whole answer."""

    def __init__(self, middleware: list[str] | None = None) -> None:
        with override_settings(**({"MIDDLEWARE": middleware} if middleware is not None else {})):
            self.application = WSGIHandler()

    def get(self, where: str, etag: str = "") -> tuple[int, dict[str, str], bytes]:
        place, _, query = where.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": place, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False, "HTTP_ACCEPT": "*/*", **({"HTTP_IF_NONE_MATCH": etag} if etag else {}),
        }  # fmt: skip
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            told.update(status=int(status[:3]), headers=dict(headers))

        answer = self.application(environ, start)
        body = b"".join(answer)
        answer.close()
        return told["status"], told["headers"], body


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of the processor time of `times` runs, in milliseconds."""
    for _ in range(10):
        work()
    return round(statistics.median(_taken(work, time.process_time) for _ in range(times)), 3)


def _taken(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return (clock() - began) * 1000


def measured(reader: Reader, times: int, slug: str) -> dict[str, float]:
    """Medians of every request and of the empty view, taken in turns: what else the machine does meets all alike."""
    works = {"empty view": lambda: reader.get("/empty/")}
    for name, where in {"page": f"/verdicts/{slug}/", "list": "/api/v1/verdicts/"}.items():
        status, headers, body = reader.get(where)
        assert (status, bool(body)) == (200, True), (where, status)
        tag = headers["ETag"]
        assert reader.get(where, tag)[0] == 304
        works[name] = lambda where=where: reader.get(where)  # type: ignore[misc]
        works[f"{name} 304"] = lambda where=where, tag=tag: reader.get(where, tag)  # type: ignore[misc]
    clocks = {"ms": time.process_time, "ms by the clock": time.perf_counter}
    taken: dict[str, list[float]] = {f"{name}, {unit}": [] for name in works for unit in clocks}
    for _ in range(max(1, times // TURN)):
        for name, work in works.items():
            for unit, clock in clocks.items():
                taken[f"{name}, {unit}"] += [_taken(work, clock) for _ in range(TURN)]
    return {name: round(statistics.median(found), 3) for name, found in taken.items()}


def against_empty(found: dict[str, float]) -> dict[str, float]:
    """Processor time of each request as a multiple of the empty view's of the same turns."""
    names = [name.removesuffix(", ms") for name in found if name.endswith(", ms") and not name.startswith("empty")]
    return {name: round(found[f"{name}, ms"] / found["empty view, ms"], 2) for name in names}


def first_reader(reader: Reader, slug: str) -> float:
    """A page that nobody has read since it changed: drawn from the rows, and kept."""

    def work() -> None:
        KeptPage.objects.all().delete()
        assert reader.get(f"/verdicts/{slug}/")[0] == 200

    return milliseconds(work, 30)


def with_broker(work: Callable[[], None]) -> None:
    socket = places.broker_socket(Path(os.environ["DATA_DIR"]))
    broker.private_folder(socket.parent)
    folder = Path(SCRATCH.name) / "broker"
    folder.mkdir(exist_ok=True)
    command = broker.command(broker.server_binary(), data=folder, socket=socket)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if broker.answers(socket=socket):
                break
            time.sleep(0.05)
        work()
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=1_000)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    comparisons()
    with_broker(lambda: run(given.few, given.many, given.times))


def run(few: int, many: int, times: int) -> None:
    # No reader is refused here, and yet the broker is asked as often as with the usual limit of 300.
    limits._STEPS = settings.API_RATE_ADDRESS // (300 // limits._STEPS)  # type: ignore[misc]
    maker, reader, bare = Maker(), Reader(), Reader(STARTPROJECT)
    maker.fill(few)
    small = measured(reader, times, f"verdict-{few // 2}")
    seconds = maker.double(many)
    many = maker.made
    slug = Publication.objects.order_by("pk").values_list("slug", flat=True)[many // 2]
    large = measured(reader, times, slug)
    nothing = large["empty view, ms"]
    nothing_bare = milliseconds(lambda: bare.get("/empty/"), times)
    plain_list = milliseconds(lambda: reader.get("/plain/verdicts/"), 100)
    plain_one = milliseconds(lambda: reader.get(f"/plain/verdicts/{slug}/"), 100)
    one = milliseconds(lambda: reader.get(f"/api/v1/verdicts/{slug}/"), 100)
    figures: dict[str, Any] = {
        "database": connection.vendor,
        "verdicts": {"few": few, "many": many, "seconds to make the many": seconds},
        "empty view, all middleware of this project, ms": nothing,
        "empty view, middleware of startproject, ms": nothing_bare,
        f"with {many}": large,
        f"with {few}": small,
        "times the empty view": against_empty(large),
        "times the empty view of startproject": {name: round(value * nothing / nothing_bare, 2)
                                                 for name, value in against_empty(large).items()},
        "times the empty view, with few": against_empty(small),
        "many against few, each as times of its empty view": {
            name: round(value / against_empty(small)[name], 2) for name, value in against_empty(large).items()},
        "page that nobody has read since it changed, ms": first_reader(reader, slug),
        "plain ModelViewSet": {
            "list, ms": plain_list, "times ours": round(plain_list / large["list, ms"], 1),
            "one, ms": plain_one, "ours, one, ms": one,
        },
    }  # fmt: skip
    write(f"public-{connection.vendor}", figures)


if __name__ == "__main__":
    main()
