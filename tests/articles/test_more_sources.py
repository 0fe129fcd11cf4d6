"""Sources of a desk beyond web APIs: tables, watched folders, earlier evidence, sitemaps, archives read again."""

from __future__ import annotations

import gzip
import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from articles.choices import EvidenceState, Visibility
from articles.models import ArchiveFeed, CheckedClaim, CollectionFile, Desk, Document, Evidence, PrefillRun, Source
from articles.services.archive_feed import archive_feed_read, archive_feed_save, archive_feeds_due
from articles.services.document import document_add, documents_scan
from articles.services.prefill import prefill_plan, prefill_work
from articles.sources.base import EvidenceQuery
from articles.sources.choosing import fingerprint
from articles.sources.registry import connector
from articles.sources.tables import MOST_ROWS, cut_table
from factcheck.core.errors import FactcheckError, Invalid
from tests import factories
from tests.articles.test_connectors import QUERY, context
from tests.servers import Asked, Reply, serving, typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "Country;Year;Rate\nVell;2025;4.6\nOstrel;2025;7.1\n;;\n"


# --- tables ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_row_of_a_table_is_a_passage_with_the_names_of_its_columns(mark: str) -> None:
    rows = cut_table(TABLE.replace(";", mark))
    assert [(row.text, row.locator) for row in rows] == [
        ("Country: Vell; Year: 2025; Rate: 4.6", "row 2"), ("Country: Ostrel; Year: 2025; Rate: 7.1", "row 3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"),
    [("", 0), ("a,b", 0), ('a,b\n"open,1\n', 1), ("a\n" + "1,2,3\n" * 2, 2),
     ("a,b\n" + "1,2\n" * (MOST_ROWS + 9), MOST_ROWS),
     ('a,b\n1,2\n"' + "x" * 1_100_000 + '"\n', 1)],
    ids=["empty", "head only", "broken quote", "wider rows", "long", "huge cell"],
)  # fmt: skip
def test_a_strange_table_breaks_nothing(text: str, rows: int) -> None:
    assert len(cut_table(text)) == rows


@pytest.mark.django_db
def test_a_table_in_a_collection_answers_a_claim_about_a_number() -> None:
    source = factories.source(kind="documents")
    document_add(source=source, name="rates.csv", data=TABLE.encode(), actor=None)
    with pytest.raises(Invalid):
        document_add(source=source, name="empty.csv", data=b"a,b\n", actor=None)
    claim = factories.claim(
        article=factories.article(), statement="In Vell the rate for the country was 4.6 in the year 2025."
    )
    prefill_plan([claim])
    prefill_work()
    found = Evidence.objects.order_by("-relevance")[0]
    assert (found.passage, found.locator) == ("Country: Vell; Year: 2025; Rate: 4.6", "row 2")


# --- watched folders ------------------------------------------------------------------------------------------
@pytest.fixture
def shelf(settings: Any, tmp_path: Path) -> Source:
    settings.DOCUMENTS_DIR = tmp_path
    (tmp_path / "shelf").mkdir()
    return factories.source(kind="documents", settings={"folder": "shelf"})


def written(tmp_path: Path, name: str, text: str, *, later: int = 0) -> None:
    path = tmp_path / "shelf" / name
    path.write_text(text)
    os.utime(path, (1_700_000_000 + later, 1_700_000_000 + later))


def titles(source: Source) -> list[str]:
    return [bytes(one.content).decode() for one in source.documents.order_by("name")]


