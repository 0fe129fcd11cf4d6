"""Earlier reviews beside a claim: suggested in the background, decided by people, never hiding anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.choices import ArchiveOrigin, MatchState
from articles.matching import differences
from articles.models import CheckedClaim, Claim, ClaimMatch, Desk, MatchIndex
from articles.services import match as looking
from articles.services.archive import checked_claim_save
from articles.services.claim import claim_reword
from articles.services.match import claim_look, claims_look_task, looks_renew, match_decide
from articles.services.matching import claims_index
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import FactcheckError, NotAllowed, WrongState
from reviews.models import Review
from reviews.selectors.matches import matches_of
from reviews.services import steps
from reviews.services.joining import claim_part
from reviews.services.match import match_accept, match_reject, match_reopen
from reviews.services.undo import undo_last
from tests import publishing as desk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db

_HTMX = {"HX-Request": "true"}


@pytest.fixture
def checker() -> User:
    return desk.person("Checker")


# Words tell by how rare they are, so the memory needs some reviews of other things.
_OTHERS = (
    "A recipe for apple pie won the county fair", "The ferry was sold twice", "School meals cost four crowns",
    "Tessel has more bridges than any other town", "The harbour police found no oil", "Snow fell in July",
)  # fmt: skip


def remembered(claim: str = "Output of the Ostrel plant has doubled since 2023", **more: Any) -> CheckedClaim:
    others = [CheckedClaim(identity=one, claim=one, rating="True") for one in _OTHERS]
    CheckedClaim.objects.bulk_create(others, ignore_conflicts=True)
    values: dict[str, Any] = {"identity": f"https://halden.example/{claim}", "rating": "False", "url": ""}
    made = checked_claim_save(claim=claim, **values | more)
    claims_index()
    return made


def states(claim: Claim) -> dict[str, str]:
    return dict(ClaimMatch.objects.filter(claim=claim).values_list("review__claim", "state"))


# --- looking ----------------------------------------------------------------------------------------------
def test_a_look_stores_score_reasons_and_model_and_leaves_the_claim_alone() -> None:
    remembered()
    claim = desk.claim()
    assert claim_look(claim=claim) == 1
    found = ClaimMatch.objects.get()
    assert (found.review.claim, found.state) == ("Output of the Ostrel plant has doubled since 2023", "suggested")
    assert found.score >= looking.LEAST_SCORE
    assert "Ostrel" in " ".join(found.why)
    assert found.model.startswith("weighing ")
    claim.refresh_from_db()
    assert (claim.state, claim.settled, claim.matched_at is not None) == ("confirmed", False, True)


def test_a_rejected_review_does_not_come_back_and_an_accepted_one_does_not_go(checker: User) -> None:
    one, other = remembered(), remembered("The output of the Ostrel plant doubled in one year")
    claim = desk.claim()
    claim_look(claim=claim)
    match_reject(match=ClaimMatch.objects.get(review=one), actor=checker)
    accepted = ClaimMatch.objects.get(review=other)
    match_accept(match=accepted, actor=checker)
    decided_on = (accepted.score, accepted.why, accepted.model)
    CheckedClaim.objects.filter(pk=other.pk).update(withdrawn=True)  # it is no longer found
    assert claim_look(claim=claim) == 0
    assert states(claim) == {one.claim: "rejected", other.claim: "accepted"}
    accepted.refresh_from_db()
    assert (accepted.score, accepted.why, accepted.model) == decided_on


def test_a_suggestion_no_longer_found_goes() -> None:
    known, claim = remembered(), desk.claim()
    claim_look(claim=claim)
    CheckedClaim.objects.filter(pk=known.pk).update(withdrawn=True)
    claim_look(claim=claim)
    assert states(claim) == {}


def test_the_verdict_on_a_claim_is_no_earlier_review_of_it() -> None:
    publication = desk.published()
    remembered("The tram was late")
    assert CheckedClaim.objects.get(origin=ArchiveOrigin.OWN).of_claim == publication.claim
    assert claim_look(claim=publication.claim) == 0
    assert claim_look(claim=desk.claim()) == 1


def test_a_claim_reworded_while_it_was_looked_up_is_looked_up_again(checker: User) -> None:
    remembered()
    claim = desk.claim()
    stale = Claim.objects.select_related("article").get(pk=claim.pk)
    claim_reword(claim=claim, actor=checker, statement="A bridge was closed")
    assert claim_look(claim=stale) == 0
    claim.refresh_from_db()
    assert (claim.matched_at, states(claim)) == (None, {})


def test_a_new_wording_is_looked_up_anew(checker: User) -> None:
    claim = desk.claim()
    claim_look(claim=claim)
    claim.refresh_from_db()
    claim_reword(claim=claim, actor=checker, statement="A bridge was closed")
    assert claim.matched_at is None


def test_the_task_looks_up_what_waits_once_and_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(looking, "enqueue", sent.append)
    monkeypatch.setattr(looking, "CLAIMS_A_TASK", 1)
    remembered()
    low, high = desk.claim(priority=10), desk.claim(priority=90)
    claims_look_task()
    assert [bool(states(one)) for one in (low, high)] == [False, True]
    assert sent == [looking.TASK]
    MatchIndex.objects.update(looking_until=timezone.now() + looking.LEASE)  # another worker is at it
    claims_look_task()
    assert states(low) == {}
    MatchIndex.objects.update(looking_until=timezone.now() - looking.LEASE)  # it died
    claims_look_task()
    assert states(low) != {}
    assert sent == [looking.TASK]


def test_a_claim_that_cannot_be_looked_up_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    remembered()
    low, high = desk.claim(priority=10), desk.claim(priority=90)
    known = looking.claim_look

    def look(*, claim: Claim) -> int:
        if claim == high:
            raise ValueError("a fault of the matcher")
        return known(claim=claim)

    monkeypatch.setattr(looking, "claim_look", look)
    claims_look_task()
    assert (states(high), bool(states(low))) == ({}, True)
    assert f"Looking up claim {high.pk} failed." in caplog.text
    assert not looking._waiting().exists()


def test_open_claims_are_looked_up_again_when_the_memory_grew() -> None:
    long_ago = timezone.now() - looking.AGAIN_AFTER * 2
    old, fresh = desk.claim(matched_at=long_ago), desk.claim(matched_at=timezone.now())
    closed = desk.claim(matched_at=long_ago, settled=True)
    assert looks_renew() == 1
    assert list(Claim.objects.filter(matched_at=None)) == [old]
    assert {fresh.pk, closed.pk} == set(Claim.objects.exclude(matched_at=None).values_list("pk", flat=True))


# --- deciding ---------------------------------------------------------------------------------------------
def test_the_trail_says_who_decided_on_which_score_of_which_model(checker: User) -> None:
    match = desk.match(desk.claim())
    match_accept(match=match, actor=checker)
    event = AuditEvent.objects.get(action="match.accepted")
    assert event.actor == checker
    assert event.after == {
        "match": match.pk, "state": "accepted", "review": match.review.reference, "score": 0.81,
        "model": "weighing 1, words only",
    }  # fmt: skip
    assert (match.decided_by, match.decided_at is not None) == (checker, True)
    match_reopen(match=match, actor=checker)
    assert (match.state, match.decided_by, match.decided_at) == ("suggested", None, None)


def test_accepting_leaves_the_claim_on_the_desk(checker: User) -> None:
    claim = desk.claim()
    match_accept(match=desk.match(claim), actor=checker)
    claim.refresh_from_db()
    assert (claim.state, claim.settled) == ("confirmed", False)


def test_one_verdict_answers_for_both_until_they_are_taken_apart(checker: User) -> None:
    earlier = desk.published().claim
    own = CheckedClaim.objects.get(origin=ArchiveOrigin.OWN)
    claim = desk.claim()
    match = desk.match(claim, review=own)
    assert matches_of(claim, None).rows[0].merge_into == earlier
    match_accept(match=match, actor=checker, merge=True)
    claim.refresh_from_db()
    assert (claim.state, claim.merged_into, claim.settled) == ("merged", earlier, True)
    merged = AuditEvent.objects.get(action="claim.merged")
    assert merged.actor == checker
    assert merged.note == "As an earlier review of this desk has it: 81% alike by weighing 1, words only."
    claim_part(claim=claim, actor=checker)
    claim.refresh_from_db()
    assert (claim.state, claim.merged_into) == ("confirmed", None)


CANNOT_MERGE: dict[str, tuple[Any, type[FactcheckError]]] = {
    "another outlet's": (lambda claim: desk.match(claim), WrongState),
    "its verdict was proposed": (
        lambda claim: desk.match(desk.proposed(claim).claim, review=CheckedClaim.objects.get()), WrongState,
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", CANNOT_MERGE)
def test_what_cannot_be_merged_is_not_accepted_either(why: str, checker: User) -> None:
    desk.published()
    claim = desk.claim()
    made, error = CANNOT_MERGE[why]
    match = made(claim)
    with pytest.raises(error):
        match_accept(match=match, actor=checker, merge=True)
    match.refresh_from_db()
    claim.refresh_from_db()
    assert (match.state, claim.state, claim.merged_into) == ("suggested", "confirmed", None)


def test_a_decision_is_taken_once(checker: User) -> None:
    match = desk.match(desk.claim())
    late = ClaimMatch.objects.get(pk=match.pk)
    match_accept(match=match, actor=checker)
    with pytest.raises(WrongState, match="decided so already"):
        match_accept(match=match, actor=checker)
    with pytest.raises(WrongState, match="Somebody else"):
        match_decide(match=late, actor=checker, state=MatchState.REJECTED)


@pytest.mark.parametrize("act", [match_accept, match_reject, match_reopen])
def test_who_may_not_edit_claims_decides_nothing(act: Any) -> None:
    match = desk.match(desk.claim())
    with pytest.raises(NotAllowed):
        act(match=match, actor=desk.person("Researcher"))


# --- undo -------------------------------------------------------------------------------------------------
def test_each_decision_is_taken_back(checker: User) -> None:
    match = desk.match(desk.claim())
    steps.match_reject(match=match, actor=checker)
    undo_last(actor=checker)
    match.refresh_from_db()
    assert match.state == "suggested"
    steps.match_accept(match=match, actor=checker)
    undo_last(actor=checker)
    match.refresh_from_db()
    assert match.state == "suggested"


def test_a_merge_is_taken_back_with_its_decision(checker: User) -> None:
    desk.published()
    claim = desk.claim()
    match = desk.match(claim, review=CheckedClaim.objects.get())
    steps.match_accept(match=match, actor=checker, merge=True)
    undo_last(actor=checker)
    claim.refresh_from_db()
    match.refresh_from_db()
    assert (claim.state, claim.merged_into, match.state) == ("confirmed", None, "suggested")
    assert Review.objects.filter(claim=claim, active=True).exists()


# --- what is shown ----------------------------------------------------------------------------------------
DIFFERENCES = [
    ("Output doubled in 2024", "Output doubled in 2023", [("2024", "date")], [("2023", "date")]),
    ("14 drones were shot down", "41 drones were shot down", [("14", "number")], [("41", "number")]),
    ("Output doubled in one year", "Output has not doubled in one year", [], [("not", "negation")]),
    ("The dam didn't hold", "The dam did hold", [("didn't", "negation")], []),
    ("The northern dam broke", "The southern dam broke", [("northern", "word")], [("southern", "word")]),
    ("A bridge fell", "Taxes rose in March", [], [("March", "date")]),
    ("", "Anything", [], []),
]


@pytest.mark.parametrize(("mine", "theirs", "here", "there"), DIFFERENCES)
def test_what_differs_is_marked(mine: str, theirs: str, here: list[Any], there: list[Any]) -> None:
    ours, others = differences(mine, theirs)
    assert [(one.text, one.kind) for one in ours if one.differs] == here
    assert [(one.text, one.kind) for one in others if one.differs] == there
    assert ("".join(one.text for one in ours), "".join(one.text for one in others)) == (mine, theirs)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_card_shows_both_wordings_and_takes_the_decision(checker: User) -> None:
    match = desk.match(desk.claim())
    client = signed_in(checker)
    page = client.get(f"/claims/{match.claim_id}/").content.decode()
    assert '<del data-differs="negation">not</del>' in page
    assert '<del data-differs="date">2023</del>' in page
    sent = {"decision": "reject", "seen_version": match.version}
    answer = client.post(reverse("reviews:match", args=[match.pk]), sent, headers=_HTMX)
    assert answer.status_code == 200
    assert "Another claim, says" in answer.content.decode()
    match.refresh_from_db()
    assert match.state == "rejected"
    again = client.post(reverse("reviews:match", args=[match.pk]), sent, headers=_HTMX)
    assert again.status_code == 409


@pytest.mark.parametrize(("sent", "status"), [({}, 422), ({"decision": "maybe"}, 422)])
def test_what_is_no_decision(sent: dict[str, str], status: int, checker: User) -> None:
    match = desk.match(desk.claim())
    assert (
        signed_in(checker).post(reverse("reviews:match", args=[match.pk]), sent, headers=_HTMX).status_code == status
    )


def test_whoever_judges_blind_is_shown_nothing_that_was_decided(checker: User) -> None:
    match = desk.match(desk.claim())
    review = desk.proposed(match.claim)
    Review.objects.filter(pk=review.pk).update(sealed=True, state="second_review")
    second = desk.person("Reviewer")
    page = signed_in(second).get(f"/claims/{match.claim_id}/").content.decode()
    assert 'id="before"' not in page
    for act in (match_accept, match_reject, match_reopen):
        with pytest.raises(WrongState, match="judge this claim blind"):
            act(match=match, actor=second)


def test_the_admin_shows_nothing_behind_a_wall_or_a_seal() -> None:
    match = desk.match(desk.claim())
    reader = desk.person("Reviewer")
    reader.is_staff = True
    reader.save()
    client, listed = signed_in(reader), reverse("admin:articles_claimmatch_changelist")
    words = match.review.claim
    assert words in client.get(listed).content.decode()
    review = desk.proposed(match.claim)
    Review.objects.filter(pk=review.pk).update(sealed=True, state="second_review")
    assert words not in client.get(listed).content.decode()
    Review.objects.filter(pk=review.pk).update(sealed=False)
    assert words in client.get(listed).content.decode()
    Desk.objects.update(walled=True)
    assert words not in client.get(listed).content.decode()


def test_a_merged_claim_can_be_taken_out_on_its_card(checker: User) -> None:
    desk.published()
    claim = desk.claim()
    match_accept(match=desk.match(claim, review=CheckedClaim.objects.get()), actor=checker, merge=True)
    client = signed_in(checker)
    assert reverse("reviews:unmerge", args=[claim.pk]) in client.get(f"/claims/{claim.pk}/").content.decode()
    client.post(reverse("reviews:unmerge", args=[claim.pk]))
    claim.refresh_from_db()
    assert claim.state == "confirmed"
