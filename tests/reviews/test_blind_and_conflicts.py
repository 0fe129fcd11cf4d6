"""Blind second verdicts, third ones where two are far apart, and people who keep out because of a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.choices import EvidenceState, Mode
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, Invalid, NotAllowed, WrongState
from reviews.models import DeskPolicy, Opinion, Recusal, Review, Verdict
from reviews.opinions import FAR, steps_between
from reviews.services.claim import claim_assign
from reviews.services.opinion import opinion_decide, opinion_give
from reviews.services.recusal import recusal_lift, recuse
from reviews.services.review import claim_take, review_perform, verdict_approve, verdict_propose
from reviews.services.signoff import article_sign_off
from reviews.workflow import ReviewAction
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client

WHY = "I read the table otherwise."


# --- how far apart ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "steps"), [(1, 1, 0), (1, 2, 1), (1, 5, 4), (1, 6, FAR), (6, 7, FAR), (7, 7, 0)]
)
def test_steps(first: int, second: int, steps: int) -> None:
    axis = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4}
    assert steps_between(first, second, axis) == steps


@given(st.integers(1, 9), st.integers(1, 9))
def test_it_is_as_far_there_as_back(first: int, second: int) -> None:
    axis = {1: 0, 2: 1, 3: 2}
    assert steps_between(first, second, axis) == steps_between(second, first, axis)


# --- blind ------------------------------------------------------------------------------------------------
@pytest.fixture
def blind(db: None) -> Review:
    """A verdict “Misleading” that a second person is to judge blind."""
    DeskPolicy.objects.update(second_review="blind")
    return desk.proposed()


def opinion(review: Review, label: str = "misleading", role: str = "Reviewer") -> tuple[Opinion, User]:
    who = desk.person(role)
    return opinion_give(review=review, actor=who, label=label, rationale=WHY), who


def test_the_first_verdict_is_shown_to_nobody_until_the_second_is_saved(blind: Review, client: Client) -> None:
    verdict = Verdict.objects.get()
    proposer = verdict.proposed_by
    hidden = (verdict.rationale, verdict.summary, "Kept by", 'data-verdict="2"></')
    for role in ("Reviewer", "Viewer", "Desk editor", "Publisher"):
        client.force_login(desk.person(role))
        for page in (f"/claims/{blind.claim_id}/", f"/articles/{blind.claim.article_id}/?claim={blind.claim_id}",
                     f"/articles/{blind.claim.article_id}/backup/", "/reviews/"):  # fmt: skip
            shown = client.get(page).content.decode()
            assert not [words for words in hidden if words in shown], (role, page)
    client.force_login(proposer)
    assert verdict.rationale in client.get(f"/claims/{blind.claim_id}/").content.decode()
    reviewer = desk.person("Reviewer")
    head = desk.bearer(reviewer, "read")
    for path in (f"/api/v1/reviews/{blind.pk}/", "/api/v1/reviews/"):
        answer = client.get(path, headers=head).json()
        row = answer["results"][0] if "results" in answer else answer
        assert (row["verdict"], row["sealed"]) == (None, True)
    staff = desk.person("Reviewer")
    User.objects.filter(pk=staff.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=staff.pk))
    admin = client.get(reverse("admin:articles_claim_change", args=[blind.claim_id])).content.decode()
    assert verdict.rationale not in admin
    opinion_give(review=blind, actor=reviewer, label="false", rationale=WHY)
    client.force_login(reviewer)
    shown = client.get(f"/claims/{blind.claim_id}/").content.decode()
    assert verdict.rationale in shown
    assert "one step apart" in shown


def test_blind_evidence_has_neither_order_nor_choice(client: Client, db: None) -> None:
    DeskPolicy.objects.update(second_review="blind")
    claim = desk.claim()
    low = desk.evidence(claim, relevance=0.1, title="Low")
    desk.evidence(claim, relevance=0.9, title="Dropped one", state=EvidenceState.DROPPED)
    desk.proposed(claim)
    client.force_login(desk.person("Reviewer"))
    shown = client.get(f"/claims/{claim.pk}/").content.decode()
    assert shown.index(low.title) < shown.index("Dropped one")
    assert "Dropped:" not in shown
    assert 'data-stance="' not in shown


def test_agreement_is_approved_and_recorded(blind: Review) -> None:
    given, reviewer = opinion(blind)
    assert (given.steps, blind.sealed) == (0, False)
    verdict_approve(review=blind, actor=reviewer)
    assert Verdict.objects.get().approved_by == reviewer
    assert AuditEvent.objects.filter(action="review.opinion").exists()


def test_nobody_approves_or_sends_back_before_judging(blind: Review) -> None:
    reviewer = desk.person("Reviewer")
    with pytest.raises(Invalid) as refused:
        verdict_approve(review=blind, actor=reviewer)
    assert refused.value.code == "review.judge_first"
    with pytest.raises(Invalid) as refused:
        review_perform(review=blind, action=ReviewAction.REQUEST_CHANGES, actor=reviewer, note="No.")
    assert refused.value.code == "review.judge_first"


def test_one_step_apart_the_adopter_says_why(blind: Review) -> None:
    _, reviewer = opinion(blind, "false")
    with pytest.raises(Invalid, match="Say why"):
        verdict_approve(review=blind, actor=reviewer)
    verdict_approve(review=blind, actor=reviewer, note="The repair year was named in the speech.")
    assert Verdict.objects.get().approved_by == reviewer


@pytest.mark.parametrize("label", ["true", "unproven"])
def test_far_apart_a_third_person_decides(blind: Review, label: str) -> None:
    given, reviewer = opinion(blind, label)
    assert given.steps >= FAR
    with pytest.raises(Invalid) as refused:
        verdict_approve(review=blind, actor=reviewer, note="I give in.")
    assert refused.value.code == "review.third_needed"
    with pytest.raises(NotAllowed):
        opinion_decide(review=blind, actor=reviewer, label="misleading", rationale=WHY)
    editor = desk.person("Desk editor")
    opinion_decide(review=blind, actor=editor, label="misleading", rationale=WHY)
    with pytest.raises(WrongState):
        opinion_decide(review=blind, actor=desk.person("Desk editor"), label="true", rationale=WHY)
    verdict_approve(review=blind, actor=editor)
    assert Verdict.objects.get().approved_by == editor


def test_a_third_verdict_that_says_otherwise_sends_it_back_and_the_next_one_is_judged_anew(blind: Review) -> None:
    opinion(blind, "true")
    editor = desk.person("Desk editor")
    opinion_decide(review=blind, actor=editor, label="true", rationale=WHY)
    with pytest.raises(Invalid) as refused:
        verdict_approve(review=blind, actor=editor)
    assert refused.value.code == "review.third_other"
    review_perform(review=blind, action=ReviewAction.REQUEST_CHANGES, actor=editor, note="See the table.")
    checker = blind.assignee
    assert checker is not None
    review_perform(review=blind, action=ReviewAction.RESUME, actor=checker)
    verdict_propose(review=blind, actor=checker, proposal=desk.proposal(label="true"))
    blind.refresh_from_db()
    assert (blind.sealed, Opinion.objects.filter(verdict=blind.verdict).count()) == (True, 0)


def test_who_may_not_judge_second(blind: Review) -> None:
    proposer = Verdict.objects.get().proposed_by
    proposer.user_permissions.add(Permission.objects.get(codename="second_review"))
    away, first = desk.person("Reviewer"), desk.person("Reviewer")
    recuse(article=blind.claim.article, actor=away, reason="My sister runs the plant.")
    for who, code in ((User.objects.get(pk=proposer.pk), "review.own_proposal"), (away, "review.recused"),
                      (desk.person("Checker"), "workflow.not_allowed")):  # fmt: skip
        with pytest.raises(NotAllowed) as refused:
            opinion_give(review=blind, actor=who, label="true", rationale=WHY)
        assert refused.value.code == code
    opinion_give(review=blind, actor=first, label="misleading", rationale=WHY)
    with pytest.raises(WrongState) as late:
        opinion_give(review=blind, actor=desk.person("Reviewer"), label="true", rationale=WHY)
    assert late.value.code == "review.judged"
    with pytest.raises(WrongState) as no_third:
        opinion_decide(review=blind, actor=desk.person("Desk editor"), label="true", rationale=WHY)
    assert no_third.value.code == "review.no_third"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"label": "nonsense"}, "review.unknown_label"), ({"rationale": " "}, "review.reason_needed"),
     ({"quote_check": "loud"}, "review.gate")],
)  # fmt: skip
def test_what_is_no_verdict(blind: Review, values: dict[str, str], code: str) -> None:
    given = {"label": "true", "rationale": WHY} | values
    with pytest.raises(Invalid) as refused:
        opinion_give(review=blind, actor=desk.person("Reviewer"), **given)
    assert refused.value.code == code
    blind.refresh_from_db()
    assert blind.sealed


def test_a_second_verdict_cannot_be_rewritten(blind: Review) -> None:
    opinion(blind)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Opinion.objects.update(rationale="Other")


def test_a_withdrawn_proposal_breaks_the_seal(blind: Review) -> None:
    review_perform(review=blind, action=ReviewAction.WITHDRAW, actor=Verdict.objects.get().proposed_by)
    assert (blind.state, blind.sealed) == ("in_progress", False)


def test_blind_and_decided_by_form_and_api(blind: Review, client: Client) -> None:
    reviewer, editor = desk.person("Reviewer"), desk.person("Desk editor")
    client.force_login(reviewer)
    judge = reverse("reviews:opinion", args=[blind.claim_id])
    assert client.post(judge, {"label": "true"}).status_code == 422
    assert client.post(judge, {"label": "true", "rationale": WHY, "quote_check": "accurate"}).status_code == 302
    client.force_login(editor)
    assert "4 steps apart" not in client.get("/").content.decode()
    shown = client.get(f"/claims/{blind.claim_id}/").content.decode()
    assert "3 steps apart" in shown
    assert 'id="verdict-form"' in shown
    send = {"content_type": "application/json", "headers": desk.bearer(editor, "read", "verdict:write")}
    blind.refresh_from_db()
    body = {"label": "misleading", "rationale": WHY}
    assert client.post(f"/api/v1/reviews/{blind.pk}/decide/", body, **send).status_code == 428
    made = client.post(f"/api/v1/reviews/{blind.pk}/decide/", body | {"version": blind.version}, **send)
    assert (made.status_code, made.json()["kind"], made.json()["steps"]) == (201, "third", 0)
    again = client.post(f"/api/v1/reviews/{blind.pk}/opinion/", body | {"version": blind.version}, **send)
    assert (again.status_code, again.json()["code"]) == (409, "review.judged")


# --- conflicts --------------------------------------------------------------------------------------------
ACTS: dict[str, Any] = {
    "take": lambda review, who: claim_take(claim=review.claim, actor=who),
    "take over": lambda review, who: review_perform(
        review=review, action=ReviewAction.ASSIGN, actor=desk.person("Desk editor"), assignee=who
    ),
    "sign": lambda review, who: article_sign_off(article=review.claim.article, actor=who, sha256="0" * 64),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("whole", [True, False])
def test_who_keeps_out_cannot_act(act: str, whole: bool) -> None:
    claim, who = desk.claim(), desk.person("Desk editor")
    review = claim_take(claim=claim, actor=desk.person("Checker"))
    review_perform(review=review, action=ReviewAction.GIVE_BACK, actor=review.assignee)
    recuse(article=claim.article, claim=None if whole else claim, actor=who, reason="My sister runs the plant.")
    if act == "sign" and not whole:
        return
    with pytest.raises(FactcheckError) as refused:
        ACTS[act](review, User.objects.get(pk=who.pk))
    assert refused.value.code in ("review.recused", "review.gate", "workflow.wrong_state")


@pytest.mark.django_db
def test_who_keeps_out_approves_nothing_and_lets_go_of_what_they_had() -> None:
    review = desk.proposed()
    reviewer = desk.person("Reviewer")
    recuse(article=review.claim.article, actor=reviewer, reason="Shares in the plant.")
    with pytest.raises(NotAllowed) as refused:
        verdict_approve(review=review, actor=reviewer)
    assert refused.value.code == "review.recused"
    mine = claim_take(claim=desk.claim(), actor=reviewer)
    recuse(article=mine.claim.article, claim=mine.claim, actor=reviewer, reason="My uncle said it.")
    mine.refresh_from_db()
    assert (mine.state, mine.assignee) == ("queued", None)
    with pytest.raises(NotAllowed):
        claim_take(claim=mine.claim, actor=reviewer)
    with pytest.raises(Invalid):
        claim_assign(claim=mine.claim, actor=desk.person("Desk editor"), assignee=reviewer)


@pytest.mark.django_db
def test_a_conflict_is_noted_once_and_lifted_by_somebody_else_with_a_reason() -> None:
    claim, who, editor = desk.claim(), desk.person("Desk editor"), desk.person("Desk editor")
    with pytest.raises(Invalid):
        recuse(article=claim.article, claim=claim, actor=who, reason=" ")
    found = recuse(article=claim.article, claim=claim, actor=who, reason="A friend.")
    with pytest.raises(WrongState):
        recuse(article=claim.article, claim=claim, actor=who, reason="A friend.")
    with pytest.raises(Invalid) as own:
        recusal_lift(recusal=found, actor=who, reason="Not any more.")
    assert own.value.code == "recusal.own"
    with pytest.raises(NotAllowed):
        recusal_lift(recusal=found, actor=desk.person("Checker"), reason="Fine by me.")
    with pytest.raises(Invalid):
        recusal_lift(recusal=found, actor=editor, reason="")
    recusal_lift(recusal=found, actor=editor, reason="The friend has left.")
    with pytest.raises(WrongState):
        recusal_lift(recusal=found, actor=editor, reason="Again.")
    claim_take(claim=claim, actor=User.objects.get(pk=who.pk))
    assert Recusal.objects.get().lifted_because == "The friend has left."


@pytest.mark.django_db
def test_only_a_desk_editor_keeps_somebody_else_out() -> None:
    claim, who = desk.claim(), desk.person("Checker")
    with pytest.raises(NotAllowed):
        recuse(article=claim.article, actor=desk.person("Reviewer"), person=who, reason="Gossip.")
    recuse(article=claim.article, actor=desk.person("Desk editor"), person=who, reason="They are married.")
    with pytest.raises(NotAllowed):
        claim_take(claim=claim, actor=User.objects.get(pk=who.pk))


@pytest.mark.django_db
def test_nobody_checks_their_own_text() -> None:
    author = desk.person("Checker")
    own = desk.claim(desk.article(mode=Mode.PRE_PUBLICATION, created_by=author))
    with pytest.raises(NotAllowed) as refused:
        claim_take(claim=own, actor=author)
    assert refused.value.code == "review.author"
    named = desk.person("Checker")
    User.objects.filter(pk=named.pk).update(first_name="Ilva", last_name="Torrent")
    with pytest.raises(NotAllowed):
        claim_take(claim=desk.claim(desk.article(authors=["ilva torrent"])), actor=User.objects.get(pk=named.pk))


@pytest.mark.django_db
def test_conflicts_by_form(client: Client) -> None:
    claim, who, editor = desk.claim(), desk.person("Checker"), desk.person("Desk editor")
    claim_take(claim=claim, actor=who)
    client.force_login(who)
    at = reverse("reviews:recuse", args=[claim.pk])
    assert client.post(at, {"reason": ""}).status_code == 422
    assert client.post(at, {"reason": "A friend.", "whole": "1"}).status_code == 302
    shown = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "You keep out" in shown
    assert client.post(reverse("reviews:act", args=[claim.pk]), {"action": "take"}).status_code == 403
    client.force_login(editor)
    lift = reverse("reviews:recusal-lift", args=[Recusal.objects.get().pk])
    assert client.post(lift, {"claim": claim.pk}).status_code == 422
    assert client.post(lift, {"claim": claim.pk, "note": "It was another plant."}).status_code == 302
    assert client.post(at, {"reason": "x", "person": "999999"}).status_code == 404
