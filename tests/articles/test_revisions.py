"""The next revision of a story: claims come along, nothing is proposed twice, nothing is lost."""

from __future__ import annotations

import random

import pytest

from articles.choices import ClaimOrigin, MoveDecision
from articles.models import Article, Claim, ClaimMove, Revision
from articles.services.article import article_ingest
from articles.services.claim import claim_add, claim_dismiss
from articles.services.extraction import revision_extract
from articles.services.revision import claim_move_decide, known_claims
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError
from tests import factories
from tests.articles.edits import Draft
from tests.made_up import story

pytestmark = pytest.mark.django_db
URL = "https://tessel.example/ostrel"
HEAD = "Ostrel Plant Doubles Output\n\n"
OUTPUT = "The Ostrel tidal plant supplied 1,371 gigawatt-hours in the year to October 2026, the operator said."
COST = "The plant cost 2.4 billion crowns and was completed in 2014."
WORKERS = "It employs 310 people in Port Almar, more than any other company in the bay."
NEW = "Kestria plans two more barrages by 2032, which will cost 5.1 billion crowns."


def arrives(*paragraphs: str) -> Revision:
    """The story as it is now, read and stored."""
    taken = article_ingest((HEAD + "\n\n".join(paragraphs)).encode(), name="story.txt", url=URL)
    revision_extract(revision_id=taken.revision.pk)
    taken.revision.refresh_from_db()
    return taken.revision


def on(words: str) -> Claim:
    return Claim.objects.filter(quote__contains=words).order_by("pk")[0]


def open_move(claim: Claim) -> ClaimMove:
    return claim.moves.get(decision="")


def assert_anchored() -> None:
    for claim in Claim.objects.select_related("revision"):
        assert claim.revision.text[claim.start : claim.end] == claim.quote


def test_claims_follow_their_words_and_are_not_proposed_again():
    arrives(OUTPUT, COST, WORKERS)
    before = list(Claim.objects.order_by("pk").values("pk", "quote", "statement", "number", "state", "version"))
    second = arrives(NEW, OUTPUT, COST, WORKERS)
    after = {value["pk"]: value for value in Claim.objects.values(*before[0])}
    assert [after[value["pk"]] for value in before] == before
    assert set(Claim.objects.values_list("revision", flat=True)) == {second.pk}
    fresh = Claim.objects.exclude(pk__in=[value["pk"] for value in before])
    assert {claim.quote in NEW or claim.quote in HEAD for claim in fresh} == {True}
    assert not ClaimMove.objects.exists()
    assert_anchored()
    numbers = list(Claim.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))


def test_the_trail_counts_what_became_of_them():
    arrives(OUTPUT, COST, WORKERS)
    arrives(OUTPUT, COST.replace("2.4", "2.6"), NEW)
    told = AuditEvent.objects.filter(action="article.extracted").latest("sequence").after
    assert told["revision"] == 2
    assert told["changed"] >= 1
    assert told["orphaned"] >= 1
    assert told["kept"] + told["changed"] + told["orphaned"] == Claim.objects.count() - told["claims"]
    assert AuditEvent.objects.filter(action="claim.moved").count() == told["changed"] + told["orphaned"]


def test_changed_words_are_proposed_and_the_claim_stays_where_it_was():
    first = arrives(OUTPUT, COST, WORKERS)
    claim = on("2.4 billion")
    second = arrives(OUTPUT, COST.replace("2.4", "2.6"), WORKERS)
    claim.refresh_from_db()
    assert (claim.revision, claim.stale_anchor) == (first, True)
    move = open_move(claim)
    assert second.text[move.start : move.end] == move.quote
    assert "2.6 billion" in move.quote
    assert move.old_quote == claim.quote
    assert not Claim.objects.filter(revision=second, quote__contains="2.6 billion").exists()
    assert_anchored()


def test_deleted_words_leave_an_orphan_with_its_old_context():
    first = arrives(OUTPUT, COST, WORKERS)
    claim = on("310 people")
    arrives(OUTPUT, COST)
    claim.refresh_from_db()
    assert (claim.revision, claim.stale_anchor) == (first, True)
    move = open_move(claim)
    assert (move.start, move.end, move.quote) == (None, None, "")


