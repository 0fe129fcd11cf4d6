"""The queue: what it lists, in which order, for whom, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from articles.choices import RunState
from reviews.models import Review
from reviews.selectors.queue import LEAST_PRIORITY, VIEWS, Filters, place_of, queue_counts, queue_page, view_of
from reviews.services.review import claim_take, review_perform
from reviews.workflow import ReviewAction
from tests import factories

if TYPE_CHECKING:
    from articles.models import Claim

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def story():
    return factories.article()


def claims_of(story, count: int) -> list[Claim]:
    made = [factories.claim(article=story, priority=n % 80 + 20, number=n) for n in range(1, count + 1)]
    source = factories.source()
    for claim in made[:20]:
        factories.run(claim=claim, source=source)
        Review.objects.create(claim=claim)
    return made


@pytest.mark.parametrize("count", [10, 200])
def test_the_page_costs_six_queries_however_many_claims_there_are(story, count, django_assert_num_queries):
    claims_of(story, count)
    client = signed_in(factories.person())
    with django_assert_num_queries(5):  # session, person, rows, sources, counts
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("view", [view.key for view in VIEWS])
def test_every_view_costs_at_most_six_queries(story, view, django_assert_max_num_queries):
    claims_of(story, 30)
    client = signed_in(factories.person(role="Desk editor"))
    with django_assert_max_num_queries(5):
        assert client.get("/", {"view": view, "state": "open"}).status_code == 200
    with django_assert_max_num_queries(6):  # Postgres is asked twice for words that few claims have
        assert client.get("/", {"view": view, "q": "tram", "state": "open"}).status_code == 200


def test_the_most_urgent_comes_first_and_the_newer_of_two_equals(story):
    low = factories.claim(article=story, priority=20)
    old = factories.claim(article=story, priority=90)
    new = factories.claim(article=story, priority=90)
    rows = queue_page(factories.person(), Filters()).rows
    assert [row.pk for row in rows] == [new.pk, old.pk, low.pk]


def test_pages_follow_each_other_without_a_gap_or_a_double(story):
    made = claims_of(story, 57)
    person = factories.person()
    seen, after = [], None
    while True:
        found = queue_page(person, Filters(after=after), size=10)
        seen += [row.pk for row in found.rows]
        if not found.next_place:
            break
        after = place_of(found.next_place)
    assert seen == [c.pk for c in sorted(made, key=lambda c: (-c.priority, -c.pk))]


@pytest.mark.parametrize("bad", ["", "x", "5", "5-x", "-3", "5-" + "9" * 30, "²-1"])
def test_a_place_that_cannot_be_read_is_the_beginning(story, bad):
    factories.claim(article=story)
    assert place_of(bad) is None
    assert signed_in(factories.person()).get("/", {"after": bad}).status_code == 200


def test_next_up_leaves_out_what_is_not_worth_checking_and_what_is_done(story):
    worth = factories.claim(article=story, state="proposed", priority=LEAST_PRIORITY)
    factories.claim(article=story, state="proposed", priority=LEAST_PRIORITY - 1)
    factories.claim(article=story, state="dismissed", dismiss_reason="opinion")
    assert [row.pk for row in queue_page(factories.person(), Filters()).rows] == [worth.pk]


def test_each_view_holds_what_its_name_says(story):
    checker, other = factories.person(), factories.person()
    made = {name: factories.claim(article=story, number=n) for n, name in enumerate("abcde")}
    made["draft"] = factories.claim(article=story, state="proposed")
    made["stale"] = factories.claim(article=story, stale_anchor=True)
    claim_take(claim=made["a"], actor=checker)
    claim_take(claim=made["b"], actor=other)
    review = claim_take(claim=made["c"], actor=checker)
    review_perform(review=review, action=ReviewAction.BLOCK, actor=checker, note="asked", wait_kind="right_of_reply")
    expected = {
        "next": {"a", "b", "c", "d", "e", "draft", "stale"},
        "mine": {"a", "c"},
        "second": set(),
        "nobody": {"d", "e", "stale"},
        "waiting": {"c"},
        "overdue": set(),
        "stale": {"stale"},
        "drafts": {"draft"},
        "closed": set(),
    }
    counts = queue_counts(checker)
    for key, names in expected.items():
        rows = queue_page(checker, Filters(view=view_of(key))).rows
        assert {row.pk for row in rows} == {made[name].pk for name in names}, key
        assert counts[key] == len(names), key


@pytest.mark.parametrize(
    ("q", "found"),
    [("TRAM CARRY", 1), ("carr*", 1), ("30,000", 1), ('"people a day"', 1), ("wren tram", 1), ("100%", 0), ("_", 0)],
)
def test_words_are_looked_for_in_claim_quote_and_speaker(story, q, found):
    factories.claim(article=story)
    assert len(queue_page(factories.person(), Filters(q=q)).rows) == found


def test_filters_by_article_and_state(story):
    mine = factories.claim(article=story, state="proposed")
    factories.claim(article=factories.article(text="Another\n\nIt carries 30,000 people a day."))
    person = factories.person()
    assert [r.pk for r in queue_page(person, Filters(article=story.pk)).rows] == [mine.pk]
    assert [r.pk for r in queue_page(person, Filters(state="draft")).rows] == [mine.pk]


def test_a_row_says_how_far_the_sources_are(story):
    claim = factories.claim(article=story)
    for state in (
        RunState.OK,
        RunState.EMPTY,
        RunState.RUNNING,
        RunState.QUEUED,
        RunState.FAILED,
        RunState.CANCELLED,
    ):
        lease = {"token": "0" * 32, "lease_until": factories.NOON} if state == RunState.RUNNING else {}
        factories.run(claim=claim, source=factories.source(), state=state, **lease)
    prefill = queue_page(factories.person(), Filters()).rows[0].prefill
    assert prefill.words == "2 of 5 sources answered, 1 not consulted"
    assert prefill.steps == ["", "", "run", "wait", "fail"]


def test_a_row_gives_the_named_reasons_for_its_priority(story):
    factories.claim(article=story)
    assert queue_page(factories.person(), Filters()).rows[0].why == "exact number, comparison"


def test_show_more_gives_rows_only(story):
    claims_of(story, 60)
    client = signed_in(factories.person())
    whole = client.get("/")
    assert whole.content.count(b'class="row"') == 50
    place = whole.context["page"].next_place
    more = client.get("/", {"after": place}, headers={"HX-Request": "true"})
    assert more.content.count(b'class="row"') == 10
    assert b"<html" not in more.content


def test_a_reporter_sees_only_the_claims_of_their_own_texts(story):
    reporter = factories.person(role="Reporter")
    factories.claim(article=story)
    own = factories.claim(
        article=factories.article(created_by=reporter, text="Own\n\nIt carries 30,000 people a day.")
    )
    assert [row.pk for row in queue_page(reporter, Filters()).rows] == [own.pk]
    assert queue_counts(reporter)["next"] == 1


def test_next_opens_the_most_urgent_claim_that_needs_the_person(story):
    checker = factories.person()
    taken = factories.claim(article=story, priority=99)
    claim_take(claim=taken, actor=factories.person())
    free = factories.claim(article=story, priority=50)
    answer = signed_in(checker).get("/next/")
    assert answer["Location"] == f"/articles/{story.pk}/?claim={free.pk}"
