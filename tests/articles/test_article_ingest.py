"""Articles in: once, whole or not at all, whatever is handed in and whoever is gone."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Claim, PrefillRun, Revision, Source
from articles.services import article as article_service
from articles.services import extraction as extraction_service
from articles.services import local
from articles.services.article import article_ingest
from articles.services.extraction import extraction_sweep, revision_extract, story_of
from articles.tasks import extract as extract_task
from factcheck.audit.models import AuditEvent
from factcheck.audit.selectors import chain_check
from factcheck.celery import app as celery_app
from factcheck.core import queue
from factcheck.core.errors import FactcheckError, WrongState
from factcheck.core.http import HttpClient, Limits
from tests.servers import Reply, hanging, redirect, serving, typed
from tests.services import celery_uses

STORIES = sorted((Path(article_service.__file__).parents[1] / "sample" / "stories").glob("*.txt"))
STORY = (
    b" date 2026-11-19 Ostrel Plant Doubles Output\n08:42 GMT 19.11.2026 (Updated: 11:05 GMT 19.11.2026)\n"
    b'PORT ALMAR (Tessel) - The plant supplied 1,371 gigawatt-hours last year. "Output has doubled," '
    b"Energy Minister Ilva Torrent said on Thursday.\n"
)
PAGE = (
    "<html lang=en><head><title>Ostrel</title></head><body><article><h1>Ostrel doubles output</h1>"
    + "<p>The Ostrel tidal plant supplied 1,371 gigawatt-hours in the year to October 2026, the operator said.</p>"
    * 4
    + "</article></body></html>"
).encode()

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, int, int]:
    return Article.objects.count(), Revision.objects.count(), AuditEvent.objects.count()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_sample_story_comes_through_whole(path):
    taken = article_ingest(path.read_bytes(), name=path.name)
    assert revision_extract(revision_id=taken.revision.pk) > 10
    taken.article.refresh_from_db()
    assert taken.article.state == "in_check"
    assert taken.article.published_at is not None
    assert taken.article.modified_at is not None
    text = taken.revision.text
    for claim in Claim.objects.filter(article=taken.article):
        assert claim.quote == text[claim.start : claim.end]
        assert "©" not in claim.quote
        assert claim.reasons


def test_the_same_text_again_changes_nothing():
    first = article_ingest(STORY, name="a.txt")
    before = counts()
    again = article_ingest(STORY, name="other-name.txt")
    assert (again.created, again.article.pk) == (False, first.article.pk)
    assert counts() == before


def test_another_text_from_the_same_address_is_the_next_revision():
    first = article_ingest(STORY, name="a.txt", url="https://wire.example/ostrel")
    second = article_ingest(STORY + b"A correction.\n", name="a.txt", url="https://wire.example/ostrel")
    assert second.article.pk == first.article.pk
    assert (first.revision.number, second.revision.number) == (1, 2)
    second.article.refresh_from_db()
    assert second.article.current_id == second.revision.pk


def test_the_raw_bytes_and_their_hash_are_kept():
    taken = article_ingest(STORY, name="a.txt")
    assert bytes(Revision.objects.get().raw) == STORY
    assert len(taken.revision.sha256) == len(taken.revision.raw_sha256) == 64


@pytest.mark.parametrize("field", ["text", "sha256", "raw_name"])
def test_the_database_keeps_the_words_of_a_revision(field):
    article_ingest(STORY, name="a.txt")
    change = Revision.objects.filter(pk__gt=0)
    if field == "raw_name":  # a label, not the words
        assert change.update(raw_name="b.txt") == 1
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        change.update(**{field: "rewritten"})


BAD = {
    "empty": (b"", "article.empty"),
    "white space": (b" \n\t\n ", "article.empty"),
    "binary": (b"\x00\x01\x02PNG" * 50, "article.binary"),
    "too large": (b"word " * (2 * 1024 * 1024 + 1), "article.too_large"),
    "wrongly encoded": (b"\xff\xfe\xfa\x00\xd8" * 30, None),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_no_story_is_refused_and_leaves_nothing(data, code):
    with pytest.raises(FactcheckError) as refused:
        article_ingest(data, name="story.txt")
    assert code is None or refused.value.code == code
    assert refused.value.code.startswith("article.")
    assert counts() == (0, 0, 0)


ODD = {
    "no date": b"Kestria opens a third tidal plant\nPORT ALMAR (Tessel) - The plant cost 300 million crowns.\n",
    "no title": b"PORT ALMAR (Tessel) - The plant cost 300 million crowns, the ministry said on Monday.\n",
    "right to left": "عنوان الخبر\nقال الوزير إن الإنتاج ارتفع بنسبة 20 في المئة في عام 2025.\n".encode(),
    "emoji": "🌊 Tidal plant 🌊\nThe plant 🐟 supplied 1,371 gigawatt-hours in 2026, said 👩‍🔬 Torrent.\n".encode(),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_odd_stories_come_through(data):
    taken = article_ingest(data, name="story.txt")
    revision_extract(revision_id=taken.revision.pk)
    assert taken.article.title
    assert Article.objects.get().state == "in_check"


def test_extracting_twice_stores_once():
    taken = article_ingest(STORY, name="a.txt")
    extract_task(taken.revision.pk)
    found = Claim.objects.count()
    extract_task(taken.revision.pk)
    assert found == Claim.objects.count() > 0
    assert AuditEvent.objects.filter(action="article.extracted").count() == 1


def test_claims_worth_checking_are_put_to_every_enabled_source():
    Source.objects.create(name="Archive", kind="archive")
    Source.objects.create(name="Off", kind="archive", enabled=False)
    taken = article_ingest(STORY, name="a.txt")
    revision_extract(revision_id=taken.revision.pk)
    assert PrefillRun.objects.count() == Claim.objects.count() > 0


def test_a_bug_in_extraction_is_kept_on_the_row_and_not_tried_for_ever(monkeypatch):
    def broken(_story: object) -> None:
        raise ZeroDivisionError("a rule divided by zero")

    taken = article_ingest(STORY, name="a.txt")
    monkeypatch.setattr(extraction_service, "extract", broken)
    for _ in range(extraction_service.MAX_EXTRACTION_TRIES):
        with pytest.raises(ZeroDivisionError):
            revision_extract(revision_id=taken.revision.pk)
    taken.revision.refresh_from_db()
    assert "divided by zero" in taken.revision.extraction_error
    assert extraction_sweep(older_than_seconds=0) == 0


def test_the_story_the_extractor_reads_is_the_stored_one():
    taken = article_ingest(STORY, name="a.txt")
    story = story_of(taken.revision)
    assert (story.text, story.place, story.agency) == (taken.revision.text, "PORT ALMAR", "Tessel")


def test_an_article_that_moved_meanwhile_is_not_moved_again():
    taken = article_ingest(STORY, name="a.txt")
    stale = Article.objects.get(pk=taken.article.pk)
    revision_extract(revision_id=taken.revision.pk)
    with pytest.raises(WrongState):
        article_service.article_transition(
            article=stale, action=article_service.ArticleAction.OPEN, actor=None, implied=False
        )


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_take_in_the_same_text_make_one_article():
    results: list[int] = []
    barrier = threading.Barrier(4, timeout=20)

    def take() -> None:
        try:
            barrier.wait()
            results.append(article_ingest(STORY, name="a.txt").article.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == 4
    assert len(set(results)) == 1
    assert (Article.objects.count(), Revision.objects.count()) == (1, 1)
    assert chain_check().broken_at is None


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_an_article_that_comes_in_while_the_broker_is_gone_is_worked_on_when_it_is_back(redis_server):
    redis_server.kill()
    queue._broker.gone_until = 0
    with celery_uses(celery_app, redis_server.url):
        taken = article_ingest(STORY, name="a.txt")
        assert Revision.objects.get().extracted_at is None
        redis_server.start()
        queue._broker.gone_until = 0
        assert extraction_sweep(older_than_seconds=0) == 1
    client = redis_server.client()
    assert client.llen("default") == 1
    client.close()
    assert revision_extract(revision_id=taken.revision.pk) > 0


def ingest(*arguments: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("ingest", *arguments, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def refused(*arguments: str) -> dict[str, object]:
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("ingest", *arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue().splitlines()[0])["error"]


def test_the_command_waits_until_every_source_was_consulted_or_rests(tmp_path):
    Source.objects.create(name="Archive", kind="archive", rate_per_minute=0)
    (tmp_path / "story.txt").write_bytes(STORY)
    [answer] = ingest(str(tmp_path / "story.txt"), "--wait")
    assert answer["created"] is True
    assert answer["claims"] == Claim.objects.count() > 0
    assert answer["sources"][0]["nothing found"] == answer["claims"]


@pytest.mark.parametrize(
    ("name", "code"), [("missing.txt", "input.not_found"), ("folder", "input.no_stories"), ("a.pages", None)]
)
def test_paths_that_are_no_story_are_named(tmp_path, name, code):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.pages").write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    error = refused(str(tmp_path / name))
    assert error["detail"]
    assert code is None or error["code"] == code
    assert counts() == (0, 0, 0)


def test_a_page_is_fetched_and_taken_in(settings):
    with serving(lambda _asked: typed("text/html; charset=utf-8", PAGE)) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        [answer] = ingest(f"{server.url}/ostrel")
    assert Article.objects.get().url == f"{server.url}/ostrel"
    assert answer["title"]


HOSTILE = {
    "redirects in a circle": (lambda _asked: redirect("/again"), "http.too_many_redirects"),
    "lies about its type": (lambda _asked: typed("image/png", PAGE), "http.wrong_type"),
    "points inward": (lambda _asked: redirect("http://169.254.169.254/latest/"), "http.forbidden_address"),
    "is not there": (lambda _asked: Reply(status=404), "http.status"),
    "binary that says it is text": (lambda _asked: typed("text/plain", b"\x00\x01" * 200), "article.binary"),
}


@pytest.mark.parametrize(("answer", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_addresses_are_refused_and_leave_nothing(settings, answer, code):
    with serving(answer) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        assert refused(f"{server.url}/page")["code"] == code
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://user@10.0.0.1/"])
def test_addresses_inside_are_never_fetched(url):
    assert refused(url)["code"] in {"http.forbidden_address", "http.bad_url"}


def test_a_server_that_hangs_is_left(settings, monkeypatch):
    with hanging() as server:
        client = HttpClient(
            version="1", contact="desk@example.org", allow_hosts=server.allow,
            limits=Limits(connect=0.5, read=0.5, total=1.0),
        )  # fmt: skip
        monkeypatch.setattr(local._outbound, "client", lambda: client)
        assert refused(f"{server.url}/page")["code"] == "http.timeout"
        client.close()