def test_words_that_come_back_are_followed_silently_and_the_question_is_overtaken():
    arrives(OUTPUT, COST, WORKERS)
    claim = on("310 people")
    arrives(OUTPUT, COST)
    third = arrives(OUTPUT, COST, NEW, WORKERS)
    claim.refresh_from_db()
    assert (claim.revision, claim.stale_anchor) == (third, False)
    assert list(claim.moves.values_list("decision", flat=True)) == [MoveDecision.OVERTAKEN]
    assert_anchored()


def test_a_claim_of_a_person_is_carried_and_what_was_put_aside_is_not_proposed_again():
    first = arrives(OUTPUT, COST, WORKERS)
    person = factories.person(role="Checker")
    at = first.text.index("Port Almar")
    mine = claim_add(revision=first, actor=person, start=at, end=at + len("Port Almar, more than any other company"))
    aside = on("2.4 billion")
    claim_dismiss(claim=aside, actor=person, reason="trivial")
    second = arrives(NEW, WORKERS, COST)
    mine.refresh_from_db()
    aside.refresh_from_db()
    assert (mine.revision, mine.stale_anchor, mine.origin) == (second, False, ClaimOrigin.PERSON)
    assert (aside.revision, aside.state) == (second, "dismissed")
    assert Claim.objects.filter(quote__contains="2.4 billion", revision=second).count() == 1


def test_nobody_is_asked_about_a_claim_that_was_put_aside():
    arrives(OUTPUT, COST)
    aside = on("2.4 billion")
    claim_dismiss(claim=aside, actor=factories.person(role="Checker"), reason="trivial")
    arrives(OUTPUT, WORKERS)
    aside.refresh_from_db()
    assert not aside.stale_anchor
    assert not aside.moves.exists()


def test_a_revision_that_is_read_after_a_later_one_brings_no_claims():
    slow = article_ingest((HEAD + OUTPUT).encode(), name="story.txt", url=URL).revision
    arrives(OUTPUT, COST)
    before = Claim.objects.count()
    assert revision_extract(revision_id=slow.pk) == 0
    assert Claim.objects.count() == before
    slow.refresh_from_db()
    assert slow.extracted_at is not None


def test_reading_a_revision_twice_carries_once():
    arrives(OUTPUT, COST)
    second = arrives(OUTPUT, COST.replace("2.4", "2.6"))
    before = ClaimMove.objects.count(), Claim.objects.count()
    assert revision_extract(revision_id=second.pk) == 0
    assert (ClaimMove.objects.count(), Claim.objects.count()) == before


# --- what people decide ---------------------------------------------------------------------------------
@pytest.fixture
def stale() -> Claim:
    arrives(OUTPUT, COST, WORKERS)
    arrives(OUTPUT, COST.replace("2.4", "2.6"), WORKERS)
    return Claim.objects.get(pk=on("2.4 billion").pk)


@pytest.mark.parametrize(("decision", "restated"), [("same", False), ("edited", True)])
def test_the_claim_goes_to_the_new_words(stale, decision, restated):
    old, statement = stale.quote, stale.statement
    Claim.objects.filter(pk=stale.pk).update(statement=f"In 2014: {old}")
    stale.refresh_from_db()
    person = factories.person(role="Checker")
    move = claim_move_decide(claim=stale, actor=person, decision=decision)
    assert (stale.revision, stale.quote, stale.stale_anchor) == (move.revision, move.quote, False)
    assert stale.statement == (f"In 2014: {move.quote}" if restated else f"In 2014: {old}"), statement
    move.refresh_from_db()
    assert (move.decision, move.decided_by, move.old_quote) == (decision, person, old)
    assert move.decided_at is not None
    event = AuditEvent.objects.get(action="claim.followed")
    assert (event.before["quote"], event.after["quote"]) == (old, move.quote)
    assert (event.before["revision"], event.after["revision"]) == (1, 2)
    assert_anchored()


