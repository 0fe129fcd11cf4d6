"""A desk with many claims, made by the database itself, and the requests that `bench_desk.py` times."""

# ruff: noqa: E501  (statements in SQL are read as they are run)
from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Claim, Evidence, PrefillRun, Revision, Source
from benchmarks.bench_desk import FILL, MANY_CLAIMS, MUCH_EVIDENCE, PER_ARTICLE, TEXT
from reviews.models import Review

if TYPE_CHECKING:
    from collections.abc import Callable

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/articles/1/"}


def _not_named(model: Any, sql: str) -> tuple[str, str]:
    """Columns that the statement does not name and that take no null, each with its model's default."""
    names, values = "", ""
    for field in model._meta.concrete_fields:
        known = f"{field.column}," in sql or f"{field.column})" in sql or f'"{field.column}"' in sql
        if not (known or field.primary_key or field.null or f"{field.column}{{" in sql):
            default = field.get_default()
            names += f', "{field.column}"'
            values += ", '[]'" if default == [] else ", '{}'" if default == {} else f", {_literal(default)}"
    return names, values


def _literal(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, int | float) else f"'{default}'"


class Filled:
    """The desk, its checker and what they ask for."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        self.person = User.objects.create_user("checker")
        self.person.groups.add(Group.objects.get(name="Checker"))
        self.source = Source.objects.create(name="Archive", kind="archive")
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.person)
        self.story = self._story()
        self.claim = self._claim_with_evidence()
        self.piece = self.claim.evidence.order_by("pk")[50].pk
        self.stances = itertools.cycle(["supports", "refutes"])
        self.articles = 0

    def _story(self) -> Article:
        story = Article.objects.create(
            identity="many", title="Many claims", state="in_check", publisher="Tessel Wire"
        )
        text = TEXT * 10
        story.current = Revision.objects.create(
            article=story, number=1, text=text, sha256="1", raw=b"", raw_sha256="1", extracted_at=timezone.now(),
            sentences=[[at, at + 47] for at in range(0, len(text), 48)],
            blocks=[{"kind": "paragraph", "start": at, "end": at + 479} for at in range(0, len(text), 480)],
        )  # fmt: skip
        story.save()
        made = Claim.objects.bulk_create(_claim_of(story, number) for number in range(MANY_CLAIMS))
        Review.objects.bulk_create(Review(claim=claim) for claim in made)
        return story

    def _claim_with_evidence(self) -> Claim:
        claim = Claim.objects.filter(article=self.story).order_by("pk")[5]
        run = PrefillRun.objects.create(
            claim=claim, source=self.source, query_digest="y", not_before=timezone.now(), state="ok"
        )
        Evidence.objects.bulk_create(
            Evidence(
                claim=claim, source=self.source, source_name="Archive", run=run, external_id=str(number),
                title=f"Report {number}", passage="The plant supplied 1,371 gigawatt-hours.", retrieved_at=timezone.now(),
            )
            for number in range(MUCH_EVIDENCE)
        )  # fmt: skip
        return claim

    def grow(self, claims: int) -> float:
        """Fill up to so many claims; returns the seconds it took."""
        began = time.perf_counter()
        first, last = self.articles + 1, claims // PER_ARTICLE
        with connection.cursor() as cursor:
            for table in ("articles_prefillrun", "reviews_review", "articles_claim"):
                cursor.execute(  # each size is filled anew, so that its rows lie together
                    f"DELETE FROM {table} WHERE "
                    + (
                        "id IN (SELECT c.id FROM articles_claim c WHERE c.extractor = 'bench')"
                        if table == "articles_claim"
                        else "claim_id IN (SELECT c.id FROM articles_claim c WHERE c.extractor = 'bench')"
                    )
                )
            self._insert(cursor, FILL[0], Article, {"first": first, "last": last})
            cursor.execute(
                "INSERT INTO articles_revision (article_id, number, text, sha256, raw, raw_sha256, raw_name, blocks, dropped, "
                "sentences, received_at, extracted_at, extractor" + _not_named(Revision, _REVISION)[0] + ") "
                "SELECT id, 1, %s, 'x', '', 'x', '', '[]', '[]', '[]', now(), now(), 'bench'"
                + _not_named(Revision, _REVISION)[1]
                + " FROM articles_article WHERE identity LIKE 'bench:%%' AND current_id IS NULL",
                [TEXT],
            )
            cursor.execute(
                "UPDATE articles_article a SET current_id = r.id FROM articles_revision r "
                "WHERE r.article_id = a.id AND a.current_id IS NULL"
            )
            self._insert(cursor, FILL[1], Claim, {"per": PER_ARTICLE})
            self._insert(cursor, FILL[2], Review, {"person": self.person.pk})
            self._insert(cursor, FILL[3], PrefillRun, {"source": self.source.pk})
            cursor.execute("VACUUM ANALYZE")
        self.articles = last
        return round(time.perf_counter() - began, 1)

    def _insert(self, cursor: Any, sql: str, model: Any, values: dict[str, Any]) -> None:
        names, defaults = _not_named(model, sql)
        named = {"more": names, "values": defaults, "review_more": names, "review_values": defaults,
                 "run_more": names, "run_values": defaults}  # fmt: skip
        if model is Article:
            sql = sql.replace("held_for)", f"held_for{names})").replace(
                "'' FROM generate", f"''{defaults} FROM generate"
            )
            cursor.execute(sql, values)
            return
        cursor.execute(sql.format(**named), values)

    def works(self) -> dict[str, Callable[[], object]]:
        """What is timed; the parts are what htmx asks for."""
        middle = Claim.objects.filter(settled=False).order_by("-priority", "-pk").values_list("priority", "pk")
        total = Claim.objects.filter(settled=False).count()
        place = "{}-{}".format(*middle[min(total - 60, 500_000) // 2])
        return {
            "empty view": lambda: self._get("/healthz"),
            "queue, page": lambda: self._get("/"),
            "queue, part: next rows": lambda: self._get(f"/?after={place}", part=True),
            "article desk, 300 claims, page": lambda: self._get(f"/articles/{self.story.pk}/?claim={self.claim.pk}"),
            "claim card, 100 evidence, page": lambda: self._get(f"/claims/{self.claim.pk}/"),
            "claim card, 100 evidence, part": lambda: self._get(f"/claims/{self.claim.pk}/", part=True),
            "one piece of evidence kept, part": self._keep,
            "bell, part: session and person": lambda: self._get("/notices/bell/", part=True),
        }

    def _keep(self) -> Any:
        """An act that writes: the decision, its step to undo, the trail; and the piece anew."""
        stance = next(self.stances)
        path = f"/evidence/{self.piece}/decide/"
        values = {"decision": "keep", "stance": stance, "locator": "p. 1"}
        answer = self.client.post(path, values, headers=HTMX | {"HX-Target": f"ev-{self.piece}"})
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    def _get(self, path: str, *, part: bool = False) -> Any:
        headers = {"accept-encoding": "gzip"} | (HTMX if part else {})
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    def counted(self) -> dict[str, Any]:
        """Queries of each, and its bytes as they are sent: gzipped, where they are more than a few."""
        found = {}
        for name, work in self.works().items():
            with CaptureQueriesContext(connection) as queries:
                answer: Any = work()
            found[name] = f"{len(queries)} queries, {len(answer.content):,} bytes gzipped"
        return {"asked": found}


_REVISION = "article_id, number, text, sha256, raw, raw_sha256, raw_name, blocks, dropped, sentences, received_at, extracted_at, extractor)"


def _claim_of(story: Article, number: int) -> Claim:
    return Claim(
        article=story, revision=story.current, number=number + 1, state="confirmed", quote=TEXT[:40], start=number * 30,
        end=number * 30 + 40, statement=f"The Ostrel plant supplied {number} gigawatt-hours.", speaker="Ilva Torrent",
        score=0.5, priority=50, origin="person", ranked=True,
    )  # fmt: skip
