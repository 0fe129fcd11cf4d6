"""Claims of different articles: the same, the contrary, a denial, another number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from articles.extraction.kin import Stated, other_number, relation_across
from articles.models import Claim, ClaimRelation, Desk, Revision
from articles.services.extraction import revision_extract
from articles.services.kin import claims_relate
from tests.articles.desk import story
from tests.articles.test_admin_source import signed_in

if TYPE_CHECKING:
    from django.test import Client

SOLD = "Mayor Ilse Brandt sold the harbour to a bank for 40 million crowns."


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (Stated(SOLD), Stated("Ilse Brandt sold the harbour to a bank for 40 million crowns"), "same"),
        (Stated(SOLD, "Dal Rossi"), Stated(SOLD, "Dal Rossi"), "repeats"),
        (Stated(SOLD), Stated("Ilse Brandt sold the harbour to a bank for 55 million crowns."), "repeats"),
        (Stated(SOLD), Stated("Ilse Brandt never sold the harbour to a bank for 40 million crowns."), "contradicts"),
        (Stated(SOLD, "Ilse Brandt", "denies"), Stated(SOLD), "denies"),
        (Stated(SOLD), Stated(SOLD, "Ilse Brandt", "denies"), "contradicts"),
        (Stated(SOLD), Stated("Dal Rossi sold the harbour to a bank for 40 million crowns."), None),
        (Stated(SOLD), Stated("Ilse Brandt opened the museum on Saturday."), None),
        (Stated(SOLD), Stated(""), None),
        (Stated("It rained."), Stated("It rained."), None),
    ],
)
def test_how_two_claims_stand_to_each_other(a: Stated, b: Stated, kind: str | None) -> None:
    assert relation_across(a, b) == kind


@pytest.mark.parametrize(
    ("a", "b", "other"),
    [
        ("Brandt sold 40 boats.", "Brandt sold 55 boats.", True),
        ("Brandt sold 1,400 boats.", "Brandt sold 1400 boats.", False),
        ("Brandt sold 40 boats in 2019.", "Brandt sold 40 boats in 2020.", False),
        ("Brandt sold 40 boats.", "Brandt sold boats.", False),
        ("Brandt sold 40 boats.", "Brandt sold 40 boats to 3 firms.", False),
    ],
)
def test_another_number_is_one_that_both_give_differently(a: str, b: str, other: bool) -> None:
    assert other_number(Stated(a), Stated(b)) is other


def read(text: str, title: str) -> Revision:
    revision = story(text, title=title)
    Revision.objects.filter(pk=revision.pk).update(extracted_at=None)
    revision_extract(revision_id=revision.pk)
    return revision


@pytest.mark.django_db
class TestArchive:
    def test_claims_of_the_next_article_find_those_of_the_last(self) -> None:
        old = read(f"{SOLD} It rained all day in the old town.", "The sale")
        new = read("Mayor Ilse Brandt sold the harbour to a bank for 55 million crowns, records show.", "The price")
        (found,) = ClaimRelation.objects.filter(claim__article=new.article)
        assert (found.other.article, found.kind) == (old.article, "repeats")

    def test_relating_twice_stores_nothing_new(self) -> None:
        read(SOLD, "The sale")
        new = read("Mayor Ilse Brandt sold the harbour to a bank for 55 million crowns.", "The price")
        count = ClaimRelation.objects.count()
        claims_relate(list(Claim.objects.filter(article=new.article).select_related("article")))
        assert ClaimRelation.objects.count() == count > 0

    def test_another_desk_and_dismissed_claims_are_not_looked_at(self) -> None:
        old = read(SOLD, "The sale")
        Claim.objects.filter(article=old.article).update(state="dismissed", dismiss_reason="trivial")
        read("Mayor Ilse Brandt sold the harbour to a bank for 55 million crowns.", "The price")
        other = Desk.objects.create(name="Behind a wall", slug="wall")
        third = story("Mayor Ilse Brandt sold the harbour to a bank for 60 million crowns.")
        third.article.desk = other
        third.article.save()
        Revision.objects.filter(pk=third.pk).update(extracted_at=None)
        revision_extract(revision_id=third.pk)
        assert not ClaimRelation.objects.exists()

    def test_the_number_of_queries_does_not_grow(self, django_assert_num_queries: object) -> None:
        read(SOLD, "The sale")
        new = read("Mayor Ilse Brandt sold the harbour to a bank for 55 million crowns.", "The price")
        claims = list(Claim.objects.filter(article=new.article).select_related("article"))
        ClaimRelation.objects.all().delete()
        with django_assert_num_queries(2):  # type: ignore[operator]  # one to find, one to store
            claims_relate(claims * 20)

    @pytest.mark.usefixtures("_static_folder")
    def test_the_card_says_where_and_that_the_number_differs(self) -> None:
        read(SOLD, "The sale")
        new = read("Mayor Ilse Brandt sold the harbour to a bank for 55 million crowns.", "The price")
        claim = Claim.objects.get(article=new.article)
        client: Client = signed_in("Checker")
        shown = client.get(f"/claims/{claim.pk}/").content.decode()
        assert "repeats with another number" in shown
        assert '<cite dir="auto">The sale</cite></a>, 19 November 2026' in shown
