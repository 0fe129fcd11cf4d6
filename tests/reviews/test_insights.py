"""The desk's figures: right numbers, findings in words, CSV and JSON, and walls that hold in counts too."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.choices import RunState
from articles.models import Desk
from reviews.models import Opinion, PublicationVersion, Review, Tag
from reviews.selectors import figures
from reviews.selectors.insights import figure, insights
from reviews.selectors.insights_more import hours_by_stage
from reviews.services.claim import claim_set_aside
from reviews.services.review import claim_take, review_perform, verdict_approve, verdict_propose
from reviews.workflow import ReviewAction
from tests import factories
from tests import publishing as desk

pytestmark = pytest.mark.django_db
KEYS = [
    "open", "overdue", "speed", "stages", "verdicts", "speakers", "outlets", "topics", "agreement", "blind",
    "dismissals", "corrections", "correction_rate", "sources", "follow_up",
]  # fmt: skip


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def viewer():
    return factories.person(role="Viewer")


def judged() -> None:
    verdict_approve(review=desk.proposed(), actor=desk.person("Reviewer"))


def rows(viewer, key: str):
    found = figure(viewer, key, days=28)
    assert found is not None
    return found.finding, found.rows


def test_without_data_every_figure_says_so(viewer) -> None:
    found = insights(viewer, days=28)
    assert [one.key for one in found] == KEYS
    assert [one.rows for one in found if one.key != "agreement"] == [[]] * (len(KEYS) - 1)
    assert found[0].finding == "Nothing is open"


def test_open_claims_are_counted_by_state_and_by_how_long_they_stand(viewer) -> None:
    story, checker = factories.article(), factories.person()
    for hours in (0, 2, 5, 30):
        review = claim_take(claim=factories.claim(article=story), actor=checker)
        Review.objects.filter(pk=review.pk).update(changed_at=timezone.now() - timedelta(hours=hours))
    Review.objects.filter(claim__article=story).update(due_at=timezone.now() - timedelta(hours=1))
    assert rows(viewer, "open") == ("1 claim has not moved for more than a day", [("In progress", 1, 1, 1, 1)])
    finding, table = rows(viewer, "overdue")
    assert finding == "4 claims of 1 articles are late"
    assert table[0][:2] == (story.title, 4)


def test_verdicts_are_counted_by_label_speaker_and_outlet(viewer) -> None:
    judged()
    judged()
    assert rows(viewer, "verdicts")[1] == [("Misleading", 0, 2, 100)]
    assert rows(viewer, "outlets")[1] == [("Tessel Wire", 0, 2, 100)]
    assert rows(viewer, "agreement")[1] == [("Approved as it was", 2), ("Proposed again", 0)]
    assert rows(viewer, "speed")[1][0][2] == 2


def test_a_source_that_did_not_answer_is_not_one_that_found_nothing(viewer) -> None:
    claim, source = factories.claim(article=factories.article()), factories.source(name="Papers")
    for state in (RunState.OK, RunState.EMPTY, RunState.EMPTY, RunState.FAILED):
        factories.run(claim=claim, source=source, state=state, finished_at=timezone.now())
    assert rows(viewer, "sources")[1] == [("Papers", 1, 2, 1, 33)]


def test_dismissals_by_reason(viewer) -> None:
    story, checker = factories.article(), factories.person()
    for reason in ("opinion", "opinion", "vague"):
        claim_set_aside(claim=factories.claim(article=story), actor=checker, reason=reason)
    assert rows(viewer, "dismissals") == ("67 % of what was dismissed: opinion", [("Opinion", 2), ("Too vague", 1)])


def test_nothing_behind_a_wall_is_counted(viewer) -> None:
    secret = Desk.objects.create(name="Secret", slug="secret")
    claim = factories.claim(article=factories.article(desk=secret, title="Hidden"))
    Review.objects.create(claim=claim, due_at=timezone.now() - timedelta(hours=1))
    factories.run(claim=claim, source=factories.source(), finished_at=timezone.now())
    assert all(not one.rows for one in insights(viewer, days=365) if one.key != "agreement")


def test_where_the_time_of_a_verdict_went_is_read_from_the_trail(viewer):
    claim, checker, began = desk.claim(), desk.person("Checker"), timezone.now() - timedelta(hours=20)
    desk.evidence(claim)
    with time_machine.travel(began, tick=False):
        review = claim_take(claim=claim, actor=checker)
    asked = {"note": "asked", "wait_kind": "right_of_reply"}
    with time_machine.travel(began + timedelta(hours=2), tick=False):
        review_perform(review=review, action=ReviewAction.BLOCK, actor=checker, **asked)
    with time_machine.travel(began + timedelta(hours=12), tick=False):
        review_perform(review=review, action=ReviewAction.UNBLOCK, actor=checker)
    with time_machine.travel(began + timedelta(hours=13), tick=False):
        verdict_propose(review=review, actor=checker, proposal=desk.proposal())
    with time_machine.travel(began + timedelta(hours=16), tick=False):
        verdict_approve(review=review, actor=desk.person("Reviewer"))
    finding, table = rows(viewer, "stages")
    assert table == [
        ("In progress", 3.0, 0.0), ("Waiting for reply", 0.0, 10.0), ("Second review", 0.0, 3.0),
    ]  # fmt: skip
    assert finding == "81 % of the time to a verdict is waiting"


MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(("steps", "hours", "reviews"), [
    ([], {}, 0),
    ([("1", 0, None)], {}, 1),
    ([("1", 0, None), ("1", 1, "in_progress"), ("2", 9, "in_progress")], {"Open": 1.0}, 2),
    ([("1", 0, "in_progress"), ("1", 2, None), ("1", 3, "approved"), ("1", 50, "in_progress"), ("1", 51, "proposed")],
     {"In progress": 4.0}, 1),
])  # fmt: skip
def test_hours_are_those_between_two_moves_of_one_review(steps, hours, reviews):
    moved = [(review, MOMENT + timedelta(hours=hour), state) for review, hour, state in steps]
    assert hours_by_stage(moved) == (hours, reviews)


def test_verdicts_by_subject_and_how_far_blind_second_ones_were(viewer):
    publication = desk.approved()
    publication.tags.add(Tag.objects.create(name="Energy", slug="energy"))
    desk.approved()
    assert sorted(rows(viewer, "topics")[1]) == [("Energy", 0, 1, 100), ("Not named", 0, 1, 100)]
    for steps in (0, 0, 1, 3):
        verdict = desk.proposed().verdict
        Opinion.objects.create(verdict=verdict, kind="second", label=verdict.label, rationale="So.", steps=steps,
                               person=desk.person("Reviewer"), person_name="Bo", at=timezone.now())  # fmt: skip
    finding, table = rows(viewer, "blind")
    assert finding == "50 % of blind second verdicts were the same"
    assert [row[1:] for row in table] == [(2, 50), (1, 25), (1, 25)]


def test_how_much_of_what_was_published_was_corrected(viewer):
    publication = desk.published()
    desk.published()
    version = PublicationVersion.objects.get(publication=publication)
    version.pk, version.number, version.change, version.note = None, 2, "correction", "Another plant."
    version.save(force_insert=True)
    finding, table = rows(viewer, "correction_rate")
    assert finding == "50.0 % of what was published was corrected"
    assert table[-1][1:] == (2, 1, 50)


def test_a_figure_counts_the_newest_only(viewer, monkeypatch):
    judged()
    judged()
    monkeypatch.setattr(figures, "MOST_ROWS", 1)
    assert rows(viewer, "verdicts")[1] == [("Misleading", 0, 1, 100)]


def test_figures_of_one_desk_are_of_no_other(viewer):
    night = Desk.objects.create(name="Night desk", slug="night", walled=False)
    walled = Desk.objects.create(name="Secret", slug="secret", walled=True)
    Review.objects.create(claim=factories.claim(article=factories.article(desk=night)))
    client = signed_in(viewer)
    assert client.get("/insights/?desk=night").context["figures"][0].rows != []
    assert client.get("/insights/?desk=desk").context["figures"][0].rows == []
    assert "open.csv?days=28&amp;desk=night" in client.get("/insights/?desk=night").content.decode()
    for path in ("/insights/", "/insights/open.csv", "/insights/open.json"):
        assert client.get(path, {"desk": "night"}).status_code == 200
        assert client.get(path, {"desk": walled.slug}).status_code == 404
        assert client.get(path, {"desk": "nowhere"}).status_code == 404
    assert client.get("/insights/open.json?desk=night").json()["rows"] != []
    assert client.get("/insights/open.json?desk=desk").json()["rows"] == []


# --- the pages ------------------------------------------------------------------------------------------
def test_what_a_spreadsheet_would_run_is_text(viewer) -> None:
    story = factories.article(title="=HYPERLINK(1)")
    Review.objects.create(claim=factories.claim(article=story), due_at=timezone.now() - timedelta(hours=1))
    text = signed_in(viewer).get("/insights/overdue.csv").content.decode()
    assert list(csv.reader(io.StringIO(text)))[1][:2] == ["'=HYPERLINK(1)", "1"]


@pytest.mark.parametrize("key", KEYS)
def test_every_table_is_there_as_csv_and_json(viewer, key) -> None:
    client = signed_in(viewer)
    assert client.get(f"/insights/{key}.csv?days=7")["Content-Type"].startswith("text/csv")
    told = client.get(f"/insights/{key}.json?days=7").json()
    assert (told["figure"], told["days"]) == (key, 7)


@pytest.mark.parametrize(("path", "status"), [
    ("/insights/", 200), ("/insights/?days=9999999999", 200), ("/insights/?days=x", 200), ("/insights/no.csv", 404),
])  # fmt: skip
def test_bad_addresses(viewer, path, status) -> None:
    assert signed_in(viewer).get(path).status_code == status


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_queries_however_much_there_is(viewer, count, django_assert_num_queries) -> None:
    for _ in range(count):
        judged()
    client = signed_in(viewer)
    with django_assert_num_queries(20):  # session, person, desks, 15 figures, one of them in two, waiting
        assert client.get("/insights/").status_code == 200


def test_the_title_of_a_chart_is_what_it_shows(viewer) -> None:
    judged()
    page = signed_in(viewer).get("/insights/").content.decode()
    assert "100 % of first proposals were approved as they were</h2>" in page
    assert "<rect" in page
    assert "style=" not in page


def test_drafts_that_wait_are_open_too():
    story = factories.article()
    factories.claim(article=story, state="proposed")
    factories.claim(article=story, state="proposed", priority=3, start=1)  # not worth a decision
    found = next(one for one in insights(factories.person(), days=28) if one.key == "open")
    assert found.finding != "Nothing is open"
    assert found.rows[0] == ("Draft", 1, 0, 0, 0)
