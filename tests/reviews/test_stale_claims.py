"""A claim whose words changed: what the desk shows, who decides, and what follows for verdicts and pages."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from articles.choices import EvidenceState
from articles.models import Article, Claim, ClaimMove
from articles.services.article import article_ingest
from articles.services.claim import claim_add
from articles.services.extraction import revision_extract
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, NotAllowed
from reviews.models import Publication, Review, Verdict
from reviews.policies import ROLES
from reviews.services.publication import publication_publish
from reviews.services.review import Proposal, claim_take, review_for, verdict_approve, verdict_propose
from reviews.services.stale import claim_follow
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://tessel.example/ostrel"
TEXT = (
    "Ostrel Plant Doubles Output\n\n"
    "The Ostrel tidal plant has run on all 22 turbines since this spring, Ilva Torrent said on Thursday.\n\n"
    "The plant cost 2.4 billion crowns and was completed in 2014.\n\n"
    "It employs 310 people in Port Almar, more than any other company in the bay."
)
RATIONALE = "The operator's register of plants lists twenty-two turbines in service in each month since April."
QUOTE = "has run on all 22 turbines since this spring"


def arrives(text: str) -> Article:
    taken = article_ingest(text.encode(), name="story.txt", url=URL)
    revision_extract(revision_id=taken.revision.pk)
    return Article.objects.get(pk=taken.article.pk)


def stale(claim: Claim, *, text: str = TEXT.replace("22", "24")) -> Claim:
    arrives(text)
    claim.refresh_from_db()
    assert claim.stale_anchor
    return claim


@pytest.fixture
def claim() -> Claim:
    """A claim a person marked in the first revision, queued for review."""
    revision = arrives(TEXT).current
    at = revision.text.index(QUOTE)
    editor = factories.person(role="Desk editor")
    made = claim_add(revision=revision, actor=editor, start=at, end=at + len(QUOTE), statement=f"The plant {QUOTE}")
    review_for(claim=made, actor=editor)
    return made


def judged(claim: Claim, state: str) -> Review:
    """The claim's review, brought to this state."""
    checker = factories.person(role="Checker")
    factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    review = claim_take(claim=claim, actor=checker)
    if state != "in_progress":
        verdict_propose(review=review, actor=checker, proposal=Proposal("true", RATIONALE, "accurate"))
    if state in ("approved", "closed"):
        verdict_approve(review=review, actor=factories.person(role="Reviewer"))
    if state == "closed":
        publication_publish(
            publication=Publication.objects.get(claim=claim), actor=factories.person(role="Publisher")
        )
    review.refresh_from_db()
    assert review.state == state
    return review


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role=role))
    return client


# --- what follows for the judgement ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "decision", "then", "page"),
    [
        ("in_progress", "edited", "in_progress", None),
        ("second_review", "same", "second_review", None),
        ("second_review", "edited", "in_progress", None),
        ("second_review", "gone", "second_review", None),
        ("approved", "same", "approved", "draft"),
        ("approved", "edited", "in_progress", "withdrawn"),
        ("approved", "gone", "approved", "draft"),
        ("closed", "same", "closed", "live"),
        ("closed", "edited", "closed", "live"),
    ],
)
def test_a_verdict_stands_unless_the_words_were_edited(claim, state, decision, then, page):
    review = judged(claim, state)
    before = review.verdict and review.verdict.statement
    claim_follow(claim=stale(claim), actor=factories.person(role="Checker"), decision=decision)
    review.refresh_from_db()
    assert review.state == then
    publication = Publication.objects.filter(claim=claim).first()
    assert (publication.state if publication else None) == page
    assert (publication is not None and publication.recheck_due) == ((state, decision) == ("closed", "edited"))
    if review.verdict:
        assert review.verdict.statement == before  # what was judged stays what was judged
    claim.refresh_from_db()
    assert claim.stale_anchor is False
    # A page that is out stays, and its claim is in the queue again.
    assert claim.settled == (then in ("approved", "closed") and not (publication and publication.recheck_due))


def test_one_act_leaves_one_trail(claim):
    judged(claim, "approved")
    claim_follow(claim=stale(claim), actor=factories.person(role="Checker"), decision="edited")
    followed = AuditEvent.objects.get(action="claim.followed")
    told = AuditEvent.objects.filter(action_id=followed.action_id).values_list("action", "implied")
    assert {("claim.followed", False), ("review.reopen", True), ("publication.withdraw", True)} == set(told)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_decide(claim, role):
    person = factories.person(role=role)
    stale(claim)
    if "edit_claims" in ROLES[role]:
        claim_follow(claim=claim, actor=person, decision="same")
        return
    with pytest.raises(NotAllowed):
        claim_follow(claim=claim, actor=person, decision="same")
    assert ClaimMove.objects.get(claim=claim).decision == ""