def test_a_wording_without_the_old_words_is_marked_for_a_person(stale):
    Claim.objects.filter(pk=stale.pk).update(statement="Building it was dear", needs_context=False)
    stale.refresh_from_db()
    claim_move_decide(claim=stale, actor=factories.person(role="Checker"), decision="edited")
    assert (stale.statement, stale.needs_context) == ("Building it was dear", True)


def test_what_is_gone_stays_visible_where_it_was_and_is_not_asked_again(stale):
    before = stale.revision
    claim_move_decide(claim=stale, actor=factories.person(role="Checker"), decision="gone")
    assert (stale.revision, stale.stale_anchor, stale.state) == (before, False, "proposed")
    arrives(OUTPUT, NEW)
    stale.refresh_from_db()
    assert not stale.stale_anchor
    fourth = arrives(OUTPUT, COST, NEW)
    stale.refresh_from_db()
    assert (stale.revision, stale.stale_anchor) == (fourth, False)


def test_two_people_cannot_both_decide(stale):
    person, late = factories.person(role="Checker"), Claim.objects.get(pk=stale.pk)
    claim_move_decide(claim=stale, actor=person, decision="same")
    with pytest.raises(FactcheckError) as refused:
        claim_move_decide(claim=late, actor=person, decision="gone")
    assert refused.value.code == "workflow.changed"


@pytest.mark.parametrize(("decision", "code"), [("later", "claim.bad_decision"), ("same", "claim.no_proposal")])
def test_an_answer_that_fits_nothing_is_refused_and_changes_nothing(decision, code):
    arrives(OUTPUT, WORKERS)
    arrives(OUTPUT)
    claim = on("310 people")
    with pytest.raises(FactcheckError) as refused:
        claim_move_decide(claim=claim, actor=factories.person(role="Checker"), decision=decision)
    assert refused.value.code == code
    assert open_move(claim).decided_at is None


def test_a_place_that_another_claim_holds_is_refused(stale):
    move = open_move(stale)
    article = Article.objects.get(pk=stale.article_id)
    other = factories.claim(
        article=article, origin=ClaimOrigin.MACHINE, number=99, start=move.start, quote=move.quote
    )
    with pytest.raises(FactcheckError, match=f"Claim {other.number} holds"):
        claim_move_decide(claim=stale, actor=factories.person(role="Checker"), decision="same")


def test_new_claims_on_most_of_the_same_words_are_known():
    places = {(10, 20): 1, (40, 60): 2}
    assert known_claims([(10, 20), (12, 21), (19, 40), (45, 60), (70, 80)], places) == {
        (10, 20): 1, (12, 21): 1, (45, 60): 2,
    }  # fmt: skip


@pytest.mark.parametrize("number", range(12))
def test_through_many_revisions_no_claim_is_lost_or_on_other_words_than_it_says(number):
    """Edits upon edits, with the answers that people give in between."""
    rng = random.Random(number)
    text = story(number)
    url = f"https://tessel.example/{number}"
    known: dict[int, str] = {}
    decider = factories.person()
    for _ in range(5):
        taken = article_ingest(text.encode(), name="story.txt", url=url)
        revision_extract(revision_id=taken.revision.pk)
        claims = {claim.pk: claim for claim in Claim.objects.select_related("revision")}
        assert known.keys() <= claims.keys(), "a claim is gone"
        assert_anchored()
        current = taken.revision.pk
        waiting = set(ClaimMove.objects.filter(decision="").values_list("claim", flat=True))
        for claim in claims.values():
            # What is not where the text is now is said to be so, until a person has said what became of it.
            assert claim.revision_id == current or claim.pk in waiting or not claim.stale_anchor
            assert claim.stale_anchor == (claim.pk in waiting)
            assert known.get(claim.pk, claim.quote) == claim.quote, "nobody has changed the words"
        for move in ClaimMove.objects.filter(decision="").select_related("claim")[:2]:
            decision = rng.choice(["same", "edited"]) if move.quote else "gone"
            claim_move_decide(claim=move.claim, actor=decider, decision=decision)
        assert_anchored()
        known = dict(Claim.objects.values_list("pk", "quote"))
        draft = Draft(text, list(range(len(text))), rng)
        for _ in range(4):
            draft.edit()
        text = draft.text