@pytest.mark.django_db
def test_a_folder_is_read_once_and_followed_when_its_files_change_and_go(
    shelf: Source, tmp_path: Path, monkeypatch: Any
) -> None:
    written(tmp_path, "a.txt", "The tram carries 30,000 people a day.")
    written(tmp_path, "b.txt", "The ferry carries 900 people a day.")
    assert documents_scan(source=shelf) == 2
    with monkeypatch.context() as patch:
        patch.delattr("pathlib.Path.read_bytes")
        assert documents_scan(source=shelf) == 0
    written(tmp_path, "a.txt", "The tram carries 31,000 people a day.", later=1)
    assert documents_scan(source=shelf) == 1
    assert titles(shelf) == ["The tram carries 31,000 people a day.", "The ferry carries 900 people a day."]
    (tmp_path / "shelf" / "b.txt").unlink()
    documents_scan(source=shelf)
    assert titles(shelf) == ["The tram carries 31,000 people a day."]
    (tmp_path / "shelf" / "a.txt").unlink()  # as where a disk is away
    documents_scan(source=shelf)
    assert len(titles(shelf)) == 1


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_says_why_and_is_tried_again_when_it_changes(
    shelf: Source, tmp_path: Path
) -> None:
    written(tmp_path, "a.csv", "a,b\n")
    assert documents_scan(source=shelf) == 0
    row = CollectionFile.objects.get()
    assert (row.document, bool(row.error)) == (None, True)
    written(tmp_path, "a.csv", TABLE, later=1)
    assert documents_scan(source=shelf) == 1
    row.refresh_from_db()
    assert (row.document, row.error) == (Document.objects.get(), "")


@pytest.mark.django_db
def test_the_same_bytes_under_two_names_stay_until_both_are_gone(shelf: Source, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        written(
            tmp_path, name, "The tram carries 30,000 people a day." if name != "c.txt" else "Something else is here."
        )
    assert documents_scan(source=shelf) == 2
    (tmp_path / "shelf" / "a.txt").unlink()
    documents_scan(source=shelf)
    assert Document.objects.count() == 2
    (tmp_path / "shelf" / "b.txt").unlink()
    documents_scan(source=shelf)
    assert titles(shelf) == ["Something else is here."]


# --- earlier evidence ------------------------------------------------------------------------------------------
PASSAGE = "On working days 30,200 people ride the harbour tram."


def asked_again(**article: Any) -> list[Evidence]:
    """What earlier evidence is found for a new claim."""
    source = Source.objects.get_or_create(name="Earlier", kind="previous")[0]
    claim = factories.claim(
        article=factories.article(**article), statement="The harbour tram carries 30,000 people on working days."
    )
    PrefillRun.objects.all().delete()
    prefill_plan([claim])
    prefill_work()
    return list(Evidence.objects.filter(claim=claim, source=source))


@pytest.mark.django_db
def test_what_was_kept_for_one_claim_is_offered_for_the_next_and_not_copied_on_and_on() -> None:
    first = factories.evidence(
        claim=factories.claim(article=factories.article()), passage=PASSAGE, url="https://stat.example/trams",
    )  # fmt: skip
    assert asked_again() == []
    Evidence.objects.filter(pk=first.pk).update(state=EvidenceState.KEPT, stance="supports")
    (found,) = asked_again()
    assert (found.passage, found.url, found.state) == (PASSAGE, first.url, EvidenceState.SUGGESTED)
    Evidence.objects.filter(pk=found.pk).update(state=EvidenceState.KEPT, stance="supports")
    assert len(asked_again()) == 1
    Evidence.objects.filter(pk=first.pk).update(state=EvidenceState.DROPPED)
    assert asked_again() == []


@pytest.mark.django_db
def test_earlier_evidence_stays_on_its_desk_and_what_is_hidden_stays_hidden() -> None:
    kept = factories.evidence(
        claim=factories.claim(article=factories.article()),
        passage=PASSAGE,
        state=EvidenceState.KEPT,
        stance="supports",
    )
    assert asked_again(desk=Desk.objects.create(name="Harbour", slug="harbour")) == []
    for hidden in (Visibility.CONFIDENTIAL, Visibility.DESCRIBED):
        Evidence.objects.filter(pk=kept.pk).update(visibility=hidden)
        assert asked_again() == []


# --- sitemaps ------------------------------------------------------------------------------------------------
def sitemap(asked: Asked) -> Reply:
    host = f"http://{asked.headers['host']}"
    if asked.path == "/map.xml":
        pages = "".join(
            f"<url><loc>{host}/{name}</loc></url>" for name in ("unemployment-in-vell-rose-2025", "ferry")
        )
        return typed(
            "application/xml",
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</urlset>'.encode(),
        )
    return typed(
        "text/html",
        b"<article><p>Menus and more.</p><p>Unemployment in Vell rose to 4.6 percent in 2025.</p></article>",
    )


def test_pages_of_a_site_whose_names_touch_the_claim_are_fetched_and_quoted() -> None:
    with serving(sitemap) as server, context(server) as given:
        asked = connector("sitemap", {"url": f"{server.url}/map.xml"})
        found = asked.search(QUERY, given)
        assert [one.path for one in server.asked] == ["/map.xml", "/unemployment-in-vell-rose-2025"]
        assert asked.probe(given) == 'The sitemap lists 2 pages, the latest being "unemployment in vell rose 2025".'
    (item,) = found.items
    assert "4.6 percent" in item.text
    assert item.external_id == f"{item.url}#{fingerprint(item.text)}"


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset>&a;</urlset>", b"\x00"])
def test_what_is_no_sitemap_is_refused_with_the_reason(body: bytes) -> None:
    with serving(lambda _asked: typed("application/xml", body)) as server, context(server) as given:
        asked = connector("sitemap", {"url": f"{server.url}/map.xml"})
        with pytest.raises(FactcheckError):
            asked.search(EvidenceQuery("Vell"), given)


# --- archives read again --------------------------------------------------------------------------------------
REVIEW = {
    "@type": "ClaimReview", "@id": "https://ostrel.example/r/1", "url": "https://ostrel.example/r/1",
    "claimReviewed": "The Ostrel plant supplied half of the power.", "datePublished": "2026-05-04",
    "author": {"@type": "Organization", "name": "Ostrel Checks"}, "reviewRating": {"alternateName": "False"},
}  # fmt: skip


class Far:
    """An archive elsewhere."""

    def __init__(self) -> None:
        self.body = json.dumps(REVIEW).encode() + b"\n"
        self.status = 200
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304)
        return Reply(self.body, status=self.status, headers={"Content-Type": "application/json", "ETag": '"1"'})