def test_a_refused_answer_leaves_the_review_alone(claim):
    review = judged(claim, "approved")
    stale(claim, text=TEXT.split("\n\n", maxsplit=1)[0] + "\n\nNothing of it was left.")
    with pytest.raises(FactcheckError) as refused:
        claim_follow(claim=claim, actor=factories.person(role="Checker"), decision="edited")
    assert refused.value.code == "claim.no_proposal"
    review.refresh_from_db()
    assert review.state == "approved"


# --- what the pages show --------------------------------------------------------------------------------
def test_the_article_says_what_the_revision_did_and_the_card_shows_both_wordings(claim):
    stale(claim)
    answer = signed_in("Checker").get(f"/articles/{claim.article_id}/?claim={claim.pk}")
    page = answer.content.decode()
    assert "Revision 2 arrived" in page
    assert "followed their words" in page
    assert "“22” is now “24”" in page
    assert "<del>22</del><ins>24</ins>" in page
    for decision in ("same", "edited", "gone"):
        assert f'name="decision" value="{decision}"' in page
    assert 'data-top="stale"' in page  # drawn on the new words


def test_an_orphan_is_shown_with_its_old_context_and_can_only_be_gone(claim):
    stale(claim, text=TEXT.replace(QUOTE, "is a fine sight"))
    page = signed_in("Checker").get(f"/claims/{claim.pk}/").content.decode()
    assert f"{claim.prefix}<del>{QUOTE}</del>{claim.suffix}" in page
    assert 'value="gone"' in page
    assert 'name="decision" value="same"' not in page


def test_who_may_not_decide_sees_the_words_and_no_buttons(claim):
    stale(claim)
    page = signed_in("Viewer").get(f"/claims/{claim.pk}/").content.decode()
    assert "<del>22</del><ins>24</ins>" in page
    assert 'name="decision"' not in page


def test_the_decision_is_made_without_javascript(claim):
    stale(claim)
    client = signed_in("Checker")
    answer = client.post(f"/claims/{claim.pk}/follow/", {"decision": "same", "seen_version": claim.version})
    assert (answer.status_code, answer["Location"]) == (302, f"/claims/{claim.pk}/")
    assert 'name="decision"' not in client.get(answer["Location"]).content.decode()
    page = client.get(f"/articles/{claim.article_id}/").content.decode()
    assert f'data-claims="{claim.number}' in page


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"decision": "perhaps"}, 422), ({}, 422), ({"decision": "same", "seen_version": "0"}, 409)],
)
def test_a_bad_or_late_answer_changes_nothing(claim, sent, status):
    stale(claim)
    assert signed_in("Checker").post(f"/claims/{claim.pk}/follow/", sent).status_code == status
    claim.refresh_from_db()
    assert claim.stale_anchor


def test_the_stale_view_of_the_queue_has_approved_claims_too(claim):
    judged(claim, "approved")
    stale(claim)
    page = signed_in("Checker").get(f"/?view=stale&article={claim.article_id}").content.decode()
    assert f"The plant {QUOTE}" in page


def test_words_of_others_are_shown_as_words(claim):
    stale(claim, text=TEXT.replace("22 turbines", "22 <b>turbines</b>"))
    page = signed_in("Checker").get(f"/articles/{claim.article_id}/?claim={claim.pk}").content.decode()
    assert "<b>turbines" not in page


# --- what was judged ------------------------------------------------------------------------------------
def test_a_verdict_keeps_pointing_to_the_revision_it_judged(claim):
    review = judged(claim, "approved")
    judged_in = claim.revision
    claim_follow(claim=stale(claim), actor=factories.person(role="Checker"), decision="same")
    verdict = Verdict.objects.get(pk=review.verdict_id)
    assert claim.revision.number == 2
    assert (verdict.revision, verdict.statement) == (judged_in, f"The plant {QUOTE}")


def test_the_database_refuses_to_move_a_verdict_to_another_revision(claim):
    review = judged(claim, "approved")
    later = arrives(TEXT.replace("310", "330")).current
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Verdict.objects.filter(pk=review.verdict_id).update(revision=later)
