"""The card begins with the strongest evidence, and an act on one piece answers with that piece."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from articles.choices import EvidenceState
from reviews.services.review import claim_take
from reviews.views.pieces import FIRST
from tests import factories

if TYPE_CHECKING:
    from articles.models import Claim, Evidence

pytestmark = pytest.mark.django_db
DRAWN = re.compile(r'<article class="ev" id="ev-(\d+)"')


@pytest.fixture
def claim() -> Claim:
    return factories.claim(article=factories.article())


def signed_in(role: str = "Checker") -> Client:
    client = Client()
    client.force_login(factories.person(role=role))
    return client


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


def drawn(answer) -> list[int]:
    return [int(key) for key in DRAWN.findall(answer.content.decode())]


def many(claim: Claim, count: int, **values) -> list[Evidence]:
    source = factories.source(reliability=3)
    return [factories.evidence(claim=claim, source=source, passage=f"Word{n} " * 9, **values) for n in range(count)]


def test_a_card_begins_with_ten_pieces_and_both_sides(claim):
    for_it = many(claim, 30)
    weak = factories.evidence(claim=claim, source=factories.source(reliability=1), suggested_stance="refutes")
    client = signed_in()
    page = client.get(f"/claims/{claim.pk}/")
    assert len(drawn(page)) == FIRST
    assert drawn(page)[1] == weak.pk  # the best of each side stand in front
    assert "Show all 31" in page.content.decode()
    assert set(drawn(client.get(f"/claims/{claim.pk}/?pieces=all"))) == {one.pk for one in [*for_it, weak]}


def test_ten_or_fewer_are_all_drawn_and_nothing_offers_more(claim):
    many(claim, FIRST)
    page = signed_in().get(f"/claims/{claim.pk}/")
    assert len(drawn(page)) == FIRST
    assert "Show all" not in page.content.decode()


def test_what_was_kept_is_always_drawn_however_little_it_weighs(claim):
    many(claim, 20)
    kept = factories.evidence(
        claim=claim, source=factories.source(reliability=1), state=EvidenceState.KEPT, stance="supports"
    )
    assert kept.pk in drawn(signed_in().get(f"/claims/{claim.pk}/"))


@pytest.mark.parametrize(("place", "count"), [("claim", FIRST), ("evidence-list", 15)])
def test_a_part_of_the_page_gets_what_it_asks_for(claim, place, count):
    many(claim, 15)
    pieces = "?pieces=all" if place == "evidence-list" else ""
    answer = signed_in().get(f"/claims/{claim.pk}/{pieces}", headers=htmx(place))
    assert len(drawn(answer)) == count
    assert ('id="verdict"' in answer.content.decode()) == (place == "claim")


@pytest.mark.parametrize(
    ("decision", "words", "is_drawn"),
    [("keep", "Evidence kept.", True), ("stance", "Stance changed.", True), ("drop", "Evidence dropped.", False)],
)
def test_an_act_answers_with_its_piece_and_the_counts(claim, decision, words, is_drawn):
    one, *_ = many(claim, 12)
    answer = signed_in().post(
        f"/evidence/{one.pk}/decide/",
        {"decision": decision, "stance": "refutes", "seen_version": "1"},
        headers=htmx(f"ev-{one.pk}"),
    )
    page = answer.content.decode()
    assert drawn(answer) == ([one.pk] if is_drawn else [])
    assert words in page
    assert f'id="evidence-count" hx-swap-oob="true">{12 if is_drawn else 11}<' in page
    assert 'hx-swap-oob="afterbegin:#timeline"' in page
    assert 'id="claim"' not in page
    assert len(page) < 20_000


@pytest.mark.parametrize("count", [3, 60])
def test_an_act_costs_as_many_queries_however_much_evidence_there_is(claim, count, django_assert_max_num_queries):
    person = factories.person(role="Checker")
    claim_take(claim=claim, actor=person)
    one, *_ = many(claim, count)
    client = Client()
    client.force_login(person)
    values = {"decision": "keep", "stance": "supports", "seen_version": "1"}
    with django_assert_max_num_queries(29):
        assert client.post(f"/evidence/{one.pk}/decide/", values, headers=htmx(f"ev-{one.pk}")).status_code == 200


def test_whoever_saw_all_pieces_goes_on_seeing_their_weights(claim):
    one, *_ = many(claim, 15)
    values = {"decision": "keep", "stance": "supports", "seen_version": "1", "pieces": "all"}
    page = signed_in().post(f"/evidence/{one.pk}/decide/", values, headers=htmx(f"ev-{one.pk}")).content.decode()
    assert page.count('href="#ev-') == 15


def test_dropped_pieces_come_when_they_are_asked_for_and_go_back_to_the_others(claim):
    one = factories.evidence(claim=claim, state=EvidenceState.DROPPED)
    client = signed_in()
    page = client.get(f"/claims/{claim.pk}/")
    assert "Dropped: 1" in page.content.decode()
    assert drawn(page) == []
    assert drawn(client.get(f"/claims/{claim.pk}/?pieces=dropped")) == [one.pk]
    assert drawn(client.get(f"/claims/{claim.pk}/?pieces=dropped", headers=htmx("dropped"))) == [one.pk]
    answer = client.post(
        f"/evidence/{one.pk}/decide/", {"decision": "keep", "stance": "supports"}, headers=htmx("dropped")
    )
    assert drawn(answer) == [one.pk]
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#evidence-list", "beforeend")


def test_without_script_an_act_leads_back_to_the_page(claim):
    one = factories.evidence(claim=claim)
    answer = signed_in().post(f"/evidence/{one.pk}/decide/", {"decision": "keep", "stance": "supports"})
    assert (answer.status_code, answer["Location"]) == (302, f"/claims/{claim.pk}/")


def test_who_may_see_it_is_said_in_its_piece(claim):
    one = factories.evidence(claim=claim, state=EvidenceState.KEPT, stance="supports")
    answer = signed_in().post(
        f"/evidence/{one.pk}/visibility/", {"visibility": "confidential"}, headers=htmx(f"ev-{one.pk}")
    )
    assert drawn(answer) == [one.pk]
    assert "the desk only" in answer.content.decode()


def test_an_auditor_sees_pieces_without_forms(claim):
    factories.evidence(claim=claim)
    page = signed_in("Auditor").get(f"/claims/{claim.pk}/").content.decode()
    assert DRAWN.search(page)
    assert "/decide/" not in page
