"""What the sources are asked for is shown, and a person may ask for other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from articles.choices import RunState, Urgency
from articles.models import Claim, PrefillRun
from articles.services.claim import claim_reword, claim_search
from articles.services.prefill import claim_query, prefill_plan
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, WrongState
from tests import factories
from tests.reviews.test_desk_pages import signed_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    factories.source(kind="documents")
    made = factories.claim(article=factories.article(), statement="The Harwick bridge cost 9 million crowns in 2021.")
    prefill_plan([made])
    return made


@pytest.fixture
def checker() -> User:
    return factories.person(role="Checker")


def asked_for(claim: Claim) -> dict[str, str]:
    return dict(PrefillRun.objects.filter(claim=claim).order_by("pk").values_list("query__text", "state"))


def test_other_words_are_asked_first_and_what_waits_in_older_words_is_not_asked(claim: Claim, checker: User) -> None:
    before = claim_query(claim).text
    assert claim_search(claim=claim, actor=checker, words="  Harwick   bridge budget ", loose="bridge") == 1
    assert asked_for(claim) == {before: RunState.CANCELLED, "Harwick bridge budget": RunState.QUEUED}
    run = PrefillRun.objects.get(state=RunState.QUEUED)
    assert (run.query["loose"], run.urgency) == ("bridge", Urgency.NOW)
    event = AuditEvent.objects.get(action="claim.search")
    assert event.after == {"search_words": "Harwick bridge budget", "search_loose": "bridge"}


def test_words_a_person_chose_outlive_another_wording(claim: Claim, checker: User) -> None:
    claim_search(claim=claim, actor=checker, words="bridge budget")
    claim_reword(claim=claim, actor=checker, statement="The bridge was dear.")
    assert claim_query(claim).text == "bridge budget"


def test_emptied_or_as_they_came_they_are_those_of_the_statement(claim: Claim, checker: User) -> None:
    made = claim_query(claim)
    claim_search(claim=claim, actor=checker, words="bridge budget")
    claim_search(claim=claim, actor=checker, words="")
    assert (claim.search_words, claim_query(claim)) == ("", made)
    claim_search(claim=claim, actor=checker, words=made.text, loose=made.loose)
    assert claim.search_words == ""


def test_the_same_words_are_not_asked_twice(claim: Claim, checker: User) -> None:
    assert claim_search(claim=claim, actor=checker, words="bridge budget") == 1
    assert claim_search(claim=claim, actor=checker, words="bridge budget") == 0


@pytest.mark.parametrize(
    ("words", "loose"),
    [("x" * 201, ""), ("bridge", "x" * 101), ("", "only loose")],
    ids=["long", "long loose", "half"],
)
def test_bad_words_are_refused_and_nothing_changes(claim: Claim, checker: User, words: str, loose: str) -> None:
    with pytest.raises(Invalid) as refused:
        claim_search(claim=claim, actor=checker, words=words, loose=loose)
    assert refused.value.code == "claim.search_words"
    claim.refresh_from_db()
    assert (claim.search_words, claim.runs.count()) == ("", 1)


def test_of_two_people_the_second_is_told(claim: Claim, checker: User) -> None:
    other = Claim.objects.get(pk=claim.pk)
    claim_search(claim=claim, actor=checker, words="bridge budget")
    with pytest.raises(WrongState):
        claim_search(claim=other, actor=checker, words="another")


def test_the_card_shows_the_words_and_takes_others(claim: Claim, checker: User) -> None:
    client = signed_in(checker)
    shown = client.get(f"/claims/{claim.pk}/").content.decode()
    assert claim_query(claim).text in shown
    answer = client.post(f"/claims/{claim.pk}/search/", {"words": "bridge budget", "seen_version": claim.version})
    assert answer.status_code == 302
    assert "Somebody chose these words" in client.get(f"/claims/{claim.pk}/").content.decode()
