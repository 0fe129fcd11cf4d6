"""Bugs a second pair of eyes found in the main job; one test each."""

from __future__ import annotations

import pytest

from articles.choices import RunState
from articles.models import Article, Claim, Evidence
from articles.services.article import article_ingest, article_transition
from articles.services.claim import claim_dismiss
from articles.services.extraction import revision_extract
from articles.services.prefill import prefill_run
from articles.workflow import ArticleAction
from factcheck.core.errors import NotAllowed, WrongState
from reviews.models import Verdict
from reviews.services import review as review_service
from reviews.services.article import article_hand_in
from reviews.services.marking import claim_mark
from reviews.services.publication import publication_publish
from reviews.services.review import Proposal, claim_accept, claim_take, verdict_approve, verdict_propose
from tests import factories

pytestmark = pytest.mark.django_db
RATIONALE = "The city office of statistics counted 30,200 riders on working days, which is what was said."
STORY = b"Harbour Tram Opens\nPORT ALMAR (Tessel) - The tram cost 240 million crowns, the city said on Monday.\n"
URL = "https://wire.example/tram"


@pytest.fixture
def claim():
    made = factories.claim(article=factories.article(), speaker="", speech="own")
    factories.evidence(claim=made)
    Evidence.objects.update(state="kept", stance="supports")
    return made


def test_a_dismissed_claim_is_not_confirmed_by_the_way(claim):
    checker = factories.person()
    claim_dismiss(claim=claim, actor=checker, reason="opinion")
    with pytest.raises(WrongState):
        claim_accept(claim=claim, actor=checker)


@pytest.mark.parametrize("text", [STORY, STORY + b"It opened in May.\n"], ids=["same text", "another text"])
def test_a_reporter_neither_replaces_nor_reads_what_is_not_theirs(text):
    article_hand_in(data=STORY, name="a.txt", url=URL, actor=factories.person(role="Reporter"))
    with pytest.raises(NotAllowed) as refused:
        article_hand_in(data=text, name="a.txt", url=URL, actor=factories.person(role="Reporter"))
    assert refused.value.code == "article.not_yours"
    assert Article.objects.get().revisions.count() == 1


def test_a_reporter_sends_the_next_version_of_their_own_and_a_checker_of_any():
    reporter = factories.person(role="Reporter")
    article_hand_in(data=STORY, name="a.txt", url=URL, actor=reporter)
    article_hand_in(data=STORY + b"It opened in May.\n", name="a.txt", url=URL, actor=reporter)
    article_hand_in(data=STORY + b"It opened in June.\n", name="a.txt", url=URL, actor=factories.person())
    assert Article.objects.get().revisions.count() == 3


def test_a_verdict_proposed_twice_at_once_is_proposed_once(claim):
    checker = factories.person()
    review = claim_take(claim=claim, actor=checker)
    stale = type(review).objects.get(pk=review.pk)
    verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE))
    with pytest.raises(WrongState):
        verdict_propose(review=stale, actor=checker, proposal=Proposal("true", RATIONALE))
    assert Verdict.objects.count() == 1


def test_what_is_approved_is_what_lies_there_now(claim):
    checker, reviewer = factories.person(), factories.person(role="Reviewer")
    review = claim_take(claim=claim, actor=checker)
    verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE))
    stale = type(review).objects.get(pk=review.pk)
    review_service.review_perform(
        review=review, action=review_service.ReviewAction.WITHDRAW, actor=checker, note="a typo"
    )
    verdict_propose(review=review, actor=checker, proposal=Proposal("false", RATIONALE))
    with pytest.raises(WrongState):
        verdict_approve(review=stale, actor=reviewer)
    approved = verdict_approve(review=stale, actor=reviewer, seen_version=review.version)
    assert approved.label.key == "false"


def test_words_marked_before_the_extractor_was_through_keep_their_number():
    checker = factories.person()
    taken = article_ingest(STORY, name="a.txt")
    start = taken.revision.text.index("240 million")
    claim_mark(revision=taken.revision, actor=checker, start=start, end=start + 18)
    revision_extract(revision_id=taken.revision.pk)
    numbers = list(Claim.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) > 1


def test_a_held_article_stands_still(claim):
    checker, reviewer = factories.person(), factories.person(role="Reviewer")
    review = claim_take(claim=claim, actor=checker)
    verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE))
    article_transition(article=claim.article, action=ArticleAction.HOLD, actor=None)
    with pytest.raises(WrongState) as refused:
        verdict_approve(review=review, actor=reviewer)
    assert refused.value.code == "article.held"


def test_nothing_is_published_while_its_article_is_held(claim):
    checker, reviewer = factories.person(), factories.person(role="Reviewer")
    review = claim_take(claim=claim, actor=checker)
    verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE))
    verdict_approve(review=review, actor=reviewer)
    article_transition(article=claim.article, action=ArticleAction.HOLD, actor=None)
    claim.refresh_from_db()
    with pytest.raises(WrongState):
        publication_publish(publication=claim.publication, actor=factories.person(role="Publisher"))


@pytest.mark.parametrize("reason", ["source off", "claim dismissed"])
def test_an_answer_nobody_wants_is_not_asked_for(claim, reason):
    source = factories.source(name="Archive")
    run = factories.run(claim=claim, source=source, state=RunState.QUEUED)
    if reason == "source off":
        type(source).objects.update(enabled=False)
    else:
        claim_dismiss(claim=claim, actor=factories.person(), reason="opinion")
    assert prefill_run(run_id=run.pk) is None
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_an_article_held_while_it_is_read_gets_its_claims():
    taken = article_ingest(STORY, name="a.txt")
    held = Article.objects.get(pk=taken.article.pk)
    article_transition(article=held, action=ArticleAction.HOLD, actor=None)
    assert revision_extract(revision_id=taken.revision.pk) > 0
