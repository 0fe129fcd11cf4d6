"""Search over everything: what is found, by whom, where the words stand, and that the indexes are in step."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles.models import Claim, Desk, Revision
from articles.selectors import fulltext
from articles.selectors.fulltext import Matches, asked_for, pieces
from factcheck.core import textindex
from reviews.models import Review
from reviews.selectors.queue import Filters, queue_page
from reviews.selectors.search import KINDS, Section, kind_of, search
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer():
    return factories.person(role="Viewer")


def found(person, words: str, kind: str = "") -> dict[str, list[int]]:
    """The keys of what was found, by kind."""
    sections = search(person, asked_for(words), kind=kind_of(kind) if kind else None)
    return {one.kind.key: [hit.pk for hit in one.hits] for one in sections if one.hits}


def only(section: Section) -> dict[str, list[str]]:
    """The marked words of the one hit, by the name of the place."""
    (hit,) = section.hits
    return {place.name: [piece.text for piece in place.pieces if piece.found] for place in hit.places}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_each_kind_of_thing_is_found_by_its_own_words(viewer):
    story = factories.article(title="Ferries to the islands")
    claim = factories.claim(article=story, statement="The budget tripled.", speaker="Jarmila Host")
    piece = factories.evidence(claim=claim, passage="The ledger shows a surplus.", title="Ledger")
    review = desk.proposed(desk.claim(), summary="The plumbing was renewed that year.")
    assert found(viewer, "islands") == {"articles": [story.pk]}
    assert found(viewer, "budget") == {"claims": [claim.pk]}
    assert found(viewer, "jarmila") == {"claims": [claim.pk]}
    assert found(viewer, "surplus") == {"evidence": [piece.pk]}
    assert found(viewer, "crowns") == {"texts": [story.current_id]}
    assert found(viewer, "plumbing") == {"verdicts": [review.verdict_id]}


@pytest.mark.parametrize(("words", "hit"), [
    ("TRIPLED", True), ("triple", True), ("budget host", True), ("budget ferry", False), ("bud*", True),
    ('"budget tripled"', True), ('"tripled budget"', False), ("“budget tripled”", True), ("1,371", True),
    ("2.5", True), ("25", False), ("gigawatt-hours", True), ("o'Host", False), ("bud", False),
])  # fmt: skip
def test_words_in_all_their_forms(viewer, words, hit):
    claim = factories.claim(
        article=factories.article(), speaker="Jarmila Host",
        statement="The budget tripled to 2.5 million for 1,371 gigawatt-hours.",
    )  # fmt: skip
    assert found(viewer, words, "claims") == ({"claims": [claim.pk]} if hit else {})


@pytest.mark.parametrize("words", [
    "", "-", '"', "*", "***", "_", "' OR 1=1 --", 'a" OR b', "NEAR(a b)", "x:*|y&!", "\\", "%", "(", "a AND NOT b",
    "^a", "{a b}", "a + b", ":*", "' <-> '", "\ue0f0", "🚋", "é" * 150, " ".join("abcdefghijklmnopqrstuvwxyz" * 3),
])  # fmt: skip
def test_nothing_that_is_typed_is_an_error(viewer, words):
    factories.claim(article=factories.article())
    assert signed_in(viewer).get("/search/", {"q": words}).status_code == 200
    assert signed_in(viewer).get("/", {"q": words}).status_code == 200


def test_a_hit_says_where_the_words_stand(viewer):
    claim = factories.claim(article=factories.article(), speaker="Tram Union")
    section = search(viewer, asked_for("tram carried"), kind=kind_of("claims"))[0]
    assert only(section) == {"Claim": ["tram", "carries"], "Quote": ["carries"], "Speaker": ["Tram"]}
    page = signed_in(viewer).get("/search/?q=tram+carried").content.decode()
    assert "The harbour <mark>tram</mark> <mark>carries</mark> 30,000" in page
    assert f'href="/articles/{claim.article_id}/?claim={claim.pk}"' in page


def test_of_a_long_text_the_words_around_are_shown(viewer):
    factories.article(
        text="Headline\n\n" + "Nothing of note. " * 300 + "The zeppelin landed. " + "Calm again. " * 300
    )
    (hit,) = search(viewer, asked_for("zeppelins"), kind=kind_of("texts"))[0].hits
    shown = "".join(piece.text for piece in hit.places[0].pieces)
    assert "The zeppelin landed" in shown
    assert len(shown) < 600


def test_marks_in_what_is_found_are_words_not_markup(viewer):
    factories.claim(article=factories.article(), statement="<script>alert(1)</script> tram")
    page = signed_in(viewer).get("/search/?q=tram").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert [piece.text for piece in pieces("\ue0f0a\ue0f1 b\ue0f0c")] == ["a", " b", "c"]


def test_pages_follow_each_other_without_a_gap_or_a_double(viewer):
    story = factories.article()
    made = [factories.claim(article=story, number=n).pk for n in range(65)]
    client, seen, address = signed_in(viewer), [], "/search/?q=tram&in=claims"
    while address:
        answer = client.get(address)
        (section,) = answer.context["sections"]
        seen += [hit.pk for hit in section.hits]
        address = f"/search/?q=tram&in=claims&after={section.after}" if section.after else ""
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("address", [
    "/search/", "/search/?q=tram&in=nothing", "/search/?q=tram&in=claims&after=x", "/search/?q=tram&after=5",
    "/search/?q=tram&in=claims&after=99999999999999999999999", "/search/?q=%00tram",
])  # fmt: skip
def test_what_cannot_be_read_is_left_out(viewer, address):
    factories.claim(article=factories.article())
    assert signed_in(viewer).get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_as_many_queries_however_much_there_is(viewer, count, django_assert_max_num_queries):
    for _ in range(count):
        desk.proposed(desk.claim(), summary="The Ostrel plant was in repair.")
    client = signed_in(viewer)
    client.get("/search/?q=plant")
    with django_assert_max_num_queries(18):  # session, person, two or three a kind, waiting reviews
        assert len(client.get("/search/?q=plant").context["sections"]) == len(KINDS)


# --- who finds what -------------------------------------------------------------------------------------------
def test_nothing_behind_a_wall_is_found(viewer):
    secret = Desk.objects.create(name="Secret", slug="secret", walled=True)
    claim = factories.claim(article=factories.article(desk=secret, title="Tram secret"))
    factories.evidence(claim=claim, title="Tram ledger")
    review = desk.proposed(desk.claim(), summary="A tram it was.")
    Claim.objects.filter(pk=review.claim_id).update(article=claim.article)
    assert found(viewer, "tram") == {}
    assert found(factories.person(role="Administrator"), "tram") == {}


def test_a_reporter_finds_their_own_texts_only():
    reporter = factories.person(role="Reporter")
    factories.claim(article=factories.article())
    own = factories.article(created_by=reporter)
    assert found(reporter, "tram") == {"texts": [own.current_id], "articles": [own.pk]}


def test_a_sealed_verdict_is_found_by_nobody_but_its_proposer():
    checker, reviewer = factories.person(), factories.person(role="Reviewer")
    review = desk.proposed(desk.claim(), checker, summary="The plumbing was renewed.")
    Review.objects.filter(pk=review.pk).update(sealed=True)
    assert found(reviewer, "plumbing") == {}
    assert found(checker, "plumbing") == {"verdicts": [review.verdict_id]}


def test_what_an_article_said_before_is_not_searched(viewer):
    story = factories.article()
    newer = Revision.objects.create(
        article=story, number=2, text="The ferry sails.", sha256="2", raw=b"", raw_sha256="2"
    )
    story.current = newer
    story.save()
    assert found(viewer, "tram", "texts") == {}
    assert found(viewer, "ferry", "texts") == {"texts": [newer.pk]}


# --- the indexes ---------------------------------------------------------------------------------------------
def test_a_change_is_found_at_once_and_what_is_gone_is_not(viewer):
    claim = factories.claim(article=factories.article())
    Claim.objects.filter(pk=claim.pk).update(statement="The zeppelin landed.")
    assert found(viewer, "zeppelin", "claims") == {"claims": [claim.pk]}
    assert found(viewer, "harbour", "claims") == {}
    claim.delete()
    assert found(viewer, "zeppelin", "claims") == {}


def test_an_index_whose_table_was_built_anew_is_mended(viewer):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for suffix in ("add", "gone", "new"):
                cursor.execute(f"DROP TRIGGER articles_claim_fts_{suffix}")
    claim = factories.claim(article=factories.article(), statement="The zeppelin landed.")
    mended = textindex.text_indexes_mend()
    assert mended == (["articles_claim_fts"] if connection.vendor == "sqlite" else [])
    assert textindex.text_indexes_mend() == []
    assert found(viewer, "zeppelin") == {"claims": [claim.pk]}


def test_every_index_is_there_and_can_be_made_anew(viewer):
    assert textindex.text_indexes_mend() == []  # no migration has lost one
    claim = factories.claim(article=factories.article(), statement="The zeppelin landed.")
    call_command("rebuild_index", stdout=io.StringIO(), stderr=io.StringIO())
    assert found(viewer, "zeppelin") == {"claims": [claim.pk]}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_each_kind_is_searched_through_its_index(viewer, kind):
    assert set(kind.places) == set(kind.index.columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
    plan = kind.rows(viewer).filter(Matches(kind.index, asked_for("tram"))).order_by().explain()
    assert kind.index.name in plan


def test_a_word_that_few_of_the_newest_have_is_found_among_all(viewer, monkeypatch):
    story = factories.article()
    rare = factories.claim(article=story, statement="The zeppelin landed at the tram.", priority=21)
    for number in range(8):
        factories.claim(article=story, number=number, priority=50)
    monkeypatch.setattr(fulltext, "LOOKED_AT", 3)
    assert found(viewer, "zeppelin", "claims") == {"claims": [rare.pk]}
    assert len(found(viewer, "tram", "claims")["claims"]) == 9
    assert [row.pk for row in queue_page(viewer, Filters(q="zeppelin")).rows] == [rare.pk]
    assert len(queue_page(viewer, Filters(q="tram"), size=2).rows) == 2
    assert len(queue_page(viewer, Filters(q="tram")).rows) == 9


# --- programs ------------------------------------------------------------------------------------------------
def test_programs_search_too_without_what_is_confidential():
    checker = desk.person("Checker")
    claim = desk.claim()
    open_one = desk.evidence(claim, passage="The ledger shows it.")
    desk.evidence(claim, passage="The ledger of the informant.", visibility="confidential")
    headers = desk.bearer(checker, "read")
    told = Client().get("/api/v1/search/?q=ledger&kind=evidence", headers=headers).json()
    assert [row["id"] for row in told["results"]] == [open_one.pk]
    (place,) = told["results"][0]["places"]
    assert place["name"] == "Passage"
    assert [piece["text"] for piece in place["pieces"] if piece["found"]] == ["ledger"]
    assert told["next"] is None


@pytest.mark.parametrize(("query", "code"), [
    ("q=-", "search.no_words"), ("", "input.invalid"), ("q=a&kind=people", "input.invalid"),
    ("q=a&where=b", "request.unknown_parameter"),
])  # fmt: skip
def test_bad_searches_of_programs_are_told(query, code):
    answer = Client().get(f"/api/v1/search/?{query}", headers=desk.bearer(desk.person("Checker"), "read"))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
