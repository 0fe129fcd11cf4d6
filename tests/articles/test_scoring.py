"""The desk teaches the scoring: what people decided makes versions, and only a person switches between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from articles.extraction.checkworthy import score_sentence, scored_with, shipped_model
from articles.extraction.pipeline import EXTRACTOR
from articles.models import Claim, Desk, Revision, ScoringModel
from articles.selectors.scoring import desk_examples, desk_months, scoring_moves
from articles.services.extraction import revision_extract
from articles.services.scoring import (
    model_of,
    scoring,
    scoring_activate,
    scoring_choose,
    scoring_follow,
    scoring_learn,
    scoring_reweigh,
    scoring_version,
)
from factcheck.audit.models import AuditEvent
from factcheck.core.errors import Invalid, NotFound
from tests.articles.desk import story
from tests.articles.test_admin_source import signed_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/scoringmodel/"
WEATHER = "It was raining in {} when the ministers arrived."


def decided(text: str, *, state: str = "confirmed", reason: str = "", origin: str = "machine") -> Claim:
    revision = story(text)
    return Claim.objects.create(
        article=revision.article, revision=revision, number=1, quote=text, statement=text, start=0, end=len(text),
        state=state, dismiss_reason=reason, origin=origin, score=0.5,
    )  # fmt: skip


def a_desk_that_checks_the_weather() -> None:
    for town in ("Ostrel", "Vessin", "Halden", "Tarn", "Lorne", "Meral", "Skarvik", "Pono", "Arden", "Stroud"):
        decided(WEATHER.format(town))
        decided(f"Prices rose by 5 percent in {town}.", state="dismissed", reason="out_of_scope")


@pytest.mark.parametrize(
    ("state", "reason", "worthy", "fact"),
    [
        ("confirmed", "", True, True),
        ("dismissed", "opinion", False, False),
        ("dismissed", "prediction", False, False),
        ("dismissed", "vague", False, False),
        ("dismissed", "not_a_claim", False, False),
        ("dismissed", "trivial", False, True),
        ("dismissed", "personal", False, True),
        ("dismissed", "out_of_scope", False, True),
    ],
)
def test_a_decision_is_an_example(state: str, reason: str, worthy: bool, fact: bool) -> None:
    decided("Prices rose.", state=state, reason=reason)
    (found,) = desk_examples()
    assert (found.example.text, found.example.check_worthy, found.example.verifiable) == (
        "Prices rose.",
        worthy,
        fact,
    )


@pytest.mark.parametrize(("state", "reason"), [("proposed", ""), ("dismissed", "boilerplate"), ("merged", "")])
def test_what_says_nothing_about_the_sentence_teaches_nothing(state: str, reason: str) -> None:
    decided("Prices rose.", state=state, reason=reason)
    assert list(desk_examples()) == []


def test_a_desk_behind_a_wall_teaches_nothing_and_is_not_shown(admin_user: User) -> None:
    claim = decided("The mayor sold the harbour to a bank.")
    Desk.objects.filter(pk=claim.article.desk_id).update(walled=True)
    heavier = scoring_reweigh(based_on=None, factors={"official": 5}, actor=admin_user)
    assert (list(desk_examples()), desk_months()) == ([], [])
    assert scoring_moves(shipped_model(), model_of(heavier)) == []


def test_a_reworded_claim_teaches_both_wordings() -> None:
    claim = decided("They rose.")
    Claim.objects.filter(pk=claim.pk).update(statement="Prices rose in May.")
    assert [found.example.text for found in desk_examples()] == ["They rose.", "Prices rose in May."]


def test_a_version_learns_what_the_desk_wants_and_scores_nothing_before_it_is_switched_on() -> None:
    a_desk_that_checks_the_weather()
    unseen, dull = WEATHER.format("Dorn"), "Prices rose by 5 percent in Dorn."
    before = score_sentence(unseen).score
    version = scoring_learn(actor=None)
    with scored_with(model_of(version)):
        assert score_sentence(unseen).score > before
        assert score_sentence(dull).score < 0.9
    with scoring():
        assert score_sentence(unseen).score == before
    scoring_activate(version=version, actor=None)
    with scoring():
        assert score_sentence(unseen).score > before
    assert score_sentence(unseen).score == before


def test_the_same_decisions_give_the_same_version() -> None:
    a_desk_that_checks_the_weather()
    assert scoring_learn(actor=None).parameters == scoring_learn(actor=None).parameters


def test_too_few_or_one_sided_decisions_are_refused() -> None:
    decided("Prices rose.")
    with pytest.raises(Invalid, match="too few") as few:
        scoring_learn(actor=None)
    assert few.value.code == "scoring.few_decisions"
    for number in range(20):
        decided(f"Prices rose by {number} percent.")
    with pytest.raises(Invalid) as one_sided:
        scoring_learn(actor=None)
    assert one_sided.value.code == "scoring.one_sided"
    assert not ScoringModel.objects.exists()


def test_switching_back_and_forth_leaves_one_active_version_and_a_trail(admin_user: User) -> None:
    one = scoring_reweigh(based_on=None, factors={"money": 2.0}, actor=admin_user)
    two = scoring_reweigh(based_on=one, factors={"vote": 0.0}, actor=admin_user)
    for version in (one, two, one, None, None):
        scoring_activate(version=version, actor=admin_user)
    assert not ScoringModel.objects.filter(active=True).exists()
    trail = AuditEvent.objects.filter(action="scoring.activated").order_by("pk")
    assert [event.after["version"] for event in trail] == ["desk-1", "desk-2", "desk-1", "shipped"]
    assert model_of(two).weights["money"][0] == pytest.approx(2 * shipped_model().weights["money"][0], abs=1e-3)
    assert model_of(two).weights["vote"][0] == 0


@pytest.mark.parametrize(
    "factors", [{"no such reason": 1.5}, {"money": -1}, {"money": 6}, {"money": "2"}, {"word:tax": 2}]
)
def test_a_bad_factor_is_refused(admin_user: User, factors: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        scoring_reweigh(based_on=None, factors=factors, actor=admin_user)
    assert refused.value.code == "scoring.bad_factor"


def test_an_unknown_version_is_not_found() -> None:
    with pytest.raises(NotFound):
        scoring_version(7)


def test_the_effect_of_a_weight_is_shown_as_the_claims_that_move(admin_user: User) -> None:
    claim = decided("The mayor sold the harbour to a bank.")
    lighter = scoring_reweigh(based_on=None, factors={"official": 0}, actor=admin_user)
    heavier = scoring_reweigh(based_on=None, factors={"official": 5}, actor=admin_user)
    (moved,) = scoring_moves(model_of(lighter), model_of(heavier))
    assert (moved.claim, moved.before < moved.after) == (claim, True)


def test_texts_read_after_the_switch_are_signed_with_the_version(admin_user: User) -> None:
    version = scoring_reweigh(based_on=None, factors={"exact number": 3}, actor=admin_user)
    scoring_activate(version=version, actor=admin_user)
    revision = story("The plant supplied 1,371 gigawatt-hours last year, the ministry said.")
    Revision.objects.filter(pk=revision.pk).update(extracted_at=None)
    revision_extract(revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.extractor == f"{EXTRACTOR}/desk-1"


def test_a_desk_weighs_the_reasons_its_own_way_and_follows_again(admin_user: User) -> None:
    everywhere = scoring_reweigh(based_on=None, factors={"exact number": 3}, actor=admin_user)
    own = scoring_reweigh(based_on=None, factors={"exact number": 0}, actor=admin_user)
    scoring_activate(version=everywhere, actor=admin_user)
    sport, news = Desk.objects.create(name="Sport", slug="sport"), Desk.objects.get(pk=1)

    def scored(desk: Desk) -> float:
        with scoring(desk.pk):
            return score_sentence("They scored 41 goals.").score

    assert scored(sport) == scored(news)
    scoring_choose(desk=sport, version=own, actor=admin_user)
    assert scored(sport) < scored(news)
    scoring_choose(desk=sport, version=None, actor=admin_user)
    assert scored(sport) == score_sentence("They scored 41 goals.").score < scored(news)
    scoring_follow(desk=sport, actor=admin_user)
    scoring_follow(desk=sport, actor=admin_user)
    assert scored(sport) == scored(news)
    trail = AuditEvent.objects.filter(action="scoring.chosen").order_by("pk")
    assert [event.after["version"] for event in trail] == ["desk-2", "shipped", "as everywhere"]


def test_a_text_is_read_with_the_version_of_its_desk(admin_user: User) -> None:
    version = scoring_reweigh(based_on=None, factors={"exact number": 3}, actor=admin_user)
    revision = story("The plant supplied 1,371 gigawatt-hours last year, the ministry said.")
    scoring_choose(desk=revision.article.desk, version=version, actor=admin_user)
    Revision.objects.filter(pk=revision.pk).update(extracted_at=None)
    revision_extract(revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.extractor == f"{EXTRACTOR}/{version}"


def test_precision_and_recall_of_a_month_are_the_desks_own() -> None:
    decided("Prices rose.")
    decided("Prices fell.", state="dismissed", reason="trivial")
    decided("Rents rose.", origin="person")
    (month,) = desk_months()
    assert (month.proposed, month.confirmed, month.added) == (2, 1, 1)
    assert (month.precision, month.recall) == (0.5, 0.5)


def test_the_command_makes_a_version_and_switches_nothing() -> None:
    a_desk_that_checks_the_weather()
    call_command("train_checkworthiness", "--from-desk")
    assert list(ScoringModel.objects.values_list("number", "origin", "active")) == [(1, "desk", False)]


@pytest.mark.usefixtures("_static_folder")
class TestAdmin:
    def test_an_administrator_learns_weighs_compares_and_switches(self) -> None:
        client = signed_in("Administrator")
        a_desk_that_checks_the_weather()
        client.post(f"{LIST}learn/")
        page = client.post(f"{LIST}weigh/", {"note": "Money matters here", "reason money": "2"}, follow=True)
        assert "money × 2" in page.content.decode()
        client.post(f"{LIST}switch/", {"number": "2"})
        shown = client.get(LIST).content.decode()
        assert "<strong>desk-2</strong>" in shown
        assert "On 20 texts" in shown
        client.post(f"{LIST}switch/", {"number": "0"})
        assert "<strong>shipped weights</strong>" in client.get(LIST).content.decode()
        learned = client.get(f"{LIST}{ScoringModel.objects.get(number=1).pk}/change/", follow=True)
        assert "It learned from some of these" in learned.content.decode()

    def test_a_version_is_chosen_for_one_desk_where_there_are_several(self, admin_user: User) -> None:
        client = signed_in("Administrator")
        scoring_reweigh(based_on=None, factors={"money": 2}, actor=admin_user)
        assert "Choose for this desk" not in client.get(LIST).content.decode()
        sport = Desk.objects.create(name="Sport", slug="sport")
        client.post(f"{LIST}switch/", {"desk": str(sport.pk), "number": "1"})
        shown = client.get(LIST).content.decode()
        assert '<th scope="row">Sport</th><td>desk-1</td>' in shown
        assert "<strong>shipped weights</strong>" in shown
        client.post(f"{LIST}switch/", {"desk": str(sport.pk), "number": "follow"})
        assert '<th scope="row">Sport</th><td>as everywhere</td>' in client.get(LIST).content.decode()
        lost = client.post(f"{LIST}switch/", {"desk": "999", "number": "1"}, follow=True)
        assert "There is no desk named" in lost.content.decode()

    def test_nonsense_is_answered_in_words(self) -> None:
        client = signed_in("Administrator")
        assert "too few" in client.post(f"{LIST}learn/", follow=True).content.decode()
        assert "no version -1" in client.post(f"{LIST}switch/", {"number": "x"}, follow=True).content.decode()
        unchanged = client.post(f"{LIST}weigh/", {"note": "why", "reason money": "1"})
        assert "Change at least one number" in unchanged.content.decode()

    @pytest.mark.parametrize("role", ["Viewer", "Checker", "Desk editor", "Source manager", "Auditor"])
    def test_others_are_kept_out(self, role: str) -> None:
        client: Client = signed_in(role)
        answers = [client.get(LIST), client.post(f"{LIST}learn/"), client.post(f"{LIST}switch/", {"number": "0"})]
        assert {answer.status_code for answer in answers} <= {302, 403}
        assert not ScoringModel.objects.exists()
