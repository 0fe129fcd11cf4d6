"""How urgent a claim is: the parts of its number, rules, deadlines, and that it follows whatever changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Claim, Desk
from factcheck.core.errors import FactcheckError
from reviews.models import Check, DeskPolicy, HarmAnswers, Notice, Review, RuleGave, TriageRule
from reviews.services.bulk import Bulk, bulk_perform
from reviews.services.claim import claim_prioritise
from reviews.services.review import claim_accept, claim_take, review_perform
from reviews.services.triage import check_tick, claims_rank, dry_run, harm_answer, rank_soon
from reviews.services.undo import undo_last
from reviews.tasks import rank_claims
from reviews.triage import HARM, REACH, Push, priority_of
from reviews.workflow import ReviewAction, ReviewState
from tests import factories

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOW = factories.NOON
ALL_THREE = {one.key: 3 for one in (*HARM, REACH)}


def ranked(**values: Any) -> Any:
    known: dict[str, Any] = {"score": 0.4, "by_person": False, "answers": {}, "due_at": None, "now": NOW}
    return priority_of(**known | values)


# --- the number (pure) ----------------------------------------------------------------------------------
def test_without_anything_else_it_is_how_check_worthy_the_words_are():
    found = ranked()
    assert (found.value, [part.name for part in found.parts], found.again_at) == (40, ["check-worthy"], None)


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ({"by_person": True}, 50),
        ({"by_person": True, "score": 0.9}, 90),
        ({"answers": dict.fromkeys((one.key for one in HARM), 3)}, 70),
        ({"answers": {"reach": 3}}, 58),
        ({"answers": {"reach": None, "spread": 0}}, 40),
        ({"due_at": NOW + timedelta(hours=25)}, 40),
        ({"due_at": NOW + timedelta(hours=24)}, 49),
        ({"due_at": NOW + timedelta(hours=4)}, 58),
        ({"due_at": NOW - timedelta(days=3)}, 70),
        ({"pushes": [Push("a", 50)]}, 70),
        ({"pushes": [Push("a", -50)]}, 20),
        ({"pushes": [Push("a", -100), Push("b", 100)]}, 100),
        ({"pinned": 7, "answers": ALL_THREE, "pushes": [Push("a", 100)]}, 7),
    ],
)
def test_each_part_moves_it_a_share_of_the_way_that_is_left(values, value):
    assert ranked(**values).value == value


@given(
    score=st.floats(0, 1), by_person=st.booleans(), hours=st.none() | st.integers(-1000, 1000),
    answers=st.fixed_dictionaries({one.key: st.none() | st.integers(0, 3) for one in (*HARM, REACH)}),
    percents=st.lists(st.integers(-100, 100), max_size=5), pinned=st.none() | st.integers(0, 100),
)  # fmt: skip
def test_the_parts_always_add_up_and_stay_within_bounds(score, by_person, hours, answers, percents, pinned):
    due = None if hours is None else NOW + timedelta(hours=hours)
    found = priority_of(
        score=score, by_person=by_person, answers=answers, due_at=due, now=NOW, pinned=pinned,
        pushes=[Push(str(number), percent) for number, percent in enumerate(percents)],
    )  # fmt: skip
    assert 0 <= found.value <= 100
    assert sum(part.points for part in found.parts) == found.value
    assert found.again_at is None or found.again_at > NOW


@given(answers=st.fixed_dictionaries({one.key: st.integers(0, 2) for one in HARM}), key=st.sampled_from(HARM))
def test_more_harm_never_counts_for_less(answers, key):
    more = answers | {key.key: answers[key.key] + 1}
    assert ranked(answers=more).value >= ranked(answers=answers).value


# --- kept in step ---------------------------------------------------------------------------------------
@pytest.fixture
def claim(db: None) -> Claim:
    made = factories.claim(article=factories.article(), score=0.4, priority=40, origin="machine", start=0)
    claims_rank()
    made.refresh_from_db()
    return made


def rank_of(claim: Claim) -> int:
    rank_claims()
    rank_claims()  # twice is once
    claim.refresh_from_db()
    assert claim.ranked
    assert sum(part["points"] for part in claim.priority_parts) == claim.priority
    return claim.priority


def rule(**values: Any) -> TriageRule:
    made = TriageRule.objects.create(**{"name": "Minister first", "speaker": "wren", "percent": 50} | values)
    rank_soon_all()
    return made


def rank_soon_all() -> None:
    rank_soon(Q())


def test_a_new_claim_is_ranked_without_being_asked(db):
    made = factories.claim(article=factories.article(), score=0.3, priority=3, origin="machine", start=0)
    assert rank_of(made) == 30


def test_answers_about_harm_move_it_and_are_told_in_the_trail(claim):
    checker = factories.person()
    harm_answer(claim=claim, actor=checker, answers=ALL_THREE)
    assert rank_of(claim) == 79
    assert [part["name"] for part in claim.priority_parts] == ["check-worthy", "harm", "reach"]
    harm_answer(claim=claim, actor=checker, answers=dict.fromkeys(ALL_THREE))
    assert rank_of(claim) == 40


@pytest.mark.parametrize("answers", [{"spread": 4}, {"spread": -1}, {"taste": 1}])
def test_wrong_answers_are_refused(claim, answers):
    with pytest.raises(FactcheckError) as error:
        harm_answer(claim=claim, actor=factories.person(), answers=answers)
    assert error.value.code == "triage.bad_answer"
    assert not HarmAnswers.objects.exists()


def test_somebody_who_only_reads_answers_nothing(claim):
    with pytest.raises(FactcheckError) as error:
        harm_answer(claim=claim, actor=factories.person(role="Viewer"), answers={"spread": 1})
    assert error.value.code == "workflow.not_allowed"


def test_what_somebody_set_stays_until_the_undo(claim):
    editor = factories.person(role="Desk editor")
    bulk_perform(claims=[claim.pk], actor=editor, bulk=Bulk("prioritise", priority=7))
    assert rank_of(claim) == 7
    harm_answer(claim=claim, actor=editor, answers=ALL_THREE)
    assert rank_of(claim) == 7
    undo_last(actor=editor)
    assert rank_of(claim) == 79  # the rules have it again
    claim_prioritise(claim=claim, actor=editor, priority=5)
    assert rank_of(claim) == 5


def test_the_deadline_counts_for_more_as_it_comes_nearer(claim):
    review = claim_take(claim=claim, actor=factories.person())
    start = timezone.now()
    Review.objects.filter(pk=review.pk).update(due_at=start + timedelta(hours=30))
    rank_soon_all()
    assert rank_of(claim) == 40
    for hours, priority in ((7, 49), (27, 58), (29.5, 70), (300, 70)):
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            assert rank_of(claim) == priority
    assert claim.rank_again_at is None


def test_nothing_is_ranked_that_did_not_change(claim, django_assert_num_queries):
    assert claims_rank() == 0


@pytest.mark.parametrize("count", [3, 100])
def test_ranking_many_costs_the_queries_of_ranking_few(count, db, django_assert_num_queries):
    story = factories.article()
    for number in range(count):
        factories.claim(article=story, start=number, quote="x", origin="machine")
    with django_assert_num_queries(8):  # two of them are the savepoint
        assert claims_rank() == count


# --- rules ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({"speaker": "oda WREN"}, True),
        ({"speaker": "Somebody"}, False),
        ({"speaker": "", "publisher": "tessel"}, True),
        ({"speaker": "", "publisher": "Harbour News"}, False),
        ({"speaker": "", "kinds": ["quantity"]}, True),
        ({"speaker": "", "kinds": ["event"]}, False),
        ({"speaker": "", "words": "crowns\nPEOPLE a day"}, True),
        ({"speaker": "", "words": "crowns\n\n"}, False),
        ({"speaker": "", "score_from": 40, "score_to": 40}, True),
        ({"speaker": "", "score_from": 41}, False),
        ({"speaker": "", "score_to": 39}, False),
        ({"speaker": "", "mode": "pre_publication"}, False),
        ({"speaker": "wren", "kinds": ["event"]}, False),
        ({"speaker": ""}, False),
        ({"enabled": False}, False),
    ],
)
def test_a_rule_fits_where_every_condition_holds(claim, conditions, fits):
    rule(**conditions)
    assert rank_of(claim) == (70 if fits else 40)


def test_a_rule_counts_on_its_desk_only(claim):
    other = Desk.objects.create(name="Sports", slug="sports", walled=False)
    DeskPolicy.objects.create(pk=other.pk, desk=other)
    rule(desk=other)
    assert rank_of(claim) == 40


def test_a_dry_run_says_what_would_have_fitted_and_changes_nothing(claim):
    factories.claim(article=claim.article, speaker="Somebody", start=1)
    made = rule(enabled=False)
    before = Claim.objects.get(pk=claim.pk).version
    assert ([one.pk for one in dry_run(made)[0]], dry_run(made)[1]) == ([claim.pk], 2)
    assert rank_of(claim) == 40
    assert claim.version == before


def test_a_rule_gives_a_confirmed_claim_to_somebody_once(claim):
    ana, editor = factories.person(), factories.person(role="Desk editor")
    rule(assignee=ana)
    rank_of(claim)
    assert not Review.objects.exists()  # a draft waits until a person confirms it
    claim_accept(claim=claim, actor=editor)
    rank_of(claim)
    review = Review.objects.get()
    assert (review.state, review.assignee) == (ReviewState.ASSIGNED, ana)
    assert Notice.objects.get(person=ana).event == "assigned"
    review_perform(review=review, action=ReviewAction.GIVE_BACK, actor=ana)
    rank_soon_all()
    rank_of(claim)
    review.refresh_from_db()
    assert review.assignee is None
    assert RuleGave.objects.count() == 1


def test_a_rule_gives_nothing_to_who_may_not_check(claim):
    rule(assignee=factories.person(role="Viewer"))
    claim_accept(claim=claim, actor=factories.person())
    rank_of(claim)
    assert Review.objects.get().state == ReviewState.QUEUED


def test_a_rule_puts_lines_on_the_checklist_once(claim):
    rule(checklist="Ask the ministry\n\nLook at the minutes ")
    rank_of(claim)
    rank_soon_all()
    rank_of(claim)
    assert list(Check.objects.values_list("words", flat=True)) == ["Ask the ministry", "Look at the minutes"]
    line, checker = Check.objects.first(), factories.person()
    assert line is not None
    check_tick(check=line, actor=checker, done=True)
    with pytest.raises(FactcheckError):
        check_tick(check=line, actor=checker, done=True)
    line.refresh_from_db()
    assert line.done_at is not None


# --- deadlines of desk and rule -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("desk", "rules", "hours"), [({}, [], None), ({"due_hours": 24}, [], 24), ({"due_hours": 24}, [6, 48], 6),
                                 ({"due_hours_own": 2}, [], None)],
)  # fmt: skip
def test_a_queued_claim_is_due_when_the_nearest_rule_says(claim, desk, rules, hours):
    DeskPolicy.objects.update(**desk)
    for number, due in enumerate(rules):
        TriageRule.objects.create(name=f"r{number}", speaker="wren", due_hours=due)
    with time_machine.travel(NOW, tick=False):
        review = claim_accept(claim=claim, actor=factories.person())
    assert review.due_at == (None if hours is None else NOW + timedelta(hours=hours))


def test_the_deadline_of_the_article_comes_first(claim):
    DeskPolicy.objects.update(due_hours=1)
    claim.article.due_at = NOW
    claim.article.save()
    assert claim_accept(claim=claim, actor=factories.person()).due_at == NOW


# --- on the pages ---------------------------------------------------------------------------------------
def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_card_asks_about_harm_and_shows_the_parts(claim):
    checker = factories.person()
    client = signed_in(checker)
    path = f"/claims/{claim.pk}/harm/"
    assert client.post(path, {one.key: "3" for one in HARM}).status_code == 302
    rank_of(claim)
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "Check-worthy 40, Harm +30." in page
    assert page.count('<option value="3" selected>') == 5
    assert "harm" in client.get("/").content.decode()
    for wrong in ("4", "-1", "x", "1" * 50):
        assert client.post(path, {"spread": wrong}).status_code == 422
    assert client.post(path, {"spread": ""}).status_code == 302
    assert HarmAnswers.objects.get().spread is None
    viewer = signed_in(factories.person(role="Viewer"))
    assert viewer.post(path, {"spread": "1"}).status_code == 403


def test_the_checklist_is_ticked_on_the_card(claim):
    rule(checklist="Ask the ministry")
    rank_of(claim)
    line = Check.objects.get()
    client = signed_in(factories.person(first_name="Ana"))
    assert client.post(f"/claims/{claim.pk}/checks/{line.pk}/", {"done": "1"}).status_code == 302
    assert "Ana" in client.get(f"/claims/{claim.pk}/").content.decode()
    assert client.post(f"/claims/{claim.pk}/checks/{line.pk}/").status_code == 302
    other = factories.claim(article=factories.article(), start=0)
    assert client.post(f"/claims/{other.pk}/checks/{line.pk}/").status_code == 404


def test_a_rule_is_made_tried_and_removed_in_the_admin(claim):
    admin = factories.person(role="Administrator")
    admin.is_staff = True
    admin.save()
    client = signed_in(admin)
    sent = {"desk": claim.article.desk_id, "name": "Minister", "percent": "50", "position": "0", "enabled": "on"}
    assert client.post("/admin/reviews/triagerule/add/", sent).status_code == 200  # no condition
    upside_down = sent | {"score_from": "60", "score_to": "20"}
    assert client.post("/admin/reviews/triagerule/add/", upside_down).status_code == 200
    assert not TriageRule.objects.exists()
    assert client.post("/admin/reviews/triagerule/add/", sent | {"speaker": "Wren"}).status_code == 302
    assert rank_of(claim) == 70
    made = TriageRule.objects.get()
    assert "1 of the last 1 claims" in client.get(f"/admin/reviews/triagerule/{made.pk}/change/").content.decode()
    assert client.post(f"/admin/reviews/triagerule/{made.pk}/delete/", {"post": "yes"}).status_code == 302
    assert rank_of(claim) == 40
