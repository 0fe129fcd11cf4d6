"""Pages that evidence rests on: kept once, found again in what was kept, watched, and told of when they are lost."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from articles.choices import EvidenceState, PageState, Visibility
from articles.keeping.quotes import fragment, places_of
from articles.keeping.warc import Kept, warc
from articles.keeping.words import words_of
from articles.models import Article, Capture, Evidence, Page, Snapshot
from articles.selectors.kept import evidence_kept, kept_for
from articles.services.evidence import snapshot_keep
from articles.services.page import page_look, pages_adopt, pages_due, snapshots_discard
from articles.workflow import ArticleState
from tests import factories
from tests.servers import Asked, Reply, closed_port, redirect, serving, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSAGE = "On working days 30,200 people ride the harbour tram, the office counted in May."
AROUND = "The harbour tram was opened in 1987 and has been counted each year since then by the office of statistics."


class Web:
    """A site on loopback whose answers a test changes as it goes."""

    def __init__(self) -> None:
        self.reply = Reply(status=404)
        self.asked: list[Asked] = []
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return redirect("/new", 301) if asked.path == "/old" else self.reply

    def says(self, *words: str, **headers: str) -> None:
        inner = "".join(f"<p>{one}</p>" for one in words)
        body = f"<html><head><title>Trams</title><script>alert(1)</script></head><body><article>{inner}</article>"
        self.reply = typed("text/html; charset=utf-8", body.encode(), **headers)


@pytest.fixture
def web(settings: Any) -> Iterator[Web]:
    settings.HOST_INTERVAL_SECONDS = 0
    made = Web()
    with serving(made.answer) as server:
        settings.OUTBOUND_ALLOWED = server.allow
        made.url = server.url
        yield made


def kept(web: Web, path: str = "/trams", **values: Any) -> Evidence:
    claim = values.pop("claim", None) or factories.claim(article=factories.article())
    return factories.evidence(
        claim=claim, url=web.url + path, passage=PASSAGE,
        **({"state": EvidenceState.KEPT, "stance": "supports"} | values),
    )  # fmt: skip


def looked(evidence: Evidence) -> Page:
    """The page of the evidence after one more look."""
    pages_adopt()
    evidence.refresh_from_db()
    assert evidence.page_id
    Page.objects.filter(pk=evidence.page_id).update(next_look_at=timezone.now())
    page_look(page_id=evidence.page_id)
    return Page.objects.get(pk=evidence.page_id)


# --- keeping ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_evidence_rests_on_is_kept_once_with_its_bytes_its_words_and_what_the_server_said(web: Web) -> None:
    web.says(AROUND, PASSAGE, ETag='"1"')
    first, second = kept(web), kept(web)
    page = looked(first)
    assert looked(second) == page
    assert page.state == PageState.THERE
    capture = Capture.objects.get()
    assert (capture.status, ["etag", '"1"'] in capture.headers) == (200, True)
    assert bytes(capture.body.content) == web.reply.body
    assert PASSAGE in bytes(capture.words.content).decode()
    assert web.asked[-1].headers["if-none-match"] == '"1"'


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"state": EvidenceState.SUGGESTED, "stance": ""}, {"state": EvidenceState.DROPPED}], ids=str
)
def test_a_page_nobody_rests_on_is_not_fetched(web: Web, values: dict[str, Any]) -> None:
    kept(web, **values)
    assert pages_adopt() == 0
    dropped_later = kept(web)
    pages_adopt()
    Evidence.objects.filter(pk=dropped_later.pk).update(state=EvidenceState.DROPPED)
    assert page_look(page_id=Page.objects.get().pk) is None
    assert web.asked == []


@pytest.mark.django_db
def test_nobody_outside_is_asked_while_the_story_is_on_hold(web: Web) -> None:
    evidence = kept(web)
    pages_adopt()
    evidence.refresh_from_db()
    Article.objects.update(state=ArticleState.HELD)
    assert page_look(page_id=evidence.page_id or 0) is None
    assert web.asked == []


@pytest.mark.django_db
def test_two_workers_never_look_at_once_and_what_a_killed_one_held_is_due_again(web: Web, settings: Any) -> None:
    web.says(PASSAGE)
    evidence = kept(web)
    pages_due()
    evidence.refresh_from_db()
    page = evidence.page_id or 0
    Page.objects.filter(pk=page).update(next_look_at=timezone.now() + timedelta(seconds=240))  # taken, and killed
    assert page_look(page_id=page) is None
    Page.objects.filter(pk=page).update(next_look_at=timezone.now() - timedelta(seconds=1))
    assert page_look(page_id=page) == PageState.THERE
    assert len(web.asked) == 1


# --- the link-rot monitor ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_page_that_changes_around_the_words_is_as_it_was_and_one_that_drops_them_has_changed(web: Web) -> None:
    web.says(AROUND, PASSAGE)
    evidence = kept(web)
    looked(evidence)
    web.says("Another headline stands above it now.", PASSAGE.upper())
    assert looked(evidence).state == PageState.THERE
    web.says(AROUND, "On working days 12,000 people ride it.")
    page = looked(evidence)
    assert (page.state, page.reported, page.lost_at is not None) == (PageState.CHANGED, False, True)
    assert "30,200" in page.said
    assert page.captures.count() == 2
    web.says(AROUND, PASSAGE)
    back = looked(evidence)
    assert (back.state, back.lost_at) == (PageState.THERE, None)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "looks"), [(410, 1), (404, 2), (503, 5)])
def test_a_page_is_gone_when_it_says_so_for_good_or_more_than_once(web: Web, status: int, looks: int) -> None:
    web.says(PASSAGE)
    evidence = kept(web)
    looked(evidence)
    web.reply = Reply(status=status)
    states = [looked(evidence).state for _ in range(looks)]
    assert states == [PageState.THERE] * (looks - 1) + [PageState.GONE]
    assert looked(evidence).lost_at is not None


@pytest.mark.django_db
def test_silence_is_the_pages_only_while_others_answer(web: Web, settings: Any) -> None:
    web.says(PASSAGE)
    evidence = kept(web)
    looked(evidence)
    port = closed_port()
    settings.OUTBOUND_ALLOWED = frozenset({f"127.0.0.1:{port}"})
    Page.objects.update(url=f"http://127.0.0.1:{port}/trams")
    assert {looked(evidence).state for _ in range(7)} == {PageState.THERE}  # our own network may be down
    factories.source(kind="gdelt", last_answer_at=timezone.now())
    assert looked(evidence).state == PageState.GONE


@pytest.mark.django_db
@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_page_that_refuses_us_is_not_called_gone(web: Web, status: int) -> None:
    web.reply = Reply(status=status)
    page = looked(kept(web))
    assert (page.state, page.lost_at) == (PageState.CLOSED, None)


@pytest.mark.django_db
def test_a_host_that_asks_for_patience_is_given_it(web: Web) -> None:
    web.reply = Reply(status=429, headers={"Retry-After": "600"})
    page = looked(kept(web))
    assert (page.state, page.failures_in_row) == (PageState.NEW, 0)
    assert page.next_look_at > timezone.now() + timedelta(seconds=500)


@pytest.mark.django_db
def test_a_page_that_moved_for_good_is_followed(web: Web) -> None:
    web.says(PASSAGE)
    page = looked(kept(web, "/old"))
    assert (page.state, page.moved_to) == (PageState.MOVED, f"{web.url}/new")


# --- words, places, records -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "kind", "passage"),
    [
        (f"<p>{AROUND}</p><p>{PASSAGE}</p>".encode(), "text/html", PASSAGE),
        (f"<nav>Home</nav><div>{PASSAGE.replace(' ', '&nbsp;')}</div>".encode(), "text/html; charset=utf-8", PASSAGE),
        (f'{{"query": [{{"extract": "<p>{PASSAGE}</p>"}}]}}'.encode(), "application/json", PASSAGE),
        (PASSAGE.encode("utf-16"), "text/plain", PASSAGE),
        (b'{"value": 4.6, "year": "2025", "country": "Vell", "series": "Unemployment, total (% of labour force)"}',
         "application/json", "Vell: Unemployment, total (% of labour force), 2025: 4.6."),
        (b'[{"value": 14094683, "date": "2023", "name": "Vell", "series": "Population"}]', "application/json",
         "Vell: Population, 2023: 14,094,683."),
    ],
    ids=["page", "entities", "json", "utf-16", "figure", "thousands"],
)  # fmt: skip
def test_the_words_of_the_evidence_are_found_in_what_was_kept(content: bytes, kind: str, passage: str) -> None:
    assert places_of(passage, words_of(content, kind))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "text/html"), (b"\x00\xff\xfe\x01", "image/png"), (b"%PDF-1.4 broken", "application/pdf"),
     (b"{", "application/json")],
)  # fmt: skip
def test_what_has_no_words_gives_none_and_breaks_nothing(content: bytes, kind: str) -> None:
    assert PASSAGE not in words_of(content, kind)


def test_other_words_are_not_taken_for_the_quotation() -> None:
    assert places_of(PASSAGE, PASSAGE.replace("30,200", "12,000")) == []
    assert places_of("Vell: unemployment, 2025: 4.6.", "Vell unemployment 2025 4.7") == []


def test_an_address_names_the_words_for_a_browser() -> None:
    assert fragment("https://stat.example/a#top", "Half-way there. More.") == (
        "https://stat.example/a#:~:text=Half%2Dway%20there."
    )
    assert fragment("https://stat.example/a", PASSAGE).endswith(
        "#:~:text=On%20working%20days%2030%2C200%20people,the%20office%20counted%20in%20May."
    )
    assert fragment("", PASSAGE) == ""


def records(data: bytes) -> list[tuple[str, str, bytes]]:
    """(type, address, payload) of each; a digest that does not fit its payload raises."""
    found = ArchiveIterator(BytesIO(data), check_digests="raise")
    return [
        (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"), one.content_stream().read()) for one in found
    ]


def test_a_warc_record_is_the_same_each_time_and_keeps_no_cookie() -> None:
    one = Kept(
        "https://stat.example/a", factories.NOON, b"<p>hi</p>", "text/html", "0" * 64, 200,
        (("content-type", "text/html"), ("set-cookie", "id=7"), ("content-encoding", "gzip")), "hi",
    )  # fmt: skip
    data = b"".join(warc([one, one], title="t", software="Factcheck"))
    assert [(kind, payload) for kind, _, payload in records(data)][1:] == [
        ("response", b"<p>hi</p>"), ("conversion", b"hi"),
    ]  # fmt: skip
    response = list(warc([one], title="t", software="Factcheck"))[1]
    assert response == list(warc([one], title="t", software="Factcheck"))[1]
    read = next(iter(ArchiveIterator(BytesIO(response))))
    assert read.rec_headers.get_header("WARC-Payload-Digest") == "sha1:W3N4WQRZLF5DWDHQ4HCTGEQSOELIOZM2"
    names = {name.lower() for name, _ in read.http_headers.headers}
    assert names == {"content-type", "content-length"}


@pytest.mark.django_db
def test_the_file_of_a_claim_has_the_page_and_the_answer_and_nothing_confidential(web: Web) -> None:
    web.says(PASSAGE)
    claim = factories.claim(article=factories.article())
    evidence = kept(web, claim=claim)
    kept(web, "/secret", claim=claim, visibility=Visibility.CONFIDENTIAL)
    looked(evidence)
    data = b"".join(warc(evidence_kept(claim.evidence.all()), title="t", software="f"))
    assert [kind for kind, _, _ in records(data)] == ["warcinfo", "resource", "response", "conversion"]
    assert b"/secret" not in data


@pytest.mark.django_db
def test_the_page_is_shown_where_the_quotation_stands_in_it_and_else_the_answer(web: Web) -> None:
    web.says(AROUND, PASSAGE)
    evidence = kept(web, snapshot=factories.snapshot(content=PASSAGE.encode()))
    before = kept_for(evidence)
    assert before is not None
    assert (before.found, before.is_page) == (True, False)
    looked(evidence)
    after = kept_for(Evidence.objects.get(pk=evidence.pk))
    assert after is not None
    assert (after.found, after.is_page) == (True, True)
    assert [words for words, quoted in after.pieces if quoted] == [PASSAGE.rstrip(".")]


# --- how long it is kept ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_only_bytes_that_nothing_rests_on_are_thrown_away_and_they_come_back_when_retrieved_again(
    settings: Any,
) -> None:
    settings.SNAPSHOT_KEEP_DAYS = 30
    claim = factories.claim(article=factories.article(), settled=True)
    for name, state in ((b"kept", EvidenceState.KEPT), (b"dropped", EvidenceState.DROPPED)):
        evidence = factories.evidence(claim=claim, state=state, stance="supports")
        Evidence.objects.filter(pk=evidence.pk).update(snapshot=factories.snapshot(content=name))
    Snapshot.objects.exclude(content__in=[b"kept", b"dropped"]).delete()
    Snapshot.objects.update(retrieved_at=timezone.now() - timedelta(days=31))
    assert (snapshots_discard(), snapshots_discard()) == (1, 0)
    gone = Snapshot.objects.get(discarded_at__isnull=False)
    assert bytes(gone.content) == b""
    assert snapshot_keep(b"dropped", "", "").pk == gone.pk
    gone.refresh_from_db()
    assert (bytes(gone.content), gone.discarded_at) == (b"dropped", None)
    settings.SNAPSHOT_KEEP_DAYS = 0
    assert snapshots_discard() == 0
