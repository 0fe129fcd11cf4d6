"""Nothing that is suggested takes a claim or a piece of evidence out of anybody's sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.choices import ArchiveOrigin, EvidenceState, Relation
from articles.models import CheckedClaim, Claim, ClaimRelation, StoryLink
from articles.services.matching import claims_index
from tests import factories
from tests.publishing import bearer, published

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_static_folder")]
SAME = "On working days 30,200 people ride the harbour tram, the office counted in the month of May."


@pytest.fixture
def claim() -> Claim:
    return factories.claim(article=factories.article(), statement="The harbour tram carries 30,000 people a day.")


def signed_in(**values: Any) -> Client:
    client = Client()
    who = factories.person(role="Desk editor")
    for name, value in values.items():
        setattr(who, name, value)
    who.save()
    client.force_login(who)
    return client


def listed(claim: Claim) -> dict[str, set[int]]:
    """The claims that each list of the desk has, by their keys."""
    desk, staff = signed_in(), signed_in(is_staff=True)
    key = bearer(factories.person(role="Checker"), "read")
    found: dict[str, Iterable[Any]] = {
        "queue": re.findall(r"/claims/(\d+)/", desk.get("/").content.decode()),
        "article": re.findall(r"\?claim=(\d+)", desk.get(f"/articles/{claim.article_id}/").content.decode()),
        "search": re.findall(r"[/=](\d+)", desk.get("/search/", {"q": "harbour tram"}).content.decode()),
        "api": [one["id"] for one in Client().get("/api/v1/claims/", headers=key).json()["results"]],
        "admin": re.findall(
            r"articles/claim/(\d+)/", staff.get(reverse("admin:articles_claim_changelist")).content.decode()
        ),
    }
    return {name: {int(one) for one in keys} for name, keys in found.items()}


# --- what may be suggested of a claim ---------------------------------------------------------------------
def checked_before(claim: Claim) -> None:
    """This desk and another have checked these very words; the match is as good as can be."""
    for number, origin in enumerate(ArchiveOrigin.values):
        CheckedClaim.objects.create(
            identity=f"https://a.example/{number}", claim=claim.statement, rating="False", origin=origin
        )
    claims_index()


def published_before(claim: Claim) -> None:
    """The same statement has a public verdict."""
    other = published()
    Claim.objects.filter(pk=other.claim_id).update(statement=claim.statement)
    ClaimRelation.objects.create(claim=claim, other=other.claim, kind=Relation.REPEATS)


def told_elsewhere(claim: Claim) -> None:
    """Another article tells the same story, word for word, and has the same claim."""
    twin = factories.claim(article=factories.article(), statement=claim.statement)
    StoryLink.objects.create(article=claim.article, other=twin.article, share=1.0)
    StoryLink.objects.create(article=twin.article, other=claim.article, share=1.0)
    for one, other in ((claim, twin), (twin, claim)):
        for kind in Relation.values:
            ClaimRelation.objects.create(claim=one, other=other, kind=kind)


def found_evidence(claim: Claim) -> None:
    """All evidence is one text, and all of it refutes."""
    for _ in range(3):
        factories.evidence(claim=claim, passage=SAME, suggested_stance="refutes", relevance=1.0)


@pytest.mark.parametrize("suggest", [checked_before, published_before, told_elsewhere, found_evidence])
def test_a_suggestion_takes_no_claim_out_of_any_list(claim: Claim, suggest: Any) -> None:
    before = listed(claim)
    assert all(claim.pk in keys for keys in before.values()), before
    suggest(claim)
    after = listed(claim)
    assert {name: claim.pk in keys for name, keys in after.items()} == dict.fromkeys(before, True)
    claim.refresh_from_db()
    assert (claim.state, claim.settled) == ("confirmed", False)


# --- evidence of the same text ---------------------------------------------------------------------------
def test_a_suggestion_of_nearly_the_same_text_is_folded_under_the_stronger_one_and_still_there(claim: Claim) -> None:
    strong = factories.evidence(claim=claim, passage=SAME, relevance=0.9)
    like = factories.evidence(claim=claim, passage=f"{SAME} So it said.", relevance=0.5)
    other = factories.evidence(
        claim=claim, passage="The ferry is another matter altogether, it seems.", relevance=0.1
    )
    page = signed_in().get(claim.get_absolute_url()).content.decode()
    folds = re.findall(r'<details class="fold">.*?</details>', page, re.DOTALL)
    assert len(re.findall(r'<details class="fold">', page)) == 1
    assert f'id="ev-{like.pk}"' in page
    assert f'id="ev-{strong.pk}"' not in "".join(folds)
    assert f'id="ev-{other.pk}"' not in "".join(folds)


@pytest.mark.parametrize(
    "values", [{"state": EvidenceState.KEPT, "stance": "supports"}, {"suggested_stance": "refutes"}]
)
def test_what_somebody_kept_or_what_speaks_another_way_is_not_folded(claim: Claim, values: dict[str, Any]) -> None:
    factories.evidence(claim=claim, passage=SAME, relevance=0.9)
    factories.evidence(claim=claim, passage=SAME, relevance=0.5, **values)
    assert '<details class="fold">' not in signed_in().get(claim.get_absolute_url()).content.decode()
