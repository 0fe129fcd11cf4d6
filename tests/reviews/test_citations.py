"""Citations: which numbers a rationale names, that they resolve, and that readers count from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.choices import EvidenceState, Visibility
from articles.models import Evidence
from factcheck.core.errors import Invalid
from reviews.citations import cited, parts, renumbered
from reviews.models import Review, Verdict
from reviews.selectors.claim_card import card
from reviews.services.review import claim_take, review_perform, verdict_propose
from reviews.views.card import verdict_initial
from reviews.workflow import ReviewAction
from tests import publishing as desk

if TYPE_CHECKING:
    from django.test import Client

LONG = "The office counted twice as much as in the year of the repair, and that is what was said about it."


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("As the report says [2].", [2]),
        ("Both agree [1, 3], and [3] is newer [1].", [1, 3]),
        ("In [2024] it was [sic] less, see [].", []),
        ("[0] and [12,4]", [0, 12, 4]),
        ("a[1", []),
        ("", []),
    ],
)
def test_what_is_a_citation(text: str, numbers: list[int]) -> None:
    assert cited(text) == numbers


@given(st.text(alphabet="ab [],12\n3"), st.integers(0, 50))
def test_the_pieces_are_the_text_and_other_numbers_can_be_taken_back(text: str, shift: int) -> None:
    assert "".join(part.text for part in parts(text)) == text
    there = {number: number + shift for number in cited(text)}
    back = {new: old for old, new in there.items()}
    assert cited(renumbered(renumbered(text, there), back)) == cited(text)


@pytest.mark.django_db
class TestOnTheDesk:
    def held(self) -> tuple[Review, list[Evidence]]:
        claim, self.checker = desk.claim(), desk.person("Checker")
        found = [
            desk.evidence(claim, state=EvidenceState.DROPPED, relevance=0.95),
            desk.evidence(claim, relevance=0.2),
            desk.evidence(claim, relevance=0.9, visibility=Visibility.CONFIDENTIAL),
            desk.evidence(claim, relevance=0.5),
        ]
        return claim_take(claim=claim, actor=self.checker), found

    @pytest.mark.parametrize(("number", "why"), [(1, "dropped"), (3, "confidential"), (9, "unknown"), (0, "zero")])
    def test_a_citation_that_leads_nowhere_refuses_the_proposal(self, number: int, why: str) -> None:
        review, _ = self.held()
        with pytest.raises(Invalid, match=rf"\[{number}\] names no evidence"):
            verdict_propose(
                review=review, actor=self.checker, proposal=desk.proposal(rationale=f"{LONG} [2, {number}]")
            )
        assert not Verdict.objects.exists(), why

    def test_readers_count_from_one_and_the_writer_gets_the_numbers_of_the_desk_back(self, client: Client) -> None:
        review, found = self.held()
        proposal = desk.proposal(rationale=f"{LONG} [4] says so, [2] too.", summary="See [2].")
        verdict = verdict_propose(review=review, actor=self.checker, proposal=proposal)
        assert verdict.rationale.endswith("[1] says so, [2] too.")
        assert verdict.summary == "See [2]."
        order = list(verdict.cited.order_by("position").values_list("evidence", flat=True))
        assert order == [found[3].pk, found[1].pk, found[2].pk]  # what nobody sees comes last
        client.force_login(self.checker)
        page = client.get(f"/claims/{review.claim_id}/").content.decode()
        assert f'<a class="cite" href="#ev-{found[3].pk}">1</a>' in page
        review.refresh_from_db()
        review_perform(review=review, action=ReviewAction.WITHDRAW, actor=self.checker)
        again = verdict_initial(card(self.checker, review.claim_id))
        assert again["rationale"] == proposal.rationale
        assert again["summary"] == proposal.summary

    def test_the_public_page_links_what_it_cites(self, client: Client) -> None:
        publication = desk.published(rationale=f"{LONG} <b> [1]\n\nAnd more.")
        page = client.get(publication.get_absolute_url()).content.decode()
        assert '&lt;b&gt; [<a class="cite" href="#e1">1</a>]' in page
        assert 'id="e1"' in page

    def test_evidence_that_is_hidden_later_leaves_its_number_and_moves_no_other(self, client: Client) -> None:
        claim = desk.claim()
        first, second = desk.evidence(claim, relevance=0.9), desk.evidence(claim, relevance=0.1)
        publication = desk.published(claim, rationale=f"{LONG} [1] and [2].")
        Evidence.objects.filter(pk=first.pk).update(visibility=Visibility.CONFIDENTIAL)
        page = client.get(publication.get_absolute_url()).content.decode()
        assert 'href="#e1"' not in page
        assert 'id="e2"' in page
        assert second.title in page