@pytest.fixture
def far(settings: Any) -> Iterator[tuple[Far, ArchiveFeed]]:
    settings.HOST_INTERVAL_SECONDS = 0
    made = Far()
    with serving(made.answer) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        yield made, archive_feed_save(feed=ArchiveFeed(name="Ostrel", url=f"{server.url}/feed.json"), actor=None)


def read_again(feed: ArchiveFeed) -> ArchiveFeed:
    ArchiveFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now())
    archive_feed_read(feed_id=feed.pk)
    feed.refresh_from_db()
    return feed


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_is_read_on_its_day_and_not_again_while_nothing_is_new(
    far: tuple[Far, ArchiveFeed], *, packed: bool
) -> None:
    there, feed = far
    there.body = gzip.compress(there.body) if packed else there.body
    assert (archive_feeds_due(), read_again(feed).last_result["added"]) == (1, 1)
    assert CheckedClaim.objects.get().publisher == "Ostrel Checks"
    assert feed.next_at > timezone.now() + timedelta(hours=23)
    assert archive_feeds_due() == 0
    assert archive_feed_read(feed_id=feed.pk) is None
    before = read_again(feed).last_result
    assert (before["added"], len(there.asked)) == (1, 2)  # 304: the last result stays
    assert archive_feed_save(feed=feed, actor=None).etag == ""


@pytest.mark.django_db
def test_a_broken_archive_says_what_is_wrong_and_is_asked_less_and_less(
    far: tuple[Far, ArchiveFeed],
) -> None:
    there, feed = far
    whole = gzip.compress(there.body + b"\n" + os.urandom(200_000).hex().encode())
    there.body = whole[: len(whole) // 2]
    read_again(feed)
    assert feed.failures_in_row == 1
    assert "broken" in feed.last_error
    there.status = 404
    first = feed.next_at - timezone.now()
    read_again(feed)
    assert (feed.failures_in_row, feed.next_at - timezone.now() > first) == (2, True)


@pytest.mark.django_db
def test_one_worker_reads_an_archive_at_a_time_and_one_that_is_off_is_not_read(far: tuple[Far, ArchiveFeed]) -> None:
    there, feed = far
    ArchiveFeed.objects.update(next_at=timezone.now() + timedelta(minutes=30))  # taken
    assert archive_feed_read(feed_id=feed.pk) is None
    ArchiveFeed.objects.update(next_at=timezone.now(), enabled=False)
    assert (archive_feeds_due(), archive_feed_read(feed_id=feed.pk)) == (0, None)
    assert there.asked == []
