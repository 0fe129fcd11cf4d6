"""Many claims at once, one step back, and the next claim for each of two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Claim
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotFound, WrongState
from reviews.models import Review, UndoStep
from reviews.selectors.queue import Filters, queue_counts, queue_page, view_of
from reviews.services import bulk as bulk_service
from reviews.services.bulk import MOST, Bulk, bulk_perform, claim_next
from reviews.services.claim import claim_assign
from reviews.services.review import claim_take, review_perform
from reviews.services.undo import STEPS, undo_last
from reviews.workflow import ReviewAction
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims():
    story = factories.article()
    return [factories.claim(article=story, priority=90 - n) for n in range(4)]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def holder(claim):
    return Review.objects.filter(claim=claim, active=True).values_list("assignee", flat=True).first()


def test_who_was_first_is_named_and_the_others_are_taken(claims) -> None:
    ana, me = factories.person(first_name="Ana"), factories.person()
    claim_take(claim=claims[1], actor=ana)
    outcome = bulk_perform(claims=[c.pk for c in claims], actor=me, bulk=Bulk("take"))
    assert outcome.words == "3 taken, 1 was taken by Ana a moment ago."
    assert [holder(claim) for claim in claims] == [me.pk, ana.pk, me.pk, me.pk]
    undo_last(actor=me)
    assert [holder(claim) for claim in claims] == [None, ana.pk, None, None]
    with pytest.raises(NotFound):
        undo_last(actor=me)


def test_dismissed_claims_come_back_to_who_had_them(claims) -> None:
    me = factories.person()
    claim_take(claim=claims[0], actor=me)
    outcome = bulk_perform(claims=[claims[0].pk, claims[1].pk], actor=me, bulk=Bulk("dismiss", reason="opinion"))
    assert outcome.words == "2 dismissed."
    assert Claim.objects.filter(state="dismissed").count() == 2
    undo_last(actor=me)
    assert not Claim.objects.filter(state="dismissed").exists()
    assert (holder(claims[0]), holder(claims[1])) == (me.pk, None)


def test_an_assignment_goes_back_to_whoever_had_it_before(claims) -> None:
    editor, ana, ben = factories.person(role="Desk editor"), factories.person(), factories.person()
    claim_assign(claim=claims[0], actor=editor, assignee=ana)
    bulk_perform(claims=[claims[0].pk, claims[1].pk], actor=editor, bulk=Bulk("assign", assignee=ben))
    assert holder(claims[0]) == holder(claims[1]) == ben.pk
    undo_last(actor=editor)
    assert (holder(claims[0]), holder(claims[1])) == (ana.pk, None)


def test_a_priority_moves_the_row_and_moves_it_back(claims) -> None:
    editor = factories.person(role="Desk editor")
    bulk_perform(claims=[claims[3].pk], actor=editor, bulk=Bulk("prioritise", priority=99))
    assert queue_page(editor, Filters()).rows[0].pk == claims[3].pk
    assert AuditEvent.objects.get(action="claim.prioritised").after == {"priority": 99}
    undo_last(actor=editor)
    assert queue_page(editor, Filters()).rows[-1].pk == claims[3].pk


def test_nothing_is_undone_once_somebody_has_gone_on(claims) -> None:
    editor, ana = factories.person(role="Desk editor"), factories.person()
    bulk_perform(claims=[c.pk for c in claims[:2]], actor=editor, bulk=Bulk("assign", assignee=ana))
    review = Review.objects.get(claim=claims[1])
    review_perform(review=review, action=ReviewAction.START, actor=ana)
    with pytest.raises(WrongState):
        undo_last(actor=editor)
    assert holder(claims[0]) == ana.pk  # all of it or nothing
    assert UndoStep.objects.get().undone_at is None


def test_the_last_twenty_steps_are_kept(claims) -> None:
    editor = factories.person(role="Desk editor")
    for number in range(STEPS + 3):
        bulk_perform(claims=[claims[0].pk], actor=editor, bulk=Bulk("prioritise", priority=number))
    assert UndoStep.objects.filter(person=editor).count() == STEPS


@pytest.mark.parametrize(
    ("role", "act", "words"),
    [("Checker", "assign", "0 assigned, 1 not:"), ("Checker", "prioritise", "0 given another priority, 1 not:"),
     ("Viewer", "take", "0 taken, 1 not:"), ("Viewer", "dismiss", "0 dismissed, 1 not:"),
     ("Desk editor", "dismiss", "0 dismissed, 1 not:"), ("Desk editor", "prioritise", "0 given another")],
)  # fmt: skip
def test_each_claim_is_asked_with_the_rights_and_rules_of_its_own_act(claims, role, act, words) -> None:
    outcome = bulk_perform(claims=[claims[0].pk], actor=factories.person(role=role), bulk=Bulk(act, reason="?"))
    assert outcome.words.startswith(words)
    assert not UndoStep.objects.exists()


@pytest.mark.parametrize(("act", "count"), [("publish", 1), ("take", 0), ("take", MOST + 1)])
def test_what_is_no_act_on_claims_is_refused(act, count) -> None:
    with pytest.raises(Invalid):
        bulk_perform(claims=list(range(count)), actor=factories.person(), bulk=Bulk(act))


def test_two_who_ask_at_once_get_two_claims(claims, monkeypatch) -> None:
    """The second one acts on a list that was read before the first had taken its claim."""
    first, second = factories.person(), factories.person()
    stale = queue_page(second, Filters())
    assert claim_next(actor=first) == (claims[0].article_id, claims[0].pk)
    monkeypatch.setattr(bulk_service, "queue_page", lambda *_args: stale)
    assert claim_next(actor=second) == (claims[1].article_id, claims[1].pk)
    assert (holder(claims[0]), holder(claims[1])) == (first.pk, second.pk)


def test_overdue_holds_what_is_in_work_and_late(claims) -> None:
    me = factories.person()
    for claim in claims[:2]:
        claim_take(claim=claim, actor=me)
    Review.objects.filter(claim=claims[0]).update(due_at=timezone.now() - timedelta(minutes=1))
    Review.objects.filter(claim=claims[1]).update(due_at=timezone.now() + timedelta(minutes=1))
    assert [row.pk for row in queue_page(me, Filters(view=view_of("overdue"))).rows] == [claims[0].pk]
    assert queue_counts(me)["overdue"] == 1


# --- the pages ------------------------------------------------------------------------------------------
def test_the_forms_work_without_javascript(claims) -> None:
    editor, ana = factories.person(role="Desk editor"), factories.person(first_name="Ana")
    client = signed_in(editor)
    picked = {"claims": [c.pk for c in claims[:2]], "act": "assign"}
    asked = client.post("/bulk/", picked)
    assert asked.status_code == 200
    assert b"Assign 2 claims" in asked.content
    done = client.post("/bulk/", picked | {"sure": "1", "assignee": ana.pk, "back": "/?view=nobody"}, follow=True)
    assert done.redirect_chain == [("/?view=nobody", 302)]
    assert b"2 assigned." in done.content
    assert b'form="undo-form"' in done.content
    undone = client.post("/undo/", follow=True)
    assert b"Undone: 2 assigned." in undone.content
    assert holder(claims[0]) is None
    assert client.post("/undo/").status_code == 404


def test_the_form_leads_to_no_foreign_page(claims) -> None:
    client = signed_in(factories.person())
    answer = client.post("/bulk/", {"claims": claims[0].pk, "act": "take", "back": "//elsewhere.example/"})
    assert answer["Location"] == "/"


def test_give_me_the_next_takes_it(claims) -> None:
    me = factories.person()
    answer = signed_in(me).post("/next/")
    assert answer["Location"] == f"/articles/{claims[0].article_id}/?claim={claims[0].pk}"
    assert holder(claims[0]) == me.pk
